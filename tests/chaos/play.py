"""One round: a competition, its crowd, its faults, and the judgement."""

import asyncio
import random
import signal
import time
from dataclasses import dataclass, field

from tests.chaos import checks, faults
from tests.chaos.crowd import Crowd
from tests.chaos.stage import Worker, free_port

SECONDS = 2.0  # of bidding, before extensions
EXTENSIONS = 1.2  # which always come: somebody always bids
TO_SETTLE = 120.0


@dataclass
class Stage:
    """What a round is played on."""

    kind: str  # how the nursery starts a worker: "web" or "embedded"
    nursery: object
    database: object
    redis: object
    market: dict  # what `making.database` made, and the database's url
    kinds: dict  # what may break, and how often
    workers: list = field(default_factory=list)
    making: float = 1.0  # seconds that making a competition takes

    async def open(self, count):
        self.workers = [Worker(free_port()) for _ in range(count)]
        await asyncio.gather(*(self.start(worker) for worker in self.workers))

    async def open_anew(self):
        """All workers killed and started again, without a crowd."""
        for worker in self.workers:
            await self.nursery.send(worker, signal.SIGKILL)
        await asyncio.gather(*(self.start(worker) for worker in self.workers))

    async def start(self, worker):
        await self.nursery.start(worker, self.kind)


@dataclass
class Outcome:
    seed: str
    crowd: Crowd
    faults: list
    judge: checks.Judge
    bids: int
    seconds: float
    waited: float  # from the end until the close


async def play(stage, seed, pause, patience=TO_SETTLE):
    """Play a round; what is wrong afterwards is in the outcome."""
    rng, began = random.Random(seed), time.time()
    for worker in stage.workers:  # changes at the next start: plain, or with a layer that loses notes
        worker.harm = rng.choice((0.0, 0.0, 0.5))
    made = await _made(stage)
    crowd = Crowd(seed, made, stage.market["cookies"], stage.workers, pause)
    crowd.come()
    planned = faults.plan(rng, stage.kinds, len(stage.workers), made["ends_at"] + EXTENSIONS - time.time())
    breaking = asyncio.create_task(faults.Breaker(stage, crowd, time.time()).carry_out(planned))
    try:
        stuck = await _settled(stage, crowd, patience)
        await breaking
    finally:
        breaking.cancel()
        await crowd.go_home()
    judge, truth = await _judged(stage, crowd, planned, stuck)
    waited = (truth.row[4] - truth.end).total_seconds() if truth.row[4] else 0.0
    return Outcome(seed, crowd, planned, judge, len(truth.bids), time.time() - began, waited)


async def _made(stage):
    """A competition with SECONDS left, or more on a machine that is slow: as it makes one it does everything."""
    people = {key: stage.market[key] for key in ("owner", "buyer", "agencies")}
    while True:
        began = time.time()
        seconds = max(SECONDS, 3 * stage.making)
        made = await stage.nursery.make("competition", seconds=seconds + stage.making, **people)
        stage.making = (stage.making + time.time() - began) / 2
        if made["ends_at"] - time.time() > seconds / 2:
            return made


async def _settled(stage, crowd, patience):
    """Wait until the competition is closed and everybody knows. Returns what did not happen, or ""."""
    row = None
    while time.time() < crowd.ends_at + patience:
        row = await asyncio.to_thread(checks.last_seq, stage.market["url"], crowd.pk)
        if row and row[1] and crowd.settled(row[0]):
            return ""
        await asyncio.sleep(0.05 if row and row[1] else 0.2)
    behind = sum(not (one.picture and row and one.picture.seq == row[0]) for one in crowd.all)
    waiting = sum(len(one.open) for one in crowd.bidders)
    return f"after {patience:.0f} s: log {row}, {behind} clients behind, {waiting} bids without an answer"


async def _judged(stage, crowd, planned, stuck):
    truth = await asyncio.to_thread(checks.Truth, stage.market["url"], crowd.pk)
    tries = 1 if stuck else 40
    record = await checks.fetch(stage.workers[0].port, f"/competitions/{crowd.pk}/record/", tries)
    path = f"/competitions/{crowd.pk}/snapshot/"
    pictures = [(await checks.fetch(worker.port, path, tries)).get("snapshot", {}) for worker in stage.workers]
    judge = checks.Judge(crowd, truth, planned)
    judge.hold("settled", not stuck, stuck)
    judge.run(record, pictures, stage.market["keys"])
    return judge, truth
