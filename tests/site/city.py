"""One rich market for walking every address: a need in every state that has an address of its own, and everybody
who may come. Everything went through services, on the day it would have happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import services as accounts
from accounts.actor import Actor, actor_for
from accounts.models import User
from agencies import services as agencies
from agencies.facts import CatalogueRef
from agencies.models import Agency
from bidding import committer
from bidding import selectors as bidding
from bidding import services as competitions
from bidding.models import Award, Competition
from bidding.rules.auction import Offer
from bidding.rules.proxy import Deposit
from contracts import services as contracts
from contracts.models import Contract, Side
from contracts.services import amending
from core import clock, jobs
from core.models import Job
from core.money import Money
from marketplace import selectors as marketplace
from marketplace import services as needs
from marketplace.models import Need
from payments import ledger
from ratings import services as ratings
from ratings.models import Rating
from ratings.texts import DIMENSIONS
from supervision.models import Card, Delivery, FlagHit, Notice, Step
from supervision.services import clocks, stops
from supervision.services.notices import tell
from tests.accounts import people
from tests.agencies.conftest import upload
from tests.marketplace import world
from tests.payments import office as money_office
from tests.site import appealing, complaining, consulting, escrow, grading, inspecting, listing

ITEM, DEPARTMENT_ITEM = "02015", "02013"  # both without a licence
SUPERVISORS = ("regulator", "operator")
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
BIDDERS = ("bidder", "rival", "second_rival")
NAMES = {
    "enterprise": "廊坊远望实业有限公司",
    "other_enterprise": "廊坊近观实业有限公司",
    "department": "廊坊市生态环境局",
    "regulator": "廊坊市政务服务监管处",
    "operator": "廊坊市中介服务平台",
    "bidder": "廊坊市松涛环境咨询有限公司",
    "rival": "固安县竹影生态技术有限公司",
    "second_rival": "霸州市梅岭检测服务有限公司",
    "supplier": "三河市兰台环境科技有限公司",
    "agency": "香河县菊园工程咨询有限公司",
}
ALL_STARS = dict.fromkeys(DIMENSIONS, 5)


class Places(dict[str, Any]):
    """What the table calls a place stands for one thing only."""

    def __setitem__(self, name: str, value: Any) -> None:
        assert name not in self, f"two things are called {name}: give one of them another name"
        super().__setitem__(name, value)

    def __ior__(self, more: Any) -> Self:
        for name, value in more.items():
            self[name] = value
        return self


@dataclass
class City:
    """`users` by role (None: nobody signed in), `ids` by what the table calls a place, `secrets` by what must not
    be read yet, each with the roles that may.
    """

    now: datetime
    users: dict[str, User | None] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    ids: Places = field(default_factory=Places)
    secrets: list[tuple[str, str]] = field(default_factory=list)

    def ago(self, **span: float) -> Any:
        return clock.at(self.now - timedelta(**span))

    @property
    def crowd(self) -> list[tuple[str, Agency]]:
        return [(role, self.agencies[role]) for role in BIDDERS]


def build() -> City:
    city = City(datetime.now(UTC))
    with city.ago(days=90):
        _people(city)
        _papers_of_the_supplier(city)
    _drafts(city)
    _open_for_entry(city)
    _draw(city)
    _direct(city)
    _live(city)
    _closed(city)
    _drafted_contract(city)
    _signed_contract(city)
    _changed_contract(city)
    _rating_open(city)
    _rating_revealed(city)
    appealing.settle(city)
    grading.settle(city)
    _flag(city)
    _books(city)
    _budget(city)
    escrow.settle(city)
    inspecting.settle(city)
    complaining.settle(city)
    listing.settle(city)
    consulting.settle(city)
    _clock(city)
    _secrets(city)
    return city


def _people(city: City) -> None:
    for number, (role, name) in enumerate(NAMES.items(), start=1):
        user = people.user(f"{role}@example.com", is_staff=role == "operator")
        kind = {"other_enterprise": "enterprise"}.get(role, role)
        if kind in ("enterprise", "department", *SUPERVISORS):
            people.organisation(kind, number, user, name=name)
        else:
            city.agencies[role] = people.agency(number, user, name=name)
            _offers(city.agencies[role], user)
        city.users[role], city.actors[role] = user, actor_for(user)
        city.ids[role] = city.actors[role].org_id
    clerk = people.user("clerk@example.com")
    buyer = city.actors["enterprise"]
    accounts.add_member(organisation=buyer.organisation, email=clerk.email, role="member", by=buyer.by)
    city.users |= {"clerk": clerk, "nobody": people.user("nobody@example.com"), "outsider": None}
    city.ids["clerk"] = clerk.pk


def _offers(agency: Agency, user: User) -> None:
    for code in (ITEM, DEPARTMENT_ITEM):
        item = marketplace.item(code)
        ref = CatalogueRef(item.code, item.name_zh, item.name_en, item.licence_kind)
        by = actor_for(user).by
        agencies.offer_service(agency=agency, item=ref, fee_note="按面积", days=20, conditions="", by=by)


def _papers_of_the_supplier(city: City) -> None:
    """A certificate, a picture not described yet, a person, a service: each has a page that changes it."""
    agency, by = city.agencies["supplier"], city.actors["supplier"].by
    held = agencies.add_qualification(
        agency=agency, kind="检验检测机构资质认定", grade="", number="230312", issuer="河北省市场监督管理局",
        valid_from=date(2025, 1, 1), valid_until=date(2031, 1, 1), scan=upload(), by=by,
    )  # fmt: skip
    person = agencies.add_practitioner(
        agency=agency, name="周若兰", certificate="环境影响评价工程师", certificate_number="HP-77", by=by
    )
    city.ids |= {
        "qualification": held.pk,
        "scan": agencies.drop_scan(agency=agency, upload=upload(), by=by).pk,
        "practitioner": person.pk,
        "service": agency.services.filter(withdrawn_at=None).first().pk,
    }


def _published(city: City, role: str = "enterprise", **terms: Any) -> Need:
    item = DEPARTMENT_ITEM if role == "department" else ITEM
    need = world.published(city.actors[role], item=item, **terms)
    jobs.drain()
    return need


def _competition(need: Need) -> Competition:
    found = bidding.for_need(need.pk)
    assert found is not None
    return found


def _enter(city: City, competition: Competition, roles: Sequence[str] = BIDDERS) -> None:
    for role in roles:
        actor = city.actors[role]
        competitions.enter(competition_id=competition.pk, agency_id=actor.org_id or 0, by=actor.by)


def _bids(city: City, competition: Competition, at: datetime, *bids: tuple[str, str]) -> None:
    for role, amount in bids:
        entry = bidding.entry_of(competition.pk, city.ids[role])
        assert entry is not None
        offer = Offer(entry.pseudonym, Money.of(amount).amount, f"{role}-{amount}".replace("_", "-"))
        answer = committer.place_all(competition_id=competition.pk, offers=[(offer, at)])[0]
        assert isinstance(answer, dict), answer


def _drafts(city: City) -> None:
    with city.ago(hours=3):
        city.ids["draft"] = world.draft(city.actors["enterprise"], item=ITEM, title="还在起草的需求").pk
        city.ids["dept_draft"] = world.draft(city.actors["department"], item=DEPARTMENT_ITEM, title="部门的草稿").pk


def _open_for_entry(city: City) -> None:
    with city.ago(hours=2):
        need = _published(city)
        competition = _competition(need)
        _enter(city, competition)
        asker = city.actors["bidder"]
        question = needs.ask(need_id=need.pk, organisation_id=asker.org_id or 0, text="现场何时踏勘？", by=asker.by)
    paper = marketplace.notices(need.pk).get(kind="need").paper
    city.ids |= {
        "need": need.pk,
        "entry": competition.pk,
        "question": question.pk,
        "paper": paper.number,
    }


def _draw(city: City) -> None:
    with city.ago(hours=2):
        need = _published(city, "department", method="random_draw")
        _enter(city, _competition(need))
    city.ids |= {"dept_need": need.pk, "draw": _competition(need).pk}


def _direct(city: City) -> None:
    with city.ago(hours=2):
        city.ids["direct"] = _published(city, method="direct").pk


def _live(city: City) -> None:
    """Began a minute ago; the bidder bid first, then a rival."""
    with city.ago(days=8):
        starts = city.now - timedelta(minutes=1)
        need = _published(city, title="正在竞价的地块调查", entry_closes_at=starts, auction_minutes=120)
        _enter(city, _competition(need))
    competition = _competition(need)
    _bids(city, competition, city.now - timedelta(seconds=30), ("bidder", "49000.00"), ("rival", "48500.00"))
    receipt = bidding.snapshot(competition.pk)["ladder"][0]["seq"]
    city.ids["seal"] = _floor(city, competition, city.now - timedelta(seconds=20), "bidder", "41234.56")
    city.ids |= {"live_need": need.pk, "live": competition.pk, "live_title": need.title, "receipt": receipt}


def _floor(city: City, competition: Competition, at: datetime, role: str, amount: str) -> int:
    """A sealed floor; the record's number. Its amount is for its owner alone, also after the close: it leads."""
    entry = bidding.entry_of(competition.pk, city.agencies[role].pk)
    with clock.at(at):
        deposit = Deposit(entry.pseudonym, Money.of(amount).amount, f"floor-of-{role}")
        [receipt] = committer.place_all(competition_id=competition.pk, offers=[(deposit, at)])
    city.secrets += [(amount, role), (f"{Money.of(amount)}", role), (receipt["opening"]["salt"], role)]
    return int(receipt["seq"])


def _closed(city: City) -> None:
    """The supplier won against two who are in no other competition; the award waits for an answer."""
    starts = city.now - timedelta(days=1)
    with city.ago(days=9):
        need = _published(city, title="已经结束的竞价", entry_closes_at=starts, auction_minutes=30)
        competition = _competition(need)
        _enter(city, competition, ("supplier", "agency"))
    _bids(city, competition, starts + timedelta(minutes=2), ("agency", "49000.00"), ("supplier", "48000.00"))
    _floor(city, competition, starts + timedelta(minutes=3), "supplier", "40123.45")
    with clock.at(starts + timedelta(hours=2)):
        assert competitions.finalise(competition_id=competition.pk)
        jobs.drain()
    award = Award.objects.get(need=need)
    city.ids |= {"closed_need": need.pk, "closed": competition.pk, "award": award.pk}


def _contract(city: City, days: int) -> Contract:
    """A draft drawn up so many days ago, after a direct choice that the supplier confirmed."""
    buyer, supplier = city.actors["enterprise"], city.actors["supplier"]
    with city.ago(days=days):
        need = _published(city, title=f"{days} 天前选定的调查", method="direct")
        award = competitions.choose_directly(
            need_id=need.pk,
            agency_id=supplier.org_id or 0,
            amount=Money.of("40000.00"),
            reason="长期合作",
            by=buyer.by,
        )
        drawn_up = contracts.confirm_award(award_id=award.pk, by=supplier.by)
        parts = [("初稿", Money.of("10000.00"), 60), ("终稿", Money.of("30000.00"), 60)]
        contracts.draft(
            contract_id=drawn_up.pk, terms=drawn_up.terms, milestones=parts, side=Side.SUPPLIER, by=supplier.by
        )
        contracts.confirm(contract_id=drawn_up.pk, side=Side.BUYER, by=buyer.by)
    return drawn_up


def _sign(city: City, contract: Contract, days: int) -> None:
    with city.ago(days=days):
        contracts.confirm(contract_id=contract.pk, side=Side.SUPPLIER, by=city.actors["supplier"].by)
    contract.refresh_from_db()
    assert contract.signed_at


def _deliver(city: City, milestone_id: int, days: int) -> int:
    result = SimpleUploadedFile("报告.pdf", PDF, "application/pdf")
    with city.ago(days=days):
        supplier = city.actors["supplier"].by
        return contracts.deliver(milestone_id=milestone_id, upload=result, note="", by=supplier).pk


def _drafted_contract(city: City) -> None:
    city.ids["drafted"] = _contract(city, days=12).pk


def _signed_contract(city: City) -> None:
    contract = _contract(city, days=30)
    _sign(city, contract, days=20)
    first, second = contract.milestones.all()
    city.ids |= {
        "signed": contract.pk,
        "milestone": second.pk,
        "deliverable": _deliver(city, first.pk, days=2),
        "private_paper": contract.paper.number if contract.paper else "",
    }


def _changed_contract(city: City) -> None:
    """The supplier asked for another clause a day ago; the buyer has not answered."""
    contract = _contract(city, days=29)
    _sign(city, contract, days=19)
    with city.ago(days=1):
        stages = [(one.milestone, one.title, Money(one.amount), one.due) for one in amending.standing(contract)]
        amendment = contracts.propose_amendment(
            contract_id=contract.pk,
            side=Side.SUPPLIER,
            reason="增加一次评审",
            terms=f"{contract.terms}\n增加一次评审。",
            stages=stages,
            by=city.actors["supplier"].by,
        )
        end = contracts.propose_termination(
            contract_id=contract.pk,
            side=Side.SUPPLIER,
            reason="项目取消",
            liable="neither",
            by=city.actors["supplier"].by,
        )
    city.ids |= {"changed": contract.pk, "amendment": amendment.pk, "termination": end.pk}


def _completed(city: City, days: int) -> Contract:
    contract = _contract(city, days=days)
    _sign(city, contract, days=days - 10)
    for milestone in contract.milestones.all():
        deliverable = _deliver(city, milestone.pk, days=6)
        with city.ago(days=5):
            contracts.accept(deliverable_id=deliverable, by=city.actors["enterprise"].by)
            jobs.drain()
    return contract


def _rating_open(city: City) -> None:
    city.ids["completed"] = _completed(city, days=31).pk


def _rating_revealed(city: City) -> None:
    contract = _completed(city, days=32)
    with city.ago(days=1):
        for side, role in ((Side.BUYER, "enterprise"), (Side.SUPPLIER, "supplier")):
            by = city.actors[role].by
            ratings.rate(contract_id=contract.pk, side=side, scores=ALL_STARS, text="如期交付。", by=by)
        jobs.drain()
    rating = Rating.objects.get(window__contract=contract, side=Side.BUYER)
    city.ids |= {"rated": contract.pk, "rating": rating.pk}


def _flag(city: City) -> None:
    """A matter a rule raised about the enterprise."""
    hit = FlagHit.objects.create(
        rule="drafts_again", key="city", about_id=city.ids["enterprise"], organisations=[city.ids["enterprise"]],
        evidence={"n": "4"}, found_at=city.now, rules_ref="flags@1",
    )  # fmt: skip
    city.ids["flag"] = hit.pk


def _books(city: City) -> None:
    """One transfer between an account of the enterprise and one of the platform, and an invoice."""
    held = ledger.account("escrow_held", city.ids["enterprise"], f"contract:{city.ids['signed']}")
    cash, amount = ledger.account("provider_cash", None), Money.of("40000.00").amount
    moved = ledger.post(
        key="city:1", cause="test", reference="contract:1", lines=[(cash, amount), (held, -amount)],
        by=city.actors["enterprise"].by,
    )  # fmt: skip
    first, second = Contract.objects.get(pk=city.ids["completed"]).milestones.all()
    asked = contracts.invoice(milestone_id=first.pk, tax="", by=city.actors["supplier"].by)
    city.ids |= {"account": held.pk, "cash": cash.pk, "transfer": moved.pk}
    city.ids |= {"money_paper": asked.pk, "accepted": second.pk}


def _budget(city: City) -> None:
    """A department's line, a result it owes for, and an order in each hand: to check, checked, with the treasury."""
    with city.ago(days=1):
        office = money_office.Office(city.actors["department"].organisation, city.agencies["supplier"])
        city.ids |= {
            "line": office.line.pk,
            "payable": office.payable().pk,
            "order": office.made().pk,
            "checked_order": office.checked().pk,
            "batch": office.batch(office.checked()).pk,
        }


def _clock(city: City) -> None:
    """Every step is followed. One has a card, one waits for the other side's word; the supplier was told something."""
    clocks.watch()
    Notice.objects.all().delete()
    Job.objects.filter(task="supervision.deliver").delete()
    step = Step.objects.get(kind="contract.deliver", reference=f"milestone:{city.ids['milestone']}")
    Card.objects.get_or_create(
        step=step, colour="yellow",
        defaults={"raised_at": city.now, "due_at": step.due_at, "written_at": city.now, "rules_ref": step.rules_ref},
    )  # fmt: skip
    waiting = Step.objects.get(kind="contract.sign", reference=f"contract:{city.ids['drafted']}:supplier")
    by = city.actors["supplier"].by
    proof = SimpleUploadedFile("函.pdf", PDF, "application/pdf")
    stop = stops.ask_stop(
        step_id=waiting.pk, ground="waiting_for_other", reason="等待委托方提供资料", by=by, evidence=proof
    )
    notice = tell(organisation_id=city.ids["supplier"], sentence="一条消息", path="/desk/")
    Job.objects.filter(task="supervision.deliver").delete()
    delivery = notice.deliveries.get()
    Delivery.objects.filter(pk=delivery.pk).update(state=Delivery.State.FAILED)
    dora = city.actors["department"]
    post = stops.fill_post(organisation_id=dora.org_id or 0, level="head", user_id=dora.by.user_id or 0, by=dora.by)
    city.ids |= {
        "card": step.pk, "stop": stop.pk, "notice": notice.pk, "delivery": delivery.pk, "post": post.pk,
    }  # fmt: skip


def _secrets(city: City) -> None:
    """What ties agencies to competitions that are not over: their names and codes, and what opens commitments."""
    for role, agency in city.crowd:
        organisation = agency.organisation
        address = f"/agencies/{agency.pk}/"
        city.secrets += [(text, role) for text in (organisation.name, organisation.credit_code, address)]
    for place in ("entry", "draw", "live"):
        city.secrets += [(entry.salt, "") for entry in bidding.entries(city.ids[place])]
    city.secrets += [(Competition.objects.get(pk=city.ids["draw"]).draw_secret, "")]
