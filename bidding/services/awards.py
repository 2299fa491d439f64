"""Awards: the decision, its paper and notice, and what follows when the winner declines or stays silent."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import override

from agencies import selectors as agencies
from agencies.models import Agency
from bidding import errors
from bidding.events import AwardDecided, AwardDeclined, BidderPassedOver, CompetitionFailed
from bidding.log import event
from bidding.models import Award, Competition, Entry
from bidding.rules import outcome
from bidding.rules.board import Board
from bidding.services.appending import append, locked_board
from bidding.services.entries import barred, door_faults, standing_faults
from core import audit, clock, papers, rulesets, workdays
from core.audit import SYSTEM, By
from core.errors import Refusal
from core.models import AuditEntry
from core.money import Money
from core.outbox import emit
from core.workdays import LOCAL, Limit
from marketplace import selectors as needs
from marketplace import services as marketplace
from marketplace.errors import SUSPENDED as NEED_SUSPENDED
from marketplace.models import Method, Need, Notice
from payments.services import budgets


def award_next(competition: Competition, board: Board) -> Award | None:
    """Award the best who has not been awarded yet and may be; without one the competition fails."""
    now = clock.now()
    chosen = outcome.next_best(board)
    while chosen and (reason := _unfit(competition, chosen[0], now)):
        append(board, [event("excluded", now, by=chosen[0], reason=reason)])
        agency_id = _entry(competition, chosen[0]).agency_id
        emit(BidderPassedOver(competition.pk, competition.need_id, agency_id, reason))
        chosen = outcome.next_best(board)
    if chosen is None:
        append(board, [event("failed", now, reason=outcome.NONE_LEFT)])
        marketplace.mark_failed(need_id=competition.need_id, reason=outcome.NONE_LEFT)
        emit(CompetitionFailed(competition.pk, competition.need_id, outcome.NONE_LEFT))
        return None
    by, amount = chosen
    rank = len(board.awards) + 1
    append(board, [event("awarded", now, by=by, amount=str(amount), rank=rank)])
    agency = _entry(competition, by).agency
    return _publish(
        need=competition.need, competition=competition, agency=agency, amount=Money(amount), rank=rank, by=SYSTEM
    )


def _unfit(competition: Competition, pseudonym: str, now: datetime) -> str:
    """Why a bidder who was fit when it entered cannot be awarded now: restricted, service, licence; or ""."""
    agency_id = _entry(competition, pseudonym).agency_id
    faults = standing_faults(competition.need, agencies.facts(agency_id=agency_id, at=now))
    return faults[0].code.removeprefix("entry.") if faults else ""


def _entry(competition: Competition, pseudonym: str) -> Entry:
    return Entry.objects.select_related("agency__organisation").get(competition=competition, pseudonym=pseudonym)


def _publish(*, need: Need, competition: Competition | None, agency: Agency, amount: Money, rank: int, by: By) -> Award:
    """Record the award with its number, paper, notice and clocks."""
    rules, calendar, now = rulesets.current("bidding"), workdays.load(), clock.now()
    publicity_ends = Limit.of(rules["publicity"]).end(now, calendar)
    award = Award.objects.create(
        need=need,
        competition=competition,
        agency=agency,
        amount=amount,
        rank=rank,
        decided_at=now,
        publicity_ends_at=publicity_ends,
        confirm_by=Limit.of(rules["confirm"]).end(publicity_ends, calendar),
        rules_ref=rules.ref,
    )
    award.paper = papers.issue(
        prefix="ZX", kind="award", title="中选通知书", page=f"/awards/{award.pk}/", data=_paper_data(award)
    )
    award.save(update_fields=["paper"])
    marketplace.publish_notice(
        need_id=need.pk,
        kind=Notice.Kind.AWARD,
        title=f"{need.title}中选公告",
        data={"award": award.pk, "agency": agency.organisation.name, "amount": str(amount.amount)},
        paper=award.paper,
    )
    audit.record(stream=f"award:{award.pk}", action="decided", by=by, data={"rank": rank, "rules": rules.ref})
    emit(AwardDecided(award.pk, need.pk))
    return award


def _paper_data(award: Award) -> dict[str, str]:
    """Values of templates/papers/award.typ, all text."""
    need, supplier = award.need, award.agency.organisation
    with override(papers.LANGUAGE):
        method = str(Method(need.method).label)
    return {
        "need_number": need.number or "",
        "need_title": need.title,
        "item": need.item.name_zh if need.item else "",
        "buyer": need.buyer.name,
        "agency": supplier.name,
        "credit_code": supplier.credit_code,
        "amount": str(award.amount),
        "ceiling": str(need.ceiling),
        "method": method,
        "decided_at": f"{award.decided_at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
        "publicity_ends_at": f"{award.publicity_ends_at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
        "confirm_by": f"{award.confirm_by.astimezone(LOCAL):%Y-%m-%d %H:%M}",
        "rules": award.rules_ref,
    }


@transaction.atomic
def choose_directly(*, need_id: int, agency_id: int, amount: Money, reason: str, by: By) -> Award:
    """A private buyer names an agency. Raises direct.department, direct.method, direct.ineligible, award.settled."""
    need = needs.get_need(need_id)
    if need is None:
        raise Need.DoesNotExist(need_id)
    if need.buyer_kind == "department":
        raise errors.DIRECT_ONLY_PRIVATE()
    if need.method != Method.DIRECT:
        raise errors.DIRECT_NOT_CHOSEN()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM marketplace_need WHERE id = %s FOR UPDATE", [need_id])
    if needs.held(need_id):
        raise NEED_SUSPENDED()
    if Award.objects.filter(need=need).exclude(outcome__in=Award.OVER).exists():
        raise errors.AWARD_SETTLED()
    facts = agencies.facts(agency_id=agency_id, at=clock.now())
    if faults := standing_faults(need, facts) + door_faults(facts):
        raise errors.DIRECT_INELIGIBLE(reason=faults[0].sentence)
    if need.ceiling and amount > need.ceiling:
        raise errors.BID_ABOVE_CEILING(next_max=need.ceiling)
    marketplace.mark_selected(need_id=need_id)
    audit.record(stream=f"need:{need_id}", action="chosen", by=by, reason=reason, data={"agency": agency_id})
    rank = Award.objects.filter(need=need).count() + 1
    return _publish(need=need, competition=None, agency=agencies.get(agency_id), amount=amount, rank=rank, by=by)


@transaction.atomic
def confirm_award(*, award_id: int, by: By) -> Award:
    """The winner takes the award. Raises award.settled when it was answered before, and award.restricted."""
    if barred(Award.objects.values_list("agency_id", flat=True).get(pk=award_id), clock.now()):
        raise errors.AWARD_RESTRICTED()
    award = _settle(award_id, Award.Outcome.CONFIRMED, "", by)
    marketplace.mark_awarded(need_id=award.need_id)
    if award.need.budget_line_id:  # a department's money is bound to the agency that bound itself
        budgets.commit(reference=f"need:{award.need_id}", amount=award.amount, payee_id=award.agency_id, by=by)
    return award


@transaction.atomic
def decline_award(*, award_id: int, reason: str, by: By) -> Award | None:
    """The winner declines; the next in the ranking is awarded. Returns that award, if any."""
    return _decline(award_id, reason, by, silent=False)


@transaction.atomic
def take_silence(*, award_id: int, confirm_by: datetime) -> Award | None:
    """The winner stayed silent beyond `confirm_by`, as whoever looked has read it; goes on as after declining.

    Raises award.time_left when its time has been moved since, or is about to be: the need was held, and what gives the
    award its time back has not come yet.
    """
    award = Award.objects.select_for_update().get(pk=award_id)
    lifted = needs.last_lifted(award.need_id, award.decided_at)
    owed = bool(lifted) and not any(_moved_for(award, suspension_id) for suspension_id in lifted)
    if owed or award.confirm_by != confirm_by or clock.now() < confirm_by:
        raise errors.AWARD_TIME_LEFT()
    return _decline(award_id, "", SYSTEM, silent=True)


def _decline(award_id: int, reason: str, by: By, *, silent: bool) -> Award | None:
    award = _settle(award_id, Award.Outcome.DECLINED, reason, by)
    emit(AwardDeclined(award.pk, award.need_id, silent))
    return _go_on(award)


@transaction.atomic
def pass_over(*, award_id: int) -> Award | None:
    """The winner was restricted before it was bound; the next in the ranking is awarded as after declining.

    The caller has made sure that nothing is signed. Raises award.settled, award.unrestricted or need.suspended.
    """
    was = Award.objects.select_for_update().get(pk=award_id)
    if not barred(was.agency_id, clock.now()):
        raise errors.AWARD_UNRESTRICTED()
    award = _settle(award_id, Award.Outcome.BARRED, "", SYSTEM, expected=Award.Outcome(was.outcome))
    if was.outcome == Award.Outcome.CONFIRMED and not _taken_back(award):
        return None
    return _go_on(award)


def _taken_back(award: Award) -> bool:
    """The need waits for a confirmation again, with all of its money; without the money it fails."""
    marketplace.take_award_back(need_id=award.need_id)
    try:
        budgets.reopen(reference=f"need:{award.need_id}", by=SYSTEM)
    except Refusal:
        marketplace.mark_failed(need_id=award.need_id, reason=outcome.NO_MONEY)
        emit(CompetitionFailed(award.competition_id or 0, award.need_id, outcome.NO_MONEY))
        return False
    return True


def _go_on(award: Award) -> Award | None:
    """The next in the ranking; a private buyer that chose directly chooses again."""
    if award.competition is None:
        return None
    return award_next(award.competition, locked_board(award.competition.pk))


@transaction.atomic
def wait_longer(*, need_id: int, suspension_id: int, seconds: int) -> None:
    """A need was held: an award that waits for its answer gets the time back. Told again, nothing changes."""
    more = timedelta(seconds=seconds)
    for award in Award.objects.select_for_update().filter(need_id=need_id, outcome=Award.Outcome.PENDING):
        if _moved_for(award, suspension_id):
            continue
        data = {"suspension": suspension_id, "seconds": seconds}
        award.confirm_by += more
        award.publicity_ends_at += more
        award.save(update_fields=["confirm_by", "publicity_ends_at"])
        audit.record(stream=f"award:{award.pk}", action="clock_moved", by=SYSTEM, data=data)


def _moved_for(award: Award, suspension_id: int) -> bool:
    rows = AuditEntry.objects.filter(stream=f"award:{award.pk}", action="clock_moved")
    return rows.filter(data__suspension=suspension_id).exists()


def _settle(
    award_id: int,
    answer: Award.Outcome,
    reason: str,
    by: By,
    *,
    expected: Award.Outcome = Award.Outcome.PENDING,
) -> Award:
    if needs.held(Award.objects.get(pk=award_id).need_id):
        raise NEED_SUSPENDED()
    changed = (
        Award.objects.filter(pk=award_id, outcome=expected)
        .exclude(outcome__in=Award.OVER)
        .update(outcome=answer, outcome_at=clock.now(), outcome_reason=reason)
    )
    if not changed:
        raise errors.AWARD_SETTLED()
    audit.record(stream=f"award:{award_id}", action=str(answer), by=by, reason=reason)
    return Award.objects.select_related("need", "competition").get(pk=award_id)
