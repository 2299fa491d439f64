"""What the rooms above give to and get from this one, as plain data."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language


@dataclass(frozen=True)
class CatalogueRef:
    """What is needed of a catalogue entry when an agency offers it."""

    code: str
    name_zh: str
    name_en: str
    licence_kind: str

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_zh


@dataclass(frozen=True)
class AgencyFacts:
    """What decides whether an agency may enter, at one moment."""

    agency_id: int
    name: str
    region_code: str
    region_name: str
    item_codes: frozenset[str]
    licence_kinds: frozenset[str]
    practitioners: int
    restrictions: tuple[str, ...]
    score: Decimal | None
    grade: str
    door: str = ""  # why nothing new may be entered: leaving, left, frozen; or ""
