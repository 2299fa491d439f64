"""Refusals about consultations on draft rules."""

from django.utils.translation import gettext_lazy as _

from core.errors import RefusalKind, define

DAYS_FEW = define(
    "consultation.days",
    _("征求意见不得少于 {least} 天。"),
    _("请把期限定为 {least} 天或更长；急用的改动走紧急修改，并公布理由。"),
)
RUNNING = define(
    "consultation.running", _("这个规则集已有一份草案在征求意见。"), _("请先通过或撤回那一份，再提出新的草案。")
)
SAME_TEXT = define("consultation.same", _("草案与现行文本完全相同。"), _("请至少修改一处，或放弃征求意见。"))
REPLACED = define(
    "consultation.replaced", _("选中的文本已经不是现行文本。"), _("请选择现行文本作为修改对象，或作为新规则提出。")
)
CLOSED = define("consultation.closed", _("征求意见已经结束。"), _("可以查看意见和答复；其他建议请向平台提问。"))
ANSWERED = define("consultation.answered", _("这条意见已经答复。"), _("答复公开后不再改动。"))
SETTLED = define("consultation.settled", _("这份草案已经通过或撤回。"), _("请刷新页面查看；要再改，请提出新的草案。"))
OPINION_MANY = define(
    "consultation.too_many",
    _("从这里提交的意见已经太多。"),
    _("{until} 之后可以再次提交；您写的内容还在页面上。"),
    status=429,
)
_OPEN = define("consultation.open", _("征求意见还没有结束。"), _("期满之前不能通过；也不能缩短期限。"))
_UNANSWERED = define(
    "consultation.unanswered", _("还有意见没有答复。"), _("请逐条答复是否采纳并说明理由，然后再通过。")
)
_DRAFTER = define("consultation.drafter", _("起草人不能通过自己的草案。"), _("请由本单位另一位负责人通过。"))
_PAST = define("consultation.past", _("规则不能从过去起生效。"), _("请把生效时间定在现在之后。"))
NOT_HEAD = define("consultation.head", _("草案由本单位负责人通过。"), _("请由科室负责人、分管领导或单位负责人办理。"))
OWN_AT_ONCE = define(
    "consultation.own_at_once",
    _("这个规则集有您起草的草案在征求意见，您不能同时让它直接生效。"),
    _("请等征求意见期满；确实来不及的，由另一人办理紧急修改并公布理由。"),
)
NEVER_AT_ONCE = define(
    "consultation.never_at_once",
    _("征求意见的规则本身不能紧急修改。"),
    _("请公布草案征求意见；现行的最短期限在通过之前照样有效。"),
)
HINDRANCES: dict[str, RefusalKind] = {
    "over": SETTLED,
    "open": _OPEN,
    "unanswered": _UNANSWERED,
    "drafter": _DRAFTER,
    "past": _PAST,
}
