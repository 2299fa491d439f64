"""Entering a competition and leaving it again. Who may enter is told with every reason at once."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from agencies import selectors as agencies
from agencies.facts import AgencyFacts
from bidding import errors
from bidding.log import event
from bidding.models import Competition, Entry
from bidding.rules import draw
from bidding.services.appending import append, locked_board
from core import audit, chance, clock
from core.audit import By
from core.errors import Refusal
from marketplace import selectors as needs
from marketplace.errors import SUSPENDED as NEED_SUSPENDED
from marketplace.models import Need

BARRING = frozenset({"suspended", "restricted", "removed"})
LETTERS, DIGITS = "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


def barred(agency_id: int, at: datetime) -> bool:
    """Is a restriction in force that keeps the agency from entering, bidding and being awarded?"""
    return any(row.kind in BARRING for row in agencies.restrictions(agency_id, at))


def eligibility(*, competition_id: int, agency_id: int, at: datetime | None = None) -> list[Refusal]:
    """Every reason why the agency cannot enter at a moment (default now); empty when it can."""
    competition = Competition.objects.select_related("need__item").get(pk=competition_id)
    now = at or clock.now()
    facts = agencies.facts(agency_id=agency_id, at=now)
    return standing_faults(competition.need, facts) + door_faults(facts) + _entry_faults(competition, agency_id, now)


def door_faults(facts: AgencyFacts) -> list[Refusal]:
    """What keeps an agency from anything new: leaving, gone or frozen. What it began before, it finishes."""
    return [errors.ENTRY_DOORS[facts.door]()] if facts.door else []


def standing_faults(need: Need, facts: AgencyFacts) -> list[Refusal]:
    """What keeps an agency from serving a need at all, competition or not."""
    if need.item is None:
        raise ValueError(f"need {need.pk} has no item")
    item, reasons = need.item, []
    if need.buyer_id == facts.agency_id:
        reasons.append(errors.ENTRY_OWN_NEED())
    if BARRING.intersection(facts.restrictions):
        reasons.append(errors.ENTRY_RESTRICTED())
    if item.code not in facts.item_codes:
        reasons.append(errors.ENTRY_SERVICE(item=item.name_zh))
    if item.licence_kind and item.licence_kind not in facts.licence_kinds:
        reasons.append(errors.ENTRY_LICENCE(item=item.name_zh, licence=item.licence_kind))
    return reasons


def _entry_faults(competition: Competition, agency_id: int, now: datetime) -> list[Refusal]:
    reasons = []
    if needs.suspension(competition.need_id, now):
        reasons.append(NEED_SUSPENDED())
    if now >= competition.starts_at or competition.closed_at:
        reasons.append(errors.ENTRY_CLOSED())
    if Entry.objects.filter(competition=competition, agency_id=agency_id, withdrawn_at=None).exists():
        reasons.append(errors.ENTRY_TWICE())
    return reasons


@transaction.atomic
def enter(*, competition_id: int, agency_id: int, by: By) -> Entry:
    """Register an agency under a random pseudonym. Raises the first reason of `eligibility`."""
    board = locked_board(competition_id)
    now, salt = clock.now(), chance.token()
    if reasons := eligibility(competition_id=competition_id, agency_id=agency_id, at=now):
        raise reasons[0]
    entry, _ = Entry.objects.update_or_create(
        competition_id=competition_id,
        agency_id=agency_id,
        defaults={
            "pseudonym": _pseudonym(board.pseudonyms),
            "salt": salt,
            "entered_at": now,
            "entered_by_id": by.user_id,
            "withdrawn_at": None,
        },
    )
    commitment = draw.entry_commitment(agency_id, entry.agency.organisation.name, salt)
    append(board, [event("entered", now, by=entry.pseudonym, commitment=commitment)])
    audit.record(stream=f"entry:{entry.pk}", action="entered", by=by)
    return entry


def _pseudonym(given: Collection[str]) -> str:
    """One that nobody had in this competition before, not even who left; longer once the short ones get crowded."""
    draws = chance.source()
    while True:
        name = draws.choice(LETTERS) + "".join(draws.choices(DIGITS, k=1 + len(given) // 60))
        if name not in given:
            return name


@transaction.atomic
def withdraw(*, competition_id: int, agency_id: int, by: By) -> None:
    """Leave before entry closes, free of charge. Raises entry.closed or entry.none."""
    board = locked_board(competition_id)
    entry = Entry.objects.filter(competition_id=competition_id, agency_id=agency_id, withdrawn_at=None).first()
    if entry is None:
        raise errors.NOT_ENTERED()
    now = clock.now()
    if now >= board.fixed.starts_at or board.closed_at:
        raise errors.ENTRY_CLOSED()
    entry.withdrawn_at = now
    entry.save(update_fields=["withdrawn_at"])
    append(board, [event("withdrawn", now, by=entry.pseudonym)])
    audit.record(stream=f"entry:{entry.pk}", action="withdrawn", by=by)
