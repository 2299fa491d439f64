"""Late winner: the only bid of the one who wins comes in the very last moment."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, NeedFacts, Parameters, Rule, bidder, day, market, need


def check(seen: Market, p: Parameters) -> list[Hit]:
    return [hit for one in seen.needs if (hit := _late(one, timedelta(seconds=p["seconds"])))]


def _late(one: NeedFacts, least: timedelta) -> Hit | None:
    won = one.won_by()
    if won is None or won.last_at is None or one.ends_at is None or won.bids != 1 or len(one.offers) < 2:
        return None
    left = one.ends_at - won.last_at
    if left > least:
        return None
    return Hit(str(one.need), (one.need,), (won.agency, one.buyer), {"seconds": f"{left.total_seconds():.0f}"})


END = day(4) + timedelta(hours=1)

RULE = Rule(
    code="late_winner",
    title=_("最后一刻的唯一报价中选"),
    text=_("中选机构全程没有报价，只在结束前的最后几秒报了一次。"),
    says=_("中选机构唯一的一次报价在结束前 {seconds} 秒。"),
    basis="《招标投标法实施条例》第三十九条",
    since=date(2025, 1, 1),
    check=check,
    fires=market(
        need(1, bidder(7, 89_000, bids=1, last_at=END - timedelta(seconds=4)), bidder(8, 90_000), ends_at=END)
    ),
    silent=market(
        need(1, bidder(7, 89_000, bids=1, last_at=END - timedelta(minutes=9)), bidder(8, 90_000), ends_at=END)
    ),
)
