"""Refusals about money."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

KEY_TAKEN = define(
    "ledger.key",
    _("这笔账已经用同一个编号记过，内容却不同。"),
    _("请刷新页面查看已记的账；如需更正，请另记一笔冲正。"),
    status=409,
)
OVERDRAWN = define(
    "ledger.overdrawn",
    _("“{account}”余额不足：现有 {free} 元，需要 {wanted} 元。"),
    _("请减少金额，或先补足余额再试。"),
    status=409,
)

BUDGET_SHORT = define(
    "budget.short",
    _("指标“{line}”可用余额不足：可用 {free} 元，需要 {wanted} 元。"),
    _("请降低金额、换一个指标，或先办理预算追加。"),
    status=409,
)
YEAR_OUT_OF_REACH = define("budget.year", _("不能登记 {year} 年度的预算。"), _("可以登记上年、本年和下年的预算。"))
YEAR_CLOSED = define("budget.closed", _("{year} 年度已经结账。"), _("请在本年度的指标上办理。"), status=409)
YEAR_NOT_USABLE = define(
    "budget.year_over", _("{year} 年度的指标现在不能使用。"), _("请选择本年度的预算指标。"), status=409
)
YEAR_NOT_OVER = define("budget.not_over", _("{year} 年度还没有结束。"), _("年度结束后再决定结转或收回。"), status=409)
YEAR_UNDECIDED = define(
    "budget.undecided", _("还有 {count} 个指标的结余没有决定。"), _("请逐个决定结转下年或收回，再结账。"), status=409
)
NOTHING_LEFT = define("budget.nothing_left", _("这个指标没有可以处理的结余。"), _("无需办理。"), status=409)
LINE_CODE = define(
    "budget.code", _("{year} 年度已有编码为“{code}”的指标。"), _("请核对编码，或在已有指标上办理追加。"), status=409
)
DOCUMENT_MISSING = define("budget.document", _("预算的每次变动都要有文号。"), _("请填写批复或调整文件的文号。"))
ORDER_EXISTS = define("order.exists", _("这笔款项已有支付令。"), _("请在支付令列表中继续办理。"), status=409)
ORDER_MOVED = define("order.moved", _("这张支付令现在不能这样办理。"), _("请刷新页面查看它的当前状态。"), status=409)
SAME_PERSON = define(
    "order.same_person",
    _("制单人不能复核自己制的支付令。"),
    _("请由本单位另一位经办人复核。"),
    status=403,
)
REASON_MISSING = define("order.reason", _("请写明理由。"), _("理由会给制单人看，并留在记录里。"))
ACCOUNT_MISSING = define(
    "order.account", _("收款户名、开户银行和账号都要填写。"), _("请对照合同或机构登记的收款账户。")
)
ACCOUNT_NUMBER = define("account.number", _("收款账号不正确。"), _("账号是 8 至 32 位数字，可以用空格或短横线分隔。"))
BATCH_EMPTY = define("batch.empty", _("没有可以送出的支付令。"), _("请先由另一位经办人复核支付令。"), status=409)
BATCH_LARGE = define("batch.large", _("一批最多 {most} 张支付令。"), _("请分几批送出。"))
RETURN_UNREADABLE = define(
    "return.unreadable", _("读不懂这个回执文件：{why}"), _("请上传国库返回的 CSV 或 XML 原文件，不要改动。")
)
RETURN_WRONG = define(
    "return.wrong", _("回执与送出的批次对不上，一行也没有记入：{why}"), _("请核对批次号后重新上传，或联系国库重发。")
)
ESCROW_NONE = define(
    "escrow.unavailable",
    _("本平台尚未开通在线托管。"),
    _("请改用银行转账，付款后上传回单；或联系平台运营机构。"),
    status=409,
)
ESCROW_ENTERPRISE = define(
    "escrow.enterprise",
    _("只有企业委托方使用资金托管。"),
    _("政府部门的款项从预算指标支付，请走付款单。"),
    status=403,
)
ESCROW_TAKEN = define(
    "escrow.taken",
    _("“{title}”已经有托管或银行转账。"),
    _("请在合同页查看这一阶段的付款状态。"),
    status=409,
)
ESCROW_PAID = define("escrow.paid", _("这笔托管已经付款。"), _("请刷新页面查看最新状态。"), status=409)
ESCROW_GIVEN_UP = define("escrow.given_up", _("这笔托管已经取消。"), _("请回到合同页重新发起。"), status=409)
ESCROW_UNPAID = define("escrow.unpaid", _("这笔托管还没有到账。"), _("请等待委托方付款。"), status=409)
ESCROW_FROZEN = define(
    "escrow.frozen",
    _("托管资金因争议已经冻结。"),
    _("请先协商处理方案：任何一方都可以提出，对方同意后立即执行。"),
    status=409,
)
ESCROW_NOT_FROZEN = define("escrow.not_frozen", _("这笔托管没有争议。"), _("请刷新页面查看最新状态。"), status=409)
ESCROW_AT_BANK = define(
    "escrow.at_bank",
    _("付款人的银行已将这笔款收回调查，暂时不能处理。"),
    _("银行作出结论后，平台会自动更新并通知双方。"),
    status=409,
)
ESCROW_SHORT = define(
    "escrow.short",
    _("托管余额为 {free} 元，不足 {wanted} 元。"),
    _("请填写不超过余额的金额。"),
)
ESCROW_REASON = define("escrow.reason", _("请写明理由。"), _("用一两句话说明事实和依据，对方会看到。"))
SETTLEMENT_OPEN = define(
    "settlement.open",
    _("已有一份处理方案等待答复。"),
    _("请先答复这份方案，或由提出方撤回后再提新的方案。"),
    status=409,
)
SETTLEMENT_ANSWERED = define("settlement.answered", _("这份方案已经答复。"), _("请刷新页面查看。"), status=409)
SETTLEMENT_OWN = define("settlement.own", _("不能由提出方自己答复。"), _("请等待对方答复，或撤回方案。"), status=403)
BANK_ANSWERED = define("bank.answered", _("这笔转账已经答复。"), _("请刷新页面查看最新状态。"), status=409)
PROVIDER_AWAY = define(
    "provider.away",
    _("支付平台暂时没有响应。"),
    _("您的操作已经保存，平台会自动重试；请稍后刷新本页，不必重复提交。"),
    status=503,
)
WEBHOOK_UNSIGNED = define(
    "webhook.signature", _("签名不正确或已过期。"), _("请核对支付平台后台的签名密钥。"), status=400
)
CALL_NOT_STUCK = define("provider.not_stuck", _("这一操作不需要重试。"), _("请刷新页面查看最新状态。"), status=409)

TAX_NUMBER = define(
    "invoice.tax_number",
    _("税务发票号码不正确。"),
    _("数电发票号码是 20 位数字；旧版发票填 8 位号码，或连同 10 位代码共 18 位。没有可以不填。"),
)
INVOICE_EXISTS = define(
    "invoice.exists", _("这一阶段已经开过请款单。"), _("请在“票据”中查看，或直接下载。"), status=409
)
