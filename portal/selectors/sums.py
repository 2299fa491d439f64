"""Sums of amounts as the database hands them out: Decimal, Money, or nothing at all."""

from decimal import Decimal

from core.money import Money


def plain(value: Money | Decimal | None) -> Decimal:
    """The amount in yuan; zero when there was nothing to add up."""
    if value is None:
        return Decimal("0.00")
    return value.amount if isinstance(value, Money) else value
