"""People of the tests: Ana of an agency, Bea the buyer, Sol the supervisor, Nora outside."""

from accounts.models import Membership, Organisation, Region, User
from accounts.rules.credit_code import check_character
from agencies.services import register_agency
from core import clock

LANGFANG = "131000"
PHONE = "0316-2051234"


def code(number: int = 1) -> str:
    """A valid credit code of an invented organisation."""
    body = f"91131000MA{number:07d}"
    return body + check_character(body)


def user(email="nora@example.com", **extra):
    return User.objects.create_user(email, "correct horse battery", **extra)


def organisation(kind, number, owner=None, name="廊坊远望实业有限公司"):
    row = Organisation.objects.create(
        kind=kind,
        name=name,
        credit_code=code(number),
        region=Region.objects.get(pk=LANGFANG),
        contact_name="李梅",
        contact_phone=PHONE,
        registered_at=clock.now(),
    )
    if owner:
        Membership.objects.create(user=owner, organisation=row, role=Membership.Role.OWNER)
    return row


def agency(number=1, owner=None, name="廊坊市清源环境咨询有限公司", region=LANGFANG):
    return register_agency(
        user=owner or user(f"ana{number}@example.com"),
        name=name,
        credit_code=code(number),
        region=Region.objects.get(pk=region),
        contact_name="王安娜",
        contact_phone=PHONE,
        commitment=True,
    )
