"""Whom the market plays, read from the database each time, so that a restart changes nothing."""

from dataclasses import dataclass

from accounts.models import Membership
from portal.demo.cast import EXTRA, PERSONA, Party
from portal.demo.organisations import Member


@dataclass(frozen=True)
class Players:
    """Members by organisation. `shared`: organisations of personas, who decide everything important themselves."""

    everyone: dict[int, Member]
    shared: frozenset[int]

    def own(self, organisation_id: int) -> Member | None:
        """A player that is the market's alone."""
        return None if organisation_id in self.shared else self.everyone.get(organisation_id)

    def of(self, kind: str, *, shared: bool = False) -> list[Member]:
        found = (one for one in self.everyone.values() if one.party.kind == kind)
        return [one for one in found if (one.pk in self.shared) is shared]


def players() -> Players:
    rows = Membership.objects.select_related("user", "organisation").order_by("pk")
    personas = rows.filter(user__email__endswith=f"@{PERSONA}")
    return Players(
        {row.organisation_id: _member(row) for row in rows.filter(user__email__endswith=f"@{EXTRA}").reverse()},
        frozenset(personas.values_list("organisation_id", flat=True)),
    )


def _member(row: Membership) -> Member:
    one = row.organisation
    return Member(Party(one.kind, one.name, one.region_id, row.user.name, row.user.email), row.user, one)
