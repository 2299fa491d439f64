"""Leaving: wished or decided. Nothing new from the first moment, what runs is finished, then out; and back again."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import selectors as agencies
from agencies import services as standing
from agencies.models import Agency
from bidding import selectors as bidding
from contracts import selectors as contracts
from core import clock, rulesets, workdays
from core.audit import By
from core.workdays import Limit
from supervision.services.each import each
from supervision.services.notices import tell

PAGE = "/agency/exit/"


@dataclass(frozen=True)
class Running:
    """Something that has to be finished first. `kind`: entry, award or contract."""

    kind: str
    title: str
    path: str


def running(agency_id: int) -> list[Running]:
    """What an agency has begun and not finished."""
    entries = bidding.entries_of_agency(agency_id).filter(competition__closed_at=None)
    rows = [Running("entry", one.competition.need.title, f"/competitions/{one.competition_id}/") for one in entries]
    awards = bidding.awards().filter(agency_id=agency_id, outcome="pending")
    rows += [Running("award", one.need.title, f"/awards/{one.pk}/") for one in awards]
    work = contracts.running_of(agency_id)
    return rows + [Running("contract", one.award.need.title, f"/contracts/{one.pk}/") for one in work]


@transaction.atomic
def ask(*, agency: Agency, by: By) -> Agency:
    """The agency wants to leave; where nothing runs it is out at once. Raises exit.already."""
    standing.ask_to_leave(agency=agency, by=by)
    _out_if_done(agency.pk, by)
    return agencies.get(agency.pk)


@transaction.atomic
def take_back(*, agency: Agency, by: By) -> Agency:
    """Stay after all. Raises exit.none, exit.forced."""
    return standing.stay(agency=agency, by=by)


@transaction.atomic
def come_back(*, agency: Agency, by: By) -> Agency:
    """Enter again, checked like a newcomer; the record goes on. Raises return.not_left, return.early."""
    return standing.come_back(agency=agency, by=by)


def finish() -> int:
    """Let those go who wanted or had to and have nothing running any more; says how many.

    Whose removal is over before that stays.
    """
    return each(_move_on, agencies.leaving().values_list("pk", flat=True))


@transaction.atomic
def _move_on(agency_id: int) -> bool:
    standing.outlast(agency_id=agency_id)
    return agencies.get(agency_id).leaving_at is not None and _out_if_done(agency_id, By())


@transaction.atomic
def _out_if_done(agency_id: int, by: By) -> bool:
    if running(agency_id):
        return False
    now = clock.now()
    wait = Limit.of(rulesets.current("entrance")["return_after"])
    back = wait.end(now, workdays.load()) if wait.n else now + timedelta(0)
    row = standing.leave(agency_id=agency_id, back_from=back, by=by)
    standing.erase_loose(agency_id=agency_id, by=by)
    sentence = (
        _("清退已完成，期满后可以重新入驻。") if row.forced else _("退出已完成，交易档案保存十五年，随时可以重新入驻。")
    )
    tell(organisation_id=agency_id, sentence=sentence, path=PAGE)
    return True
