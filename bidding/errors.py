"""Refusals of the competition."""

from django.utils.translation import gettext_lazy as _

from core.errors import RefusalKind, define

BID_EARLY = define("bid.early", _("竞价还没有开始。"), _("请在开始时间之后出价，页面上的时钟与服务器一致。"), 409)
BID_LATE = define("bid.late", _("竞价时间已到。"), _("截止后到达的报价不再计入；结果马上公布。"), 409)
BID_CLOSED = define("bid.closed", _("竞价已经结束。"), _("可以在本页查看结果和完整记录。"), 409)
BID_TOO_FEW = define(
    "bid.too_few", _("报名的机构不足规定的数量，这次竞价不成立。"), _("无需出价；请关注这个需求是否重新发布。"), 409
)
BID_NOT_ENTERED = define(
    "bid.not_entered", _("贵机构没有报名参加这次竞价。"), _("只有报名截止前报名的机构才能出价；请关注其他需求。"), 403
)
BID_ABOVE_CEILING = define("bid.above_ceiling", _("报价高于最高限价。"), _("请报不高于 {next_max} 元的价格。"), 422)
BID_STEP = define(
    "bid.step", _("报价没有低到最小降幅。"), _("当前可接受的最高报价是 {next_max} 元，请报这个数或更低。"), 422
)
BID_BOTTOM = define("bid.bottom", _("价格已经不能再降。"), _("当前最低价不足一个最小降幅，竞价将按时结束。"), 409)
BID_NOT_LIVE = define("bid.not_live", _("这次选取不需要出价。"), _("随机选取按最高限价成交，报名即可参加抽取。"), 409)
BID_REF = define("bid.ref", _("报价缺少有效的编号。"), _("请刷新页面后重新出价。"))
BUSY = define("bid.busy", _("服务器暂时没能记录这次报价。"), _("请用同一编号立即重试；同一编号最多计入一次。"), 503)

ENTRY_CLOSED = define("entry.closed", _("报名已经截止。"), _("请关注正在报名的其他需求。"), 409)
ENTRY_TWICE = define("entry.twice", _("贵机构已经报名。"), _("请直接进入竞价室。"), 409)
ENTRY_RESTRICTED = define(
    "entry.restricted", _("贵机构目前处于受限状态。"), _("限制期满或修复后即可报名；依据见机构页面。"), 403
)
ENTRY_LEAVING = define(
    "entry.leaving", _("贵机构正在退出，不再承接新的业务。"), _("可以在退出页面撤回申请，撤回后即可报名。"), 403
)
ENTRY_LEFT = define("entry.left", _("贵机构已经退出平台。"), _("在退出页面重新入驻后即可报名。"), 403)
ENTRY_FROZEN = define("entry.frozen", _("贵机构的登记信息逾期没有补正。"), _("在登记信息页面补正后立即可以报名。"), 403)
ENTRY_DOORS = {"leaving": ENTRY_LEAVING, "left": ENTRY_LEFT, "frozen": ENTRY_FROZEN}
ENTRY_SERVICE = define(
    "entry.service",
    _("贵机构没有公布“{item}”这项服务。"),
    _("在“我的服务”中添加并承诺价格与时限后即可报名，立即生效。"),
    403,
)
ENTRY_LICENCE = define(
    "entry.licence", _("法律要求承接“{item}”具备{licence}。"), _("请在资质页面上传有效证书；上传后立即可以报名。"), 403
)
ENTRY_NOT_AGENCY = define(
    "entry.not_agency", _("只有中介服务机构可以报名。"), _("请用机构账号登录，或免费登记一个机构。"), 403
)
ENTRY_OWN_NEED = define("entry.own_need", _("不能参加本单位发布的需求。"), _("请关注其他单位的需求。"), 403)
NOT_ENTERED = define("entry.none", _("贵机构没有报名。"), _("无需撤回。"), 409)

RECORD_SEALED = define("record.sealed", _("竞争还没有结束，记录尚未公开。"), _("结束后即可在本页下载和回放。"), 409)

AWARD_SETTLED = define("award.settled", _("这次中选已经处理过。"), _("请刷新页面查看当前状态。"), 409)
AWARD_TIME_LEFT = define(
    "award.time_left", _("中选机构的答复期限还没有届满。"), _("期限可能刚刚延长；请刷新页面查看当前的期限。"), 409
)
AWARD_RESTRICTED = define(
    "award.restricted",
    _("贵机构目前处于受限状态，不能确认中选。"),
    _("平台将依次通知下一名。对限制措施有异议的，请在案件页面申请复核；依据见机构页面。"),
    403,
)
AWARD_UNRESTRICTED = define(
    "award.unrestricted", _("中选机构没有受限。"), _("请等待机构确认；请刷新页面查看当前状态。"), 409
)
DIRECT_ONLY_PRIVATE = define("direct.department", _("政府部门不得直接指定机构。"), _("请选择竞价选取或随机选取。"), 403)
DIRECT_NOT_CHOSEN = define("direct.method", _("这个需求没有采用直接选取。"), _("请等待竞争结果。"), 409)
DIRECT_INELIGIBLE = define("direct.ineligible", _("这家机构目前不能承接：{reason}"), _("请选择另一家机构。"), 409)

FRAME_INVALID = define("frame.invalid", _("无法识别的消息。"), _("请按协议发送 JSON 文本消息。"), 400)
FRAME_TOO_LARGE = define("frame.too_large", _("消息太长。"), _("一条消息不超过 2 KB。"), 413)
FRAME_TOO_FAST = define("frame.too_fast", _("消息太频繁。"), _("请稍候再试；这条消息没有处理。"), 429)
SOCKETS_TOO_MANY = define(
    "socket.too_many", _("同一地址或同一账号打开的页面太多。"), _("请关闭多余的页面；未登录时登录后另行计数。"), 429
)
PROTOCOL_OLD = define("protocol.old", _("页面版本过旧。"), _("请刷新页面。"), 409)
SESSION_ENDED = define("session.ended", _("登录已经失效。"), _("请重新登录；已回执的报价仍然有效。"), 401)
SLOW_READER = define("socket.slow", _("连接太慢，已断开。"), _("页面会自动重连并补齐记录。"), 408)

FLOOR_PASSED = define(
    "floor.passed",
    _("底价高于当前可接受的最高报价，已不起作用。"),
    _("请填 {next_max} 元或更低的底价，或者直接出价。"),
    422,
)
FLOOR_ABOVE_CEILING = define("floor.above_ceiling", _("底价高于最高限价。"), _("请填不高于 {ceiling} 元的底价。"), 422)
FLOOR_NONE = define("floor.none", _("贵机构没有生效的底价。"), _("无需撤回。"), 409)
FLOOR_UNREADABLE = define(
    "floor.unreadable",
    _("密封的底价现在无法读取，这次竞价暂停记录。"),
    _("请用同一编号稍后重试，恢复后最多计入一次；已回执的报价仍然有效。"),
    503,
)
FLOOR_TOO_MANY = define("floor.too_many", _("底价修改次数过多。"), _("现有底价仍可撤回；撤回后请直接出价。"), 429)

# Asked for again under the same reference, it counts once.
AGAIN = frozenset({BUSY, FRAME_TOO_FAST, FLOOR_UNREADABLE})

BID_REFUSALS: dict[str, RefusalKind] = {
    kind.code: kind
    for kind in (
        FLOOR_PASSED,
        FLOOR_ABOVE_CEILING,
        FLOOR_NONE,
        FLOOR_TOO_MANY,
        BID_EARLY,
        BID_LATE,
        BID_CLOSED,
        BID_TOO_FEW,
        BID_NOT_ENTERED,
        BID_ABOVE_CEILING,
        BID_STEP,
        BID_BOTTOM,
    )
}
