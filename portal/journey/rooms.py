"""Part 3: the live auction over WebSocket, from early bids to the close, with receipts that prove themselves."""

import hashlib
import json
import re
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from websockets.sync.client import ClientConnection

from bidding.rules.record import digest
from bidding.verify import verify
from portal.journey.browser import Wrong
from portal.journey.needing import CEILING
from portal.journey.walk import Walk, expect

HEX64, HEX128 = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{128}")
BAD_AMOUNTS = ("1e4", "NaN", "-100", "+100", "４８０００", "48000.001", "9" * 60, "", "0")
Frame = dict[str, Any]


class Seat:
    """A socket in the room with everything it has heard."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []
        self.hello = self.hear(lambda frame: frame["type"] == "hello")

    def hear(self, wanted: Any, patience: float = 30.0) -> Frame:
        """The next frame that fits; all are kept."""
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            try:
                frame: Frame = json.loads(self.socket.recv(timeout=left))
            except TimeoutError:
                break
            self.frames.append(frame)
            if wanted(frame):
                return frame
        raise Wrong(f"nothing fitting heard in {patience:.0f} s; last: {json.dumps(self.frames[-2:])[:400]}")

    def bid(self, amount: object, ref: str = "") -> Frame:
        ref = ref or str(uuid.uuid4())
        self.socket.send(json.dumps({"type": "bid", "ref": ref, "amount": amount}))
        return self.hear(lambda frame: frame["type"] in ("receipt", "refused") and frame.get("ref") == ref)

    def event(self, kind: str, patience: float = 30.0) -> Frame:
        """The next event of a kind, with the frame's state beside it; also among those heard already."""
        seen = next((frame for frame in self.frames if _has(frame, kind)), None)
        frame = seen or self.hear(lambda frame: _has(frame, kind), patience)
        return {**frame, **next(one for one in frame["events"] if one["kind"] == kind)}


def _has(frame: Frame, kind: str) -> bool:
    return frame["type"] == "events" and any(one["kind"] == kind for one in frame["events"])


def compete(walk: Walk) -> None:
    path = f"/ws/competitions/{walk.known['competition']}/"
    with ExitStack() as sockets:
        _in_the_room(walk, lambda who: Seat(sockets.enter_context(walk.browser(who).socket(path))))
    with walk.step("完整记录可下载并核验", "the whole record is downloaded and its chain checked"):
        _record(walk, walk.known["first receipt"])


def _in_the_room(walk: Walk, seat: Callable[[str], Seat]) -> None:
    with walk.step("三方进入竞价室，只见代号", "bidders and a watcher take their seats under pseudonyms"):
        ana, tom, bea, watcher = (seat(who) for who in ("ana", "tom", "bea", "anyone"))
        roles = [one.hello["role"] for one in (ana, tom, bea, watcher)]
        expect(roles, ["bidder", "bidder", "owner", "watcher"], "roles")
        expect(watcher.hello["you"], None, "a watcher's pseudonym")
    with walk.step("开始前出价被拒", "a bid before the start is refused"):
        _refused(ana.bid(CEILING), "bid.early")
    with walk.step("竞价按时开始", "the auction starts on time"):
        _sleep_until(ana.hello["snapshot"]["starts_at"])
    with walk.step("首个报价，回执可验证", "the first bid and a receipt that proves itself"):
        first = walk.known["first receipt"] = _receipt(ana.bid(CEILING), CEILING)
        expect(watcher.event("bid")["by"], ana.hello["you"]["pseudonym"], "who bid, as a watcher sees it")
    with walk.step("不合规的报价逐一得到代码", "every bad bid gets its code"):
        _bad_bids(ana, tom, watcher, first)
    with walk.step("交替降价", "the price falls bid by bid"):
        _duel(ana, tom)
    with walk.step("无 WebSocket 时用表单出价", "a bid by plain form"):
        _form_bid(walk, tom)
    with walk.step("最后时刻出价，截止顺延", "a bid in the last moments moves the end"):
        _soft_close(ana)
    with walk.step("自动截止，揭示名称，产生中选", "it closes by itself and names the winner"):
        _close(walk, watcher)
        _refused(ana.bid("100.00"), "bid.closed")
        _nothing_leaked(walk, [ana, tom, bea, watcher])


def _refused(frame: Frame, code: str) -> None:
    expect((frame["type"], frame.get("code")), ("refused", code), "the answer to a bid")
    for language in ("zh-hans", "en"):
        if not frame["texts"][language]["way_out"]:
            raise Wrong(f"{code} shows no way out in {language}")


def _receipt(frame: Frame, amount: str) -> Frame:
    """A receipt whose path leads from its hash to the signed root."""
    expect((frame["type"], frame.get("amount")), ("receipt", amount), "the answer to a bid")
    node = hashlib.sha256(b"\x00" + bytes.fromhex(frame["hash"])).digest()
    for turn in frame["path"]:
        other = bytes.fromhex(turn[2:])
        pair = other + node if turn[0] == "L" else node + other
        node = hashlib.sha256(b"\x01" + pair).digest()
    expect(node.hex(), frame["root"], "the root a receipt leads to")
    if not (HEX64.fullmatch(frame["hash"]) and HEX128.fullmatch(frame["signature"]) and len(frame["key_id"]) == 16):
        raise Wrong(f"a receipt without a proper hash, signature or key: {frame}")
    return frame


def _bad_bids(ana: Seat, tom: Seat, watcher: Seat, first: Frame) -> None:
    _refused(tom.bid(CEILING), "bid.step")
    _refused(watcher.bid("40000.00"), "bid.not_entered")
    for amount in (*BAD_AMOUNTS, 48000):
        frame = tom.bid(amount)
        if frame["type"] != "refused" or not frame["code"].startswith(("amount.", "money.")):
            raise Wrong(f"the amount {amount!r} was answered with {frame.get('code', frame['type'])}")
    tom.socket.send("no json")
    expect(tom.hear(lambda frame: frame["type"] == "refused")["code"], "frame.invalid", "a frame that is no JSON")
    again = ana.bid(CEILING, ref=first["ref"])
    expect((again["type"], again["seq"]), ("receipt", first["seq"]), "the same bid sent twice")


def _duel(ana: Seat, tom: Seat) -> None:
    for place, seat in enumerate((tom, ana, tom, ana)):
        seat.socket.send(json.dumps({"type": "replay", "from": 1}))
        frame = seat.hear(lambda one: one["type"] == "events" and one["from"] == 1)
        amount = Decimal(frame["next_max"]) - 50 * place
        _receipt(seat.bid(str(amount)), str(amount))


def _form_bid(walk: Walk, tom: Seat) -> None:
    room, browser = f"/competitions/{walk.known['competition']}/", walk.browser("tom")
    page = browser.get(room)
    form = page.form(action="/bid/")
    browser.submit(page, form, {"amount": CEILING}, status=422).must_say("报价没有低到最小降幅")
    tom.socket.send(json.dumps({"type": "replay", "from": 1}))
    amount = tom.hear(lambda one: one["type"] == "events" and one["from"] == 1)["next_max"]
    page = browser.submit(page, form, {"amount": amount})
    page.must_say("已计入")


def _soft_close(ana: Seat) -> None:
    """Bid when less than the soft-close time is left, and see the end move."""
    ana.socket.send(json.dumps({"type": "replay", "from": 1}))
    now = ana.hear(lambda one: one["type"] == "events" and one["from"] == 1)
    ends = now["ends_at"]
    _sleep_until(ends, less=ana.hello["snapshot"]["soft_close_seconds"] / 2)
    amount = now["next_max"]
    _receipt(ana.bid(amount), amount)
    moved = ana.event("extended")["ends_at"]
    if moved <= ends:
        raise Wrong(f"the end stayed at {ends}")
    ana.frames.clear()


def _close(walk: Walk, watcher: Seat) -> None:
    closed = watcher.event("closed", patience=90)
    expect(closed["reason"], "time", "why it closed")
    names = watcher.event("revealed")["names"]
    expect(sorted(names.values()), sorted([walk.known["ana.name"], walk.known["tom.name"]]), "who took part")
    award = watcher.event("awarded")
    expect(names[award["by"]], walk.known["ana.name"], "the winner")
    walk.known["amount"] = award["amount"]


def _nothing_leaked(walk: Walk, seats: list[Seat]) -> None:
    """Before the close no frame names anybody."""
    names = (walk.known["ana.name"], walk.known["tom.name"])
    for seat in seats:
        for frame in seat.frames:
            early = not (_has(frame, "revealed") or frame.get("state") == "closed")
            if early and any(name in json.dumps(frame, ensure_ascii=False) for name in names):
                raise Wrong("a frame named a bidder before the close")


def _record(walk: Walk, first: Frame) -> None:
    """Every check that anyone can make, with the keys as they are published."""
    anyone = walk.browser("anyone")
    record = anyone.raw(f"/competitions/{walk.known['competition']}/record/").json()
    keys = {key["id"]: key["public_key"] for key in anyone.raw("/verify/keys.json").json()["keys"]}
    last = verify(record, keys)[-1]
    expect(last.fault, "", f"the record's check {last.code}")
    expect(digest(record["records"][first["seq"] - 1]), first["hash"], "the receipt's hash in the record")


def _sleep_until(moment: str, less: float = 0.0) -> None:
    left = (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds() - less
    time.sleep(max(left, 0) + 0.3)
