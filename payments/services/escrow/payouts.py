"""Where agencies are paid: a connected account at the provider, opened and verified on the provider's own pages."""

from django.conf import settings
from django.db import transaction

from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from core import clock
from core.audit import By, record
from payments import errors, gateway
from payments.gateway import Trouble
from payments.models import PayoutAccount, ProviderCall
from payments.services.escrow import arrivals, calls

PAGE = "/money/payouts/"


def onboarding(*, organisation_id: int, by: By) -> str:
    """A link to the provider's pages where the agency opens or completes its account. Call outside of a transaction.

    Raises access.not_yours, escrow.unavailable, provider.away (the wish is kept; try again).
    """
    account = _account(organisation_id, by)
    for call in ProviderCall.objects.filter(organisation_id=organisation_id, kind=ProviderCall.Kind.ACCOUNT):
        calls.perform(call.pk)
    account.refresh_from_db()
    if not account.account_id:
        raise errors.PROVIDER_AWAY()
    back = f"{settings.SITE_URL}{PAGE}"
    try:
        return gateway.onboarding_link(account.account_id, return_url=f"{back}back/", refresh_url=f"{back}?again=1")
    except Trouble as trouble:
        raise errors.PROVIDER_AWAY() from trouble


@transaction.atomic
def _account(organisation_id: int, by: By) -> PayoutAccount:
    if by.org_id != organisation_id:
        raise NOT_YOURS()
    if not gateway.available():
        raise errors.ESCROW_NONE()
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    if organisation.kind != Organisation.Kind.AGENCY:
        raise NOT_YOURS()
    account, new = PayoutAccount.objects.get_or_create(organisation=organisation, defaults={"opened_at": clock.now()})
    if new:
        params = {
            "type": "express",
            "country": settings.STRIPE_COUNTRY,
            "capabilities": {"transfers": {"requested": "true"}},
            "business_profile": {"name": organisation.name},
            "metadata": {**calls.market(), "organisation": str(organisation.pk)},
        }
        calls.write(kind=ProviderCall.Kind.ACCOUNT, params=params, organisation=organisation, by=by)
        record(stream=f"payout:{organisation.pk}", action="account_opened", by=by)
    return account


def refresh(account: PayoutAccount) -> PayoutAccount:
    """Ask how far onboarding has got. Raises Trouble."""
    if account.account_id:
        arrivals.account_told(gateway.account(account.account_id))
        account.refresh_from_db()
    return account
