"""Reading identities."""

from collections.abc import Collection

from django.db.models import QuerySet

from accounts.models import Membership, Organisation, Region, User


def regions() -> QuerySet[Region]:
    """Every region, in the order of their codes: a province, its cities, their counties."""
    return Region.objects.order_by("code")


def region(code: str) -> Region:
    """One region. Raises Region.DoesNotExist."""
    return Region.objects.get(pk=code)


def organisation(pk: int) -> Organisation:
    """One organisation with its region. Raises Organisation.DoesNotExist."""
    return Organisation.objects.select_related("region").get(pk=pk)


def members(organisation_id: int) -> QuerySet[Membership]:
    """Who acts for an organisation: owners first, then by joining."""
    rows = Membership.objects.filter(organisation_id=organisation_id).select_related("user")
    return rows.order_by("-role", "pk")


def organisations_of(user: User) -> QuerySet[Membership]:
    """The organisations a user may act for, in the order they were joined."""
    return Membership.objects.filter(user=user).select_related("organisation__region__parent").order_by("pk")


def emails_of(organisation_id: int) -> list[str]:
    """Addresses of the active people of an organisation, for letters to it."""
    rows = User.objects.filter(is_active=True, memberships__organisation_id=organisation_id)
    return list(rows.order_by("pk").values_list("email", flat=True))


def of_kind(*kinds: str) -> QuerySet[Organisation]:
    """Every organisation of these kinds, by name."""
    return Organisation.objects.filter(kind__in=kinds).select_related("region").order_by("name", "pk")


def by_code(credit_code: str) -> Organisation | None:
    """The organisation with this code, if it is here."""
    return Organisation.objects.filter(credit_code=credit_code).first()


def own_by_code(user: User, credit_code: str) -> Organisation | None:
    """The organisation with this code if the user belongs to it."""
    return Organisation.objects.filter(credit_code=credit_code, memberships__user=user).first()


def organisations(ids: Collection[int]) -> dict[int, Organisation]:
    return Organisation.objects.in_bulk(list(ids))


def ties(ids: Collection[int]) -> dict[int, frozenset[str]]:
    """What ties organisations to people: "person:7" for each member, "phone:…" for the contact."""
    people = Membership.objects.filter(organisation__in=ids).values_list("organisation_id", "user_id")
    phones = Organisation.objects.filter(pk__in=ids).values_list("pk", "contact_phone")
    found: dict[int, set[str]] = {key: {f"phone:{phone}"} for key, phone in phones}
    for organisation, user in people:
        found[organisation].add(f"person:{user}")
    return {key: frozenset(traces) for key, traces in found.items()}


def namesakes(organisation: Organisation) -> QuerySet[Organisation]:
    """Other organisations of the same kind under the same name, those that were there before in front."""
    rows = Organisation.objects.filter(kind=organisation.kind, name=organisation.name).exclude(pk=organisation.pk)
    return rows.order_by("registered_at", "pk")
