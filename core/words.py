"""Lengths of time in words."""

from collections.abc import Callable

from django.utils.translation import ngettext

_LENGTHS: dict[str, Callable[[int], str]] = {
    "working_days": lambda n: ngettext("{n} 个工作日", "{n} 个工作日", n),
    "days": lambda n: ngettext("{n} 天", "{n} 天", n),
    "hours": lambda n: ngettext("{n} 小时", "{n} 小时", n),
    "minutes": lambda n: ngettext("{n} 分钟", "{n} 分钟", n),
    "seconds": lambda n: ngettext("{n} 秒", "{n} 秒", n),
}


def length(n: int, unit: str) -> str:
    """ "3 个工作日", "1 working day"; units as rule sets name them."""
    return _LENGTHS[unit](n).format(n=n)
