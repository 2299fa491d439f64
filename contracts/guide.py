"""What stands where, in words: labels of states, whose move it is, and by when. Read by pages, lists and desks."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bidding.models import Award
from contracts import selectors
from contracts.models import Contract, Milestone, Side
from contracts.rules.lifecycle import State, Step
from contracts.services.delivery import may_be_silent

STATES: dict[State, tuple[Promise, str]] = {
    State.DRAFTING: (_("合同草拟"), "now"),
    State.TO_CONFIRM: (_("待对方确认"), "now"),
    State.PUBLICITY: (_("待公示期满"), "neutral"),
    State.IN_SERVICE: (_("服务中"), "now"),
    State.COMPLETED: (_("已完成"), "good"),
    State.TERMINATED: (pgettext_lazy("合同", "已解除"), "ended"),
}
STEPS: dict[Step, tuple[Promise, str]] = {
    Step.WAITING: (_("待提交"), "neutral"),
    Step.DELIVERED: (_("待验收"), "now"),
    Step.REWORK: (_("整改中"), "now"),
    Step.ACCEPTED: (_("已验收"), "good"),
}


@dataclass(frozen=True)
class Move:
    """The next thing to happen. `mine`: the reader's own to do; `note`: what follows if nobody does it."""

    text: str | Promise
    mine: bool = False
    by: datetime | None = None
    note: str | Promise = ""


def next_move(contract: Contract, side: str | None) -> Move:
    """What a contract waits for, seen by one side (None: a supervisor)."""
    state = selectors.state(contract)
    if state in (State.DRAFTING, State.TO_CONFIRM):
        return _drafting(contract, side)
    if state == State.PUBLICITY:
        return Move(_("双方已确认，公示期满后合同自动签订"), by=contract.award.publicity_ends_at)
    if state == State.IN_SERVICE:
        return _service(contract, side)
    return Move(_("合同已完成") if state == State.COMPLETED else _("合同已解除"))


def _drafting(contract: Contract, side: str | None) -> Move:
    confirmed = {Side.BUYER: contract.buyer_confirmed_at, Side.SUPPLIER: contract.supplier_confirmed_at}
    waiting = [one for one in Side if not confirmed[one]]
    if side is None or Side(side) not in waiting:
        return Move(_("等待对方确认合同"), by=contract.sign_by)
    text = _("请阅读并确认合同") if len(waiting) == 1 else _("请拟定并确认合同")
    return Move(text, mine=True, by=contract.sign_by)


def _service(contract: Contract, side: str | None) -> Move:
    milestones = [one for one in contract.milestones.all() if one.accepted_at is None]
    delivered = [one for one in milestones if selectors.step(one) == Step.DELIVERED]
    return _answer(contract, delivered[0], side) if delivered else _work(milestones[0], side)


def _answer(contract: Contract, milestone: Milestone, side: str | None) -> Move:
    waiting = selectors.waiting_deliverable(milestone)
    by = waiting.answer_by if waiting else None
    silence = _("逾期未答复视为验收通过") if may_be_silent(contract) else _("政府部门必须答复，逾期记录在案")
    if side == Side.BUYER:
        return Move(_("请验收“{title}”").format(title=milestone.title), mine=True, by=by, note=silence)
    return Move(_("等待委托方验收“{title}”").format(title=milestone.title), by=by, note=silence)


def _work(milestone: Milestone, side: str | None) -> Move:
    rework = [one.rework_by for one in milestone.deliverables.all() if one.rework_by]
    by = max([limit for limit in [milestone.due_at, *rework] if limit], default=None)
    text = _("请整改并重新提交“{title}”") if rework else _("请提交“{title}”的成果")
    if side == Side.SUPPLIER:
        return Move(text.format(title=milestone.title), mine=True, by=by)
    return Move(_("等待服务机构提交“{title}”").format(title=milestone.title), by=by)


AWARDS: dict[str, tuple[Promise, str]] = {
    Award.Outcome.PENDING: (_("待机构确认"), "now"),
    Award.Outcome.CONFIRMED: (_("机构已确认"), "good"),
    Award.Outcome.DECLINED: (_("已放弃"), "ended"),
    Award.Outcome.BARRED: (_("因受限未能承接"), "ended"),
}
