"""Ways to break a record or a receipt, each with the check that must name it.

A change is a function from a file (a copy of its own) to nothing or another file.
"""

import copy
import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bidding.rules.record import GENESIS, canonical, digest, stamp
from tests.bidding.stories import CAST, END, KEY, KEY_ID, NUMBER, OTHER, SECRET, START, File, salt, signed

Change = Callable[[File], File | None]


def changed(body: str, **values: Any) -> str:
    return canonical({**json.loads(body), **values})


def resigned(file: File, bodies: Sequence[str], key: Ed25519PrivateKey = KEY) -> File:
    """The platform itself rewrites its record and signs it anew: only the rules can tell."""
    previous, written = GENESIS, list[str]()
    for number, body in enumerate(bodies, 1):
        written.append(changed(body, seq=number, prev=previous))
        previous = digest(written[-1])
    head = signed(key, file["competition"], 1, [digest(body) for body in written])
    return {**file, "records": written, "heads": [head]}


def rewritten(kind: str, which: int = -1, /, **values: Any) -> Change:
    """The platform changes fields of one record of a kind."""

    def change(file: File) -> File:
        bodies = list(file["records"])
        seqs = [index for index, body in enumerate(bodies) if json.loads(body)["kind"] == kind]
        bodies[seqs[which]] = changed(bodies[seqs[which]], **values)
        return resigned(file, bodies)

    return change


def left_out(kind: str, which: int = -1) -> Change:
    def change(file: File) -> File:
        bodies = list(file["records"])
        del bodies[[index for index, body in enumerate(bodies) if json.loads(body)["kind"] == kind][which]]
        return resigned(file, bodies)

    return change


def put_in(before: str, kind: str, at: str = "", **data: Any) -> Change:
    """The platform adds a record before the first of another kind."""

    def change(file: File) -> File:
        bodies = list(file["records"])
        index = next(index for index, body in enumerate(bodies) if json.loads(body)["kind"] == before)
        moment = at or json.loads(bodies[index])["at"]
        frame = {"v": 1, "competition": NUMBER, "seq": 1, "at": moment, "kind": kind, "prev": GENESIS}
        bodies.insert(index, canonical({**frame, **data}))
        return resigned(file, bodies)

    return change


def cut_after(kind: str) -> Change:
    def change(file: File) -> File:
        kinds = [json.loads(body)["kind"] for body in file["records"]]
        return resigned(file, file["records"][: kinds.index(kind) + 1])

    return change


def _set(place: str, value: Any) -> Change:
    """`place` such as "heads.2.root"; a function makes the new value from the old one."""

    def change(file: File) -> None:
        *way, last = [int(part) if part.lstrip("-").isdigit() else part for part in place.split(".")]
        holder: Any = file
        for part in way:
            holder = holder[part]
        holder[last] = value(holder[last]) if callable(value) else value

    return change


def _flip(text: str) -> str:
    return ("1" if text[0] == "0" else "0") + text[1:]


def _terms(**values: Any) -> Change:
    def change(file: File) -> File:
        opening = json.loads(file["records"][0])
        bodies = [changed(file["records"][0], terms={**opening["terms"], **values}), *file["records"][1:]]
        return resigned(file, bodies)

    return change


def _floors(row: int, *, without: str = "", **values: Any) -> Change:
    """One row of what was opened of the floors is another."""

    def change(file: File) -> File:
        body = next(body for body in file["records"] if '"floors_opened"' in body)
        rows = json.loads(body)["floors"]
        rows[row] = {name: part for name, part in (rows[row] | values).items() if name not in without.split()}
        return rewritten("floors_opened", floors=rows)(file)

    return change


def _by_hand(file: File) -> File:
    """An automatic bid passed off as its bidder's own."""
    bodies = list(file["records"])
    seq = [number for number, body in enumerate(bodies) if '"auto":true' in body][-1]
    fields = {name: value for name, value in json.loads(bodies[seq]).items() if name != "auto"}
    bodies[seq] = canonical({**fields, "ref": "mine"})
    return resigned(file, bodies)


def _another_key(file: File) -> None:
    """Everything signed with a key of somebody's own, under the platform's name."""
    file["heads"] = [
        {**signed(OTHER, NUMBER, head["first_seq"], [digest(body) for body in
                  file["records"][head["first_seq"] - 1 : head["last_seq"]]]), "key_id": KEY_ID}
        for head in file["heads"]
    ]  # fmt: skip


def _swapped_heads(file: File) -> None:
    file["heads"][1], file["heads"][2] = file["heads"][2], file["heads"][1]


def _swapped_signatures(file: File) -> None:
    one, two = file["heads"][1], file["heads"][2]
    one["signature"], two["signature"] = two["signature"], one["signature"]


def _swapped_records(file: File) -> None:
    records = file["records"]
    records[4], records[5] = records[5], records[4]


def _dropped(where: str, index: int) -> Change:
    return lambda file: file[where].pop(index) and None


def _doubled(file: File) -> None:
    file["records"].insert(8, file["records"][8])


def _false_name(file: File) -> File:
    names = json.loads(next(body for body in file["records"] if '"revealed"' in body))["names"]
    return rewritten("revealed", names={**names, "K7": {**names["K7"], "name": "张冠李戴公司"}})(file)


def _name_left_out(file: File) -> File:
    names = json.loads(next(body for body in file["records"] if '"revealed"' in body))["names"]
    return rewritten("revealed", names={by: names[by] for by in ("K7", "M2")})(file)


def _rank_three(body: str) -> str:
    return body.replace('"rank":2', '"rank":3')


def _spaced(body: str) -> str:
    return body.replace(",", ", ", 1)


TAMPERS: dict[str, tuple[str, str, Change]] = {  # name: (story, check that names it, change)
    "another format": ("auction", "form", _set("format", "open-market-recorD")),
    "another version": ("auction", "form", _set("version", 2)),
    "a field nobody knows": ("auction", "form", _set("note", "…")),
    "a text that is no JSON": ("auction", "form", _set("records.3", lambda body: body[:-1])),
    "brackets nobody needs": ("auction", "form", _set("records.3", "[" * 5000 + "]" * 5000)),
    "a space": ("auction", "form", _set("records.3", _spaced)),
    "a fraction": ("auction", "form", _set("records.3", lambda body: body.replace('"seq":4', '"seq":4.0'))),
    "half a character": ("auction", "form", _set("records.0", lambda body: body.replace("XQ", "\\ud842"))),
    "an amount written otherwise": ("auction", "form", rewritten("bid", amount="45500.0")),
    "a bid of nothing": ("auction", "form", rewritten("bid", amount="0.00")),
    "a day that does not exist": ("auction", "form", rewritten("extended", ends_at="2026-02-30T00:00:00.000000Z")),
    "a kind nobody knows": ("auction", "form", rewritten("excluded", kind="overlooked")),
    "a field more": ("auction", "form", rewritten("bid", note="x")),
    "a number in capitals": ("auction", "form", _set("heads.2.root", str.upper)),
    "a signature cut short": ("auction", "form", _set("heads.2.signature", lambda text: text[:-2])),
    "another competition": ("auction", "chain", _set("competition", 13)),
    "a changed amount": ("auction", "chain", _set("records.6", lambda body: body.replace("50000.00", "50000.01"))),
    "a dropped record": ("auction", "chain", _dropped("records", 4)),
    "two swapped records": ("auction", "chain", _swapped_records),
    "a doubled record": ("auction", "chain", _doubled),
    "no opening": ("auction", "chain", _dropped("records", 0)),
    "a second opening": ("auction", "chain", lambda file: resigned(
        file, [*file["records"][:3], file["records"][0], *file["records"][3:]])),
    "the last record changed": ("auction", "heads", _set("records.-1", _rank_three)),
    "the last record cut off": ("auction", "heads", _dropped("records", -1)),
    "the last head cut off": ("auction", "heads", _dropped("heads", -1)),
    "a head from the middle": ("auction", "heads", _dropped("heads", 3)),
    "two swapped heads": ("auction", "heads", _swapped_heads),
    "two swapped signatures": ("auction", "heads", _swapped_signatures),
    "a changed root": ("auction", "heads", _set("heads.2.root", _flip)),
    "a changed signature": ("auction", "heads", _set("heads.2.signature", _flip)),
    "an unknown key": ("auction", "heads", _set("heads.2.key_id", _flip)),
    "a swapped key": ("auction", "heads", _set(f"keys.{KEY_ID}", _flip)),
    "signed by somebody else": ("auction", "heads", _another_key),
    "no rules": ("auction", "rules", lambda file: {name: part for name, part in file.items() if name != "rules"}),
    "other rules": ("auction", "rules", _set("rules.parameters.soft_close_seconds", 60)),
    "rules of another name": ("auction", "rules", _set("rules.ref", "bidding@1")),
    "a smaller step": ("auction", "rules", _terms(step="50.00")),
    "a longer extension": ("auction", "rules", _terms(extension_seconds=600)),
    "fewer entrants wanted": ("auction", "rules", _terms(min_entrants=2)),
    "a later hard end": ("auction", "rules", _terms(hard_ends_at=stamp(END + timedelta(hours=9)))),
    "a bid above the step": ("auction", "bids", rewritten("bid", amount="45900.00")),
    "a bid too late": ("auction", "bids", rewritten("bid", at=stamp(END + timedelta(hours=1)))),
    "a bid too early": ("auction", "bids", rewritten("bid", 0, at=stamp(START - timedelta(seconds=1)))),
    "a bid of one who left": ("auction", "bids", rewritten("bid", by="R9")),
    "a bid counted twice": ("auction", "bids", rewritten("bid", by="K7", ref="ref-K7-46000.00")),
    "a bid after the close": ("auction", "bids", put_in("revealed", "bid", by="M2", amount="40000.00", ref="late")),
    "an extension left out": ("auction", "bids", left_out("extended")),
    "an extension made up": ("auction", "bids", put_in("closed", "extended", ends_at=stamp(END + timedelta(hours=1)))),
    "a longer end": ("auction", "bids", rewritten("extended", ends_at=stamp(END + timedelta(minutes=9)))),
    "an automatic bid left out": ("floors", "floors", left_out("bid")),
    "an automatic bid a step lower": ("floors", "floors", rewritten("bid", amount="44750.00")),
    "an automatic bid passed off": ("floors", "floors", _by_hand),
    "an automatic bid without a floor": ("auction", "floors", rewritten("bid", auto=True, ref="")),
    "an automatic bid with a reference": ("floors", "bids", rewritten("bid", ref="x")),
    "a floor that never was": ("auction", "floors", put_in("bid", "floor_sealed", commitment="ab" * 32)),
    "floors not opened": ("floors", "floors", left_out("floors_opened")),
    "a floor under another name": ("floors", "floors", _floors(3, by="K7")),
    "a floor of another amount": ("floors", "floors", _floors(3, amount="45700.00")),
    "a passed floor kept sealed": ("floors", "floors", _floors(3, without="amount salt")),
    "a floor opened by half": ("floors", "floors", _floors(3, without="salt")),
    "a leading floor opened": ("floors", "floors", _floors(5, amount="44000.00", salt=salt("M215"))),
    "a seal not named": ("floors", "floors", _floors(0, seq=6)),
    "floors opened before the close": ("floors", "floors", put_in("closed", "floors_opened", floors=[])),
    "a late entry": ("auction", "course", put_in("bid", "entered", by="Z2", commitment="cd" * 32)),
    "a pseudonym given twice": ("auction", "course", put_in(
        "bid", "entered", at=stamp(START - timedelta(hours=1)), by="R9", commitment="ab" * 32)),
    "a close before the end": ("auction", "course", rewritten("closed", at=stamp(END))),
    "a close for no reason": ("auction", "course", rewritten("closed", reason="too_few_entrants")),
    "names before the close": ("auction", "course", put_in("closed", "revealed", names={})),
    "cut off before the close": ("auction", "course", cut_after("bid")),
    "cut off before the decision": ("auction", "course", cut_after("revealed")),
    "a failure for another reason": ("no_bid", "course", rewritten("failed", reason="none_left")),
    "too few where there are enough": ("no_bid", "course", rewritten("closed", reason="too_few_entrants")),
    "a false name": ("auction", "identities", _false_name),
    "a name left out": ("auction", "identities", _name_left_out),
    "another secret": ("draw", "draw", rewritten("draw", secret="ff" * 32)),
    "another drawn": ("draw", "draw", lambda file: rewritten("draw", winner=_not_winner(file))(file)),
    "drawn among fewer": ("draw", "draw", rewritten("draw", entrants=["K7", "M2"])),
    "no draw": ("draw", "draw", left_out("draw")),
    "drawn twice": ("draw", "draw", lambda file: resigned(file, _with_double(file["records"], "draw"))),
    "a draw in an auction": ("auction", "draw", put_in(
        "revealed", "draw", secret=SECRET, entrants=list(CAST), winner="M2")),
    "an award to a loser": ("auction", "awards", rewritten("awarded", 0, by="M2", amount="47000.00")),
    "an award at another price": ("auction", "awards", rewritten("awarded", 0, amount="45499.99")),
    "an award of another rank": ("auction", "awards", rewritten("awarded", 0, rank=2)),
    "an award before names": ("auction", "awards", left_out("revealed")),
    "one passed over": ("auction", "awards", left_out("excluded")),
    "another passed over": ("auction", "awards", rewritten("excluded", by="M2")),
    "nobody left while there is": ("auction", "awards", put_in("awarded", "failed", reason="none_left")),
    "the drawn one passed by": ("draw", "awards", left_out("awarded", 0)),
}  # fmt: skip


def _not_winner(file: File) -> str:
    winner = next(json.loads(body)["winner"] for body in file["records"] if '"kind":"draw"' in body)
    return next(by for by in CAST if by != winner)


def _with_double(bodies: Sequence[str], kind: str) -> list[str]:
    index = next(index for index, body in enumerate(bodies) if json.loads(body)["kind"] == kind)
    return [*bodies[: index + 1], *bodies[index:]]


RECEIPT_TAMPERS: dict[str, tuple[str, Change]] = {
    "another format": ("receipt", _set("format", "open-market-record")),
    "another amount": ("receipt", _set("amount", "49000.01")),
    "another number": ("receipt", _set("seq", 8)),
    "another body": ("receipt", _set("body", lambda body: body.replace("49000.00", "48900.00"))),
    "another hash": ("receipt", _set("hash", _flip)),
    "a step on the other side": ("path", _set("path.0", lambda step: "R" + step[1:])),
    "a step left out": ("path", lambda file: file["path"].pop() and None),
    "another sibling": ("path", _set("path.1", lambda step: step[:2] + _flip(step[2:]))),
    "another root": ("path", _set("root", _flip)),
    "another range": ("path", _set("last", 20)),
    "an opening nobody sealed": ("receipt", _set("opening", {"by": "P4", "amount": "1.00", "salt": "ab" * 32})),
    "another signature": ("signature", _set("signature", _flip)),
    "an unknown key": ("signature", _set("key_id", _flip)),
}  # fmt: skip


def applied(file: File, change: Change) -> File:
    fresh = copy.deepcopy(file)
    return change(fresh) or fresh
