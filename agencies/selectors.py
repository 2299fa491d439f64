"""Reading agencies: one, many, and the facts that decide about entry."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate

from agencies.facts import AgencyFacts
from agencies.models import Agency, Practitioner, Qualification, Restriction, Scan, ServiceOffered
from agencies.rules import standing
from core import clock, rulesets, workdays
from core.workdays import LOCAL, Limit

SORTS = {
    "name": ("organisation__name", "pk"),
    "score": (F("score").desc(nulls_last=True), "organisation__name", "pk"),
    "newest": ("-committed_at", "pk"),
}


@dataclass(frozen=True)
class Filters:
    """What the directory may be narrowed by. `region` is the reach of a region: "13", "1310" or "131002"."""

    q: str = ""
    item: str = ""
    region: str = ""
    grade: str = ""
    licensed: bool = False
    sort: str = "score"


def local_day(at: datetime | None = None) -> date:
    """The day in Beijing of a moment, now by default."""
    return (at or clock.now()).astimezone(LOCAL).date()


def get(agency_id: int) -> Agency:
    """One agency with its organisation and region. Raises Agency.DoesNotExist."""
    return Agency.objects.select_related("organisation__region__parent").get(pk=agency_id)


def find(agency_id: int | None) -> Agency | None:
    """One agency, or None where there is none."""
    return Agency.objects.select_related("organisation__region__parent").filter(pk=agency_id).first()


def directory(filters: Filters) -> "QuerySet[Agency]":
    """Agencies that match, sorted, with what a row of the directory shows; queries don't grow with rows.

    Who has left is not offered any more; its page and its record stay.
    """
    rows = Agency.objects.select_related("organisation__region__parent").filter(_matching(filters), left_at=None)
    if filters.licensed:
        rows = rows.filter(Exists(Qualification.objects.filter(_valid(), agency=OuterRef("pk"))))
    rows = rows.prefetch_related(
        Prefetch("services", ServiceOffered.objects.filter(withdrawn_at=None), to_attr="offered"),
        Prefetch("restrictions", Restriction.objects.filter(_in_force(clock.now())), to_attr="in_force"),
    )
    return rows.order_by(*SORTS.get(filters.sort, SORTS["score"]))


def _matching(filters: Filters) -> Q:
    wanted = Q()
    if filters.q:
        wanted &= Q(organisation__name__icontains=filters.q) | Q(organisation__credit_code=filters.q.upper())
    if filters.region:
        wanted &= Q(organisation__region__code__startswith=filters.region)
    if filters.grade:
        wanted &= Q(grade="" if filters.grade == "none" else filters.grade)
    if filters.item:
        offers = ServiceOffered.objects.filter(agency=OuterRef("pk"), item_code=filters.item, withdrawn_at=None)
        wanted &= Q(Exists(offers))
    return wanted


def offered_items() -> list[ServiceOffered]:
    """One row per catalogue item that some agency offers now, for the directory's filter."""
    rows = ServiceOffered.objects.filter(withdrawn_at=None)
    return list(rows.order_by("item_code", "-published_at").distinct("item_code"))


def services(agency_id: int) -> "QuerySet[ServiceOffered]":
    """What the agency offers now."""
    return ServiceOffered.objects.filter(agency_id=agency_id, withdrawn_at=None)


def qualifications(agency_id: int) -> "QuerySet[Qualification]":
    """Certificates not withdrawn, lapsed ones too, with their scans."""
    rows = Qualification.objects.filter(agency_id=agency_id, withdrawn_at=None)
    return rows.select_related("scan__thumbnail", "scan__public_image")


def waiting_scans(agency_id: int) -> "QuerySet[Scan]":
    """Dropped pictures whose certificate nobody has described yet."""
    return Scan.objects.filter(agency_id=agency_id, discarded_at=None, qualification=None)


def practitioners(agency_id: int) -> "QuerySet[Practitioner]":
    return Practitioner.objects.filter(agency_id=agency_id, withdrawn_at=None)


def restrictions(agency_id: int, at: datetime | None = None) -> "QuerySet[Restriction]":
    """Restrictions in force at a moment, the one that ends last first."""
    rows = Restriction.objects.filter(_in_force(at or clock.now()), agency_id=agency_id)
    return rows.order_by("-ends_at", "pk")


def restricted(agency_ids: Collection[int], kinds: Collection[str], at: datetime) -> frozenset[int]:
    """Which of these agencies have a restriction of one of these kinds in force."""
    rows = Restriction.objects.filter(_in_force(at), agency_id__in=agency_ids, kind__in=kinds)
    return frozenset(rows.values_list("agency_id", flat=True))


def all_restricted(kinds: Collection[str], at: datetime) -> "QuerySet[Restriction, int]":
    """Everybody with a restriction of one of these kinds in force."""
    return Restriction.objects.filter(_in_force(at), kind__in=kinds).order_by().values_list("agency_id", flat=True)


# Said in plain SQL: bids ask this in every transaction, and building the query took ten times as long as answering it.
_RESTRICTED_SINCE = """
SELECT named.name, min(row.starts_at)
FROM ({named}) AS named(name, agency_id) JOIN agencies_restriction AS row USING (agency_id)
WHERE row.kind = ANY(%s) AND row.starts_at <= %s AND row.ends_at > %s AND (row.lifted_at IS NULL OR row.lifted_at > %s)
GROUP BY named.name
"""


def restricted_since(named: str, about: int, kinds: Collection[str], at: datetime) -> dict[str, datetime]:
    """Of the agencies that a statement of the caller's names, those with a restriction of one of these kinds in force,
    and since when. `named` selects name and agency_id, and takes one parameter, `about`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RESTRICTED_SINCE.format(named=named), [about, sorted(kinds), at, at, at])
        return dict(cursor.fetchall())


def restriction(pk: int) -> Restriction:
    """Raises Restriction.DoesNotExist."""
    return Restriction.objects.get(pk=pk)


def every_restriction(agency_id: int) -> "QuerySet[Restriction]":
    """All there ever were, the newest first."""
    return Restriction.objects.filter(agency_id=agency_id).order_by("-starts_at", "-pk")


def from_source(source: str, at: datetime | None = None) -> "QuerySet[Restriction]":
    """Restrictions in force that a public page is the reason for."""
    return Restriction.objects.filter(_in_force(at or clock.now()), source=source)


@dataclass(frozen=True)
class Publicity:
    """When what an agency entered is open to objections, and the rule set that says so."""

    since: datetime
    until: datetime
    rules_ref: str

    def runs(self, at: datetime) -> bool:
        return self.since <= at < self.until


def publicity(agency: Agency) -> Publicity | None:
    """The latest: since it entered, came back or changed what was checked. None under rules that knew none."""
    since = agency.check_from or agency.committed_at
    rules = next((one.rules for one in rulesets.history("agencies") if one.since <= since), None)
    if rules is None or "publicity" not in rules.parameters:
        return None
    return Publicity(since, Limit.of(rules["publicity"]).end(since, workdays.load()), rules.ref)


def unchecked() -> "QuerySet[Agency]":
    """Agencies whose entered data nobody has looked at yet; those with an open question are not among them."""
    return Agency.objects.filter(verified_at=None, correction_asked_at=None, left_at=None).order_by("committed_at")


def unanswered(at: datetime) -> "QuerySet[Agency]":
    """Agencies whose time to correct has run out and who are not frozen yet."""
    return Agency.objects.filter(correction_due_at__lte=at, verified_at=None, frozen_at=None, left_at=None)


def asked() -> "QuerySet[Agency]":
    """Agencies that were asked to correct what they entered and have not yet."""
    rows = Agency.objects.filter(verified_at=None, left_at=None)
    return rows.exclude(correction_asked_at=None).order_by("correction_due_at")


def leaving() -> "QuerySet[Agency]":
    """Agencies on their way out."""
    return Agency.objects.exclude(leaving_at=None).filter(left_at=None).select_related("organisation")


def clean_since(since: datetime, *, void: Collection[str] = ()) -> "QuerySet[Agency]":
    """Present, checked agencies without any restriction in force since a moment.

    `void`: pages of decisions that did not stand; what they had ordered counts for nothing.
    """
    marked = Restriction.objects.filter(agency=OuterRef("pk"), ends_at__gt=since).exclude(source__in=void)
    marked = marked.filter(Q(lifted_at=None) | Q(lifted_at__gt=since))
    rows = Agency.objects.filter(left_at=None, leaving_at=None, frozen_at=None).exclude(verified_at=None)
    return rows.filter(~Exists(marked)).select_related("organisation__region__parent")


def by_codes(codes: Collection[str]) -> dict[str, Agency]:
    """Agencies by their unified social credit code."""
    rows = Agency.objects.filter(organisation__credit_code__in=codes).select_related("organisation")
    return {row.organisation.credit_code: row for row in rows}


def lapsed_services() -> "QuerySet[ServiceOffered]":
    """What is offered and needs a licence whose last certificate has run out since it was offered.

    Who offers it again without the licence may: entering is what the licence gates.
    """
    day = local_day()
    papers = Qualification.objects.filter(agency=OuterRef("agency"), kind=OuterRef("licence_kind"), withdrawn_at=None)
    rows = ServiceOffered.objects.filter(withdrawn_at=None).exclude(licence_kind="")
    rows = rows.annotate(since=TruncDate("published_at", tzinfo=LOCAL))
    ended = Exists(papers.filter(valid_until__lt=day, valid_until__gte=OuterRef("since")))
    return rows.filter(ended, ~Exists(papers.filter(valid_until__gte=day))).order_by("pk")


def licence_kinds(agency_id: int, at: datetime | None = None) -> frozenset[str]:
    """Kinds of licence that count at a moment: a lapsed or withdrawn certificate never does."""
    rows = Qualification.objects.filter(_valid(at), agency_id=agency_id)
    return frozenset(rows.values_list("kind", flat=True))


def facts(agency_id: int, at: datetime | None = None) -> AgencyFacts:
    """What decides about entry at a moment, in a fixed number of queries. Raises Agency.DoesNotExist."""
    agency = get(agency_id)
    day = local_day(at)
    return AgencyFacts(
        agency_id=agency_id,
        name=agency.organisation.name,
        region_code=agency.organisation.region_id,
        region_name=agency.organisation.region.name,
        item_codes=frozenset(services(agency_id).values_list("item_code", flat=True)),
        licence_kinds=licence_kinds(agency_id, at),
        practitioners=practitioners(agency_id).filter(Q(valid_until=None) | Q(valid_until__gte=day)).count(),
        restrictions=tuple(restrictions(agency_id, at).values_list("kind", flat=True)),
        score=agency.score,
        grade=agency.grade,
        door=standing.door(agency),
    )


def expiry_notice_days() -> int:
    """How many days before its last day a certificate is shown as expiring."""
    return int(rulesets.current("agencies")["expiry_notice_days"])


def known_licence_kinds() -> list[str]:
    """Names of licences that services here require: offered as suggestions, so that the same thing has one name."""
    rows = ServiceOffered.objects.filter(withdrawn_at=None).exclude(licence_kind="")
    return sorted(set(rows.values_list("licence_kind", flat=True)))


def _in_force(at: datetime) -> Q:
    return Q(starts_at__lte=at, ends_at__gt=at) & (Q(lifted_at=None) | Q(lifted_at__gt=at))


def _valid(at: datetime | None = None) -> Q:
    day = local_day(at)
    return Q(withdrawn_at=None, valid_from__lte=day, valid_until__gte=day)


def addresses(agency_ids: Collection[int]) -> dict[int, str]:
    """The addresses agencies have given; those without one are left out."""
    rows = Agency.objects.filter(pk__in=agency_ids).exclude(address="")
    return dict(rows.values_list("pk", "address"))


def scores() -> dict[int, tuple[Decimal | None, str, str]]:
    """Everybody's score, grade and the rule set both were made under."""
    rows = Agency.objects.values_list("pk", "score", "grade", "score_rules")
    return {pk: (score, grade, ref) for pk, score, grade, ref in rows}
