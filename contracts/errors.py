"""Refusals from award to acceptance."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

DECLINE_REASON = define("award.reason", _("请写明放弃中选的理由。"), _("用一句话说明原因；理由会随结果一并公布。"))
NO_AWARD_OF_YOURS = define(
    "award.not_yours", _("只有中选机构可以确认或放弃中选。"), _("请切换到中选机构的账号。"), status=403
)
REASON_MISSING = define("contract.reason", _("请写明理由。"), _("用一句话说明原因，对方和社会公众才能理解这个决定。"))
ALREADY_SIGNED = define(
    "contract.signed",
    _("合同已经签订，条款和阶段不能再改。"),
    _("如需调整，请在合同页提出变更，由对方同意。"),
    status=409,
)
SUPPLIER_RESTRICTED = define(
    "contract.restricted",
    _("贵机构目前处于受限状态，不能确认尚未确认过的合同。"),
    _("平台将依次通知下一名；此前已经确认的合同照常履行。对限制措施有异议的，请在案件页面申请复核。"),
    status=403,
)
NOT_RUNNING = define(
    "contract.not_running",
    _("合同尚未签订或已经结束，不能这样处理。"),
    _("请刷新页面查看合同的最新状态。"),
    status=409,
)
TERMINATION_WAITING = define(
    "termination.waiting", _("已有一项解除申请等待答复。"), _("请先答复，或由提出方撤回。"), status=409
)
TERMINATION_ANSWERED = define(
    "termination.answered", _("这项解除申请已经处理过。"), _("请刷新页面查看最新状态。"), status=409
)
TERMINATION_RESULT_WAITS = define(
    "termination.result_waits",
    _("有一份成果还在等待验收，合同现在不能解除。"),
    _("请先验收或退回这份成果；已经验收的部分仍应付款。"),
    status=409,
)
FILING_NUMBER = define("filing.number", _("请填写备案编号。"), _("填写备案机关给出的编号，不超过 60 个字。"))
FILED = define("filing.done", _("这份合同已经登记过备案。"), _("备案编号见合同页。"), status=409)
FILING_DEPARTMENT = define(
    "filing.department", _("只有政府部门的合同需要备案。"), _("企业的合同由平台公告，无需备案。"), status=409
)
NOT_CHANGEABLE = define(
    "contract.not_changeable",
    _("合同尚未签订或已经结束，不能变更。"),
    _("签订前请直接修改草稿；已经完成的合同如有新的需要，请发布新的需求。"),
    status=409,
)
AMENDMENT_WAITING = define(
    "amendment.waiting",
    _("已有一项变更申请等待答复。"),
    _("请先答复，或由提出方撤回，再提出新的变更。"),
    status=409,
)
AMENDMENT_ANSWERED = define(
    "amendment.answered", _("这项变更申请已经处理过。"), _("请刷新页面查看最新状态。"), status=409
)
AMENDMENT_NOTHING = define("amendment.nothing", _("没有任何改动。"), _("请修改期限、金额或条款后再提出。"))
AMENDMENT_STAGES = define(
    "amendment.stages", _("变更应当列出合同的全部阶段。"), _("请刷新页面后重新填写；增加的内容请写入条款或阶段名称。")
)
AMENDMENT_HANDED_IN = define(
    "amendment.handed_in",
    _("第 {position} 阶段的成果已经提交或验收，这一阶段不能再变更。"),
    _("请只变更还没有提交成果的阶段。"),
)
AMENDMENT_BOUND = define(
    "amendment.bound",
    _("第 {position} 阶段正在整改或已经付款、托管，名称和金额不能再变更。"),
    _("期限仍可变更；需要调整金额的，请变更其他阶段。"),
)
AMENDMENT_AMOUNT = define("amendment.amount", _("第 {position} 阶段的金额必须大于零。"), _("请填写金额，精确到分。"))
AMENDMENT_OVERDUE = define(
    "amendment.overdue",
    _("第 {position} 阶段已经逾期，期限不能再变更。"),
    _("延期应当在到期前提出；已经逾期的，请尽快提交成果。"),
)
AMENDMENT_DAY = define(
    "amendment.day",
    _("第 {position} 阶段的最迟日期应当晚于今天，且不晚于 {last}。"),
    _("请重新选择日期。"),
)
AMENDMENT_PRICE = define(
    "amendment.price",
    _("变更后的金额 {amount} 元与中选金额 {awarded} 元相差超过 {percent}%（{most} 元）。"),
    _("历次变更合计不得超过这一比例；超出的部分请发布新的需求，重新选取机构。"),
)
AMENDMENT_CEILING = define(
    "amendment.ceiling",
    _("变更后的金额 {amount} 元高于需求的最高限价 {ceiling} 元。"),
    _("超出最高限价的部分请发布新的需求，重新选取机构。"),
)
AMENDMENT_MONEY = define(
    "amendment.money",
    _("委托方的预算指标现在不能承担变更后的金额。"),
    _("请委托方先调整预算指标；或退回这项变更，由一方另行提出。"),
    status=409,
)
VERSION_MOVED = define(
    "contract.version",
    _("对方刚刚修改了合同，现在是第 {version} 版。"),
    _("请先阅读最新的一版，再修改或确认。"),
    status=409,
)
NOTHING_TO_SEND_BACK = define(
    "contract.nothing_to_send_back",
    _("对方还没有确认任何一版合同，没有可以退回的内容。"),
    _("您可以直接修改合同，改好后请对方确认。"),
    status=409,
)
TERMS_EMPTY = define("contract.terms", _("合同条款不能为空。"), _("请填写条款，或恢复平台提供的文本。"))
MILESTONES_COUNT = define(
    "contract.milestones_count",
    _("合同应当有 1 至 {most} 个阶段，现在是 {count} 个。"),
    _("请增加或合并阶段。"),
)
MILESTONES_SUM = define(
    "contract.milestones_sum",
    _("各阶段金额合计 {total} 元，与中选金额 {amount} 元相差 {gap} 元。"),
    _("合同金额必须与中选金额一致，请调整各阶段金额，精确到分。"),
)
MILESTONE_TITLE = define(
    "contract.milestone_title", _("第 {position} 阶段没有名称。"), _("请写明这一阶段交付什么，例如“提交送审稿”。")
)
MILESTONE_DAYS = define(
    "contract.milestone_days",
    _("第 {position} 阶段的期限不在 1 至 {most} 个工作日之间。"),
    _("期限从合同签订的次日起按工作日计算，请重新填写。"),
)
NOT_IN_SERVICE = define(
    "contract.not_in_service",
    _("合同尚未签订或已经结束，不能提交成果。"),
    _("请先由双方确认合同；公示期满后合同自动签订。"),
    status=409,
)
MILESTONE_DONE = define("milestone.done", _("这一阶段的成果已经验收。"), _("请提交其他阶段的成果。"), status=409)
MILESTONE_NOT_ACCEPTED = define(
    "milestone.not_accepted",
    _("这一阶段的成果还没有验收，不能开具请款单。"),
    _("请等待委托方验收；验收后即可开具。"),
    status=409,
)
DELIVERABLE_WAITING = define(
    "deliverable.waiting",
    _("这一阶段已有一份成果等待委托方验收。"),
    _("请等待验收结果；如果被退回，可以整改后再次提交。"),
    status=409,
)
DELIVERABLE_DECIDED = define(
    "deliverable.decided",
    _("这份成果已经有了验收结果。"),
    _("请刷新页面查看最新状态。"),
    status=409,
)
RETURNED_BEFORE = define(
    "deliverable.returned_before",
    _("这一阶段的成果已经退回过一次，不能再次退回。"),
    _("请验收整改后的成果；如仍有争议，请按合同的争议条款处理，或向监管部门反映。"),
    status=409,
)
DEFECTS_MISSING = define(
    "deliverable.defects", _("退回成果必须一次列明全部问题。"), _("请逐条写明需要整改的内容，每行一条。")
)
DEFECTS_TOO_MANY = define(
    "deliverable.defects_too_many", _("问题清单过长。"), _("请合并为不超过 {most} 条，每条不超过 300 字。")
)
NOT_PAYABLE = define(
    "contract.not_payable",
    _("合同尚未签订，或已经解除而这一阶段没有验收，现在不能付款。"),
    _("双方确认且公示期满后合同自动签订，之后即可付款；合同解除后只付已经验收的阶段。"),
    status=409,
)
NOTHING_TO_PAY = define("contract.paid", _("没有待付款的阶段。"), _("请在合同页查看每个阶段的付款状态。"), status=409)
