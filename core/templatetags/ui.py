"""What every template needs to show the same thing the same way: amounts, times, icons."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import clock
from core.money import Money
from core.papers import qr_svg
from core.words import length
from core.workdays import LOCAL

register = template.Library()


@register.filter
def money(value: Money | Decimal | None) -> str:
    """48,500.00 元, or an en dash when there is none."""
    return "–" if value is None else _("{amount} 元").format(amount=figures(value))


@register.filter
def figures(value: Money | Decimal | None) -> str:
    """48,500.00 in a column whose head names the unit, or an en dash when there is none."""
    if value is None:
        return "–"
    return f"{value:,.2f}" if isinstance(value, Decimal) else str(value)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """How long from now, with the exact Beijing time on hover and for machines."""
    if value is None:
        return "–"
    exact = f"{value.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
    return SafeString(f'<time datetime="{value.isoformat()}" title="{exact}">{escape(distance(value))}</time>')


@register.filter
def exact(value: datetime | None) -> SafeString | str:
    """The exact Beijing time to the minute."""
    if value is None:
        return "–"
    return SafeString(f'<time datetime="{value.isoformat()}">{value.astimezone(LOCAL):%Y-%m-%d %H:%M}</time>')


def distance(value: datetime) -> str:
    """ "3 天后", "2 hours ago": the largest unit only."""
    gap = value - clock.now()
    size = _size(abs(gap))
    return _("{size}后").format(size=size) if gap > timedelta() else _("{size}前").format(size=size)


def _size(gap: timedelta) -> str:
    seconds = int(gap.total_seconds())
    if seconds < 60:
        return length(seconds, "seconds")
    if seconds < 3600:
        return length(seconds // 60, "minutes")
    if seconds < 86400:
        return length(seconds // 3600, "hours")
    return length(gap.days, "days")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite made at set-up; with a label it speaks, without it is decoration."""
    sprite = static("icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


@register.simple_tag
def qr(text: str) -> SafeString:
    """A QR code as inline SVG."""
    return SafeString(qr_svg(text))


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The current query string with some values changed (None removes): keeps filters in the address."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            params.pop(key, None)
        else:
            params[key] = value
    return f"?{params.urlencode()}"


@register.simple_tag(takes_context=True)
def page_at(context: dict[str, Any], number: int, parameter: str = "") -> str:
    """The address of another page of a list; `parameter` names its page where there are two lists."""
    return query(context, **{parameter or "page": number})
