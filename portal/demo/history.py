"""The year before: who publishes what, and what becomes of it. Deterministic apart from the moment it ends at."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from core import chance, clock
from core.audit import By
from core.workdays import LOCAL
from portal.demo import changing, purse, supervision
from portal.demo.cast import ANA, BEA, COLLEAGUES, DAN, EXTRA, NEWCOMER, SOL, TOM, Party, extras, personas
from portal.demo.lives import Plan, drafted, life
from portal.demo.organisations import Member, colleagues, join, known, lend_colleague, offered
from portal.demo.pace import quicken, quickened
from portal.demo.timeline import Life, Timeline, guarded, weeks
from portal.demo.wares import DEPARTMENT_PROJECTS, DEPARTMENT_WARES, ENTERPRISE_PROJECTS, ENTERPRISE_WARES, Ware
from supervision.services import entrance

SEED = 20260101
EARLIEST = datetime(2025, 1, 8, 2, tzinfo=UTC)  # the first rule sets hold from 2025
DAY, YEAR = timedelta(days=1), timedelta(days=365)
LOOKED_AT = timedelta(minutes=20)  # so long after its registration an agency's data is checked
USUAL, RECENT = 32, 18
ENDINGS = {9: "declined", 17: "no_bid", 23: "cancelled", 29: "silent", 31: "returned", 37: "too_few", 49: "no_bid"}
FRESH = ("永清新起点技术服务有限公司", "北京初见工程咨询工作室", NEWCOMER.name)
Cast = dict[str, Member]


def complete() -> bool:
    """Has a seed reached its end? The short limits are its last act."""
    return quickened()


def people_only() -> None:
    """Whoever of the cast is missing, and the short limits: enough for somebody who brings the rest along."""
    with chance.seeded(SEED):
        cast = _engage([party for party in _everybody() if not known(party)])
        _open_purses(cast)
        quicken()


def _everybody() -> list[Party]:
    return [*personas(), *extras()]


def make(base: datetime, told: Callable[[datetime], None] = lambda _moment: None) -> None:
    """The cast and its year until `base`; `told` hears how far it has come."""
    start = max(base - YEAR, EARLIEST)
    with chance.seeded(SEED):
        with clock.at(start - 5 * DAY):
            cast = _engage([party for party in _everybody() if party.name not in FRESH])
            _open_purses(cast)
            offices = _offices(cast)
            past = supervision.engage()
        with clock.at(start - 5 * DAY + LOOKED_AT):
            entrance.check_new()
        line = Timeline(base)
        line.add(start, weeks(start, base))
        line.add(start, _years(offices, start, base))
        line.add(start, purse.paydays(offices, start, base))
        for moment, life_ in supervision.lives(cast, past, start, base):
            line.add(moment, life_)
        for moment, plan in _plans(list(cast.values()), start, base):
            line.add(moment, life(plan))
        for moment, plan in _stories(list(cast.values()), base):
            line.add(max(moment, start), guarded(life(plan)))
        _drafts(line, cast, base)
        line.run(told)
        with clock.at(base - 2 * DAY):
            _engage([party for party in _everybody() if party.name in FRESH])
        with clock.at(base - 2 * DAY + LOOKED_AT):
            entrance.check_new()
        with clock.at(base):
            quicken()


def _engage(parties: Iterable[Party]) -> Cast:
    cast = {party.email: join(party) for party in parties}
    for persona, email, name in COLLEAGUES:
        if persona.email in cast:
            lend_colleague(cast[persona.email], email, name)
    if SOL.email in cast:
        supervision.headed(cast[SOL.email])
    return cast


def _open_purses(cast: Cast) -> None:
    """Departments get this year's budget, agencies say where they want to be paid."""
    for member in cast.values():
        if member.party.kind == "department":
            purse.grant(member, large=member.party.email == DAN.email)
        elif member.party.kind == "agency":
            purse.register_account(member)


def _offices(cast: Cast) -> list[purse.Office]:
    """The departments with a second person each, who checks what the first one makes."""
    return [_office(member) for member in cast.values() if member.party.kind == "department"]


def _office(member: Member) -> purse.Office:
    persona = member.party.email == DAN.email
    if not persona:
        lend_colleague(member, f"finance{member.party.number:02d}@{EXTRA}", f"{member.party.person}的同事")
    return purse.Office(member, member.by, By(colleagues(member)[0], member.pk), persona)


def _years(offices: Sequence[purse.Office], start: datetime, base: datetime) -> Life:
    """Each new year brings its budgets, and somewhat later the decision about what the old one left."""
    for year in range((start - 5 * DAY).astimezone(LOCAL).year + 1, base.astimezone(LOCAL).year + 1):
        yield datetime(year, 1, 1, tzinfo=LOCAL)
        for office in offices:
            purse.grant(office.department, large=office.persona)
        yield datetime(year, 1, 20, 10, tzinfo=LOCAL)
        for office in offices:
            purse.end_of_year(office, year - 1)


def _plans(cast: list[Member], start: datetime, base: datetime) -> Iterator[tuple[datetime, Plan]]:
    """The usual ones spread over the year, more of them lately, and a few for what is going on right now."""
    usual = [start + (base - start - 40 * DAY) * n / USUAL for n in range(USUAL)]
    recent = [base - 40 * DAY + 39 * DAY * n / RECENT for n in range(RECENT)]
    for number, moment in enumerate([*usual, *recent]):
        yield moment, _plan(cast, number)
    yield from _owed(cast, base)
    yield from _now(cast, base)


def _plan(cast: list[Member], number: int) -> Plan:
    draws, ending = chance.source(), ENDINGS.get(number, "")
    public = number % 3 == 1
    buyers = [one for one in cast if one.party.kind == ("department" if public else "enterprise")]
    buyer = _by_email(cast, (DAN if public else BEA).email) if number % 4 == 1 else draws.choice(buyers)
    method = "random_draw" if number % 7 == 3 else "direct" if number % 11 == 5 and not public else "live_auction"
    ware = draws.choice(DEPARTMENT_WARES if public else ENTERPRISE_WARES)
    project = draws.choice(DEPARTMENT_PROJECTS if public else ENTERPRISE_PROJECTS)
    few = {"no_bid": "live_auction", "too_few": "live_auction", "declined": "live_auction", "silent": "live_auction"}
    return Plan(
        buyer=buyer,
        ware=ware,
        project=project,
        method=few.get(ending, method),
        bidders=[] if ending == "too_few" else _bidders(cast, ware, 3 + number % 3),
        ending=ending,
    )


def _bidders(cast: list[Member], ware: Ware, count: int) -> list[Member]:
    """Agencies that offer the item and hold what it requires; Ana and Tom more often than others."""
    able = [one for one in cast if may_serve(one.party, ware.item)]
    known = [one for one in able if one.party.email in (ANA.email, TOM.email) and chance.source().random() < 0.6]
    others = [one for one in able if one not in known]
    chosen = known + chance.source().sample(others, min(max(count - len(known), 0), len(others)))
    chance.source().shuffle(chosen)
    return chosen


def may_serve(party: Party, item_code: str) -> bool:
    """Does an agency of the cast offer an item, and hold the licence it may require?"""
    held = ("", *party.licences)
    return any(item.code == item_code and item.licence_kind in held for item in offered(party))


def _now(cast: list[Member], base: datetime) -> Iterator[tuple[datetime, Plan]]:
    """Two auctions that run at the end, one draw soon after, a few announced ones."""
    bea, dan = _by_email(cast, BEA.email), _by_email(cast, DAN.email)
    others = [one for one in cast if one.party.kind == "enterprise" and one is not bea]
    running = ((others[0], "02011", -4, 15), (others[1], "03020", -2, 30))
    for buyer, code, minutes, length in running:
        yield base - 12 * DAY, _current(cast, buyer, code, base + timedelta(minutes=minutes), minutes=length)
    announced = ((bea, "02019", 26), (dan, "01006", 50), (others[2], "03023", 75), (others[3], "01003", 98))
    for place, (buyer, code, hours) in enumerate(announced):
        method = "random_draw" if place == 3 else "live_auction"
        yield base - 9 * DAY, _current(cast, buyer, code, base + timedelta(hours=hours), minutes=30, method=method)


def _owed(cast: list[Member], base: datetime) -> Iterator[tuple[datetime, Plan]]:
    """Small works of the persona's department, done lately: what its finance office has to pay when a visitor comes."""
    dan = _by_email(cast, DAN.email)
    for place, days in enumerate((56, 53, 50, 47, 44, 41)):
        ware = next(ware for ware in DEPARTMENT_WARES if ware.item == ("02013", "03022")[place % 2])
        project = DEPARTMENT_PROJECTS[place]
        yield base - days * DAY, Plan(dan, ware, project, "live_auction", _bidders(cast, ware, 3))


def _stories(cast: list[Member], base: datetime) -> Iterator[tuple[datetime, Plan]]:
    """Contracts that were changed or ended early (`changing.STORIES`), or that wait for a visitor's answer."""
    bea, dan, ana = (_by_email(cast, one.email) for one in (BEA, DAN, ANA))
    others = [one for one in cast if one.party.kind == "enterprise" and one is not bea]
    late = base - timedelta(hours=5)
    told = (
        (170, others[0], "02010", "extended", None), (150, dan, "02012", "repriced", None),
        (130, bea, "02010", "ended_half", None), (90, dan, "02012", "ended", None),
        (110, others[1], "03024", "disputed", None), (70, others[2], "02015", "unanswered", None),
        (30, bea, "02010", "change_waits", late), (30, dan, "02012", "end_waits", late),
        (10, bea, "02018", "sent_back", None), (9, others[3], "02011", "sent_back_by_buyer", None),
    )  # fmt: skip
    for days, buyer, code, ending, until in told:
        public = buyer is dan
        ware = _ware(code)
        bidders = _bidders(cast, ware, 3)
        if ending in changing.VISITED:
            bidders = [ana, *(one for one in bidders if one is not ana)]
        project = chance.source().choice(DEPARTMENT_PROJECTS if public else ENTERPRISE_PROJECTS)
        method = "live_auction" if public else "direct"
        yield base - days * DAY, Plan(buyer, ware, project, method, bidders, ending, until=until)


def _ware(code: str) -> Ware:
    return next(ware for ware in (*ENTERPRISE_WARES, *DEPARTMENT_WARES) if ware.item == code)


def _current(
    cast: list[Member], buyer: Member, code: str, closes: datetime, *, minutes: int, method: str = "live_auction"
) -> Plan:
    ware = _ware(code)
    public = buyer.party.kind == "department"
    project = chance.source().choice(DEPARTMENT_PROJECTS if public else ENTERPRISE_PROJECTS)
    bidders = _bidders(cast, ware, 4)
    ana = _by_email(cast, ANA.email)
    if ana not in bidders and may_serve(ana.party, code):
        bidders.append(ana)
    return Plan(buyer, ware, project, method, bidders, closes=closes, minutes=minutes)


def _drafts(line: Timeline, cast: Cast, base: datetime) -> None:
    """Needs somebody is still writing."""
    bea, dan = cast[BEA.email], cast[DAN.email]
    for days, steps, buyer in ((6, 1, bea), (4, 3, dan), (2, 4, bea), (1, 5, dan)):
        wares = DEPARTMENT_WARES if buyer is dan else ENTERPRISE_WARES
        projects = DEPARTMENT_PROJECTS if buyer is dan else ENTERPRISE_PROJECTS
        plan = Plan(buyer, wares[steps], projects[steps], "live_auction", ())
        line.add(base - days * DAY, drafted(plan, steps))


def _by_email(cast: list[Member], email: str) -> Member:
    return next(one for one in cast if one.party.email == email)
