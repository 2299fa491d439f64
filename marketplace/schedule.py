"""The schedule a draft may have now: rule set, working-day calendar and the amount, put together."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from core import rulesets, workdays
from core.money import Money
from core.rulesets import Rules
from core.workdays import Limit
from marketplace.models import Method, Need
from marketplace.rules.notice import notice_limit
from marketplace.rules.publication import Bounds


@dataclass(frozen=True)
class Terms:
    """`notice` is the limit that makes `bounds.earliest_close`; `provisional`: that year's calendar is not final."""

    rules: Rules
    notice: Limit
    bounds: Bounds
    provisional: bool
    at: datetime


@dataclass(frozen=True)
class Tier:
    """A notice period for ceilings below an amount; the last tier has no bound."""

    below: Money | None
    limit: Limit


def tiers(rules: Rules) -> list[Tier]:
    """The notice periods of a rule set, for people to read."""
    return [
        Tier(Money.of(tier["below"]) if "below" in tier else None, Limit.of(tier["limit"]))
        for tier in rules["notice_tiers"]
    ]


def terms(need: Need, now: datetime) -> Terms:
    rules = rulesets.current("marketplace", now)
    calendar = workdays.load()
    notice = Limit.of(rules["choice_period"]) if need.method == Method.DIRECT else _notice(need, rules)
    earliest = notice.end(now, calendar)
    bounds = Bounds(
        earliest_close=earliest,
        latest_close=max(earliest, Limit.of(rules["latest_close"]).end(now, calendar)),
        auction_minutes=tuple(rules["auction_minutes"]),
        max_delivery_days=rules["max_delivery_days"],
        min_scope_length=rules["min_scope_length"],
        max_scope_length=rules["max_scope_length"],
        procurement_threshold=Decimal(rules["procurement_threshold"]),
    )
    return Terms(rules, notice, bounds, calendar.provisional(earliest), now)


def _notice(need: Need, rules: Rules) -> Limit:
    amount = need.ceiling.amount if need.ceiling else None
    urgent = bool(need.urgent_reason)
    return Limit.of(notice_limit(amount, rules["notice_tiers"], urgent=urgent, urgent_notice=rules["urgent_notice"]))
