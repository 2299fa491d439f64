"""The platform's own list: proposed, noticed, heard, approved by a second officer, shared, ended by itself.

Each verb adds one event; `rules.listings` says whether it may. What is felt (a restriction, a credit row, the news to
departments) is written in the same transaction. Nobody types a moment in.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts.models import Organisation
from agencies import selectors as agencies
from agencies import services as standing
from core import audit, clock, rulesets, workdays
from core.audit import SYSTEM, By
from core.numbering import next_number
from core.workdays import LOCAL, Limit
from ratings import services as ratings
from supervision import ends
from supervision.errors import lists as errors
from supervision.errors.cases import REPORTER
from supervision.models import Case, Listing, ListingEvent, ListingFile, Share
from supervision.rules import listings as rules
from supervision.rules.listings import Entry, State
from supervision.rules.process import Happening, Who, Wrong
from supervision.services import letters
from supervision.services.each import each
from supervision.services.listing_grounds import Footing, footing, may_approve, refuse_unfounded, why_not
from supervision.services.notices import tell
from supervision.services.process import enough, kept, refuse_tied, who

FELT = "restricted"  # the kind of restriction a listing is felt by


def happenings(listing: Listing) -> list[Happening]:
    """The events as the rules take them."""
    rows = list(listing.events.select_related("by_org").order_by("seq"))
    until = ends.untils("listing", listing.pk, rows, rules.TERMS)
    return [
        Happening(row.kind, row.at, Who(row.by_user_id, row.by_org_id, row.by_org.kind if row.by_org else ""),
                  until[row.seq], row.data)
        for row in rows
    ]  # fmt: skip


@transaction.atomic
def propose_listing(*, case_number: str, ground: str, months: int, by: By, legal_basis: str = "") -> Listing:
    """Make the subject of a published case a candidate, in the name of one's own regulator.

    `ground`: what was done, in words; `legal_basis`: the scale's, unless named more closely. Raises listing.case,
    .not_agency, .ground, .measure, .blank, .months, .twice, .authority and process.related.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("subject").filter(number=case_number).first()
    if case is None:
        raise errors.LISTING_CASE()
    refuse_unfounded(case)
    refuse_tied(case, by)
    if by.user_id is None or by.org_id is None:
        raise errors.LISTING["authority"]()
    if not ground.strip():
        raise errors.BLANK(field=_("事由"))
    used, stands = rulesets.current("listings"), footing(case)
    if not stands.terms.fewest <= months <= stands.terms.most:
        raise errors.LISTING_MONTHS(fewest=stands.terms.fewest, most=stands.terms.most)
    if case.listings.exclude(state__in=[State.DROPPED, State.CORRECTED]).exists():
        raise errors.LISTED_ALREADY()
    now = clock.now()
    one = Happening("proposed", now, who(by), Limit.of(used["notify"]).end(now, workdays.load()))
    _asked(None, one)
    listing = Listing.objects.create(
        number=next_number("BL"),
        **_drawn_from(case, stands),
        ground=ground.strip()[:300],
        authority=accounts.organisation(by.org_id).name[:120],
        legal_basis=(legal_basis.strip() or stands.ground.basis)[:300],
        months=months,
        opened_at=now,
        opened_user_id=by.user_id,
        opened_org_id=by.org_id,
        rules_ref=used.ref,
        due_at=one.until,
    )
    _keep(listing, one, by, enough(ground, 4))
    return listing


def _drawn_from(case: Case, stands: Footing) -> dict[str, Any]:
    """What a listing takes from its case and the scale, and nobody chooses."""
    return {
        "subject": case.subject,
        "case": case,
        "ground_code": case.ground,
        "measure": case.measure,
        "severity": stands.ground.severity,
        "points": stands.terms.points,
    }


@transaction.atomic
def give_notice(*, listing_id: int, text: str, by: By) -> Listing:
    """Tell the agency what is held against it, why, and that it may answer. Raises listing.* of the rules."""
    listing = _held(listing_id)
    refuse_tied(listing.case, by)
    _step(listing, "noticed", by, enough(text), limit="defence")
    _tell_agency(listing, _("拟将贵机构列入平台黑名单（{number}），可在期限内陈述申辩。"), urgent=True)
    return listing


@transaction.atomic
def defend(*, listing_id: int, text: str, by: By, uploads: Sequence[Any] = ()) -> Listing:
    """The agency says what it has to say, with its files; again is possible until a decision."""
    listing = _own(listing_id, by)
    event = _step(listing, "defended", by, enough(text, 4), limit="decide")
    for file in kept(uploads):
        ListingFile.objects.create(event=event, file=file)
    return listing


@transaction.atomic
def waive(*, listing_id: int, by: By) -> Listing:
    """The agency will not answer, so the decision need not wait."""
    listing = _own(listing_id, by)
    _step(listing, "waived", by, limit="decide")
    return listing


@transaction.atomic
def drop(*, listing_id: int, reason: str, by: By) -> Listing:
    """The defence convinced, or the ground is gone: nothing is listed."""
    listing = _held(listing_id)
    refuse_tied(listing.case, by)
    _step(listing, "dropped", by, enough(reason))
    _tell_agency(listing, _("不将贵机构列入平台黑名单（{number}）。"))
    return listing


@transaction.atomic
def approve(*, listing_id: int, reason: str, by: By) -> Listing:
    """The head of the regulator lists: published, felt and shared at once, with its end known.

    Where a regulator has named no head, a second officer does. Raises listing.second, .unheard, .head, .case,
    .ground, .measure, process.reporter, process.related and the rules' others.
    """
    listing = _held(listing_id)
    refuse_tied(listing.case, by)
    if by.user_id == listing.case.opened_user_id != listing.opened_user_id:
        raise REPORTER()
    refuse_unfounded(listing.case)
    if by.user_id != listing.opened_user_id and not may_approve(listing, by):
        raise errors.NOT_HEAD()
    now = clock.now()
    ends = _midnight_after(now, listing.months)
    _step(listing, "listed", by, enough(reason), limit="review_file", data={"ends_at": ends.isoformat()})
    _feel(listing)
    credit_row(listing, by)
    share(listing, Share.News.LISTED)
    _tell_agency(listing, _("贵机构已列入平台黑名单（{number}）；对决定不服可以申请复核。"), urgent=True)
    return listing


@transaction.atomic
def ask_review(*, listing_id: int, text: str, by: By) -> Listing:
    """The agency asks for another look: until it is decided the listing is not felt."""
    listing = _own(listing_id, by)
    _step(listing, "review_asked", by, enough(text), limit="review_decide")
    _relieve(listing, str(_("复核期间暂停执行")), by)
    return listing


@transaction.atomic
def decide_review(*, listing_id: int, outcome: str, reason: str, by: By) -> Listing:
    """Somebody who neither proposed nor approved it upholds or revokes. `outcome`: "upheld" or "revoked"."""
    listing = _held(listing_id)
    refuse_tied(listing.case, by)
    _step(listing, "review_decided", by, enough(reason), data={"outcome": outcome})
    if listing.state == State.LISTED:
        _feel(listing)
        _tell_agency(listing, _("复核维持列入平台黑名单的决定（{number}）。"), urgent=True)
    else:
        _off(listing, str(_("复核撤销列入决定")), by, wrong=outcome == "revoked")
    return listing


@transaction.atomic
def correct(*, listing_id: int, note: str, by: By) -> Listing:
    """It should never have been listed: off at once; the note stays public, the departments hear of it."""
    listing = _held(listing_id)
    refuse_tied(listing.case, by)
    _step(listing, "corrected", by, enough(note))
    _relieve(listing, str(_("列入有误，已更正")), by)
    _take_back_credit(listing, note, by)
    share(listing, Share.News.CORRECTED)
    letters.delisted(listing, note)
    _tell_agency(listing, _("列入平台黑名单有误，已更正并公开说明（{number}）。"))
    return listing


@transaction.atomic
def fall_with(case: Case, by: By) -> None:
    """A review took the decision back, or reduced it so far that it carries no listing any more: what was listed
    because of it is off at once, what was on its way is dropped.
    """
    if why_not(case) is None:
        return
    reason = str(_("所依据的处理决定已被撤销或减轻"))
    for pk in case.listings.filter(state__in=rules.MAY["fallen"]).values_list("pk", flat=True):
        listing = _held(pk)
        _step(listing, "fallen", by, reason)
        if listing.state == State.DELISTED:
            _off(listing, reason, by, wrong=True)
        else:
            _tell_agency(listing, _("不将贵机构列入平台黑名单（{number}）。"))


@transaction.atomic
def repaired(*, listing_id: int, reason: str, by: By) -> Listing:
    """A granted repair ends the listing at once."""
    listing = _held(listing_id)
    _step(listing, "repaired", by, reason)
    _off(listing, reason, by)
    return listing


@transaction.atomic
def restored(*, listing_id: int, reason: str, by: By) -> Listing:
    """The promise of a repair was broken: back on the list for what was left of the term."""
    listing = _held(listing_id)
    _step(listing, "restored", by, reason)
    _feel(listing)
    share(listing, Share.News.LISTED)
    return listing


def end_due() -> int:
    """Take listings whose term is over off the list, each in its own transaction; says how many."""
    due = Listing.objects.filter(state=State.LISTED, ends_at__lte=clock.now()).values_list("pk", flat=True)
    return each(_end, due)


@transaction.atomic
def _end(listing_id: int) -> bool:
    listing = _held(listing_id)
    _step(listing, "ended", SYSTEM)
    _off(listing, str(_("期限届满")), SYSTEM)
    return True


def share(listing: Listing, news: str) -> list[Share]:
    """Tell every department, within the transaction of the news. Each owes a receipt."""
    now, event = clock.now(), listing.events.order_by("-seq")[0]
    due = Limit.of(rulesets.by_ref(listing.rules_ref)["receipt"]).end(now, workdays.load())
    departments = accounts.of_kind(Organisation.Kind.DEPARTMENT)
    rows = [Share(listing=listing, news=news, event=event, department=one, sent_at=now, due_at=due)
            for one in departments]  # fmt: skip
    for row in Share.objects.bulk_create(rows):
        tell(
            organisation_id=row.department_id,
            sentence=_("黑名单信息：{name}，{news}（{number}），请签收。"),
            values={"name": listing.subject.name, "news": row.get_news_display(), "number": listing.number},
            path="/department/lists/",
        )
    return rows


def _off(listing: Listing, reason: str, by: By, *, wrong: bool = False) -> None:
    """Off the list: not felt any more, published where the listing was, told to those who were told of it."""
    _relieve(listing, reason, by)
    if wrong:
        _take_back_credit(listing, reason, by)
    share(listing, Share.News.DELISTED)
    letters.delisted(listing, reason)
    _tell_agency(listing, _("贵机构已移出平台黑名单（{number}）。"))


def _feel(listing: Listing) -> None:
    """Entry, bidding and award hear of it through the agency's standing."""
    if listing.ends_at is None:
        raise ValueError("a listing in force has an end")
    row = standing.restrict(
        agency_id=listing.subject_id,
        kind=FELT,
        starts_at=clock.now(),
        ends_at=listing.ends_at,
        ground=listing.ground,
        source=listing.public_path,
    )
    listing.restriction = row.pk
    listing.save(update_fields=["restriction"])


def _relieve(listing: Listing, reason: str, by: By) -> None:
    if listing.restriction is None:
        return
    row = agencies.restriction(listing.restriction)
    if row.lifted_at is None and row.ends_at > clock.now():
        standing.lift(restriction_id=row.pk, reason=reason, source=listing.public_path, by=by)
    listing.restriction = None
    listing.save(update_fields=["restriction"])


def credit_row(listing: Listing, by: By = SYSTEM) -> int:
    """The number of the one row a listing has in the credit file; told again, nothing is written."""
    return ratings.record_credit(
        agency_id=listing.subject_id,
        kind="listing",
        source=listing.public_path,
        source_key=f"listing:{listing.pk}",
        summary={"reason": listing.ground, "case": listing.case.number},
        happened_at=listing.listed_at,
        legal_basis=listing.legal_basis,
        points=listing.points,
        kept=listing.severity,
        by=by,
    ).pk


def _take_back_credit(listing: Listing, reason: str, by: By) -> None:
    """What turned out wrong never counted; the row and its correction stay readable."""
    ratings.correct(event_id=credit_row(listing), reason=reason[:300], source=listing.public_path, by=by)


def _midnight_after(now: datetime, months: int) -> datetime:
    """The end of the day so many months on, Beijing time."""
    last = rules.months_after(now.astimezone(LOCAL).date(), months)
    return datetime.combine(last + timedelta(days=1), time(), LOCAL)


def _step(
    listing: Listing, kind: str, by: By, text: str = "", *, limit: str = "", data: Mapping[str, Any] | None = None
) -> ListingEvent:
    """One event further, or the rules' refusal. `limit`: the parameter that says how long the next one has."""
    now, used = clock.now(), rulesets.by_ref(listing.rules_ref)
    until = Limit.of(used[limit]).end(now, workdays.load()) if limit else None
    one = Happening(kind, now, who(by), until, data or {})
    entry = _asked(rules.fold(happenings(listing)), one)
    event = _keep(listing, one, by, text)
    _settle(listing, entry, until)
    return event


def _asked(entry: Entry | None, one: Happening) -> Entry:
    try:
        return rules.follow(entry, one)
    except Wrong as wrong:
        raise errors.LISTING[wrong.code]() from wrong


def _keep(listing: Listing, one: Happening, by: By, text: str) -> ListingEvent:
    event = ListingEvent.objects.create(
        listing=listing,
        seq=listing.events.count() + 1,
        kind=one.kind,
        at=one.at,
        until=one.until,
        text=text,
        data=dict(one.data),
        by_user_id=by.user_id,
        by_org_id=by.org_id,
    )
    audit.record(stream=f"listing:{listing.pk}", action=one.kind, by=by, reason=text[:300], data=dict(one.data))
    letters.of_listing(listing, event)
    return event


WAITS = frozenset({State.NOTICED, State.HEARD, State.STAYED})


def _settle(listing: Listing, entry: Entry, until: datetime | None) -> None:
    """The columns that follow from the events."""
    listing.state = entry.state.value
    listing.listed_at = entry.listed_at
    listing.ends_at = entry.ends if entry.state == State.LISTED else listing.ends_at
    listing.due_at = until if entry.state in WAITS else None
    over = entry.state in (State.DELISTED, State.CORRECTED, State.DROPPED)
    listing.ended_at = (listing.ended_at or entry.last) if over else None
    listing.save(update_fields=["state", "listed_at", "ends_at", "due_at", "ended_at"])


def _held(listing_id: int) -> Listing:
    """Raises Listing.DoesNotExist."""
    rows = Listing.objects.select_for_update(of=("self",)).select_related("subject", "case__subject")
    return rows.get(pk=listing_id)


def _own(listing_id: int, by: By) -> Listing:
    """For the agency's own verbs; for everybody else there is no such listing."""
    listing = _held(listing_id)
    if by.org_id != listing.subject_id or by.user_id is None:
        raise Listing.DoesNotExist(listing_id)
    return listing


def _tell_agency(listing: Listing, sentence: Any, *, urgent: bool = False) -> None:
    tell(
        organisation_id=listing.subject_id,
        sentence=sentence,
        values={"number": listing.number},
        path=f"/agency/listings/{listing.number}/",
        urgent=urgent,
    )


def told_regulators(sentence: Any, path: str, values: Iterable[tuple[str, Any]] = ()) -> None:
    """Tell every regulator's inbox."""
    for one in accounts.of_kind(Organisation.Kind.REGULATOR):
        tell(organisation_id=one.pk, sentence=sentence, path=path, values=dict(values))
