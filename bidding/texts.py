"""The words the live room's modules speak, handed to the page as JSON. `{named}` places are filled there."""

from django.utils.translation import gettext_lazy as _

from core.money import AMOUNT_DECIMALS, AMOUNT_FORMAT, AMOUNT_TOO_LARGE, AMOUNT_ZERO

PRICE = {
    "price.best": _("当前最低价"),
    "price.ceiling": _("最高限价"),
    "price.fixed": _("成交价（最高限价）"),
    "price.final": _("最终最低价"),
    "price.first": _("还没有报价，首个报价不高于最高限价即可"),
    "price.nobody": _("没有人报价"),
    "price.at_ceiling": _("{by} · 等于最高限价"),
    "price.saving": _("{by} · 比最高限价低 {saved}（{percent}%）"),
}
CLOCK = {
    "clock.scheduled": _("距离开始"),
    "clock.open": _("剩余时间"),
    "clock.closing": _("已到截止时间"),
    "clock.closed": _("结束于"),
    "clock.failed": _("结束于"),
    "clock.days": _("{n} 天 {rest}"),
    "clock.at_start": _("{at} 开始"),
    "clock.at_end": _("{at} 截止"),
    "clock.counting": _("正在清点最后的报价"),
    "clock.soft": _("最后时段有新报价，截止时间顺延；最晚 {at} 结束"),
}
RANK = {
    "rank.place": _("第 {rank} 名"),
    "rank.none": _("您还没有出价"),
    "rank.gap": _("共 {of} 家出价，距最低价 {gap}"),
    "rank.leading": _("共 {of} 家出价，您的报价最低"),
}
ROOM = {
    "room.bidders": _("{n} 家报名"),
    "room.bids": _("{n} 次报价"),
    "room.watchers": _("{n} 人在看"),
    "say.best": _("当前最低价 {amount} 元，报价人 {by}"),
    "say.none": _("还没有报价，最高限价 {amount} 元"),
    "say.left": _("剩余 {left}"),
    "say.rank": _("您排第 {rank} 名"),
    "say.join": _("；"),
    "say.remaining": _("还剩 {n} 秒"),
}
CHART = {
    "chart.ceiling": _("最高限价"),
    "chart.extended": _("延时"),
    "chart.empty_scheduled": _("开始后，每一笔报价都会画在这里"),
    "chart.empty_open": _("等待第一个报价"),
    "chart.empty_closing": _("没有报价"),
    "chart.empty_closed": _("没有报价"),
    "chart.empty_failed": _("没有报价"),
    "chart.readout": _("{time} · {by} 报价 {amount} 元"),
    "chart.auto": _("自动"),
}
FEED = {
    "feed.me": _("{by}（我）"),
    "feed.opened": _("竞争开启，条件已锁定"),
    "feed.entered": _("{by} 报名参加"),
    "feed.withdrawn": _("{by} 撤回报名"),
    "feed.bid": _("{by} 报价 {amount}"),
    "feed.bid_auto": _("{by} 自动报价 {amount}"),
    "feed.floor_sealed": _("有机构密封、更改或撤回了底价"),
    "feed.floors_opened": _("公开已被越过的底价：{floors}"),
    "feed.floors_none": _("没有底价被越过，均不公开"),
    "feed.extended": _("截止时间顺延到 {ends}"),
    "feed.closed": _("已截止"),
    "feed.failed": _("流标：{reason}"),
    "feed.draw": _("抽取完成，中选 {by}"),
    "feed.revealed": _("参加机构的名称已公开"),
    "feed.excluded": _("{by} 不能中选：{reason}"),
    "feed.awarded": _("{by} 中选，金额 {amount}"),
}
FAILURES = {
    "failed.too_few_entrants": _("报名机构不足"),
    "failed.no_bid": _("无人报价"),
    "failed.none_left": _("没有可以递补的机构"),
    "failed.cancelled": _("采购人终止"),
}
EXCLUSIONS = {
    "excluded.restricted": _("处于受限状态"),
    "excluded.service": _("不再提供这项服务"),
    "excluded.licence": _("法律要求的资质已失效"),
}
RECEIPT = {
    "receipt.copy": _("复制"),
    "receipt.copy_label": _("复制第 {seq} 号回执"),
    "receipt.copied": _("第 {seq} 号回执已复制"),
    "receipt.copied_short": _("已复制"),
    "receipt.download": _("下载"),
    "receipt.download_label": _("下载第 {seq} 号回执"),
}
BID = {
    "bid.button": _("出价 {amount}，降 {drop}"),
    "bid.button_at": _("出价 {amount}"),
    "bid.button_plain": _("出价"),
    "bid.drop": _("降 {drop}"),
    "bid.phase_scheduled": _("开始后即可出价"),
    "bid.phase_closing": _("正在清点最后的报价"),
    "bid.phase_closed": _("竞价已经结束"),
    "bid.phase_failed": _("竞价已经结束"),
    "bid.sending": _("正在提交 {amount}…"),
    "bid.waiting": _("连接恢复后自动送达 {amount}，不会重复计入"),
    "bid.unsettled": _("{amount} 还没有得到确认；重新进入本页后自动核对，不会重复计入"),
    "bid.accepted": _("{amount} 已计入，回执已保存"),
    "bid.too_high": _("{amount} 高于当前可接受的最高报价 {limit}。"),
    "bid.use": _("改为 {amount}"),
    "bid.doubt_deep": _("{amount} 比当前价低 {drop}（{percent}%）。是否少写了一位？"),
    "bid.doubt_moved": _("价格刚刚变化，现在出价是 {amount}，降 {drop}。"),
}
FLOOR = {
    "floor.label": _("我的底价"),
    "floor.label_new": _("新的底价"),
    "floor.none": _("未设置"),
    "floor.waiting": _("{amount}，开始后生效"),
    "floor.leading": _("{amount}，您领先"),
    "floor.bidding": _("{amount}，自动应价中"),
    "floor.passed": _("{amount}，已被越过"),
    "floor.sending": _("正在密封…"),
    "floor.held_up": _("连接恢复后自动送达，不会重复计入"),
    "floor.sealed": _("底价 {amount} 已密封，记录第 {seq} 号"),
    "floor.taken_back": _("底价已撤回"),
    "floor.too_high": _("底价须不高于当前可接受的最高报价 {limit}。"),
    "floor.means": _("最低替您报到 {amount}，比当前价低 {drop}（{percent}%）。"),
}
CONNECTION = {
    "conn.connecting": _("连接中"),
    "conn.connected": _("已连接"),
    "conn.reconnecting": _("重连中 {age}"),
    "conn.offline": _("已断开 {age}"),
    "conn.ended": _("已断开 {age}"),
    "conn.precise": _("与服务器时钟相差不超过 {error} 毫秒"),
    "age.seconds": _("{n} 秒钟"),
    "age.minutes": _("{n} 分钟多"),
    "end.bad_frames": _("服务器没有认出本页发出的消息，连接已断开。请刷新页面；已有回执的报价仍然有效。"),
    "end.session_ended": _("登录已经失效，连接已断开。请重新登录；已有回执的报价仍然有效。"),
    "end.not_allowed": _("现在不能进入这个竞价室。请刷新页面查看原因。"),
    "end.old_protocol": _("这个页面的版本过旧。请刷新后继续；已有回执的报价仍然有效。"),
    "end.too_slow": _("网络太慢，连接被服务器断开。正在重连并补齐记录；也可以换一个网络。"),
    "end.too_fast": _("消息太频繁，连接被服务器断开。稍候自动重连；请关闭多余的页面。"),
    "end.sign_in": _("重新登录"),
    "end.reload": _("刷新页面"),
}
REPLAY = {"replay.play": _("播放"), "replay.pause": _("暂停")}
AMOUNT = {
    f"{kind.code}.{part}": getattr(kind, part)
    for kind in (AMOUNT_FORMAT, AMOUNT_DECIMALS, AMOUNT_TOO_LARGE, AMOUNT_ZERO)
    for part in ("sentence", "way_out")
}


def spoken() -> dict[str, str]:
    """Every text in the active language."""
    what = (PRICE, CLOCK, RANK, ROOM, CHART, FEED, FAILURES, EXCLUSIONS, REPLAY)
    mine = (RECEIPT, BID, FLOOR, CONNECTION, AMOUNT)
    return {key: str(text) for part in (*what, *mine) for key, text in part.items()}
