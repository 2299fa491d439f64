"""Writing identities: accounts, organisations, memberships. One verb, one transaction, every change audited."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts import errors
from accounts.models import Membership, Organisation, Region, User
from accounts.rules import credit_code as code_rule
from accounts.rules import names, phone
from core import audit, clock
from core.audit import By

SELF_SERVICE = frozenset({Organisation.Kind.ENTERPRISE, Organisation.Kind.AGENCY})


@transaction.atomic
def sign_up(*, email: str, password: str | None, name: str = "") -> User:
    """Make an account; without a password nobody signs in with one. Raises email.taken.

    Whether a password is good enough is the form's care.
    """
    email = email.strip().lower()
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=names.tidy(name)[:60])
    except IntegrityError as taken:
        raise errors.EMAIL_TAKEN() from taken
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    return user


@transaction.atomic
def register_organisation(
    *,
    user: User,
    kind: str,
    name: str,
    credit_code: str,
    region: Region,
    contact_name: str,
    contact_phone: str,
    commitment: str = "",
) -> Organisation:
    """Register an organisation, live at once, with `user` as its owner.

    Raises credit_code.invalid, credit_code.taken, phone.invalid, name.invalid. Two people registering one code at
    the same moment: the unique constraint decides, the second is refused. `commitment` names the version agreed to.
    """
    organisation = Organisation(
        kind=kind,
        name=_full_name(name),
        credit_code=valid_code(credit_code),
        region=region,
        contact_name=names.tidy(contact_name)[:40],
        contact_phone=valid_phone(contact_phone),
        registered_at=clock.now(),
    )
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as taken:
        raise errors.CREDIT_CODE_TAKEN() from taken
    Membership.objects.create(user=user, organisation=organisation, role=Membership.Role.OWNER)
    _record(organisation, "registered", By(user.pk, organisation.pk), kind=kind, commitment=commitment)
    return organisation


@transaction.atomic
def update_contact(*, organisation: Organisation, contact_name: str, contact_phone: str, by: By) -> Organisation:
    """Change whom the platform and the other side call. Raises phone.invalid."""
    organisation.contact_name = names.tidy(contact_name)[:40]
    organisation.contact_phone = valid_phone(contact_phone)
    organisation.save(update_fields=["contact_name", "contact_phone"])
    _record(organisation, "contact_changed", by)
    return organisation


@transaction.atomic
def rename(*, organisation: Organisation, name: str, by: By) -> Organisation:
    """Correct the registered name; the credit code stays what it is. Raises name.invalid."""
    before, organisation.name = organisation.name, _full_name(name)
    organisation.save(update_fields=["name"])
    _record(organisation, "renamed", by, before=before, after=organisation.name)
    return organisation


@transaction.atomic
def add_member(*, organisation: Organisation, email: str, role: str, by: By) -> Membership:
    """Let an existing account act for the organisation. Raises member.no_account or member.already."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise errors.NO_ACCOUNT()
    membership, new = Membership.objects.get_or_create(
        user=user, organisation=organisation, defaults={"role": Membership.Role(role)}
    )
    if not new:
        raise errors.ALREADY_MEMBER()
    _record(organisation, "member_added", by, user=user.pk, role=membership.role)
    return membership


@transaction.atomic
def remove_member(*, organisation: Organisation, user_id: int, by: By) -> None:
    """End a membership; the last owner stays. Raises member.last_owner. Removing nobody changes nothing."""
    members = list(Membership.objects.select_for_update().filter(organisation=organisation))
    leaving = next((member for member in members if member.user_id == user_id), None)
    if leaving is None:
        return
    owners = [member for member in members if member.role == Membership.Role.OWNER]
    if owners == [leaving]:
        raise errors.LAST_OWNER()
    leaving.delete()
    _record(organisation, "member_removed", by, user=user_id)


def valid_code(typed: str) -> str:
    """The credit code in its canonical form. Raises credit_code.invalid with the fault in words."""
    code = code_rule.normalise(typed)
    if fault := code_rule.fault(code):
        raise errors.CREDIT_CODE(fault=errors.CREDIT_CODE_FAULTS[fault])
    return code


def valid_phone(typed: str) -> str:
    """The number in its canonical form. Raises phone.invalid."""
    number = phone.normalise(typed)
    if not phone.valid(number):
        raise errors.PHONE()
    return number


def _full_name(typed: str) -> str:
    name = names.tidy(typed)
    if not 2 <= len(name) <= 120:
        raise errors.NAME()
    return name


def _record(organisation: Organisation, action: str, by: By, **data: object) -> None:
    audit.record(stream=f"organisation:{organisation.pk}", action=action, by=by, data=data)
