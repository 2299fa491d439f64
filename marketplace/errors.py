"""Refusals about the catalogue, needs and questions."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

ITEM_UNKNOWN = define("item.unknown", _("目录里没有这个服务事项。"), _("请从目录中选择一个有效的事项。"), status=404)
ITEM_CANCELLED = define(
    "item.cancelled",
    _("“{name}”已经取消，任何单位不得再要求提供这项服务。"),
    _("如果有人仍向您索要，可以直接拒绝并投诉；需要其他服务请另选事项。"),
    status=409,
)
ITEM_CHANGE = define("item.change", _("这个事项不能这样修改：{field}。"), _("请核对后重新提交。"))
STEP_UNKNOWN = define("need.step", _("没有这个步骤。"), _("请从当前步骤继续填写。"), status=404)
ALREADY_PUBLISHED = define(
    "need.published", _("这项需求已经发布，内容不能再改。"), _("需要调整时，请终止后复制一份重新发布。"), status=409
)
DESIGNATION = define(
    "need.designation",
    _("部门委托的技术性服务必须竞争选择，不能直接指定机构。"),
    _("请选择竞价选取或随机选取。"),
)
NOT_READY = define("need.not_ready", _("还有 {count} 处需要处理，暂时不能发布。"), _("请逐项修改后再次发布。"))
ALREADY_ENDED = define(
    "need.ended", _("这项需求已经选定机构或已经结束，不能再终止。"), _("请在需求页面查看当前进展。"), status=409
)
REASON_MISSING = define("need.reason", _("终止需求必须写明理由，理由会公开。"), _("请用一两句话写明理由。"))
ORDER = define("need.order", _("这项需求现在不能进入这个环节：{step}。"), _("请刷新页面查看当前进展。"), status=409)
NOT_AN_AGENCY = define("question.agency", _("只有入驻的中介服务机构可以提问。"), _("请切换到机构身份。"), status=403)
QUESTIONS_CLOSED = define(
    "question.closed", _("报名已经截止，不再接受提问。"), _("已有的问题和答复仍然公开可查。"), status=409
)
QUESTION_EMPTY = define("question.empty", _("请写下您的问题。"), _("问题限 5 至 1000 字。"))
QUESTIONS_WAITING = define(
    "question.waiting", _("您已有 {n} 个问题在等待答复。"), _("请等委托方答复后再提新的问题。"), status=429
)
QUESTIONS_MANY = define(
    "question.many", _("您对这项需求已经提了 {n} 个问题。"), _("请把还不清楚的地方并入已有问题的讨论。"), status=429
)
ANSWER_EMPTY = define("answer.empty", _("请写下答复。"), _("答复限 2000 字，会向所有人公开。"))
ALREADY_ANSWERED = define(
    "answer.already", _("这个问题已经答复过。"), _("答复公开后不再修改；需要补充时请在新的问题下说明。"), status=409
)
EXPORT_FORMAT = define("export.format", _("没有这种导出格式。"), _("可以导出 CSV 或 XLSX。"), status=404)
SUSPENDED = define(
    "need.suspended",
    _("这项需求正在处理投诉，已经暂停。"),
    _("暂停最长 30 天，期满或处理完毕自动恢复；原因见需求页面的公告。"),
    status=409,
)
SUSPENDED_ENOUGH = define(
    "need.suspended_enough",
    _("这项需求可以暂停的时间已经用完。"),
    _("同一件投诉累计最多暂停 30 天，同一项需求的各次暂停合计也有上限；请尽快作出处理答复，不再暂停。"),
    status=409,
)
NOT_SUSPENDABLE = define(
    "need.not_suspendable",
    _("这项需求现在不能暂停。"),
    _("只有已经发布、尚未签订合同的需求可以暂停；合同的争议请在合同中处理。"),
    status=409,
)
