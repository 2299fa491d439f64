"""The red list: looked at anew every hour. Who fits is on it, who no longer does is off, nobody decides."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies import selectors as agencies
from contracts import selectors as contracts
from core import audit, clock, locks, papers, rulesets
from core.audit import SYSTEM
from core.rulesets import Rules
from core.workdays import LOCAL
from ratings import services as ratings
from ratings.selectors.honours import honoured
from supervision.models import Case, Honour, Listing
from supervision.rules import honours as rules
from supervision.rules.honours import Record


@transaction.atomic
def refresh() -> tuple[int, int]:
    """Bring the list up to date; says how many came and how many went."""
    locks.alone("honours")
    now, used = clock.now(), rulesets.current("redlist")
    fit, figures = _fit(now, used)
    held = {row.agency_id: row for row in Honour.objects.filter(ended_at=None)}
    went = sum(_end(row, figures.get(pk)) for pk, row in held.items() if pk not in fit)
    came = [_begin(pk, fit[pk], used) for pk in sorted(fit) if pk not in held]
    return len(came), went


def _fit(now: datetime, used: Rules) -> tuple[dict[int, Record], dict[int, str]]:
    """Records of those who fit, and for everybody else looked at the code of the first figure that does not.

    The score without what an honour added: the list does not hold itself up.
    """
    wanted = rules.wanted(used.parameters)
    since = now - timedelta(days=used["clean_days"])
    work, added = contracts.kept_since(now - timedelta(days=365)), honoured(now)
    fit, others = {}, {}
    for agency in agencies.clean_since(since, void=_void()):
        done, on_time = work.get(agency.pk, (0, 0))
        own = None if agency.score is None else agency.score - added.get(agency.pk, Decimal(0))
        record = Record(score=own, contracts=done, on_time=on_time)
        if lack := rules.lack(record, wanted):
            others[agency.pk] = lack
        else:
            fit[agency.pk] = record
    return fit, others


def _void() -> list[str]:
    """Pages of decisions and listings that were taken back."""
    fallen = Q(state=Listing.Stage.CORRECTED) | Q(events__kind="fallen") | Q(events__data__outcome="revoked")
    decisions = [one.public_path for one in Case.objects.filter(state=Case.Stage.REVOKED)]
    return decisions + [one.public_path for one in Listing.objects.filter(fallen).distinct()]


@transaction.atomic
def _begin(agency_id: int, record: Record, used: Rules) -> Honour:
    row = Honour.objects.create(agency_id=agency_id, since=clock.now(), figures=_stored(record), rules_ref=used.ref)
    _credit(row)
    audit.record(stream=f"agency:{agency_id}", action="honoured", by=SYSTEM, data={"rules": used.ref})
    return row


def _credit(row: Honour) -> None:
    """One row a calendar year, however often the agency comes and goes."""
    with override(papers.LANGUAGE):
        reason = str(_("列入红名单"))
    ratings.record_credit(
        agency_id=row.agency_id,
        kind="honour",
        source="/redlist/",
        source_key=f"honour:{row.agency_id}:{row.since.astimezone(LOCAL).year}",
        summary={"reason": reason},
    )


@transaction.atomic
def _end(row: Honour, lack: str | None) -> bool:
    """Off the list; without a figure that lacks it was a restriction, or the agency has left."""
    row.ended_at, row.why = clock.now(), lack or "restricted"
    row.save(update_fields=["ended_at", "why"])
    audit.record(stream=f"agency:{row.agency_id}", action="honour_ended", by=SYSTEM, data={"why": row.why})
    return True


def _stored(record: Record) -> dict[str, Any]:
    return {"score": str(record.score or Decimal(0)), "contracts": record.contracts, "on_time": record.percent}
