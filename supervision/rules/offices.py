"""Which body answers for a matter of a region: the nearest one up the tree, else a city's. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Body:
    """A public body and the code of the region it is in."""

    pk: int
    region: str


def nearest(chain: Sequence[str], bodies: Sequence[Body]) -> int | None:
    """`chain`: the region's code and those above it. `bodies`: who may answer, in the order they are asked."""
    for code in chain:
        found = next((one.pk for one in bodies if one.region == code), None)
        if found is not None:
            return found
    cities = [one for one in bodies if one.region.endswith("00") and not one.region.endswith("0000")]
    return next((one.pk for one in (*cities, *bodies)), None)
