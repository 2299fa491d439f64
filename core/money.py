"""Money: exact decimals with two places, CNY only. Parsing is strict; floats never come near."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import total_ordering
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal, define

FEN = Decimal("0.01")
_PLAIN = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\.[0-9]{1,2})?", re.ASCII)

AMOUNT_FORMAT = define(
    "amount.format",
    _("这不是一个有效的金额。"),
    _("请用半角数字填写，例如 48500 或 48,500.00，不要使用正负号、字母或科学计数法。"),
)
AMOUNT_DECIMALS = define("amount.decimals", _("金额最多保留两位小数。"), _("请精确到分，例如 48500.25。"))
AMOUNT_TOO_LARGE = define(
    "amount.too_large", _("金额超出了平台允许的范围。"), _("请填写不超过 9,999,999,999.99 元的金额。")
)
AMOUNT_ZERO = define("amount.zero", _("金额必须大于零。"), _("请填写一个大于 0.00 元的金额。"))


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in yuan. `Money(Decimal("48500.00"))`; more than two places is a programming error."""

    amount: Decimal

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount != self.amount.quantize(FEN):
            raise ValueError("an amount has at most two places")
        object.__setattr__(self, "amount", self.amount.quantize(FEN))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a person typed. Raises Refusal with code amount.format, .decimals, .too_large or .zero."""
        text = text.strip(" ")
        if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
            raise _why_not(text)
        value = Decimal(text.replace(",", ""))
        if value == 0:
            raise AMOUNT_ZERO()
        if value > Decimal("9999999999.99"):
            raise AMOUNT_TOO_LARGE()
        return cls(value)

    @classmethod
    def of(cls, value: str | int) -> Self:
        return cls(Decimal(value))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + other.amount)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - other.amount)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < other.amount

    def __bool__(self) -> bool:
        return bool(self.amount)

    def times(self, share: Decimal) -> "Money":
        """This amount times a share, rounded half-even to fen."""
        return Money((self.amount * share).quantize(FEN, ROUND_HALF_EVEN))

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Parts in proportion to the weights that add up exactly (largest remainder)."""
        total, fen = sum(weights), int(self.amount / FEN)
        exact = [Fraction(fen * weight, total) for weight in weights]
        parts = [int(share) for share in exact]
        order = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
        for i in order[: fen - sum(parts)]:
            parts[i] += 1
        return [Money(part * FEN) for part in parts]

    def __str__(self) -> str:
        return f"{self.amount:,.2f}"


def _why_not(text: str) -> Refusal:
    if len(text) > 20:
        return AMOUNT_TOO_LARGE()
    if re.fullmatch(r"[0-9,]{1,13}\.[0-9]{3,}", text, re.ASCII):
        return AMOUNT_DECIMALS()
    if re.fullmatch(r"[0-9]{11,}(\.[0-9]*)?", text, re.ASCII):
        return AMOUNT_TOO_LARGE()
    return AMOUNT_FORMAT()


class MoneyField(models.DecimalField):  # type: ignore[type-arg]
    """A column of Money: numeric(12, 2)."""

    _pyi_private_set_type: Money | Combinable  # type: ignore[assignment]
    _pyi_private_get_type: Money  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 12)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Decimal | None, *_args: Any) -> Money | None:
        return None if value is None else Money(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Money) else Money(Decimal(value))

    def get_prep_value(self, value: Any) -> Decimal | None:
        return value.amount if isinstance(value, Money) else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002
        """Lookups and writes alike reach the database as plain decimals."""
        return self.get_prep_value(value)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:  # noqa: ARG002
        return self.get_prep_value(value)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:  # noqa: ARG002
        return self.to_python(value)

    def formfield(self, **kwargs: Any) -> Any:
        return MoneyFormField(required=not self.blank, label=kwargs.get("label", self.verbose_name))


class MoneyFormField(forms.CharField):
    """An amount as text; cleans to Money or shows the refusal's own words. Nothing typed is lost."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(*args, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Money) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Money.parse(text)
        except Refusal as refusal:
            raise ValidationError(f"{refusal.sentence} {refusal.way_out}", code=refusal.code) from refusal
