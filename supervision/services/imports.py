"""Taking over the authority's list: looked at first, then taken as a whole or not at all, once a day by itself.

Nobody makes or edits an entry here. An entry restricts its agency until the authority's term ends or the entry is
gone from the authority's list; one without a term runs to a date of confirmation that every import moves on.
"""

import logging
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from agencies import selectors as agencies
from agencies import services as standing
from core import audit, clock, files, locks, papers, rulesets, workdays
from core.audit import SYSTEM, By
from core.errors import Refusal
from core.models import StoredFile
from core.workdays import LOCAL, Limit
from supervision import list_files
from supervision.errors import lists as errors
from supervision.models import ImportedEntry, ListImport
from supervision.rules import list_rows
from supervision.rules.list_rows import Difference, Line
from supervision.services.each import each
from supervision.services.listings import told_regulators
from supervision.services.notices import tell

log = logging.getLogger("market.lists")
State = ListImport.State
Key = tuple[str, str, date]
LARGEST = 20 * 2**20
PATIENCE = 30  # seconds for the source to answer


@transaction.atomic
def look(*, content: bytes, name: str, as_of: date, by: By) -> ListImport:
    """Read a file and keep what taking it would change, or every fault in its rows. Changes nothing else.

    Raises import.unreadable, .columns, .empty, .large, .older or .future: such a file is not kept.
    """
    _refuse_day(as_of)
    lines, faults = _lines(content)
    change = list_rows.compare(lines, {key: words for key, (words, _pk) in _known().items()})
    row = ListImport(
        source=name[-300:],
        as_of=as_of,
        file=files.keep(content, name=name.rpartition("/")[2] or "list", media_type=list_files.media_type(content)),
        state=State.REFUSED if faults else State.PREVIEW,
        rows=len(lines) + len({fault.row for fault in faults if fault.code != "twice"}),
        faults=[asdict(fault) for fault in faults[:500]],
        read_at=clock.now(),
        read_by_id=by.user_id,
        by_org_id=by.org_id,
    )
    _count(row, change)
    row.save(force_insert=True)
    audit.record(stream="lists", action="looked", by=by, data={"import": row.pk, "state": row.state, "rows": row.rows})
    return row


@transaction.atomic
def take(*, import_id: int, by: By, shrink: bool = False) -> ListImport:
    """Take a file that was looked at: all of it, compared anew with what is known now.

    `shrink`: somebody confirms that so much may vanish. Raises ListImport.DoesNotExist, import.settled, .shrunk,
    .older.
    """
    locks.alone("lists")
    row = ListImport.objects.select_for_update(of=("self",)).select_related("file").get(pk=import_id)
    if row.state != State.PREVIEW:
        raise errors.SETTLED()
    _refuse_day(row.as_of)
    lines, faults = _lines(_content(row.file))
    if faults:
        raise errors.FILE_FAULTY(count=len(faults))
    known = _known()
    change = list_rows.compare(lines, {key: words for key, (words, _pk) in known.items()})
    most = rulesets.current("imports")["vanish_percent"]
    if not shrink and change.vanishing(len(known)) > most:
        raise errors.FILE_SHRUNK(percent=change.vanishing(len(known)), most=most)
    row.state, row.settled_at = State.APPLIED, clock.now()
    _count(row, change)
    row.save()
    _apply(row, change, known, by)
    data = {"import": row.pk, "added": row.added, "kept": row.kept, "gone": row.gone, "sha256": row.file.sha256}
    audit.record(stream="lists", action="taken", by=by, data=data)
    return row


@transaction.atomic
def discard(*, import_id: int, by: By) -> ListImport:
    """Put a preview aside. Raises import.settled."""
    row = ListImport.objects.select_for_update().get(pk=import_id)
    if row.state != State.PREVIEW:
        raise errors.SETTLED()
    row.state, row.settled_at = State.DISCARDED, clock.now()
    row.save(update_fields=["state", "settled_at"])
    audit.record(stream="lists", action="discarded", by=by, data={"import": row.pk})
    return row


def fetch_daily() -> ListImport | None:
    """Once a day from LISTS_URL: an address or a path. What goes wrong is kept as a refused import and told."""
    source, today = str(settings.LISTS_URL), clock.now().astimezone(LOCAL).date()
    if not source or _had(source, today):
        return None
    try:
        content = _fetched(source)
    except (OSError, HTTPException, ValueError):
        log.warning("list source %s cannot be read", source, exc_info=True)
        raise errors.SOURCE_AWAY() from None
    row = _taken_daily(content, source, today)
    if row is not None and row.state == State.REFUSED:
        told_regulators(_("今天的主管部门名单没有导入，请查看原因。"), row.get_absolute_url())
    return row


def _had(source: str, today: date) -> bool:
    return ListImport.objects.filter(source=source, as_of=today).exclude(state=State.REFUSED).exists()


@transaction.atomic
def _taken_daily(content: bytes, source: str, today: date) -> ListImport | None:
    """Taken, or kept as refused with the reason: nobody stands before it who could read one. None: it was had."""
    locks.alone("lists")
    if _had(source, today):
        return None
    try:
        row = look(content=content, name=source, as_of=today, by=SYSTEM)
    except Refusal as refusal:
        file = files.keep(content, name="list", media_type=list_files.media_type(content))
        return ListImport.objects.create(
            source=source, as_of=today, file=file, state=State.REFUSED, trouble=refusal.code, read_at=clock.now()
        )
    if row.state == State.PREVIEW:
        try:
            return take(import_id=row.pk, by=SYSTEM)
        except Refusal as refusal:
            row.state, row.trouble = State.REFUSED, refusal.code
            row.save(update_fields=["state", "trouble"])
    return row


def _fetched(source: str) -> bytes:
    if urlsplit(source).scheme in ("http", "https"):
        with urllib.request.urlopen(source, timeout=PATIENCE) as answer:  # noqa: S310 - http(s) only, set by operators
            content = answer.read(LARGEST + 1)
    else:
        with Path(source).open("rb") as file:
            content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise errors.FILE_UNREADABLE()
    return bytes(content)


def meet_newcomers() -> int:
    """Entries whose agency has registered since are felt by it."""
    rows = ImportedEntry.objects.filter(gone_at=None, agency=None)
    found = agencies.by_codes(list(rows.values_list("credit_code", flat=True)))
    waiting = rows.filter(credit_code__in=list(found)).values_list("pk", "credit_code")
    return each(_meet, [(pk, found[code].pk) for pk, code in waiting])


@transaction.atomic
def _meet(pair: tuple[int, int]) -> bool:
    """An entry and its agency; neither while a list is taken, nor twice."""
    locks.alone("lists")
    entry_id, agency_id = pair
    row = ImportedEntry.objects.filter(pk=entry_id, gone_at=None, agency=None).first()
    if row is None:
        return False
    row.agency_id = agency_id
    row.save(update_fields=["agency"])
    _feel(row)
    return True


def _refuse_day(as_of: date) -> None:
    if as_of > clock.now().astimezone(LOCAL).date():
        raise errors.FILE_FUTURE()
    last = ListImport.objects.filter(state=State.APPLIED).order_by("-as_of").first()
    if last is not None and as_of < last.as_of:
        raise errors.FILE_OLDER(day=last.as_of.isoformat())


def _lines(content: bytes) -> tuple[list[Line], Sequence[list_rows.Fault]]:
    rows = list_files.read(content, most=rulesets.current("imports")["most_rows"])
    return list_rows.check(rows, today=clock.now().astimezone(LOCAL).date())


def _content(file: StoredFile) -> bytes:
    with file.content.open("rb") as stored:
        return bytes(stored.read())


def _known() -> dict[Key, tuple[tuple[str, str, str], int]]:
    rows = ImportedEntry.objects.filter(gone_at=None)
    return {(row.credit_code, row.authority, row.listed_on): ((row.name, row.ground, row.legal_basis), row.pk)
            for row in rows}  # fmt: skip


def _count(row: ListImport, change: Difference) -> None:
    row.added, row.kept, row.gone = len(change.added), len(change.kept), len(change.gone)


def _apply(row: ListImport, change: Difference, known: dict[Key, tuple[tuple[str, str, str], int]], by: By) -> None:
    """First what is gone, so that an entry whose words changed can come anew; then what stays, then what is new."""
    now = clock.now()
    for entry in ImportedEntry.objects.filter(pk__in=[known[key][1] for key in change.gone]):
        _release(entry, by)
        entry.gone_at, entry.gone_with = now, row
        entry.save(update_fields=["gone_at", "gone_with"])
    ends = {line.key: line.ends_on for line in change.kept}
    for entry in ImportedEntry.objects.filter(pk__in=[known[key][1] for key in ends]):
        entry.last_seen, entry.ends_on = row, ends[(entry.credit_code, entry.authority, entry.listed_on)]
        entry.save(update_fields=["last_seen", "ends_on"])
        _feel(entry)
    found = agencies.by_codes([line.credit_code for line in change.added])
    for line in change.added:
        agency = found.get(line.credit_code)
        entry = ImportedEntry.objects.create(
            **asdict(line), first_seen=row, last_seen=row, agency_id=agency.pk if agency else None
        )
        _feel(entry)


def _feel(entry: ImportedEntry) -> None:
    """The agency's restriction follows the entry: begun, moved on, or begun anew where it ran out or got shorter."""
    if entry.agency_id is None:
        return
    now, ends = clock.now(), _end_of(entry)
    row = agencies.restriction(entry.restriction) if entry.restriction else None
    alive = row is not None and row.lifted_at is None and row.ends_at > now
    if row is not None and alive and row.ends_at <= ends:
        standing.confirm_until(restriction_id=row.pk, ends_at=ends)
        return
    if alive:
        _release(entry, SYSTEM)
    if ends > now:
        _begin(entry, now, ends)


def _begin(entry: ImportedEntry, now: datetime, ends: datetime) -> None:
    begun = standing.restrict(
        agency_id=entry.agency_id or 0,
        kind="restricted",
        starts_at=now,
        ends_at=ends,
        ground=f"{entry.authority}：{entry.ground}",
        source=entry.get_absolute_url(),
    )
    entry.restriction = begun.pk
    entry.save(update_fields=["restriction"])
    tell(
        organisation_id=entry.agency_id or 0,
        sentence=_("主管部门名单中有贵机构（{authority}），期间不能承接新的业务。"),
        values={"authority": entry.authority},
        path=entry.get_absolute_url(),
        urgent=True,
    )


def _release(entry: ImportedEntry, by: By) -> None:
    row = agencies.restriction(entry.restriction) if entry.restriction else None
    if row is not None and row.lifted_at is None and row.ends_at > clock.now():
        with override(papers.LANGUAGE):
            reason = str(_("主管部门名单已不再列有该机构"))
        standing.lift(restriction_id=row.pk, reason=reason, source=entry.get_absolute_url(), by=by)


def _end_of(entry: ImportedEntry) -> datetime:
    """The end of the authority's last day; without one, the day of confirmation."""
    if entry.ends_on is not None:
        return datetime.combine(entry.ends_on + timedelta(days=1), time(), LOCAL)
    return Limit.of(rulesets.current("imports")["confirm"]).end(clock.now(), workdays.load())
