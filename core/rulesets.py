"""Reading rule sets. `current("bidding")` gives the parameters in force now and the reference to record."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from core import clock
from core.audit import SYSTEM, record
from core.locks import alone
from core.models import RuleSet
from core.parameters import merge


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


def names() -> list[str]:
    """Every rule set there is."""
    return list(RuleSet.objects.order_by("name").values_list("name", flat=True).distinct())


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


def ship(paths: Iterable[Path]) -> int:
    """Bring the versions of these files into the database; returns how many rows were added.

    What is there stays as it was. A version is known by the number it ships under (`shipped`): where an operator put
    a version of its own in force, that number is taken, and what ships comes as the next one, with what the operator
    had changed and everything the operator could not know of. Reading a parameter that ships never fails.
    """
    added = 0
    for name, versions in _read(paths).items():
        before: dict[str, Any] = {}
        for version in versions:
            added += _ship(name, version, before)
            before = version["parameters"]
    return added


def _read(paths: Iterable[Path]) -> dict[str, list[dict[str, Any]]]:
    """Every rule set with its versions in order; one rule set may stand in several files."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in paths:
        for name, versions in tomllib.loads(path.read_text()).items():
            found.setdefault(name, []).extend(versions)
    return {name: sorted(versions, key=lambda one: one["version"]) for name, versions in found.items()}


@transaction.atomic
def _ship(name: str, version: dict[str, Any], before: dict[str, Any]) -> int:
    """`before`: the parameters of the version that shipped before this one."""
    alone(f"rules:{name}")
    rows = list(RuleSet.objects.filter(name=name).order_by("version"))
    if any(row.shipped == version["version"] for row in rows):
        return 0
    untouched = all(row.shipped for row in rows)
    made = [_as_shipped(name, version)] if untouched else _beside_own(rows, version, before)
    RuleSet.objects.bulk_create(made)
    if not untouched:
        data = {"shipped": version["version"], "versions": [row.version for row in made]}
        record(stream=f"rules:{name}", action="version_merged", by=SYSTEM, reason=version["note"], data=data)
    return len(made)


def _as_shipped(name: str, version: dict[str, Any]) -> RuleSet:
    given = {key: version[key] for key in ("version", "effective_from", "parameters", "draft", "note")}
    return RuleSet(name=name, shipped=version["version"], **given)


def _beside_own(rows: list[RuleSet], version: dict[str, Any], before: dict[str, Any]) -> list[RuleSet]:
    """Nothing is put in force for the past; what the operator lets begin later begins then, completed too."""
    start = max(clock.now(), version["effective_from"])
    standing = next((row for row in reversed(rows) if row.effective_from <= start), None)
    coming = [row for row in rows if row.effective_from > start and (not standing or row.version > standing.version)]
    completed = [*([standing] if standing else []), *coming]
    return [
        RuleSet(
            name=row.name,
            version=rows[-1].version + place,
            shipped=version["version"],
            effective_from=max(start, row.effective_from),
            parameters=merge(before, row.parameters, version["parameters"]),
            draft=row.draft or version["draft"],
            note=version["note"],
        )
        for place, row in enumerate(completed, 1)
    ]
