"""What the operator's desk shows of core: rule sets with their dates, the calendar year by year."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext as _

from core.models import AuditEntry, CalendarDay, RuleSet
from core.parameters import Change, Row, diff, flatten
from core.skew import Clocks, limit
from core.workdays import LOCAL, WorkCalendar, load
from marketplace.models import ServiceItem
from portal import words
from portal.selectors.health import JobHealth, milliseconds
from ratings import grade_steps
from supervision.kinds import label
from supervision.models import Consultation
from supervision.rule_sets import title as rule_set_title
from supervision.selectors import consultations as consulted


@dataclass(frozen=True)
class Version:
    """One version with what it changed: state is past, current or coming; changes is empty for the first.

    `consultation`: where it came from, if anybody was asked.
    """

    row: RuleSet
    state: str
    changes: Sequence[Change]
    rows: Sequence[Row]
    consultation: Consultation | None


@dataclass(frozen=True)
class RuleSetLine:
    """A rule set on the desk."""

    name: str
    current: RuleSet | None
    coming: RuleSet | None
    versions: int

    @property
    def title(self) -> str:
        return rule_set_title(self.name)


@dataclass(frozen=True)
class CalendarCell:
    """A day on the year's sheet; `marked` days differ from the plain week or were named."""

    date: date
    working: bool
    marked: bool
    name: str
    today: bool


@dataclass(frozen=True)
class YearSheet:
    year: int
    official: bool
    months: Sequence[tuple[date, Sequence[Sequence[CalendarCell | None]]]]
    days: Sequence[tuple[date, bool, str]]
    working_days: int


def rule_sets(now: datetime) -> list[RuleSetLine]:
    """Every rule set with the version in force and the next one, by name."""
    rows = RuleSet.objects.order_by("name", "version")
    return [_line(name, list(group), now) for name, group in groupby(rows, key=lambda row: row.name)]


def _line(name: str, rows: list[RuleSet], now: datetime) -> RuleSetLine:
    past = [row for row in rows if row.effective_from <= now]
    coming = [row for row in rows if row.effective_from > now]
    return RuleSetLine(name, past[-1] if past else None, coming[0] if coming else None, len(rows))


def versions(name: str, now: datetime) -> list[Version]:
    """Newest first; empty when there is no such rule set."""
    rows = list(RuleSet.objects.filter(name=name).order_by("version"))
    adopted = consulted.adopted_as(name)
    current = max((row.version for row in rows if row.effective_from <= now), default=0)
    return [
        Version(
            row,
            _state(row, current, now),
            diff(rows[index - 1].parameters, row.parameters) if index else [],
            flatten(row.parameters),
            adopted.get(row.version),
        )
        for index, row in enumerate(rows)
    ][::-1]


def _state(row: RuleSet, current: int, now: datetime) -> str:
    if row.effective_from > now:
        return "coming"
    return "current" if row.version == current else "past"


def calendar_years(today: date) -> list[int]:
    """Years one can look at: those with marked days, this one and the next."""
    marked = {day.year for day in CalendarDay.objects.dates("date", "year")}
    return sorted(marked | {today.year, today.year + 1})


def calendar_standing(today: date) -> list[tuple[int, bool]]:
    """This year and the next: is the official calendar entered?"""
    official = load().official_years
    return [(year, year in official) for year in (today.year, today.year + 1)]


def year_sheet(year: int, today: date) -> YearSheet:
    rows = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    calendar = load()
    months = [(date(year, month, 1), _month(year, month, calendar, rows, today)) for month in range(1, 13)]
    cells = [cell for _first, weeks in months for week in weeks for cell in week if cell]
    return YearSheet(
        year,
        year in calendar.official_years,
        months,
        [(row.date, row.is_working, row.name) for row in rows.values()],
        sum(cell.working for cell in cells),
    )


def _month(
    year: int, month: int, calendar: WorkCalendar, rows: dict[date, CalendarDay], today: date
) -> list[list[CalendarCell | None]]:
    weeks = Calendar().monthdatescalendar(year, month)
    return [[_cell(day, month, calendar, rows.get(day), today) for day in week] for week in weeks]


def _cell(day: date, month: int, calendar: WorkCalendar, row: CalendarDay | None, today: date) -> CalendarCell | None:
    if day.month != month:
        return None
    return CalendarCell(day, calendar.is_working(day), row is not None, row.name if row else "", day == today)


@dataclass(frozen=True)
class TrailLine:
    """A line of an audit stream in words."""

    seq: int
    at: datetime
    action_words: str
    reason: str
    hash: str


def trail(stream: str, limit: int = 10) -> list[TrailLine]:
    """The last lines of an audit stream, newest first."""
    rows = AuditEntry.objects.filter(stream=stream).order_by("-seq")[:limit]
    return [
        TrailLine(row.seq, row.at, str(words.AUDIT.get(row.action, row.action)), row.reason, row.hash) for row in rows
    ]


@dataclass(frozen=True)
class Chore:
    """Something for the operator to do; `urgent` means at once."""

    label: str
    about: str
    url: str
    due: datetime | None = None
    urgent: bool = False


def chores(
    found: JobHealth, clocks: Clocks, lines: Sequence[RuleSetLine], items: Sequence[ServiceItem], now: datetime
) -> list[Chore]:
    """What is the operator's to do: faults first, then by deadline, then what waits to be confirmed."""
    return [
        *_faults(found),
        *_clock_chore(clocks),
        *_calendar_chore(now),
        *_grade_chores(now),
        *_unconfirmed(lines, items),
    ]


def _faults(found: JobHealth) -> list[Chore]:
    if not (found.stuck or found.dead):
        return []
    about = _("等待 {waiting} 个，失败 {dead} 个").format(waiting=found.waiting, dead=found.dead)
    return [Chore(_("查看卡住或失败的任务"), about, "#health", urgent=True)]


def _clock_chore(clocks: Clocks) -> list[Chore]:
    """Bids count by the moment they reach a server: servers that disagree about the time are unfair."""
    if not clocks.apart:
        return []
    about = _("{n} 个进程的时钟相差可能超过 {limit} 毫秒").format(n=clocks.processes, limit=milliseconds(limit()))
    return [Chore(_("校准服务器时钟"), about, "#health", urgent=True)]


def _calendar_chore(now: datetime) -> list[Chore]:
    """Next year's announced calendar is needed before this year ends."""
    year = local_today(now).year + 1
    if year in load().official_years:
        return []
    label = _("录入 {year} 年放假安排").format(year=year)
    about = _("国务院公布后录入，跨年的期限才是准的")
    return [Chore(label, about, f"/operator/calendar/{year}/", datetime(year, 1, 1, tzinfo=LOCAL))]


def _grade_chores(now: datetime) -> list[Chore]:
    """Years to be graded, and lists of which nothing is left to decide."""
    about = {"grade.propose": _("等级由系统按档案计算"), "grade.publish": _("公示结束，异议都已决定")}
    found = [step for step in grade_steps.duties(now) if step.closed_at is None]
    return [Chore(label(one.kind), f"{one.title} · {about[one.kind]}", one.path, one.due_at) for one in found]


def _unconfirmed(lines: Sequence[RuleSetLine], items: Sequence[ServiceItem]) -> list[Chore]:
    drafts = [line.title for line in lines if line.current and line.current.draft]
    unsure = sum(not item.legal_basis_confirmed and item.cancelled_at is None for item in items)
    found = []
    if drafts:
        found.append(Chore(_("确认“待确认”的规则"), "、".join(drafts), "/operator/rules/"))
    if unsure:
        found.append(Chore(_("确认事项的设定依据"), _("{n} 个事项的依据待确认").format(n=unsure), "#catalogue"))
    return found


def local_today(now: datetime) -> date:
    return now.astimezone(LOCAL).date()
