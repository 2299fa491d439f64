"""The life of one need of the history: published, asked about, competed for, worked on, rated. Every decision is a
service's; here is only who does what, and when. A life that reaches the present stays where it is.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bidding import selectors as bidding
from bidding import services as competitions
from bidding.committer import place_all
from bidding.models import Award, Competition
from bidding.rules.auction import Offer
from contracts import selectors as contracts
from contracts import services as deals
from contracts.models import Contract, Milestone
from contracts.tasks import watch_deadlines
from core import chance, clock, workdays
from core.money import Money
from core.workdays import LOCAL
from marketplace import services as needs
from marketplace.models import Need
from portal.demo import changing, escrow, purse, wares
from portal.demo.changing import Deal
from portal.demo.organisations import Member
from portal.demo.pictures import result
from portal.demo.timeline import Life
from portal.demo.wares import Ware
from ratings import services as ratings
from ratings.texts import DIMENSIONS

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Told = Generator[datetime, None, Award | None]  # a stretch of life that ends with an award, or without one


@dataclass(frozen=True)
class Plan:
    """What is to become of a need. `ending`: "" for the long way, or where it leaves it.

    `bidders`: who enters, the one who bids lowest first. `closes`: a given end of entry, else soon after the notice.
    `until`: when whatever its ending leaves unanswered is proposed.
    """

    buyer: Member
    ware: Ware
    project: str
    method: str
    bidders: Sequence[Member]
    ending: str = ""
    closes: datetime | None = None
    minutes: int = 30
    soon: bool = False  # as early as the notice allows
    until: datetime | None = None

    @property
    def title(self) -> str:
        project = self.project.removesuffix("项目") if self.ware.result.startswith("项目") else self.project
        return f"{project}{self.ware.result}"


def draft(plan: Plan, steps: int = 5) -> Need:
    """A need written as far as a number of steps."""
    need, by = needs.start_need(actor=plan.buyer.actor), plan.buyer.by
    for step, values in list(_values(plan).items())[:steps]:
        needs.save_step(need_id=need.pk, step=step, values=values, by=by)
    return need


def _values(plan: Plan) -> dict[str, dict[str, object]]:
    ware, department = plan.ware, plan.buyer.party.kind == "department"
    ceiling = chance.source().randrange(ware.least, ware.most + 1) * 100
    live = plan.method == "live_auction"
    return {
        "item": {"item": ware.item, "own_project": department},
        "scope": {
            "title": plan.title,
            "scope": wares.SCOPE.format(project=plan.project, result=ware.result),
            "region": plan.buyer.party.region,
            "place": "项目所在地",
        },
        "money": {
            "ceiling": Money.of(ceiling),
            "budget_line_id": purse.line_for(plan.buyer, ware.item, Money.of(ceiling)).pk if department else None,
        },
        "method": {"method": plan.method},
        "schedule": {
            "entry_closes_at": plan.closes or (None if plan.method == "direct" or plan.soon else _closing()),
            "auction_minutes": plan.minutes if live else None,
            "delivery_days": ware.days,
        },
    }


def _closing() -> datetime:
    """A working morning or afternoon after the longest notice."""
    return office_hour(5)


def office_hour(days: int) -> datetime:
    """Some hour of work, so many working days from now."""
    calendar = workdays.load()
    day = (calendar.deadline(clock.now(), days) - timedelta(seconds=1)).astimezone(LOCAL)
    while not calendar.is_working(day.date()):
        day += DAY
    minutes = chance.source().choice((0, 30, 60, 90, 300, 330, 390))
    return day.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(minutes=minutes) + DAY


def drafted(plan: Plan, steps: int) -> Life:
    yield clock.now()
    draft(plan, steps)


def life(plan: Plan) -> Life:
    """From publication to rating, or to where the plan's ending leaves it."""
    need = needs.publish(need_id=draft(plan).pk, by=plan.buyer.by)
    if plan.method == "direct":
        award = yield from _choice(plan, need)
    else:
        yield from _notice(plan, need)
        if plan.ending == "cancelled":
            needs.cancel(need_id=need.pk, reason="项目规模调整，需求重新论证后再发布。", by=plan.buyer.by)
            return
        award = yield from _competition(plan, need)
    award = yield from _answer(plan, award)
    if award is not None:
        yield from _contract(plan, award)


def _choice(plan: Plan, need: Need) -> Told:
    yield clock.now() + 2 * DAY
    if plan.ending == "waiting":
        return None
    ceiling = need.ceiling.amount if need.ceiling else Decimal(0)
    return competitions.choose_directly(
        need_id=need.pk,
        agency_id=plan.bidders[0].pk,
        amount=Money(rounded(ceiling * Decimal("0.9"))),
        reason="同类项目经验充分，服务网点近，报价合理。",
        by=plan.buyer.by,
    )


def _notice(plan: Plan, need: Need) -> Life:
    """Questions come and are answered; agencies enter."""
    draws = chance.source()
    yield clock.now() + 3 * HOUR
    competition = bidding.for_need(need.pk)
    if competition is None:
        raise RuntimeError(f"need {need.pk} has no competition")
    asked = []
    for text, reply in draws.sample(wares.QUESTIONS, draws.choice((0, 1, 1, 2))):
        asker = draws.choice(list(plan.bidders) or [plan.buyer])
        if asker is plan.buyer:
            break
        question = needs.ask(need_id=need.pk, organisation_id=asker.pk, text=text, by=asker.by)
        asked.append((question.pk, reply))
    half = len(plan.bidders) // 2
    _enter(competition, plan.bidders[half:])
    yield clock.now() + timedelta(hours=draws.randrange(5, 20))
    for question_id, reply in asked:
        needs.answer(question_id=question_id, text=reply, by=plan.buyer.by)
    yield clock.now() + timedelta(hours=draws.randrange(5, 20))
    _enter(competition, plan.bidders[:half])


def _enter(competition: Competition, members: Sequence[Member]) -> None:
    for member in members:
        competitions.enter(competition_id=competition.pk, agency_id=member.pk, by=member.by)


def _competition(plan: Plan, need: Need) -> Told:
    """The auction or the draw takes place; the award, or None when the need failed."""
    competition = bidding.for_need(need.pk)
    if competition is None:
        raise RuntimeError(f"need {need.pk} has no competition")
    yield competition.starts_at
    if plan.method == "live_auction" and plan.ending != "no_bid":
        for part in (0.4, 1.0):
            yield competition.starts_at + part * (competition.ends_at - competition.starts_at) - timedelta(seconds=200)
            bid(competition, plan.bidders, until=clock.now())
    competition.refresh_from_db()
    yield competition.ends_at + timedelta(seconds=5)
    competitions.finalise(competition_id=competition.pk)
    return bidding.standing_award(need.pk)


def bid(competition: Competition, members: Sequence[Member], until: datetime) -> None:
    """A stretch of bidding from the last bid to a moment, in one commit; the first member ends up lowest."""
    draws, snapshot = chance.source(), bidding.snapshot(competition.pk)
    if not members or snapshot["next_max"] is None:
        return
    names = {entry.agency_id: entry.pseudonym for entry in bidding.entries(competition.pk)}
    order = [names[member.pk] for member in members if member.pk in names]
    amount, step = Decimal(snapshot["next_max"]), Decimal(snapshot["step"])
    since = _since(snapshot, competition)
    rounds = draws.randrange(3, 6)
    turns = [name for _ in range(rounds) for name in reversed(order)]
    offers = []
    for place, name in enumerate(turns, start=1):
        at = since + (until - since) * place / (len(turns) + 1)
        offers.append((Offer(name, amount.quantize(Decimal("0.01")), f"seed-{snapshot['seq']}-{place:04d}"), at))
        amount -= step * draws.choice((1, 1, 1, 2, 3))
        if amount <= step:
            break
    place_all(competition_id=competition.pk, offers=offers)


def _since(snapshot: dict[str, object], competition: Competition) -> datetime:
    ladder = snapshot["ladder"]
    if isinstance(ladder, list) and ladder:
        return datetime.fromisoformat(ladder[-1]["at"])
    return competition.starts_at


def rounded(amount: Decimal) -> Decimal:
    return (amount / 100).to_integral_value() * 100


def _answer(plan: Plan, award: Award | None) -> Told:
    """The winner confirms, or declines or stays silent and the next is asked."""
    if award is None:
        return None
    if plan.ending == "silent":
        yield award.confirm_by + HOUR
        watch_deadlines()
        award = bidding.standing_award(award.need_id)
    elif plan.ending == "declined":
        yield clock.now() + 8 * HOUR
        deals.decline_award(award_id=award.pk, reason="近期项目集中，无法保证人员投入。", by=_winner(plan, award).by)
        award = bidding.standing_award(award.need_id)
    if award is None:
        return None
    yield clock.now() + timedelta(hours=chance.source().randrange(3, 40))
    deals.confirm_award(award_id=award.pk, by=_winner(plan, award).by)
    return award


def _winner(plan: Plan, award: Award) -> Member:
    return next(member for member in plan.bidders if member.pk == award.agency_id)


def _contract(plan: Plan, award: Award) -> Life:
    winner, draws = _winner(plan, award), chance.source()
    yield clock.now() + timedelta(hours=draws.randrange(4, 30))
    contract = contracts.contract_of_award(award.pk)
    if contract is None:
        raise RuntimeError(f"award {award.pk} has no contract")
    deal = Deal(contract.pk, plan.buyer, winner, plan.until)
    if changing.haggled(plan.ending, deal):
        return
    _draw_up(plan, contract)
    yield clock.now() + timedelta(hours=draws.randrange(4, 30))
    deals.confirm(contract_id=contract.pk, side="supplier", by=winner.by)
    yield max(clock.now(), award.publicity_ends_at) + HOUR
    deals.sign_if_ready(contract.pk)
    if plan.buyer.organisation.kind == "department":
        yield clock.now() + timedelta(hours=draws.randrange(20, 90))
        deals.file_contract(contract_id=contract.pk, number=filing_number(contract), by=plan.buyer.by)
    if escrow.pays_by_escrow(contract):
        yield clock.now() + timedelta(hours=draws.randrange(2, 20))
        escrow.pay(contracts.contract(contract.pk), plan.buyer.by)
    yield from _work(plan, deal)


def _work(plan: Plan, deal: Deal) -> Life:
    for milestone in deal.contract.milestones.all():
        if (yield from changing.before(plan.ending, deal, milestone.position)):
            return
        milestone.refresh_from_db()  # its last day may have moved
        yield from _milestone(plan, deal.supplier, milestone)
    yield from _rating(plan, deal.supplier, deal.contract)


def filing_number(contract: Contract) -> str:
    return f"廊采备〔{clock.now():%Y}〕{contract.pk} 号"


def _draw_up(plan: Plan, contract: Contract) -> None:
    """The buyer splits larger work into two milestones and confirms."""
    total, by = contract.amount, plan.buyer.by
    first = Money(rounded(total.amount * Decimal("0.4")))
    milestones = [("提交送审稿", first, plan.ware.days // 2), ("提交报批稿及全部附件", total - first, plan.ware.days)]
    if total.amount < 30000:
        milestones = [("提交全部成果", total, plan.ware.days)]
    deals.draft(contract_id=contract.pk, terms=contract.terms, milestones=milestones, side="buyer", by=by)
    deals.confirm(contract_id=contract.pk, side="buyer", by=by)


def slack(member: Member) -> bool:
    """Agencies that tend to be late and careless, so that files differ."""
    return member.party.number % 9 == 4


def _milestone(plan: Plan, winner: Member, milestone: Milestone) -> Life:
    draws, due = chance.source(), milestone.due_at or clock.now()
    late = slack(winner) and draws.random() < 0.7
    shift = timedelta(days=draws.randrange(1, 6)) if late else -timedelta(days=draws.randrange(1, 5), hours=4)
    yield max(clock.now() + HOUR, due + shift)
    handed = deals.deliver(milestone_id=milestone.pk, upload=result(milestone.title), note="请查收。", by=winner.by)
    yield clock.now() + timedelta(hours=draws.randrange(20, 90))
    if plan.ending == "returned" or draws.random() < (0.6 if slack(winner) else 0.12):
        defects = draws.sample(wares.DEFECTS, draws.randrange(1, 4))
        deals.return_(deliverable_id=handed.pk, defects=defects, by=plan.buyer.by)
        yield clock.now() + timedelta(days=draws.randrange(1, 4))
        handed = deals.deliver(
            milestone_id=milestone.pk, upload=result(f"{milestone.title}-修改稿"), note="已逐条修改。", by=winner.by
        )
        yield clock.now() + timedelta(hours=draws.randrange(10, 60))
    deals.accept(deliverable_id=handed.pk, by=plan.buyer.by)


def _rating(plan: Plan, winner: Member, contract: Contract) -> Life:
    draws, sour = chance.source(), plan.ending in changing.SOUR
    yield clock.now() + timedelta(hours=draws.randrange(10, 90))
    if sour or draws.random() < 0.9:
        _rate(contract, "buyer", plan.buyer, *(SOUR if sour else _verdict(winner)))
    yield clock.now() + timedelta(hours=draws.randrange(10, 90))
    if sour or draws.random() < 0.85:
        _rate(contract, "supplier", winner, (4, 5), wares.OF_BUYERS)


SOUR = (1, 3), wares.BAD


def _verdict(winner: Member) -> tuple[tuple[int, int], Sequence[str]]:
    """The range of stars and the words a buyer has for an agency."""
    if chance.source().random() < 0.15:
        return (3, 4), wares.MIXED
    return SOUR if slack(winner) else ((4, 5), wares.PRAISE)


def _rate(contract: Contract, side: str, member: Member, stars: tuple[int, int], words: Sequence[str]) -> None:
    draws = chance.source()
    scores = {name: draws.randint(*stars) for name in DIMENSIONS}
    ratings.rate(contract_id=contract.pk, side=side, scores=scores, text=draws.choice(words), by=member.by)
