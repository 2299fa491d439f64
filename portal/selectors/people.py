"""The people of the demo: who a newcomer may become with one click."""

from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import Membership, Organisation

DEMO_DOMAIN = "@demo.example"
KEY = "portal.demo_people"
SECONDS = 60
ORDER = ("enterprise", "department", "agency", "regulator", "operator")


@dataclass(frozen=True)
class DemoPerson:
    """Somebody from the seed; `kind` is the organisation's kind."""

    email: str
    name: str
    organisation: str
    kind: str

    @property
    def role(self) -> str:
        return str(Organisation.Kind(self.kind).label)


def demo_people() -> list[DemoPerson]:
    """Everyone of the seed, in the order of the walk; remembered for a minute once there is somebody."""
    people: list[DemoPerson] | None = cache.get(KEY)
    if people is None:
        people = _read()
        if people:
            cache.set(KEY, people, SECONDS)
    return people


def _read() -> list[DemoPerson]:
    rows = Membership.objects.filter(user__email__endswith=DEMO_DOMAIN, user__is_active=True).order_by("pk")
    found = rows.values_list("user__email", "user__name", "organisation__name", "organisation__kind")
    return sorted((DemoPerson(*row) for row in found), key=lambda person: ORDER.index(person.kind))
