"""Reading rule sets. `current("bidding")` gives the parameters in force now and the reference to record."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core import clock
from core.models import RuleSet


@dataclass(frozen=True)
class Rules:
    """Parameters of one version. `rules["soft_close_seconds"]`; `rules.ref` is what a decision records."""

    name: str
    version: int
    parameters: dict[str, Any]
    draft: bool

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.version}"

    def __getitem__(self, key: str) -> Any:
        return self.parameters[key]


def current(name: str, at: datetime | None = None) -> Rules:
    """The version in force at a moment (default now). Raises RuleSet.DoesNotExist when none is."""
    row = RuleSet.objects.filter(name=name, effective_from__lte=at or clock.now()).order_by("version").last()
    if row is None:
        raise RuleSet.DoesNotExist(name)
    return _rules(row)


@dataclass(frozen=True)
class Dated:
    """A version and since when it is in force."""

    since: datetime
    rules: Rules


def history(name: str) -> list[Dated]:
    """Every version of a rule set, the newest in front."""
    rows = RuleSet.objects.filter(name=name).order_by("-version")
    return [Dated(row.effective_from, _rules(row)) for row in rows]


def by_ref(ref: str) -> Rules:
    """The version an old decision recorded, such as "bidding@1"."""
    name, version = ref.split("@")
    return _rules(RuleSet.objects.get(name=name, version=int(version)))


class Versions:
    """Versions by their reference, each read once: for one look over many rows."""

    def __init__(self) -> None:
        self._read: dict[str, Rules] = {}

    def __getitem__(self, ref: str) -> Rules:
        if ref not in self._read:
            self._read[ref] = by_ref(ref)
        return self._read[ref]


def _rules(row: RuleSet) -> Rules:
    return Rules(row.name, row.version, row.parameters, row.draft)


def ship(path: Path) -> int:
    """Load the versions in a rulesets.toml that the database does not have yet; returns how many were added.

    A version that exists is left alone: what was in force stays as it was.
    """
    added = 0
    for name, versions in tomllib.loads(path.read_text()).items():
        for version in versions:
            _, new = RuleSet.objects.get_or_create(
                name=name,
                version=version["version"],
                defaults={key: version[key] for key in ("effective_from", "parameters", "draft", "note")},
            )
            added += new
    return added
