"""A licence that ran out takes the service that needs it off the agency's page; contracts that run go on."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import selectors as agencies
from agencies import services as standing
from supervision.services.each import each
from supervision.services.notices import tell


def withdraw() -> int:
    """Says how many services were withdrawn."""
    return each(_withdraw, agencies.lapsed_services().values_list("pk", flat=True))


@transaction.atomic
def _withdraw(service_id: int) -> bool:
    row = standing.withdraw_lapsed(service_id=service_id)
    if row is None:
        return False
    tell(
        organisation_id=row.agency_id,
        sentence=_("{licence}已到期，服务“{service}”已自动撤下；续期后可以重新公示，在履行的合同不受影响。"),
        path="/agency/services/",
        values={"licence": row.licence_kind, "service": row.name_zh},
    )
    return True
