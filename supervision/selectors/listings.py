"""Reading the lists: the platform's own, the authority's, what departments were told, and the red list."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from core import clock
from core.rulesets import Rules, Versions
from core.steps import Step
from core.workdays import LOCAL, Limit
from supervision import ends
from supervision.models import (
    Case,
    Honour,
    ImportedEntry,
    JointMeasure,
    ListImport,
    Listing,
    ListingEvent,
    ListingFile,
    Post,
    Receipt,
    Share,
)
from supervision.rules import listings as rules
from supervision.rules.discretion import scale
from supervision.selectors.offices import HEADS
from supervision.services.listing_grounds import GROUNDLESS

PUBLIC = ("listed", "stayed", "delisted", "corrected")


def _whole() -> QuerySet[Listing]:
    return Listing.objects.select_related("subject__region", "case", "opened_org", "opened_user")


def listing(number: str) -> Listing:
    """Raises Listing.DoesNotExist."""
    return _whole().get(number=number)


def listings(*, state: str = "", q: str = "") -> QuerySet[Listing]:
    """For officers: all of them, those that wait for somebody in front."""
    rows = _whole().filter(Q(subject__name__icontains=q) | Q(number__icontains=q)) if q else _whole()
    return (rows.filter(state=state) if state else rows).order_by("due_at", "-opened_at", "-pk")


def proposable(q: str = "") -> tuple[QuerySet[Case], QuerySet[Case]]:
    """Published decisions on agencies, newest first: those that may lead to a listing, and the others."""
    rows = Case.objects.filter(published_at__isnull=False, subject__kind=Organisation.Kind.AGENCY)
    rows = rows.filter(Q(number__icontains=q) | Q(subject__name__icontains=q)) if q else rows
    rows = rows.select_related("subject").order_by("-published_at", "-pk")
    begun = Listing.objects.filter(case=OuterRef("pk")).exclude(state__in=["dropped", "corrected"])
    may = rows.filter(_marked()).exclude(state__in=GROUNDLESS).exclude(Exists(begun))
    return may, rows.exclude(pk__in=may.order_by().values("pk"))


def _marked() -> Q:
    """Cases whose ground and measure their own version of the scale marks."""
    versions, found = Versions(), Q(pk__in=[])
    kinds = Case.objects.exclude(measure="").order_by().values_list("rules_ref", "ground", "measure").distinct()
    for ref, ground, measure in kinds:
        if measure in scale(versions[ref].parameters)[ground].listed_by:
            found |= Q(rules_ref=ref, ground=ground, measure=measure)
    return found


def approvers(row: Listing) -> QuerySet[Post]:
    """The heads of the regulator that proposed it; none where it has named none."""
    posts = Post.objects.filter(organisation=row.opened_org_id, level__in=HEADS)
    return posts.select_related("user").order_by("user", "-level").distinct("user")


def published(*, past: bool = False, q: str = "") -> QuerySet[Listing]:
    """What everybody may read. `past`: those that ended or were wrong."""
    rows = _whole().filter(state__in=PUBLIC[2:] if past else PUBLIC[:2])
    if q:
        rows = rows.filter(Q(subject__name__icontains=q) | Q(subject__credit_code=q.upper()))
    return rows.order_by("-listed_at", "-pk")


def public_listing(number: str) -> Listing:
    """A listing that was published. Raises Listing.DoesNotExist."""
    return _whole().get(number=number, state__in=PUBLIC)


def listings_of(organisation_id: int) -> QuerySet[Listing]:
    """Everything about one agency, candidates too once it was told of them."""
    told = ListingEvent.objects.filter(listing=OuterRef("pk"), kind="noticed")
    return _whole().filter(Exists(told), subject_id=organisation_id)


def history(row: Listing) -> list[ListingEvent]:
    """Events, oldest first, with who and their files."""
    rows = row.events.select_related("by_user", "by_org").prefetch_related("files__file").order_by("seq")
    return ends.as_they_stand("listing", row.pk, rows, rules.TERMS)


def file(pk: int) -> ListingFile:
    """Raises ListingFile.DoesNotExist."""
    return ListingFile.objects.select_related("event__listing", "file").get(pk=pk)


def shares_of_listing(row: Listing) -> QuerySet[Share]:
    """Who was told what, with receipts and measures."""
    rows = row.shares.select_related("department", "receipt").prefetch_related("measures__lifted_by")
    return ends.with_receipts(rows).order_by("sent_at")


def shares_of(department_id: int) -> QuerySet[Share]:
    """What a department was told, not yet received in front."""
    rows = Share.objects.filter(department_id=department_id).select_related("listing__subject", "receipt")
    return ends.with_receipts(rows).prefetch_related("measures__lifted_by").order_by("-sent_at", "-pk")


def measure(pk: int) -> JointMeasure:
    """Raises JointMeasure.DoesNotExist."""
    return JointMeasure.objects.select_related("share").get(pk=pk)


def imported(*, past: bool = False, q: str = "") -> QuerySet[ImportedEntry]:
    """The authority's entries. `past`: those it has taken off or whose term is over."""
    over = Q(gone_at__isnull=False) | Q(ends_on__lt=_today())
    rows = ImportedEntry.objects.select_related("agency__organisation", "first_seen", "last_seen")
    rows = rows.filter(over) if past else rows.exclude(over)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(credit_code=q.upper()))
    return rows


def imported_entry(pk: int) -> ImportedEntry:
    """Raises ImportedEntry.DoesNotExist."""
    related = "agency__organisation", "first_seen", "last_seen", "gone_with"
    return ImportedEntry.objects.select_related(*related).get(pk=pk)


def imports() -> QuerySet[ListImport]:
    return ListImport.objects.select_related("read_by", "by_org", "file")


def last_import() -> ListImport | None:
    """The one whose list is shown now."""
    return imports().filter(state=ListImport.State.APPLIED).order_by("-settled_at").first()


def honours(*, past: bool = False) -> QuerySet[Honour]:
    """The red list, those on it longest in front; `past`: who was on it."""
    rows = Honour.objects.select_related("agency__organisation__region__parent")
    return rows.exclude(ended_at=None).order_by("-ended_at") if past else rows.filter(ended_at=None).order_by("since")


ASKABLE = timedelta(days=90)  # longer than anybody has to ask for a review


def open_steps(since: datetime) -> Iterator[Step]:
    """What has to be done by when about listings, until when the agency may speak, and receipts departments owe.

    The agency's silence is an answer: from the end of its defence on it is an officer's turn.
    """
    versions, now = Versions(), clock.now()
    changed = ListingEvent.objects.filter(listing=OuterRef("pk"), at__gt=since)
    askable = Q(listed_at__gte=now - ASKABLE)
    rows = list(_whole().filter(Q(due_at__isnull=False) | askable | Exists(changed)).prefetch_related("events"))
    events = {row.pk: list(row.events.all()) for row in rows}
    look = ends.Look.at("listing", events, now)
    for row in rows:
        for turn in _turns(row, events[row.pk], look, versions[row.rules_ref]):
            if turn.closed is None or turn.closed > since:
                yield _step(row, turn, versions[row.rules_ref])
    yield from _receipts(since, versions)


def _turns(row: Listing, events: Sequence[ListingEvent], look: ends.Look, limits: Rules) -> Iterator[ends.Turn]:
    """A step each event has begun; the next event ends it."""
    untils = ends.untils("listing", row.pk, events, rules.TERMS, look.known)
    for event, after in zip(events, [*events[1:], None], strict=True):
        term, until = rules.TERMS.get(event.kind), untils[event.seq]
        if term is None or until is None:
            continue
        closed = after.at if after else None
        turn = look.turn(term, event, until, closed)
        yield turn
        if event.kind == "noticed":
            limit = Limit.of(limits[rules.SILENCE.limit])
            silent = look.after_silence(rules.SILENCE, limit, row.pk, turn, closed)
            if silent:
                yield silent


def _step(row: Listing, turn: ends.Turn, limits: Rules) -> Step:
    right = turn.term.right
    return Step(
        kind=turn.term.step,
        reference=ends.reference("listing", row.pk, turn.seq),
        owner_org=row.subject_id if right else row.opened_org_id,
        title=f"{row.number} {row.subject.name}",
        path=f"/agency/listings/{row.number}/" if right else row.get_absolute_url(),
        started_at=turn.start,
        due_at=turn.due,
        limit=limits[turn.term.limit],
        closed_at=turn.closed,
        respondent=None if right else row.subject_id,
        right=right,
    )


def _receipts(since: datetime, versions: Versions) -> Iterator[Step]:
    rows = Share.objects.filter(Q(receipt=None) | Q(receipt__at__gt=since)).select_related(
        "listing__subject", "receipt"
    )
    known = ends.Ends(f"share:{row.pk}" for row in rows)
    for row in rows:
        receipt: Receipt | None = getattr(row, "receipt", None)
        yield Step(
            kind="listing.receive",
            reference=f"share:{row.pk}",
            owner_org=row.department_id,
            title=f"{row.listing.number} {row.listing.subject.name}",
            path="/department/lists/",
            started_at=row.sent_at,
            due_at=known.until("listing.receive", f"share:{row.pk}", row.due_at),
            limit=versions[row.listing.rules_ref]["receipt"],
            closed_at=receipt.at if receipt else None,
        )


def _today() -> date:
    return clock.now().astimezone(LOCAL).date()
