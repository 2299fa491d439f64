"""A third service complaint upheld within twelve months: removal is to be considered. A person decides."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from supervision.flags.base import Hit, Market, Parameters, Record, Rule, Upheld, day


def check(seen: Market, p: Parameters) -> list[Hit]:
    return [hit for one in seen.records for hit in _hits(one, p["least"], timedelta(days=p["days"]))]


def _hits(one: Record, least: int, within: timedelta) -> list[Hit]:
    """One for each complaint with which there were enough; the fourth is news as the third was."""
    hits = []
    for place, last in enumerate(one.upheld, 1):
        together = [each for each in one.upheld[:place] if last.at - each.at < within]
        if len(together) >= least:
            evidence = {"n": str(len(together)), "numbers": " ".join(each.number for each in together)}
            hits.append(Hit(f"{one.agency}:{last.complaint}", (), (one.agency,), evidence))
    return hits


def _record(*days: float) -> Record:
    upheld = [Upheld(n, f"TS-2026-{n:06}", day(at)) for n, at in enumerate(days)]
    return Record(7, upheld=tuple(upheld))


RULE = Rule(
    code="third_complaint",
    title=_("十二个月内第三次服务投诉属实"),
    text=_("十二个月内三次以上服务投诉属实的机构，建议按裁量基准考虑清退；不自动处理。"),
    says=_("十二个月内 {n} 次投诉属实：{numbers}。"),
    basis="平台规则 B11（草案）",
    since=date(2025, 1, 1),
    check=check,
    fires=Market(records=[_record(0, 100, 200)]),
    silent=Market(records=[_record(0, 100, 400)]),
    ground="service_complaint_third",
)
