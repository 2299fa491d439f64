"""The public's page of supervision: where to look, with one figure each. At most a minute old."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

KEY, SECONDS = "portal.oversight", 60


@dataclass(frozen=True)
class Door:
    """A public page of supervision. `name`: a key of portal.words.OVERSIGHT; `figure`: what it counts, if it counts."""

    name: str
    path: str
    icon: str
    figure: str = ""


PAGES = (
    ("promises", "/promises/", "clock"),
    ("decisions", "/decisions/", "gavel"),
    ("exposure", "/exposure/", "eye"),
    ("blacklist", "/blacklist/", "ban"),
    ("redlist", "/redlist/", "rosette"),
    ("inspections", "/inspections/", "clipboard-check"),
)


def doors(now: datetime) -> list[Door]:
    """Every public page, in the order people ask."""
    figures: dict[str, str] | None = cache.get(KEY)
    if figures is None:
        figures = _count(now)
        cache.set(KEY, figures, SECONDS)
    return [Door(name, path, icon, figures.get(name, "")) for name, path, icon in PAGES]


def _count(_now: datetime) -> dict[str, str]:
    return {}
