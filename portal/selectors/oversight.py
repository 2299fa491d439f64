"""The public's page of supervision: where to look, with one figure each. At most a minute old."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from agencies.models import Agency
from supervision.models import Case, ClauseAnswer, Honour, ImportedEntry, Inspection, Listing
from supervision.selectors import cards, consultations, exposure, questions

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
    ("grades", "/grades/", "certificate"),
    ("inspections", "/inspections/", "clipboard-check"),
    ("clauses", "/clauses/", "pencil"),
    ("questions", "/questions/", "message-question"),
    ("consultations", "/consultations/", "messages"),
)


def doors(now: datetime) -> list[Door]:
    """Every public page, in the order people ask."""
    figures: dict[str, str] | None = cache.get(KEY)
    if figures is None:
        figures = _count(now)
        cache.set(KEY, figures, SECONDS)
    return [Door(name, path, icon, figures.get(name, "")) for name, path, icon in PAGES]


def _count(now: datetime) -> dict[str, str]:
    """Everything as plain text; a figure nobody can give yet stays empty."""
    kept = cards.total(cards.by_department(now - cards.YEAR)).share
    listed = Listing.objects.filter(state=Listing.Stage.LISTED).count()
    imported = ImportedEntry.objects.filter(gone_at=None).count()
    return {
        "promises": "" if kept is None else f"{kept} %",
        "decisions": str(Case.objects.exclude(published_at=None).count()),
        "exposure": str(sum(exposure.counts(exposure.Filters()).values())),
        "blacklist": str(listed + imported),
        "redlist": str(Honour.objects.filter(ended_at=None).count()),
        "grades": str(Agency.objects.exclude(graded_year=None).count()),
        "inspections": str(Inspection.objects.exclude(published_at=None).count()),
        "clauses": str(ClauseAnswer.objects.count()),
        "questions": str(questions.published().count()),
        "consultations": str(consultations.consultations("open").count()),
    }
