"""Everybody in one competition, and what was noticed while it ran."""

import asyncio
import random
import time
from datetime import UTC, datetime

from tests.chaos.bidder import Bidder, Watcher

ONLOOKERS = 4


def moment(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC).timestamp()


class Crowd:
    """Fifty bidders and a few onlookers, spread over the workers anew with each connection."""

    def __init__(self, seed, made, cookies, workers, pause):
        self.pk, self.workers, self.pause = made["pk"], workers, pause
        self.path = f"/ws/competitions/{self.pk}/?protocol=1"
        self.finished = asyncio.Event()
        self.ends_at = made["ends_at"]
        self.receipts = []  # (moment, seq)
        self.delays = []  # (moment, seconds from the arrival of a bid at its server until an onlooker saw it)
        rng = random.Random(f"{seed}:crowd")
        self.bidders = [
            Bidder(self, random.Random(rng.random()), cookie, name)
            for name, cookie in zip(made["names"], cookies, strict=True)
        ]
        self.onlookers = [Watcher(self, random.Random(rng.random())) for _ in range(ONLOOKERS)]
        self.all = [*self.bidders, *self.onlookers]
        self._tasks = []

    def come(self):
        self._tasks = [asyncio.create_task(one.live()) for one in self.all]

    async def go_home(self):
        self.finished.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for task in self._tasks:
            if not task.cancelled() and task.exception():
                raise task.exception()

    def bidding(self):
        """Until a little after the end: some come late."""
        return time.time() < self.ends_at + 0.3

    def acknowledged(self, receipt):
        self.receipts.append((time.time(), receipt["seq"]))

    def saw(self, watcher, before, frame):
        self.ends_at = max(self.ends_at, moment(frame["ends_at"]))
        if not isinstance(watcher, Bidder):
            now = time.time()
            bids = (event for event in frame["events"] if event["kind"] == "bid" and event["seq"] > before)
            self.delays += [(now, now - moment(event["at"])) for event in bids]

    def settled(self, seq):
        """Does everybody see the end and know what became of each bid?"""
        if self.bidding():
            return False
        return all(one.picture and one.picture.seq == seq and one.picture.over for one in self.all) and not any(
            one.open for one in self.bidders
        )

    def everybody_in(self):
        return all(one.in_room for one in self.all)
