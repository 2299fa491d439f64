"""The room's picture for a page without a moving part: the same snapshot a socket is greeted with, in words.

Made from the snapshot alone, so that a page can show nothing a socket would not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bidding import boards, log, selectors
from bidding.models import Award, Competition, LogEvent
from bidding.rules import outcome
from bidding.rules.board import Board
from bidding.rules.proxy import RESTRICTED, TAKEN_BACK
from bidding.texts import CLOCK, FAILURES, PRICE
from core.money import Money
from marketplace.models import Method

Snapshot = Mapping[str, Any]
OVER = frozenset({"closed", "failed"})


@dataclass(frozen=True, slots=True)
class Rung:
    """One bid of the ladder; `drop` is how far it fell below the one before (or the ceiling)."""

    seq: int
    at: datetime
    by: str
    amount: Money
    drop: Money
    mine: bool
    auto: bool


@dataclass(frozen=True, slots=True)
class Seen:
    phase: str
    bidders: int
    bids: int
    price: Money
    price_label: str
    price_note: str
    time_label: str
    time_at: datetime
    rank: str
    rank_note: str
    ladder: Sequence[Rung]

    @property
    def over(self) -> bool:
        return self.phase in OVER

    @property
    def mine(self) -> list[Rung]:
        return [rung for rung in self.ladder if rung.mine]


def seen(snapshot: Snapshot, you: str | None) -> Seen:
    """What a visitor sees; `you` is the visitor's own pseudonym."""
    ladder, best, phase = _ladder(snapshot, you), snapshot["best"], snapshot["state"]
    return Seen(
        phase=phase,
        bidders=snapshot["bidders"],
        bids=snapshot["ladder_from"] + len(ladder),
        price=Money.of(best["amount"] if best else snapshot["ceiling"]),
        price_label=str(PRICE[_price_key(snapshot)]),
        price_note=_price_note(snapshot),
        time_label=str(CLOCK[f"clock.{phase}"]),
        time_at=moment(snapshot["starts_at" if phase == "scheduled" else "ends_at"]),
        rank=_rank(snapshot, you),
        rank_note="" if any(bid["by"] == you for bid in snapshot["lowest"]) else _("您还没有出价"),
        ladder=ladder[::-1],
    )


def _ladder(snapshot: Snapshot, you: str | None) -> list[Rung]:
    """The latest bids. What the first of them fell below is not in a picture that leaves out those before it."""
    first = snapshot["ladder"][0]["amount"] if snapshot["ladder_from"] else snapshot["ceiling"]
    rungs, above = [], Money.of(first)
    for bid in snapshot["ladder"]:
        amount = Money.of(bid["amount"])
        mine, auto = bid["by"] == you, bid.get("auto", False)
        rungs.append(Rung(bid["seq"], moment(bid["at"]), bid["by"], amount, above - amount, mine, auto))
        above = amount
    return rungs


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _price_key(snapshot: Snapshot) -> str:
    if not snapshot["best"]:
        return "price.fixed" if snapshot["method"] == Method.RANDOM_DRAW else "price.ceiling"
    return "price.final" if snapshot["state"] == "closed" else "price.best"


def _price_note(snapshot: Snapshot) -> str:
    best = snapshot["best"]
    if not best:
        return _unpriced(snapshot)
    ceiling, amount = Money.of(snapshot["ceiling"]), Money.of(best["amount"])
    key = "price.saving" if amount < ceiling else "price.at_ceiling"
    return str(PRICE[key]).format(
        by=_named(snapshot, best["by"]), saved=ceiling - amount, percent=percent(ceiling - amount, ceiling)
    )


def _unpriced(snapshot: Snapshot) -> str:
    if snapshot["method"] == Method.RANDOM_DRAW:
        return ""
    return str(PRICE["price.nobody" if snapshot["state"] in OVER else "price.first"])


def _named(snapshot: Snapshot, pseudonym: str) -> str:
    name = snapshot["names"].get(pseudonym)
    return f"{pseudonym} {name}" if name else pseudonym


def percent(part: Money, whole: Money) -> str:
    return f"{part.amount * 100 / whole.amount:.1f}"


def _rank(snapshot: Snapshot, you: str | None) -> str:
    place = next((rank for rank, bid in enumerate(snapshot["lowest"], 1) if bid["by"] == you), None)
    return _("第 {rank} 名").format(rank=place) if place else "–"


def hashes(snapshot: Snapshot, you: str | None) -> dict[int, str]:
    """Seq -> hash of the visitor's own bids, so that the list of receipts is whole after a reload."""
    mine = [bid["seq"] for bid in snapshot["ladder"] if bid["by"] == you]
    rows = LogEvent.objects.filter(competition_id=snapshot["competition"], seq__in=mine)
    return dict(rows.values_list("seq", "hash"))


def commitment(competition_id: int) -> str:
    """The digest of the draw's seed, as it was published when the competition opened."""
    return boards.board(competition_id).fixed.draw_commitment


def entrants(competition_id: int) -> list[str]:
    """Pseudonyms of all who take part, in an order that says nothing about when they came."""
    return sorted(entry.pseudonym for entry in selectors.entries(competition_id))


def result(competition: Competition) -> dict[str, Any]:
    """What _result.html shows of a competition that is over; nothing before that."""
    board = boards.board(competition.pk)
    if board.closed_at is None and not board.failed:
        return {}
    award = selectors.standing_award(competition.need_id)
    saved = Money(board.fixed.ceiling) - award.amount if award else None
    return {
        "competition": competition,
        "award": award,
        "award_url": reverse("contracts:award", args=[award.pk]) if award else "",
        "saved": saved,
        "saved_percent": percent(saved, Money(board.fixed.ceiling)) if saved else "",
        "failed": "" if award else str(FAILURES.get(f"failed.{board.failed}", board.failed)),
        "names": _names(competition.pk, board, award, dict(_lowest(outcome.auction_ranking(board)))),
        "draw": _proof(competition.pk, board.fixed.draw_commitment),
    }


def _lowest(ranking: Sequence[Any]) -> list[tuple[str, Money]]:
    return [(bid.by, Money(bid.amount)) for bid in ranking]


def _passed(board: Board) -> dict[str, Money]:
    """Each bidder's last floor, where it was passed: what was never reached is nobody's business."""
    opened = {row["seq"]: (row["by"], row.get("amount", TAKEN_BACK)) for row in board.floors}
    return {by: Money.of(held) for _seq, (by, held) in sorted(opened.items()) if held not in (TAKEN_BACK, RESTRICTED)}


def _names(competition_id: int, board: Board, award: Award | None, lowest: Mapping[str, Money]) -> list[dict[str, Any]]:
    """Who took part, best first, once the log has revealed it."""
    names, floors = board.names, _passed(board)
    rows = [
        {
            "pseudonym": entry.pseudonym,
            "agency": entry.agency_id,
            "name": names[entry.pseudonym]["name"],
            "amount": lowest.get(entry.pseudonym),
            "floor": floors.get(entry.pseudonym),
            "winner": award is not None and award.agency_id == entry.agency_id,
        }
        for entry in selectors.entries(competition_id)
        if entry.pseudonym in names
    ]
    order = list(lowest)
    return sorted(rows, key=lambda row: order.index(row["pseudonym"]) if row["pseudonym"] in order else len(order))


def _proof(competition_id: int, commitment: str) -> dict[str, Any] | None:
    """Everything needed to draw again: published digest, seed, the log's head when entry had closed."""
    head = before = ""
    for record in log.read(competition_id):
        if record.event.kind == "closed":
            head = before
        if record.event.kind == "draw":
            return {**record.event.data, "commitment": commitment, "head": head}
        before = record.hash
    return None
