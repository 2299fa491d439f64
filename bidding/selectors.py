"""Reads of the competition."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies import selectors as agencies
from bidding import boards, frames, keyring, log
from bidding.models import Award, Competition, Entry, LogEvent, LogHead, SealedFloor
from bidding.rules.record import unseal
from bidding.rules.terms import Terms
from core import clock, rulesets

LEAST = "min_entrants_"


def for_need(need_id: int) -> Competition | None:
    return Competition.objects.filter(need_id=need_id).select_related("need").first()


def competition(pk: int) -> Competition:
    """Raises Competition.DoesNotExist."""
    return Competition.objects.select_related("need__item", "need__buyer", "need__region").get(pk=pk)


def entry_of(competition_id: int, agency_id: int | None) -> Entry | None:
    """The agency's standing entry, if any."""
    if agency_id is None:
        return None
    return Entry.objects.filter(competition_id=competition_id, agency_id=agency_id, withdrawn_at=None).first()


def standing_entries(entry_ids: Collection[int]) -> frozenset[int]:
    """Those of these entries that have not been withdrawn."""
    return frozenset(Entry.objects.filter(pk__in=entry_ids, withdrawn_at=None).values_list("pk", flat=True))


def barred_since(competition_id: int, kinds: Collection[str], at: datetime) -> dict[str, datetime]:
    """Since when a restriction is in force on bidders of this competition, by pseudonym. Mostly empty."""
    named = "SELECT pseudonym, agency_id FROM bidding_entry WHERE competition_id = %s"
    return agencies.restricted_since(named, competition_id, kinds, at)


def entries(competition_id: int) -> QuerySet[Entry]:
    """Standing entries. Before the close only their pseudonyms may leave the platform."""
    return Entry.objects.filter(competition_id=competition_id, withdrawn_at=None).select_related("agency__organisation")


def entries_of_agency(agency_id: int) -> QuerySet[Entry]:
    rows = Entry.objects.filter(agency_id=agency_id, withdrawn_at=None)
    return rows.select_related("competition__need__item", "competition__need__buyer").order_by("-entered_at")


def award(pk: int) -> Award:
    """Raises Award.DoesNotExist."""
    related = "need__item", "need__buyer", "need__region", "competition", "agency__organisation", "paper"
    return Award.objects.select_related(*related).get(pk=pk)


def awards() -> QuerySet[Award]:
    return Award.objects.select_related("need__item", "need__buyer", "agency__organisation").order_by("-decided_at")


def standing_award(need_id: int) -> Award | None:
    """The award that was neither declined nor barred, if any."""
    return awards().filter(need_id=need_id).exclude(outcome__in=Award.OVER).first()


def unanswered_awards(now: datetime) -> QuerySet[Award]:
    """Awards whose time to confirm has passed in silence."""
    return Award.objects.filter(outcome=Award.Outcome.PENDING, confirm_by__lt=now)


def barred_awards(kinds: Collection[str], now: datetime) -> list[int]:
    """Awards that wait for an answer or a contract while a restriction of one of these kinds is on the winner."""
    rows = Award.objects.exclude(outcome__in=Award.OVER).filter(agency_id__in=agencies.all_restricted(kinds, now))
    rows = rows.filter(need__contracted_at=None, need__failed_at=None, need__cancelled_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def live(now: datetime) -> QuerySet[Competition]:
    """Competitions running now, the one that ends first in front. Best price, bids and entrants are columns."""
    rows = Competition.objects.filter(closed_at=None, starts_at__lte=now)
    return rows.select_related("need__item", "need__buyer", "need__region").order_by("ends_at")


def upcoming(now: datetime) -> QuerySet[Competition]:
    """Competitions still open for entry, the one that starts first in front."""
    rows = Competition.objects.filter(closed_at=None, starts_at__gt=now)
    return rows.select_related("need__item", "need__buyer", "need__region").order_by("starts_at")


def closed(count: int) -> list[Competition]:
    """The latest that are over."""
    return list(Competition.objects.filter(closed_at__isnull=False).select_related("need").order_by("-pk")[:count])


def due(now: datetime) -> list[int]:
    """Competitions that may have to be closed: past their end, or past entry (too few may have come)."""
    rows = Competition.objects.filter(closed_at=None)
    ended = rows.filter(ends_at__lte=now)
    empty = rows.filter(_too_few(rows.values_list("rules_ref", flat=True).distinct()), starts_at__lte=now)
    return list(ended.union(empty).values_list("pk", flat=True))


def _too_few(rules_refs: Iterable[str]) -> Q:
    """Fewer have entered than the rules of the competition demand of its kind of buyer."""
    few = Q(entrant_count=0)
    for ref in rules_refs:
        for name, least in rulesets.by_ref(ref).parameters.items():
            if name.startswith(LEAST):
                few |= Q(rules_ref=ref, need__buyer_kind=name.removeprefix(LEAST), entrant_count__lt=least)
    return few


def to_begin(now: datetime) -> list[int]:
    """Competitions that have started, without a bid so far, for which somebody had sealed a floor."""
    sealed = SealedFloor.objects.filter(competition_id=OuterRef("pk"))
    rows = Competition.objects.filter(Exists(sealed), closed_at=None, starts_at__lte=now, best_amount=None)
    return list(rows.values_list("pk", flat=True))


def is_bid_of(competition_id: int, seq: int, pseudonym: str) -> bool:
    """Is this record a bid of this bidder?"""
    rows = LogEvent.objects.filter(competition_id=competition_id, seq=seq)
    return rows.filter(key__startswith=f"{pseudonym}:").exists()


def snapshot(competition_id: int) -> dict[str, Any]:
    """The picture a socket would be greeted with."""
    title = competition(competition_id).need.title
    return frames.snapshot(boards.board(competition_id), title, clock.now())


def terms(competition_id: int) -> Terms:
    """The terms as they were fixed at opening."""
    opening = LogEvent.objects.values_list("body", flat=True).get(competition_id=competition_id, seq=1)
    return Terms.from_json(unseal(opening).event.data["terms"])


def public_events(competition_id: int, after: int = 0) -> Sequence[dict[str, Any]]:
    """The log as watchers see it."""
    return [frames.public_event(record) for record in log.read(competition_id, after)]


def record_file(competition_id: int) -> dict[str, Any]:
    """The whole record of a closed competition: every body as it was hashed, every signed head, the rules named."""
    rules_ref = Competition.objects.values_list("rules_ref", flat=True).get(pk=competition_id)
    heads = LogHead.objects.filter(competition_id=competition_id).order_by("last_seq")
    bodies = LogEvent.objects.filter(competition_id=competition_id).order_by("seq")
    return {
        "format": "open-market-record",
        "version": 1,
        "competition": competition_id,
        "records": list(bodies.values_list("body", flat=True)),
        "heads": list(heads.values("first_seq", "last_seq", "root", "key_id", "signature")),
        "keys": keyring.trusted(),
        "rules": {"ref": rules_ref, "parameters": rulesets.by_ref(rules_ref).parameters},
    }


def ends_of(need_ids: Collection[int]) -> dict[int, datetime]:
    """Need -> the end of its competition as it stands."""
    return dict(Competition.objects.filter(need__in=list(need_ids)).values_list("need_id", "ends_at"))


def closed_beyond(known: Mapping[int, int]) -> list[int]:
    """Closed competitions whose log has gone on beyond what is known of it (competition -> seq), oldest first."""
    rows = Competition.objects.exclude(closed_at=None).order_by("closed_at").values_list("pk", "last_seq")
    return [pk for pk, last_seq in rows.iterator() if last_seq > known.get(pk, 0)]


def turnout(competition_id: int) -> tuple[int, list[dict[str, Any]]]:
    """Who took part in a closed competition: the log's length, and for each agency its lowest bid, how often it bid
    and when last, and whether it was passed over. Plain JSON values.
    """
    board, identities = log.board(competition_id), entries(competition_id).values_list("pseudonym", "agency_id")
    bids = Counter(bid.by for bid in board.bids)
    rows = []
    for pseudonym, agency_id in identities:
        last = board.lowest.get(pseudonym)
        rows.append(
            {
                "agency": agency_id,
                "lowest": str(last.amount) if last else "",
                "bids": bids[pseudonym],
                "last_at": last.at.isoformat() if last else "",
                "excluded": pseudonym in board.excluded,
            }
        )
    return board.seq, rows
