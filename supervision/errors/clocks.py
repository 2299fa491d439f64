"""Refusals about clocks, cards, posts and what is sent outside."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

DELIVERY_NOT_FAILED = define(
    "delivery.not_failed", _("这条消息没有停止发送。"), _("只有多次失败、已经停止的消息可以重新发送。")
)
STOP_GROUND = define("stop.ground", _("这个环节不能以此理由停止计时。"), _("请从列出的不计时情形中选择。"))
STOP_CLOSED = define("stop.closed", _("这个环节已经办结，不再计时。"), _("无需停止计时。"))
STOP_RUNNING = define("stop.running", _("计时已经停止，或正等待对方确认。"), _("请先结束这一次停止，再申请下一次。"))
STOP_PAUSED = define(
    "stop.paused",
    _("这件投诉的期限已经暂停，同一段时间不能扣除两次。"),
    _("请等暂停结束，或由承办人先恢复办理，再停止计时。"),
    status=409,
)
STOP_ANSWERED = define("stop.answered", _("这次停止计时已经有了结果。"), _("请刷新页面查看。"))
STOP_REASON = define("stop.reason", _("请写明理由，至少 {least} 个字。"), _("理由会一直保留，对方和监管部门都能看到。"))
STOP_EVIDENCE = define(
    "stop.evidence", _("以此理由停止计时须附上书面依据。"), _("请上传委托书、暂停决定等文件，图片或 PDF 均可。")
)
STOP_USED_UP = define(
    "stop.used_up",
    _("这个环节累计已经停止计时 {days} 天，不能再停。"),
    _("请尽快办理；确有原因的可以说明，与牌一起公开。"),
)
EXCUSE_NO_CARD = define("excuse.no_card", _("这个环节没有收到牌，无需说明。"), _("收到黄牌或红牌后可以说明原因。"))
POST_NOT_MEMBER = define("post.not_member", _("此人不是本单位成员。"), _("请先将其加入单位，再指定岗位。"))
