"""The words for every code of this room: states, steps, actions, issues, fair-competition rules.

Rules and selectors speak in codes; whoever shows them to people looks here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.workdays import LOCAL
from marketplace.rules import lifecycle

Text = str | Promise

STATES: dict[str, Text] = {
    lifecycle.DRAFT: _("草稿"),
    lifecycle.PUBLISHED: _("公告中"),
    lifecycle.COMPETING: _("选取中"),
    lifecycle.SELECTED: _("已选取"),
    lifecycle.AWARDED: _("已中选"),
    lifecycle.IN_SERVICE: _("服务中"),
    lifecycle.COMPLETED: _("已完成"),
    lifecycle.CLOSED: _("已归档"),
    lifecycle.FAILED: _("流标"),
    lifecycle.CANCELLED: _("已终止"),
}
# The tone of components/state.html.
STATE_TONES = {
    lifecycle.DRAFT: "neutral",
    lifecycle.PUBLISHED: "now",
    lifecycle.COMPETING: "now",
    lifecycle.SELECTED: "good",
    lifecycle.AWARDED: "good",
    lifecycle.IN_SERVICE: "now",
    lifecycle.COMPLETED: "good",
    lifecycle.CLOSED: "ended",
    lifecycle.FAILED: "ended",
    lifecycle.CANCELLED: "ended",
}
STAGES: dict[str, Text] = {
    "notice": _("公告与报名"),
    "competition": _("选取"),
    "award": _("中选确认"),
    "contract": _("合同签订"),
    "delivery": _("服务与成果"),
    "rating": _("双方评价"),
}
STEPS: dict[str, Text] = {
    "item": _("服务事项"),
    "scope": _("服务内容"),
    "money": _("最高限价"),
    "method": _("选取方式"),
    "schedule": _("时间安排"),
    "check": _("检查并发布"),
}


@dataclass(frozen=True)
class Ask:
    """What a step asks, and one sentence of help."""

    question: Text
    help: Text


STEPS_ASK: dict[str, Ask] = {
    "item": Ask(_("您需要哪项服务？"), _("从目录里选一项。目录之外、已经取消的事项，谁都不能要求您提供。")),
    "scope": Ask(_("要做什么，在哪里做？"), _("写给没有到过现场的人看：做什么、做到什么程度、交什么成果。")),
    "money": Ask(_("最多愿意付多少？"), _("这是价格的上限，机构的报价不会超过它。")),
    "method": Ask(_("怎么选出服务机构？"), _("平台按公开的规则自动选取，任何人都不能替您指定。")),
    "schedule": Ask(_("什么时候截止，多久做完？"), _("给机构留出看懂需求和提问的时间，报价才会认真。")),
    "check": Ask(_("检查一遍，然后发布"), _("发布后内容不能再改，所有人都能看到。")),
}
METHOD_NOTES: dict[str, Text] = {
    "live_auction": _("报名截止后在线公开竞价，匿名报价、实时可见，价低者中选。适合成果标准明确的服务。"),
    "random_draw": _("价格固定为您填的金额，从报名机构中随机抽取一家，抽取过程任何人可以复算。"),
    "direct": _("公告后由您自己比较、选定一家机构并写明理由。只有企业自费委托时可以使用。"),
}
NEXT_ACTIONS: dict[str, Text] = {
    "finish": _("继续填写"),
    "choose_item": _("事项已取消，请改选"),
    "answer": _("答复机构的问题"),
    "choose": _("选择机构"),
    "wait_entries": _("等待机构报名"),
    "watch": _("查看选取过程"),
    "wait_confirmation": _("等待中选机构确认"),
    "contract": _("签订合同"),
    "accept": _("查看进度与成果"),
    "rate": _("评价本次服务"),
    "relist": _("修改后重新发布"),
    "none": _("查看"),
}
FAILURES: dict[str, Text] = {
    "too_few_entrants": _("报名的机构数量不足。"),
    "no_bid": _("没有机构提交有效报价。"),
    "none_left": _("中选机构放弃，且没有可以递补的机构。"),
    "terminated": _("合同签订后解除，服务没有完成。"),
    "no_money_left": _("中选机构因受限未能承接，预算指标的余额已不足以重新选取。"),
    "not_chosen": _("委托方没有在期限内选定机构。"),
}
UNITS: dict[str, Text] = {
    "working_days": _("个工作日"),
    "days": _("天"),
    "hours": _("小时"),
    "minutes": _("分钟"),
    "seconds": _("秒"),
}

# Sentences of rules.publication issues; the places are filled from Issue.data.
ISSUES: dict[str, Text] = {
    "step.unfinished": _("这一步有填写的内容还没有通过检查，请打开后改正。"),
    "item.missing": _("请先选择服务事项。"),
    "item.cancelled": _("这个服务事项已经取消，任何单位不得再要求提供，请改选其他事项。"),
    "item.department_pays": _(
        "这是部门在审批中委托的技术性服务，由部门支付并纳入预算，企业不用委托，也不用付费。如果有人要求您委托，可以拒绝并投诉。"
    ),
    "item.applicant_pays": _(
        "这项服务通常由申请人自行委托。部门只有在自己就是项目建设单位、用本单位预算支付时才能委托，请勾选确认；费用不得转嫁给申请人。"
    ),
    "title.missing": _("请填写需求名称。"),
    "scope.length": _("服务内容请写 {least} 至 {most} 字，现在是 {length} 字。"),
    "region.missing": _("请选择服务地区。"),
    "ceiling.missing": _("请填写最高限价。"),
    "ceiling.procurement": _(
        "限价达到 {threshold} 元，请先确认是否应当走政府采购程序，不得拆分规避。（限额标准待运营机构确认）"
    ),
    "budget.missing": _("部门委托的服务由部门支付，请选择预算指标。"),
    "budget.year": _("所选的预算指标不是本年度的，或者已经结账，请改选本年度的指标。"),
    "budget.short": _("所选指标可用 {free} 元，不够 {wanted} 元。请降低限价、换一个指标，或先办理预算追加。"),
    "method.missing": _("请选择选取方式。"),
    "method.designation": _("部门委托的技术性服务必须竞争选择，请选竞价选取或随机选取。"),
    "schedule.too_early": _("报名截止不能早于 {earliest}，否则公告期不够。"),
    "schedule.too_late": _("报名截止不能晚于 {latest}。"),
    "schedule.minutes": _("请选择竞价时长。"),
    "schedule.delivery": _("请填写服务时限，1 至 {most} 个工作日。"),
}


@dataclass(frozen=True)
class RuleWords:
    """What a fair-competition rule says: what is wrong, what to write instead, and where the law says so."""

    sentence: Text
    advice: Text
    basis: Text


_ORDINANCE_43 = _("《优化营商环境条例》第四十三条")
_FAIR_COMPETITION = _("《公平竞争审查条例》第八条至第十一条")
FAIRNESS: dict[str, RuleWords] = {
    "vague.materials": RuleWords(
        _("“其他材料”“有关材料”这类说法没有边界。"),
        _("请逐项写明名称，写不出来的就不要求。"),
        _("《优化营商环境条例》第四十三条；模糊条款清理要求"),
    ),
    "vague.scope": RuleWords(
        _("这里的范围不够具体，机构难以估价。"), _("请尽量列明；确实无法列明的可以保留。"), _("模糊条款清理要求")
    ),
    "locality": RuleWords(
        _("不能限定机构的注册地，也不能要求设立本地分支机构。"),
        _("请删去地域条件；需要现场服务的，写明到场时间即可。"),
        _FAIR_COMPETITION,
    ),
    "designation": RuleWords(
        _("不能指定、推荐或变相指定某家机构。"),
        _("请删去机构名称，只写需要达到的要求。"),
        _("《优化营商环境条例》第四十三条、第六十九条第九项"),
    ),
    "closed_list": RuleWords(
        _("不能只面向名录库、备选库里的机构。"),
        _("平台对所有依法设立的机构开放，请删去入库条件。"),
        _FAIR_COMPETITION,
    ),
    "threshold.size": RuleWords(
        _("不能用注册资本、营业额、人数等规模条件排除机构。"),
        _("请改为写明成果质量和人员执业资格要求。"),
        _FAIR_COMPETITION,
    ),
    "threshold.age": RuleWords(_("不能要求机构成立或从业满若干年。"), _("请改为写明成果质量要求。"), _FAIR_COMPETITION),
    "threshold.record": RuleWords(
        _("业绩、奖项要求可能把新机构排除在外。"),
        _("确有必要时，请写明与服务质量的关系，并只作参考。"),
        _FAIR_COMPETITION,
    ),
    "ownership": RuleWords(_("不能按所有制、组织形式区别对待机构。"), _("请删去这个条件。"), _FAIR_COMPETITION),
    "brand": RuleWords(_("不能限定品牌或型号。"), _("请改为写明技术参数或效果要求。"), _FAIR_COMPETITION),
    "entry_fee": RuleWords(_("参与选取不收任何费用。"), _("请删去报名费、标书费等收费要求。"), _ORDINANCE_43),
    "fee_shifting": RuleWords(
        _("部门委托的技术性服务由部门支付，不得把费用转嫁给申请人。"),
        _("请删去由申请人付费的内容。"),
        _("《优化营商环境条例》第四十三条；国办发〔2015〕31号"),
    ),
    "splitting": RuleWords(
        _("不能把一个项目拆成几份来规避竞争或采购限额。"),
        _("请合并为一项需求；分阶段付款可以在合同里约定。"),
        _("《政府采购法》第二十八条"),
    ),
}


def issue_text(code: str, data: dict[str, Any]) -> str:
    """The sentence of an issue: a fair-competition rule's with its excerpt, or the issue's own."""
    if code in FAIRNESS:
        return str(FAIRNESS[code].sentence)
    shown = {name: _shown(value) for name, value in data.items()}
    return str(ISSUES[code]).format(**shown)


def _shown(value: Any) -> Any:
    return f"{value.astimezone(LOCAL):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value
