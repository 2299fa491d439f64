"""Who supervises in the demo: officers of two bureaus and the operator, and the agencies they have to do with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Organisation, User
from core.audit import By
from portal.demo.cast import EXTRA, OLGA, PERSONA, SOL
from portal.demo.organisations import Member

SUE, SAM, XIE = f"sue@{PERSONA}", f"sam@{PERSONA}", f"regulator01@{EXTRA}"


@dataclass(frozen=True)
class Bench:
    """`xie` brings matters up, `sol` and `sue` decide, `sam` reviews; `olga` is the operator."""

    sol: By
    sue: By
    sam: By
    xie: By
    olga: By
    bureau: Organisation
    partner: Organisation
    troubled: Sequence[Member]
    cast: Mapping[str, Member]

    def agency(self, place: int) -> Member:
        return self.troubled[place % len(self.troubled)]


def bench(cast: Mapping[str, Member], troubled: Sequence[Member]) -> Bench:
    sol, xie = cast[SOL.email], cast[XIE]
    sue, sam = (User.objects.get(email=email) for email in (SUE, SAM))
    return Bench(
        sol.by, By(sue.pk, sol.pk), By(sam.pk, sol.pk), xie.by, cast[OLGA.email].by,
        sol.organisation, xie.organisation, troubled, cast,
    )  # fmt: skip
