"""What becomes of signed contracts besides work: changed by agreement, ended early, or left with a proposal that waits
for a visitor's answer; and drafts that one side sent back. A story is named by a plan's ending.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from contracts import selectors as contracts
from contracts import services as deals
from contracts.models import Amendment, Contract, Liable, Side, Termination
from contracts.services import amending, money
from contracts.tasks import watch_deadlines
from core import clock
from core.audit import By
from core.money import Money
from portal.demo import escrow
from portal.demo.organisations import Member
from supervision.services import clocks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEAR_THE_MOST = Decimal("1.095")  # of the award; by law all changes of a price together stay within a tenth
YUAN = Decimal(1)
Told = Generator[datetime, None, bool]  # says whether the contract is over


@dataclass(frozen=True)
class Deal:
    """A contract in a story. `until`: when a proposal is made that nobody answers any more."""

    contract_id: int
    buyer: Member
    supplier: Member
    until: datetime | None = None

    @property
    def contract(self) -> Contract:
        return contracts.contract(self.contract_id)

    def by(self, side: Side) -> By:
        return (self.buyer if side == Side.BUYER else self.supplier).by


def before(ending: str, deal: Deal, position: int) -> Told:
    """What comes before the work on a stage."""
    story = STORIES.get((ending, position))
    return (yield from story(deal)) if story else False


def haggled(ending: str, deal: Deal) -> bool:
    """A draft that one side sent back, and stays so; says whether it is one."""
    if ending not in SENT_BACK:
        return False
    side, reason = SENT_BACK[ending]
    drafter = Side.SUPPLIER if side == Side.BUYER else Side.BUYER
    contract, by = deal.contract, deal.by(drafter)
    stages = [("提交全部成果", contract.amount, 20)]
    deals.draft(contract_id=contract.pk, terms=contract.terms, milestones=stages, side=drafter, by=by)
    deals.confirm(contract_id=contract.pk, side=drafter, by=by)
    deals.send_back(contract_id=contract.pk, side=side, reason=reason, by=deal.by(side))
    return True


def _extended(deal: Deal) -> Told:
    """The agency asks for more time: first with a slip of the pen, taken back, then rightly, and is given it."""
    yield clock.now() + DAY
    clocks.watch()  # which sees the last days move
    slip = _propose(deal, Side.SUPPLIER, "委托方补充勘察资料较晚，申请顺延。", days=60)
    yield clock.now() + HOUR
    deals.withdraw_amendment(amendment_id=slip.pk, by=deal.supplier.by)
    asked = _propose(deal, Side.SUPPLIER, "委托方补充勘察资料较晚，各阶段顺延七天。", days=7)
    yield clock.now() + DAY
    deals.agree_amendment(amendment_id=asked.pk, by=deal.buyer.by)
    clocks.watch()
    return False


def _repriced(deal: Deal) -> Told:
    """A cut the agency refuses, then more work for a price close to the most the law allows."""
    yield clock.now() + DAY
    cut = _propose(deal, Side.BUYER, "现场点位减少两处，按比例核减费用。", share=Decimal("0.93"))
    yield clock.now() + DAY
    why = "点位减少后需补做类比分析，工作量没有减少。"
    deals.return_amendment(amendment_id=cut.pk, reason=why, by=deal.supplier.by)
    yield clock.now() + DAY
    more = _propose(deal, Side.SUPPLIER, "应审批部门要求增加两次补充监测和专家复核。", share=NEAR_THE_MOST)
    yield clock.now() + DAY
    deals.agree_amendment(amendment_id=more.pk, by=deal.buyer.by)
    return False


def _change_waits(deal: Deal) -> Told:
    yield max(clock.now(), deal.until or clock.now())
    _propose(deal, Side.SUPPLIER, "雨季无法开展现场调查，申请各阶段顺延十天。", days=10)
    return False


def _ended(deal: Deal) -> Told:
    """Nobody's fault: the project was called off before work began. A department's money is free again."""
    yield clock.now() + 2 * DAY
    end = _end(deal, Side.BUYER, "项目调整，不再实施，双方均无过错。", Liable.NEITHER)
    yield clock.now() + DAY
    deals.agree_termination(termination_id=end.pk, by=deal.supplier.by)
    return True


def _ended_half(deal: Deal) -> Told:
    """Paid into escrow, the first stage accepted, then both give up: what was accepted is paid, the rest goes back."""
    yield clock.now() + DAY
    end = _end(deal, Side.SUPPLIER, "基础资料无法取得，后续工作不能开展，双方都有准备不足之处。", Liable.BOTH)
    yield clock.now() + DAY
    deals.agree_termination(termination_id=end.pk, by=deal.buyer.by)
    return True


def _secured(deal: Deal) -> Told:
    """The whole price lies in escrow before the work begins."""
    yield clock.now() + HOUR
    if money.standing(deal.contract).open_parts:
        escrow.pay(deal.contract, deal.buyer.by)
    return False


def _disputed(deal: Deal) -> Told:
    """Each blames the other, so nothing ends: the first proposal is taken back, two more are answered with a no."""
    yield clock.now() + DAY
    hasty = _end(deal, Side.BUYER, "未按时进场。", Liable.SUPPLIER)
    yield clock.now() + HOUR
    deals.withdraw_termination(termination_id=hasty.pk, by=deal.buyer.by)
    first = _end(deal, Side.BUYER, "约定进场日后三日仍未进场，影响开工。", Liable.SUPPLIER)
    yield clock.now() + DAY
    _dispute(deal, first, "进场须委托方先完成场地移交，至今没有移交单。", Liable.BUYER)
    yield clock.now() + DAY
    second = _end(deal, Side.SUPPLIER, "场地迟迟不移交，工作无法开展。", Liable.BUYER)
    yield clock.now() + DAY
    _dispute(deal, second, "场地已于约定日移交，有签收记录。", Liable.SUPPLIER)
    return False


def _unanswered(deal: Deal) -> Told:
    """The agency does not answer in time: the clock ends the contract."""
    yield clock.now() + DAY
    end = _end(deal, Side.BUYER, "签订后联系不上项目负责人，无法开展工作。", Liable.SUPPLIER)
    yield end.answer_by + HOUR
    watch_deadlines()
    return True


def _end_waits(deal: Deal) -> Told:
    yield max(clock.now(), deal.until or clock.now())
    _end(deal, Side.BUYER, "规划调整，原定范围不再实施，拟解除合同。", Liable.NEITHER)
    return False


STORIES: dict[tuple[str, int], Callable[[Deal], Told]] = {
    ("extended", 1): _extended,
    ("repriced", 1): _repriced,
    ("change_waits", 1): _change_waits,
    ("ended", 1): _ended,
    ("ended_half", 1): _secured,
    ("ended_half", 2): _ended_half,
    ("disputed", 1): _disputed,
    ("unanswered", 1): _unanswered,
    ("end_waits", 1): _end_waits,
}
SOUR = ("extended", "repriced", "disputed")  # after which the buyer is not content
VISITED = ("change_waits", "end_waits", "sent_back")  # something for the agency a visitor may become
# Who sent it back, and why.
SENT_BACK = {
    "sent_back": (Side.SUPPLIER, "请写明现场配合人员和资料移交日期，否则工期无法保证。"),
    "sent_back_by_buyer": (Side.BUYER, "请按送审稿、报批稿分两个阶段付款。"),
}


def _propose(deal: Deal, side: Side, reason: str, *, days: int = 0, share: Decimal | None = None) -> Amendment:
    """Every last day so many days later, or the last stage's price so that the whole is a share of the award."""
    contract = deal.contract
    stands = amending.standing(contract)
    stages = [(one.milestone, one.title, Money(one.amount), one.due + timedelta(days=days)) for one in stands]
    if share is not None:
        milestone, title, amount, due = stages[-1]
        others = contract.amount - amount
        stages[-1] = (milestone, title, _price(contract, share) - others, due)
    return deals.propose_amendment(
        contract_id=contract.pk, side=side, reason=reason, terms=contract.terms, stages=stages, by=deal.by(side)
    )


def _price(contract: Contract, share: Decimal) -> Money:
    """A share of the award in whole yuan, never above the ceiling."""
    wanted = contract.award.amount.amount * share
    ceiling = contract.award.need.ceiling
    return Money(min(wanted, ceiling.amount if ceiling else wanted).quantize(YUAN, ROUND_DOWN))


def _end(deal: Deal, side: Side, reason: str, liable: Liable) -> Termination:
    return deals.propose_termination(
        contract_id=deal.contract_id, side=side, reason=reason, liable=liable, by=deal.by(side)
    )


def _dispute(deal: Deal, end: Termination, reason: str, liable: Liable) -> None:
    side = Side.SUPPLIER if end.proposed_by == Side.BUYER else Side.BUYER
    deals.dispute_termination(termination_id=end.pk, reason=reason, liable=liable, by=deal.by(side))
