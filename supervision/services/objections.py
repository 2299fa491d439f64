"""What an objection to a newcomer does: the mark while it is examined, the correction when it held.

It is a complaint with limits of its own (rule set "objections"); nothing is blocked while it is open.
"""

from collections.abc import Callable, Collection, Mapping

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from agencies import selectors as agencies
from agencies import services as standing
from core import clock
from core.audit import By
from supervision.errors import objections as errors
from supervision.models import Complaint, ComplaintEvent
from supervision.rules import objections as rules
from supervision.rules.complaints import HELD
from supervision.selectors.objections import to_mend
from supervision.services import corrections
from supervision.services.notices import tell

NEWCOMER = Complaint.About.NEWCOMER


def refuse_objection(agency_id: int, facts: Collection[str]) -> None:
    """Only to facts that are published, while they are new. Raises objection.over, objection.facts."""
    refuse_over(agency_id)
    if not facts or not set(facts) <= set(rules.FACTS):
        raise errors.FACTS()


def refuse_over(agency_id: int) -> None:
    """Raises objection.over."""
    publicity = agencies.publicity(agencies.get(agency_id))
    if publicity is None or not publicity.runs(clock.now()):
        raise errors.OVER()


def follow(complaint: Complaint, event: ComplaintEvent) -> None:
    """After each event of an objection, in its transaction."""
    if complaint.about != NEWCOMER:
        return
    rows = Complaint.objects.filter(about=NEWCOMER, subject_id=complaint.subject_id, state__in=rules.EXAMINED)
    standing.mark_objection(agency_id=complaint.subject_id, since=rows.aggregate(since=Min("filed_at"))["since"])
    if effect := EFFECTS.get(event.kind):
        effect(complaint, event)


def _told(complaint: Complaint, _event: ComplaintEvent) -> None:
    tell(
        organisation_id=complaint.subject_id,
        sentence=_("有人对贵单位公示的登记信息提出异议，正在核查；核查期间业务不受任何限制。"),
        path=f"/agencies/{complaint.subject_id}/objections/",
    )


def _decided(complaint: Complaint, event: ComplaintEvent) -> None:
    """Corrected once, unless deceit is suspected: then the case that was opened from it says what follows."""
    if event.data.get("outcome") in HELD and not complaint.events.filter(kind="case_opened").exists():
        corrections.ask(agency_id=complaint.subject_id, faults=_asked(complaint), by=_by(event))


def _review_asked(complaint: Complaint, event: ComplaintEvent) -> None:
    """While somebody looks again at what is to be corrected, nobody's time to correct runs out."""
    if event.until and _outcome(complaint) in HELD:
        standing.move_correction(agency_id=complaint.subject_id, due_at=corrections.time_from(event.until))


def _reviewed(complaint: Complaint, event: ComplaintEvent) -> None:
    before, after = _outcome(complaint), event.data.get("outcome")
    if before in HELD and after == "dismissed":
        corrections.take_back(agency_id=complaint.subject_id, faults=_no_longer(complaint), by=_by(event))
    elif before == "dismissed":
        _decided(complaint, event)


EFFECTS: Mapping[str, Callable[[Complaint, ComplaintEvent], None]] = {
    "filed": _told,
    "decided": _decided,
    "review_asked": _review_asked,
    "review_decided": _reviewed,
}


def _asked(complaint: Complaint) -> tuple[str, ...]:
    return rules.to_correct(complaint.events.get(kind="filed").data["facts"])


def _no_longer(complaint: Complaint) -> list[str]:
    """What it had asked to correct and no other objection that held still asks."""
    others = Complaint.objects.filter(pk__in=to_mend(complaint.subject_id)).exclude(pk=complaint.pk)
    still = {code for one in others for code in _asked(one)}
    return [code for code in _asked(complaint) if code not in still]


def _outcome(complaint: Complaint) -> str:
    """As it was first decided, "" when it was turned down."""
    decided = complaint.events.filter(kind="decided").first()
    return str(decided.data["outcome"]) if decided else ""


def _by(event: ComplaintEvent) -> By:
    return By(event.by_user_id, event.by_org_id)
