"""What an agency entered is checked after it is live, never before: one question for everything, then a freeze."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts import services as identities
from accounts.models import Organisation
from agencies import selectors as agencies
from agencies import services as standing
from agencies.models import Agency
from core import clock
from core.audit import By
from supervision.errors import lists as errors
from supervision.rules import entrance as rules
from supervision.rules.entrance import Entered
from supervision.rules.objections import disputed
from supervision.selectors import objections
from supervision.services import complaints, corrections
from supervision.services.notices import tell

ENOUGH = 200  # looked at in one run
MENDABLE = frozenset({"name_form", "placeholder", "namesake", "phone"})  # by the agency itself


def check_new() -> int:
    """Check everybody nobody has checked yet; says how many."""
    rows = list(agencies.unchecked().select_related("organisation")[:ENOUGH])
    for row in rows:
        _check(row)
    return len(rows)


@transaction.atomic
def _check(agency: Agency) -> None:
    if found := faults(agency.organisation):
        corrections.ask(agency_id=agency.pk, faults=found)
    else:
        standing.mark_verified(agency_id=agency.pk)


def faults(organisation: Organisation) -> tuple[str, ...]:
    """What does not fit about an organisation. The name is the older one's; the newer is asked."""
    older = accounts.namesakes(organisation).filter(registered_at__lt=organisation.registered_at)
    return rules.faults(
        Entered(organisation.name, organisation.credit_code, organisation.contact_phone, older.exists())
    )


@transaction.atomic
def correct(*, agency: Agency, name: str, contact_name: str, contact_phone: str, by: By, mended: str = "") -> Agency:
    """The agency mends what was asked about; it is live again at once, checked anew and open to objections anew.

    `mended`: what it has corrected of the facts that an objection was about, for everybody to read.
    Raises correction.same, correction.left, process.words, name.invalid, phone.invalid.
    """
    organisation = agency.organisation
    if disputed(agency.correction):
        for pk in objections.to_mend(agency.pk):
            complaints.mend(complaint_id=pk, text=mended, by=by)
    elif (name.strip(), contact_phone.strip()) == (organisation.name, organisation.contact_phone):
        raise errors.NAME_SAME()
    identities.rename(organisation=organisation, name=name, by=by)
    identities.update_contact(organisation=organisation, contact_name=contact_name, contact_phone=contact_phone, by=by)
    organisation.refresh_from_db()
    if left := MENDABLE.intersection(agency.correction, faults(organisation)):
        raise errors.CORRECTION_LEFT(n=len(left))
    standing.check_again(agency_id=agency.pk, by=by)
    return agencies.get(agency.pk)


def move_correction(reference: str, due_at: datetime) -> bool:
    """Give an agency that was asked longer to correct; says whether it was still asked."""
    return standing.move_correction(agency_id=int(reference.split(":")[1]), due_at=due_at)


def freeze_silent() -> int:
    """Questions whose time has run out: nothing new until they are answered; says how many."""
    rows = list(agencies.unanswered(clock.now()).values_list("pk", flat=True))
    for pk in rows:
        _freeze(pk)
    return len(rows)


@transaction.atomic
def _freeze(agency_id: int) -> None:
    standing.freeze(agency_id=agency_id)
    tell(
        organisation_id=agency_id,
        sentence=_("登记信息逾期没有补正，新业务已冻结；补正后立即恢复。"),
        path=corrections.PAGE,
        urgent=True,
    )
