"""Price far below the rest: may be unable to deliver, or may be meant to be raised later."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, NeedFacts, Parameters, Rule, bidder, market, need, share


def check(seen: Market, p: Parameters) -> list[Hit]:
    return [hit for one in seen.needs if (hit := _far(one, p))]


def _far(one: NeedFacts, p: Parameters) -> Hit | None:
    others = [each.lowest for each in one.offers if each.agency != one.winner and each.lowest is not None]
    if one.winner is None or one.amount is None or len(others) < p["fewest_others"]:
        return None
    mean = sum(others, Decimal(0)) / len(others)
    if one.amount * 100 >= mean * p["percent_of_mean"]:
        return None
    return Hit(str(one.need), (one.need,), (one.winner,), {"share": share(one.amount, mean), "n": str(len(others))})


RULE = Rule(
    code="far_below",
    title=_("报价明显低于其他机构"),
    text=_("中选价远低于其他机构的平均报价，可能无法保证质量。只提醒，不自动排除。"),
    says=_("中选价只有其他 {n} 家平均报价的 {share}。"),
    basis="《关于促进政府采购公平竞争优化营商环境的通知》",
    since=date(2025, 1, 1),
    check=check,
    fires=market(need(1, bidder(7, 45_000), bidder(8, 90_000), bidder(9, 92_000))),
    silent=market(need(1, bidder(7, 85_000), bidder(8, 90_000), bidder(9, 92_000))),
)
