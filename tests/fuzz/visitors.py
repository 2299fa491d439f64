"""Who visits the room while it is fuzzed: vandals, honest bidders who must notice nothing, and an onlooker."""

import asyncio
import contextlib
import json
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.bidding.picture import Picture
from tests.fuzz import oracle
from tests.fuzz.frames import Frames, handshake

PATIENCE = 20
CHUNK = 12
CHUNKS = 12
FALL = Decimal(1000)  # a vandal may not end the bidding by asking for almost nothing
FEN = Decimal("0.01")
HIDDEN = "4321098765.43"  # a floor that no bidding here ever reaches
QUERIES = ("", "?protocol=1", "?protocol=1", "?protocol=1&since=4", "?protocol=1&protocol=9", "?" + "a=b&" * 400)
OLD = ("?protocol=0", "?protocol=2", "?protocol=%00", "?protocol=1.0", "?protocol=01", "?protocol=" + "1" * 500)


@dataclass
class Market:
    """What the visitors need to know: address, competition, a cookie per bidder; and what they find out together."""

    port: int
    competition: int
    cookies: list[str]
    secrets: list[str]  # what no frame may say before the close
    sent: oracle.Sent = field(default_factory=oracle.Sent)
    receipts: list[dict] = field(default_factory=list)
    tally: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seq: int = 0
    next_max: str | None = None

    def __post_init__(self):
        self.codes, self.closes = oracle.documented()

    @property
    def room(self):
        return {"next_max": self.next_max, "seq": self.seq}

    def open(self, query="", cookie="", origin=None):
        return connect(
            f"ws://127.0.0.1:{self.port}/ws/competitions/{self.competition}/{query}",
            origin=origin or f"http://127.0.0.1:{self.port}",
            additional_headers={"Cookie": cookie} if cookie else {},
            compression=None, proxy=None, ping_interval=None, max_size=None, close_timeout=2, open_timeout=PATIENCE,
        )  # fmt: skip

    def judge(self, text, own=""):
        """Look at a frame from the server; returns it. `own` is the secret of who got it: answers may hold it."""
        frame = json.loads(text)
        if frame.get("type") not in oracle.TYPES:
            self.faults.append(f"unknown frame {text[:200]}")
        if "code" in frame and frame["code"] not in self.codes:
            self.faults.append(f"undocumented code {frame['code']}")
        if frame.get("texts") and not all(frame["texts"][language]["way_out"] for language in ("zh-hans", "en")):
            self.faults.append(f"without a way out: {text[:200]}")
        told = {own} if frame.get("type") in ("receipt", "my_floor") else set()
        self.faults.extend(f"{secret} is shown" for secret in self.secrets if secret in text and secret not in told)
        self._learn(frame)
        return frame

    def _learn(self, frame):
        self.tally[frame.get("code") or frame["type"]] += 1
        state = frame.get("snapshot", frame) if frame["type"] in ("hello", "events") else None
        seq = state and (state.get("seq") or state.get("to"))
        if seq and seq >= self.seq:
            self.seq, self.next_max = seq, state["next_max"]
        if frame["type"] == "receipt":
            self.receipts.append(frame)

    def closed(self, code):
        self.tally[f"closed {code}"] += 1
        if code not in self.closes | oracle.WIRE:
            self.faults.append(f"closed with {code}")


class Vandal:
    """Connects again and again and sends what `frames` makes up, `budget` frames that were certainly read."""

    def __init__(self, market, seed, budget):
        self.market, self.chance, self.budget = market, Random(seed), budget
        self.frames = Frames(self.chance)

    async def run(self):
        await self._old()  # by chance alone a short run may have none
        while self.budget > 0:
            kind = self.chance.random()
            if kind < 0.02:
                await self._garbage()
            elif kind < 0.05:
                await self._old()
            elif kind < 0.06:
                await self._foreign()
            else:
                await self._visit()

    async def _garbage(self):
        path = f"/ws/competitions/{self.market.competition}/"
        reader, writer = await asyncio.open_connection("127.0.0.1", self.market.port)
        writer.write(handshake(self.chance, path))
        with contextlib.suppress(TimeoutError, OSError):
            await asyncio.wait_for(reader.read(200), 0.5)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        self.market.tally["broken handshakes"] += 1
        self.budget -= 1

    async def _foreign(self):
        """A page of another site, or an address that does not exist."""
        with contextlib.suppress(InvalidStatus):
            async with self.market.open(origin="http://evil.example"):
                self.market.faults.append("a foreign page was let in")

    async def _old(self):
        """A client of another version is told so and shown out."""
        query = self.chance.choice(OLD)
        async with self.market.open(query) as socket:
            with contextlib.suppress(ConnectionClosed):
                frame = self.market.judge(await asyncio.wait_for(socket.recv(), PATIENCE))
                if frame.get("code") != "protocol.old":
                    self.market.faults.append(f"{query[:40]} is answered with {frame['type']}")
                await asyncio.wait_for(socket.recv(), PATIENCE)
        self.market.closed(socket.close_code)
        self.budget -= 1

    async def _visit(self):
        cookie = self.chance.choice(["", *self.market.cookies])
        async with self.market.open(self.chance.choice(QUERIES), cookie) as socket:
            reader = asyncio.create_task(self._read(socket))
            self.waiting, self.pongs = set(), asyncio.Queue()
            try:
                for _ in range(CHUNKS):
                    if self.budget <= 0 or not await self._chunk(socket, reader):
                        break
            except ConnectionClosed:
                pass
            await self._answers(reader)
        with contextlib.suppress(ConnectionClosed):
            await reader
        self.market.closed(socket.close_code)

    async def _chunk(self, socket, reader):
        """Send some frames and a ping behind them; they count once the pong is back."""
        for _ in range(CHUNK):
            await self._send(socket, self._frame())
        mark = self.chance.getrandbits(40)
        await socket.send(json.dumps({"type": "ping", "t": mark}))
        while True:
            pong = asyncio.create_task(self.pongs.get())
            await asyncio.wait({pong, reader}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            if not pong.done():
                pong.cancel()
                if not reader.done():
                    self.market.faults.append("no answer to a ping")
                return False
            if pong.result() in (mark, None):
                break
        self.budget -= CHUNK
        self.market.tally["frames"] += CHUNK
        return True

    def _frame(self):
        room = self.market.room
        while True:
            frame = self.frames.frame(room)
            amount = oracle.asked(frame)
            if amount is None or room["next_max"] is None or amount > Decimal(room["next_max"]) - FALL:
                return frame

    async def _send(self, socket, frame):
        self.market.sent.note(frame)
        if self.frames.straight_on and oracle.asked(frame) is not None:
            self.waiting.add(json.loads(frame)["ref"])
        if isinstance(frame, str) and self.chance.random() < 0.005:
            await socket.send(frame.encode()[:-1] + b"\xff", text=True)  # no UTF-8
        elif isinstance(frame, str) and frame and self.chance.random() < 0.02:
            cut = self.chance.randrange(len(frame))
            await socket.send([frame[:cut], frame[cut:]])  # in two fragments
        else:
            await socket.send(frame)

    async def _read(self, socket):
        async for text in socket:
            frame = self.market.judge(text)
            if frame["type"] == "pong":
                self.pongs.put_nowait(frame["t"])
            elif frame.get("code") == "frame.too_fast" and frame["ref"] is None:
                self.pongs.put_nowait(None)
            elif frame["type"] in ("receipt", "refused"):
                self.waiting.discard(frame["ref"])

    async def _answers(self, reader):
        """As long as the connection lives, every documented bid gets its answer."""
        for _ in range(PATIENCE * 20):
            if reader.done() or not self.waiting:
                return
            await asyncio.sleep(0.05)
        self.market.faults.append(f"no answer to {sorted(self.waiting)[:3]}")


class Honest:
    """Bids as a browser would, and must get a receipt or a refusal that makes sense for each."""

    def __init__(self, market, cookie, name):
        self.market, self.cookie, self.name = market, cookie, name
        self.count = 0

    async def run(self, over, pause=0.15):
        while not over.is_set():
            with contextlib.suppress(ConnectionClosed):  # its pseudonym's allowance is shared with vandals: never here
                async with self.market.open("?protocol=1", self.cookie) as socket:
                    while not over.is_set():
                        await self.bid(socket)
                        await asyncio.sleep(pause)
                    return
            self.market.faults.append(f"{self.name} was shown out: {socket.close_code}")

    async def bid(self, socket):
        self.count += 1
        ref = f"honest-{self.name}-{self.count}"
        while self.market.next_max is None:
            assert not self.market.seq, "the vandals have ended the bidding"
            self.market.judge(await asyncio.wait_for(socket.recv(), PATIENCE))
        frame = json.dumps({"type": "bid", "ref": ref, "amount": str(Decimal(self.market.next_max) - FEN)})
        self.market.sent.note(frame)
        await socket.send(frame)
        while True:
            answer = self.market.judge(await asyncio.wait_for(socket.recv(), PATIENCE))
            if answer.get("ref") == ref:
                break
        if answer["type"] != "receipt" and answer["code"] != "bid.step":
            self.market.faults.append(f"{self.name} is told {answer['code']}")
        return answer


class Keeper:
    """Has a floor that is never reached, and is the only one who may ever read it. The market's clerk bids for it."""

    def __init__(self, market, cookie):
        self.market, self.cookie = market, cookie

    async def run(self, over, pause=0.3):
        async with self.market.open("?protocol=1", self.cookie) as socket:
            await socket.send(json.dumps({"type": "floor", "ref": "keeper-0001", "amount": HIDDEN}))
            receipt = await self._answer(socket, "receipt", "refused")
            if receipt.get("opening", {}).get("amount") != HIDDEN:
                self.market.faults.append(f"the keeper is told {receipt}")
            while not over.is_set():
                await socket.send(json.dumps({"type": "my_floor"}))
                own = await self._answer(socket, "my_floor")
                if not own["floor"] or own["floor"]["amount"] != HIDDEN:
                    self.market.faults.append(f"the keeper's floor is {own['floor']}")
                await asyncio.sleep(pause)

    async def _answer(self, socket, *types):
        while True:
            frame = self.market.judge(await asyncio.wait_for(socket.recv(), PATIENCE), own=HIDDEN)
            if frame["type"] in types:
                return frame


class Onlooker:
    """Watches with a picture of its own, as docs/realtime.md says."""

    def __init__(self, market):
        self.market, self.picture = market, Picture()

    async def run(self):
        async with self.market.open("?protocol=1") as socket:
            async for text in socket:
                if start := self.picture.take(self.market.judge(text)):
                    await socket.send(json.dumps({"type": "replay", "from": start}))
        self.market.faults.append(f"the onlooker was shown out: {socket.close_code}")


async def fuzz(market, *, frames, seed, crowd=20):
    """Send so many frames by a crowd of vandals, with others about who must notice nothing. Returns their picture."""
    over, onlooker = asyncio.Event(), Onlooker(market)
    watching = asyncio.create_task(onlooker.run())
    honest = [Honest(market, cookie, f"h{place}") for place, cookie in enumerate(market.cookies[:2])]
    market.secrets.append(HIDDEN)
    bidding = [asyncio.create_task(one.run(over)) for one in (*honest, Keeper(market, market.cookies[2]))]
    vandal_market = market.cookies[3:]
    market.cookies, all_cookies = vandal_market, market.cookies
    share = -(-frames // crowd)
    await asyncio.gather(*(Vandal(market, f"{seed}/{number}", share).run() for number in range(crowd)))
    over.set()
    await asyncio.gather(*bidding)
    market.cookies = all_cookies
    await _settled(market, onlooker)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    return onlooker.picture


async def _settled(market, onlooker):
    """A last bid by somebody who comes anew; then the onlooker has seen everything."""
    async with market.open("?protocol=1", market.cookies[0]) as socket:
        receipt = await Honest(market, market.cookies[0], "last").bid(socket)
        if receipt["type"] != "receipt":
            market.faults.append(f"the last bid is told {receipt['code']}")
    for _ in range(PATIENCE * 20):
        if onlooker.picture.seq >= market.seq:
            return
        await asyncio.sleep(0.05)
    market.faults.append("the onlooker did not see the end")
