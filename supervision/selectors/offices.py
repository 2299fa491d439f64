"""Who answers for what comes in: the regulator nearest to what it is about, who handles there, who is in charge."""

from collections.abc import Sequence
from functools import cached_property

from accounts import selectors as accounts
from accounts.models import Membership, Organisation, Region
from supervision.models import Post
from supervision.rules.offices import Body, nearest

HEADS = (Post.Level.HEAD, Post.Level.LEADER)


class Offices:
    """Bodies and regions read once: for one look over many rows."""

    def of(self, region_code: str, *, but: int) -> int | None:
        """The regulator up the region tree, never the one it is about; without any regulator the operator."""
        chain = self._chain(region_code)
        for kind in (Organisation.Kind.REGULATOR, Organisation.Kind.OPERATOR):
            found = nearest(chain, [one for one in self._bodies[kind] if one.pk != but])
            if found is not None:
                return found
        return None

    def _chain(self, code: str) -> list[str]:
        chain = [code]
        while above := self._above.get(chain[-1]):
            chain.append(above)
        return chain

    @cached_property
    def _above(self) -> dict[str, str | None]:
        return dict(accounts.regions().values_list("code", "parent_id"))

    @cached_property
    def _bodies(self) -> dict[str, Sequence[Body]]:
        kinds = (Organisation.Kind.REGULATOR, Organisation.Kind.OPERATOR)
        rows = list(accounts.of_kind(*kinds).order_by("pk").values_list("kind", "pk", "region_id"))
        return {kind: [Body(pk, region) for one, pk, region in rows if one == kind] for kind in kinds}


def office_for(region: Region, *, but: int) -> int | None:
    return Offices().of(region.code, but=but)


def handlers(office_id: int) -> list[int | None]:
    """Whose inbox it goes to: those named as handlers of the office, else the whole of it (None)."""
    named = Post.objects.filter(organisation=office_id, level=Post.Level.HANDLER).values_list("user_id", flat=True)
    return list(named) or [None]


def heads(office_id: int) -> frozenset[int]:
    """Who may approve for an organisation; empty where it has named neither head nor leader."""
    rows = Post.objects.filter(organisation=office_id, level__in=HEADS)
    return frozenset(rows.values_list("user_id", flat=True))


def owners(office_id: int) -> frozenset[int]:
    rows = accounts.members(office_id).filter(role=Membership.Role.OWNER)
    return frozenset(rows.values_list("user_id", flat=True))
