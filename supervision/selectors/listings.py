"""Reading the lists: the platform's own, the authority's, what departments were told, and the red list."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from core import clock, rulesets
from core.steps import Step
from core.workdays import LOCAL
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
from supervision.rules.discretion import scale
from supervision.services.listing_grounds import GROUNDLESS, HEADS

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
    versions, found = rulesets.Versions(), Q(pk__in=[])
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


def history(row: Listing) -> QuerySet[ListingEvent]:
    """Events, oldest first, with who and their files."""
    return row.events.select_related("by_user", "by_org").prefetch_related("files__file").order_by("seq")


def file(pk: int) -> ListingFile:
    """Raises ListingFile.DoesNotExist."""
    return ListingFile.objects.select_related("event__listing", "file").get(pk=pk)


def shares_of_listing(row: Listing) -> QuerySet[Share]:
    """Who was told what, with receipts and measures."""
    return (
        row.shares.select_related("department", "receipt").prefetch_related("measures__lifted_by").order_by("sent_at")
    )


def shares_of(department_id: int) -> QuerySet[Share]:
    """What a department was told, not yet received in front."""
    rows = Share.objects.filter(department_id=department_id).select_related("listing__subject", "receipt")
    return rows.prefetch_related("measures__lifted_by").order_by("-sent_at", "-pk")


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


def open_steps(since: datetime) -> Iterator[Step]:
    """What has to be done by when about listings, and receipts departments owe."""
    owners = {"candidate": "notify", "noticed": "defence", "heard": "decide", "stayed": "review_decide"}
    rows = _whole().filter(Q(state__in=owners, due_at__isnull=False))
    for row in rows:
        last = row.events.order_by("-seq")[0]
        agency = row.state == "noticed"
        if agency:
            continue  # silence is an answer here; nobody is late
        yield Step(
            kind=f"listing.{owners[row.state]}",
            reference=f"listing:{row.pk}:{last.seq}",
            owner_org=row.opened_org_id,
            title=f"{row.number} {row.subject.name}",
            path=row.get_absolute_url(),
            started_at=last.at,
            due_at=row.due_at or last.at,
            limit=rulesets.by_ref(row.rules_ref)[owners[row.state]],
            respondent=row.subject_id,
        )
    yield from _ended(since)
    yield from _receipts(since)


def _ended(since: datetime) -> Iterator[Step]:
    """Steps that a later event has closed."""
    owed = {"proposed": "notify", "defended": "decide", "waived": "decide", "review_asked": "review_decide"}
    following = ListingEvent.objects.filter(listing=OuterRef("listing"), seq__gt=OuterRef("seq"), at__gt=since)
    rows = ListingEvent.objects.filter(Exists(following), kind__in=owed, until__isnull=False)
    for event in rows.select_related("listing__subject"):
        after = event.listing.events.filter(seq=event.seq + 1).first()
        if after is None or after.at <= since:
            continue
        row = event.listing
        yield Step(
            kind=f"listing.{owed[event.kind]}",
            reference=f"listing:{row.pk}:{event.seq}",
            owner_org=row.opened_org_id,
            title=f"{row.number} {row.subject.name}",
            path=row.get_absolute_url(),
            started_at=event.at,
            due_at=event.until or event.at,
            limit=rulesets.by_ref(row.rules_ref)[owed[event.kind]],
            closed_at=after.at,
            respondent=row.subject_id,
        )


def _receipts(since: datetime) -> Iterator[Step]:
    rows = Share.objects.filter(Q(receipt=None) | Q(receipt__at__gt=since)).select_related(
        "listing__subject", "receipt"
    )
    for row in rows:
        receipt: Receipt | None = getattr(row, "receipt", None)
        yield Step(
            kind="listing.receive",
            reference=f"share:{row.pk}",
            owner_org=row.department_id,
            title=f"{row.listing.number} {row.listing.subject.name}",
            path="/department/lists/",
            started_at=row.sent_at,
            due_at=row.due_at,
            limit=rulesets.by_ref(row.listing.rules_ref)["receipt"],
            closed_at=receipt.at if receipt else None,
        )


def _today() -> date:
    return clock.now().astimezone(LOCAL).date()
