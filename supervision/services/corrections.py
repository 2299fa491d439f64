"""Asking an agency to correct what it published: once, for everything, with a limit. Who asks decides what about."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from agencies import selectors as agencies
from agencies import services as standing
from agencies.models import Agency
from core import clock, rulesets, workdays
from core.audit import SYSTEM, By
from core.workdays import Limit
from supervision.services.notices import tell

PAGE = "/agency/check/"


def ask(*, agency_id: int, faults: Sequence[str], by: By = SYSTEM) -> None:
    """Ask to correct; what was asked before and is open still is asked with it, with the whole time anew."""
    standing.ask_correction(
        agency_id=agency_id,
        faults=[*dict.fromkeys((*_open(agencies.get(agency_id)), *faults))],
        due_at=time_from(clock.now()),
        by=by,
    )
    tell(
        organisation_id=agency_id,
        sentence=_("登记信息有不符之处，请一次补正；逾期将冻结新业务，已有业务不受影响。"),
        path=PAGE,
        urgent=True,
    )


def time_from(start: datetime) -> datetime:
    """Until when whoever is asked at a moment may correct."""
    return Limit.of(rulesets.current("entrance")["correct"]).end(start, workdays.load())


def take_back(*, agency_id: int, faults: Sequence[str], by: By) -> None:
    """What was asked did not hold: nothing is asked about it any more, and with nothing left the data counts again."""
    agency = agencies.get(agency_id)
    left = [code for code in _open(agency) if code not in faults]
    if left == _open(agency):
        return
    if left and agency.correction_due_at:
        standing.ask_correction(agency_id=agency_id, faults=left, due_at=agency.correction_due_at, by=by)
    else:
        standing.mark_verified(agency_id=agency_id, by=by)


def _open(agency: Agency) -> list[str]:
    return list(agency.correction) if agency.correction_asked_at and agency.verified_at is None else []
