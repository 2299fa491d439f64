"""Which regulator answers for a complaint, and which of its people: written down, passed on with reasons, taken."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import selectors as accounts
from accounts.models import Organisation
from core import clock, rulesets
from core.audit import By
from supervision.errors import cases as errors
from supervision.models import Complaint
from supervision.rules import complaints as rules
from supervision.selectors.offices import handlers
from supervision.services.complaint_log import append, handled, happenings, limit, tell_about
from supervision.services.process import enough


@transaction.atomic
def pass_on(*, complaint_id: int, office_id: int, reasons: str, by: By) -> Complaint:
    """To another regulator before it is accepted; its time to accept begins anew, so it is passed on so often only.

    Raises complaint.office when it is not one's own to pass on, complaint.passed.
    """
    complaint = handled(complaint_id, by)
    office = accounts.organisations([office_id]).get(office_id)
    fit = office is not None and office.kind == Organisation.Kind.REGULATOR and office_id != complaint.subject_id
    times = len(rules.fold(happenings(complaint)).offices) - 1
    if not fit or times >= rulesets.current("intake")["passes_most"]:
        raise errors.PASSED_ON()
    until = limit(complaint, "accept", clock.now())
    append(complaint, "passed", by, until=until, text=enough(reasons), data={"office": office_id})
    tell_office(complaint)
    return complaint


@transaction.atomic
def take(*, complaint_id: int, by: By) -> Complaint:
    """A person of the office handles it from now on. Raises complaint.office, complaint.taken."""
    complaint = handled(complaint_id, by)
    append(complaint, "taken", by)
    return complaint


def tell_office(complaint: Complaint) -> None:
    """Only those who handle it are told."""
    if complaint.office_id is None:
        return
    for user_id in handlers(complaint.office_id):
        sentence = _("收到投诉 {number}：{title}")
        tell_about(complaint, complaint.office_id, sentence, complaint.get_absolute_url(), user_id=user_id)
