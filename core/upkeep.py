"""What operators may change in core: a rule set gets a new dated version, days of the calendar are marked.

A version in force is never edited, and each change leaves a line in the audit stream of what it changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core import audit, clock, outbox
from core.errors import define
from core.events import CalendarAnnounced
from core.models import CalendarDay, RuleSet
from core.workdays import LOCAL

RULES_UNKNOWN = define("rules.unknown", _("没有这个规则集。"), _("请从规则集列表中选择。"), status=404)
RULES_PAST = define(
    "rules.past",
    _("新版本不能在过去生效。"),
    _("请把生效时间定在现在之后；已经作出的决定仍按当时的版本。"),
)
RULES_ORDER = define(
    "rules.order",
    _("新版本的生效时间早于第 {version} 版。"),
    _("版本按生效时间先后排列，请定在 {after} 之后。"),
)
RULES_SAME = define("rules.same", _("参数与上一版完全相同。"), _("请至少修改一个参数，或放弃新增版本。"))
DAY_PAST = define(
    "calendar.past", _("过去的日子不能再改。"), _("已经过去的期限按当时的日历计算，请只标记今天以后的日子。")
)


@dataclass(frozen=True)
class Day:
    """One day that differs from the plain week."""

    date: date
    is_working: bool
    name: str


@transaction.atomic
def add_version(
    *, name: str, effective_from: datetime, parameters: dict[str, Any], draft: bool, note: str, by: audit.By
) -> RuleSet:
    """Append a version to a rule set. Raises rules.unknown, .past, .order or .same."""
    versions = list(RuleSet.objects.select_for_update().filter(name=name).order_by("version"))
    if not versions:
        raise RULES_UNKNOWN()
    last = versions[-1]
    _check_version(last, effective_from, parameters)
    row = RuleSet.objects.create(
        name=name,
        version=last.version + 1,
        effective_from=effective_from,
        parameters=parameters,
        draft=draft,
        note=note,
    )
    data = {"version": row.version, "effective_from": effective_from.isoformat()}
    audit.record(stream=f"rules:{name}", action="version_added", by=by, reason=note, data=data)
    return row


def _check_version(last: RuleSet, effective_from: datetime, parameters: dict[str, Any]) -> None:
    if effective_from < clock.now():
        raise RULES_PAST()
    if effective_from <= last.effective_from:
        after = f"{last.effective_from.astimezone(LOCAL):%Y-%m-%d %H:%M}"
        raise RULES_ORDER(version=last.version, after=after)
    if parameters == last.parameters:
        raise RULES_SAME()


@transaction.atomic
def mark_day(*, day: Day, official: bool, by: audit.By) -> None:
    """Say whether a coming day is worked. Raises calendar.past."""
    _refuse_past(day.date)
    CalendarDay.objects.update_or_create(
        date=day.date, defaults={"is_working": day.is_working, "name": day.name, "official": official}
    )
    audit.record(
        stream=f"calendar:{day.date.year}",
        action="day_marked",
        by=by,
        data={"date": day.date.isoformat(), "working": day.is_working, "name": day.name, "official": official},
    )


@transaction.atomic
def clear_day(*, day: date, by: audit.By) -> None:
    """Let a coming day follow the plain week again. Raises calendar.past."""
    _refuse_past(day)
    if CalendarDay.objects.filter(date=day).delete()[0]:
        audit.record(stream=f"calendar:{day.year}", action="day_cleared", by=by, data={"date": day.isoformat()})


@transaction.atomic
def enter_official_year(*, year: int, days: Sequence[Day], by: audit.By) -> None:
    """Replace a year's days by the announced ones; days already past stay as they were."""
    today = _today()
    known = list(CalendarDay.objects.filter(date__year=year).order_by("date"))
    was_official = any(day.official for day in known)
    before = [[day.date.isoformat(), day.is_working] for day in known]
    CalendarDay.objects.filter(date__year=year, date__gt=today).delete()
    CalendarDay.objects.filter(date__year=year).update(official=True)
    rows = [CalendarDay(date=d.date, is_working=d.is_working, name=d.name, official=True) for d in days]
    CalendarDay.objects.bulk_create([row for row in rows if row.date > today])
    data = {"days": [[d.date.isoformat(), d.is_working, d.name] for d in days]}
    audit.record(stream=f"calendar:{year}", action="year_announced", by=by, data=data)
    outbox.emit(CalendarAnnounced(year, clock.now().isoformat(), was_official, before))


def _today() -> date:
    return clock.now().astimezone(LOCAL).date()


def _refuse_past(day: date) -> None:
    if day <= _today():
        raise DAY_PAST()
