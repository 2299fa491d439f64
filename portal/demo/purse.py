"""The departments' money in the demo: budget lines each year, what is left at its end, and paydays on which two people
of each department pay what is owed. The last weeks of the persona's department are left to the persona.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import chance, clock
from core.audit import By
from core.money import Money
from payments.models import BudgetLine, Payable, PaymentOrder, TreasuryBatch
from payments.rules import budget as rules
from payments.rules import treasury as files
from payments.selectors import budget, payables
from payments.services import cards, lines, orders, treasury
from payments.services.orders import PayTo
from portal.demo.organisations import Member
from portal.demo.timeline import Life

# Code, name, and how many ten thousand yuan a department gets for it.
LINES = (
    ("2010301-01", "行政审批技术审查与评估", 16),
    ("2010301-02", "政府投资项目评审与结算审核", 24),
    ("2010301-03", "规划和专项论证编制", 20),
    ("2010301-04", "监测、检测与测绘服务", 12),
)
SHARE_OF_PERSONA = 2  # the persona's department is the largest
BANKS = ("中国建设银行", "中国工商银行", "中国农业银行", "河北银行", "廊坊银行")
DAY, WEEK = timedelta(days=1), timedelta(days=7)
SLOW, USUAL = timedelta(days=20), timedelta(days=2)  # how long a result lies before somebody orders its payment
LEFT_TO_PERSONA = timedelta(days=24)
WRONG_ACCOUNT = "账号与户名不符"


@dataclass(frozen=True)
class Office:
    """A department with the two people who pay."""

    department: Member
    maker: By
    checker: By
    persona: bool = False

    @property
    def slow(self) -> bool:
        return self.department.party.number % 5 == 3


def grant(member: Member, *, large: bool) -> None:
    """This year's lines of a department, unless it has some."""
    year = lines.this_year()
    if budget.lines_of(member.pk, year):
        return
    for place, (code, name, amount) in enumerate(LINES, start=1):
        times = SHARE_OF_PERSONA if large else 1
        lines.open_line(
            department_id=member.pk,
            year=year,
            code=code,
            name=name,
            amount=Money.of(amount * times * 10_000 + chance.source().randrange(0, 9) * 1000),
            document=f"廊财预〔{year}〕{member.party.number % 40 + place} 号",
            reason="年初部门预算批复",
            by=member.by,
        )


def line_for(member: Member, item_code: str, ceiling: Money) -> BudgetLine:
    """A line of the department with enough in it: the one the item's category goes to, else the fullest, raised when
    even that is not enough.
    """
    found = budget.usable_lines(member.pk)
    wanted = {"01": 1, "09": 1, "13": 1, "02": 0, "03": 0, "06": 3}.get(item_code[:2], 2)
    first = found[wanted % len(found)]
    fullest = max(found, key=lambda one: one.standing.free)
    chosen = first if first.standing.free >= ceiling else fullest
    if chosen.standing.free < ceiling:
        lines.adjust(
            line_id=chosen.line.pk,
            amount=ceiling,
            adds=True,
            document=f"廊财预〔{lines.this_year()}〕{chosen.line.pk % 60 + 60} 号",
            reason="年中预算追加",
            by=member.by,
        )
    return chosen.line


def register_account(member: Member) -> None:
    """An agency says where it wants to be paid."""
    number = member.party.number
    orders.keep_account(
        organisation_id=member.pk,
        to=PayTo(
            member.organisation.name,
            f"{BANKS[number % len(BANKS)]}{member.organisation.region.name}支行",
            f"{1305_0170_0000 + number * 7919 % 9999:012d}{number:06d}",
        ),
        by=member.by,
    )


def end_of_year(office: Office, year: int) -> None:
    """What a past year has left: the first line's is carried over, the others' returned; then the year is closed."""
    by = office.maker
    for place, one in enumerate(budget.lines_of(office.department.pk, year)):
        if one.standing.free:
            decide = lines.lapse if place else lines.carry_over
            document = f"廊财预〔{year + 1}〕{place + 51} 号"
            decide(line_id=one.line.pk, document=document, reason="年终结余处理决定", by=by)
    lines.close_year(department_id=office.department.pk, year=year, by=by)


def paydays(offices: Sequence[Office], start: datetime, base: datetime) -> Life:
    """Every week each department takes in what the treasury answered and sends what is owed."""
    moment = start
    while moment < base - DAY:
        yield moment
        cards.turn_due_cards()
        for office in offices:
            if not office.persona or moment < base - LEFT_TO_PERSONA:
                payday(office, clock.now())
        moment += WEEK
    yield base - timedelta(hours=3)
    cards.turn_due_cards()
    for office in offices:
        if office.persona:
            _leave(office)


def payday(office: Office, now: datetime) -> None:
    _take_returns(office)
    org_id = office.department.pk
    for order in payables.orders_of(org_id, rules.REJECTED):
        orders.correct(order_id=order.pk, to=_account(order.payable), purpose=order.purpose, by=office.maker)
    patience = SLOW if office.slow else USUAL
    _make(office, [row for row in payables.to_order(org_id) if now - row.since > patience])
    _check(office, payables.orders_of(org_id, rules.TO_CHECK))
    _send(office, list(payables.orders_of(org_id, rules.CHECKED)))


def _take_returns(office: Office) -> None:
    """The treasury pays, and now and then finds an account that does not fit."""
    for batch in TreasuryBatch.objects.filter(department=office.department.pk, answered_at=None):
        first = [line for line in batch.lines.all() if line.order.batch_lines.count() == 1]
        _answer(office, batch, [(line.position, WRONG_ACCOUNT) for line in first if line.order_id % 9 == 4])


def _answer(office: Office, batch: TreasuryBatch, wrong: Iterable[tuple[int, str]] = ()) -> None:
    content = files.results_csv(treasury.results_for(batch, wrong)).encode()
    treasury.take_return(department_id=office.department.pk, content=content, by=office.maker)


def _account(payable: Payable) -> PayTo:
    account = payables.account_of(payable.commitment.payee_id)
    if account is None:
        raise RuntimeError(f"payable {payable.pk} has nobody to pay to")
    return PayTo(account.holder, account.bank, account.number)


def _make(office: Office, owed: Iterable[Payable], by: By | None = None) -> list[PaymentOrder]:
    return [
        orders.make(payable_id=row.pk, to=_account(row), purpose="技术服务费", by=by or office.maker) for row in owed
    ]


def _check(office: Office, made: Iterable[PaymentOrder]) -> list[PaymentOrder]:
    return [orders.check(order_id=order.pk, by=office.checker) for order in made]


def _send(office: Office, checked: Sequence[PaymentOrder]) -> TreasuryBatch | None:
    if not checked:
        return None
    ids = [order.pk for order in checked]
    return treasury.make_batch(department_id=office.department.pk, order_ids=ids, by=office.maker)


def _leave(office: Office) -> None:
    """What is open when the persona comes: something in each hand, as far as there is something."""
    _take_returns(office)
    owed = list(payables.to_order(office.department.pk))
    if len(owed) > 1:
        rejected = _send(office, _check(office, _make(office, owed[1:2])))
        if rejected:
            _answer(office, rejected, [(1, WRONG_ACCOUNT)])
    _send(office, _check(office, _make(office, owed[2:3])))
    _check(office, _make(office, owed[3:4]))
    _make(office, owed[4:5], by=office.checker)
