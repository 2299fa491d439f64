"""The published scale: which measures a ground may lead to, for how long, and how many points go with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from supervision.rules.cases import BY_TWO, WEIGHT, Sanction
from supervision.rules.process import Wrong


@dataclass(frozen=True)
class Option:
    """A measure a ground allows: fewest and most days, points signed."""

    kind: str
    fewest: int
    most: int
    points: Decimal

    @property
    def by_two(self) -> bool:
        return self.kind in BY_TWO

    def allows(self, wanted: Sanction) -> bool:
        return wanted.kind == self.kind and self.fewest <= wanted.days <= self.most


@dataclass(frozen=True)
class Ground:
    """`severity`: minor, general or serious. `listed_by`: the decided measures that carry a listing; mostly none."""

    code: str
    severity: str
    basis: str
    listed_by: frozenset[str]
    options: tuple[Option, ...]

    @property
    def listing(self) -> bool:
        return bool(self.listed_by)

    def option(self, kind: str) -> Option:
        """Raises Wrong("off_scale") for a measure the ground does not allow."""
        for one in self.options:
            if one.kind == kind:
                return one
        raise Wrong("off_scale")

    def check(self, wanted: Sanction) -> Option:
        """The option that allows this measure for so long. Raises Wrong("off_scale")."""
        option = self.option(wanted.kind)
        if not option.allows(wanted):
            raise Wrong("off_scale")
        return option


def scale(parameters: Mapping[str, Any]) -> dict[str, Ground]:
    """Grounds by code, in the order they are published."""
    return {code: _ground(code, parameters["grounds"][code]) for code in parameters["order"]}


def _ground(code: str, stored: Mapping[str, Any]) -> Ground:
    options = [_option(kind, stored[kind]) for kind in WEIGHT if kind in stored]
    listed_by = stored.get("listing_measures", BY_TWO) if stored.get("listing", False) else ()
    return Ground(code, stored["severity"], stored["basis"], frozenset(listed_by), tuple(options))


def _option(kind: str, stored: Mapping[str, Any]) -> Option:
    fewest, most = stored["days"]
    return Option(kind, int(fewest), int(most), Decimal(stored["points"]))
