"""Writing an agency's standing: restrictions and their lifting, the check of its data, leaving and coming back.

The rooms above decide; what they decided is kept here, where entry, bidding and award look.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q

from accounts.rules.names import tidy
from agencies import errors
from agencies.models import Agency, Restriction
from core import audit, clock
from core.audit import SYSTEM, By
from core.workdays import LOCAL

REMOVED = Restriction.Kind.REMOVED


@transaction.atomic
def restrict(
    *,
    agency_id: int,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    ground: str,
    source: str,
    by: By = SYSTEM,
) -> Restriction:
    """Put a time-bound restriction on an agency. `source`: path of the public page of the decision.

    A removal also sends the agency out: nothing new, what runs is finished, back after the term at the earliest.
    Raises restriction.ground, restriction.period or agency.unknown.
    """
    if not (ground.strip() and source.strip()):
        raise errors.GROUND()
    if ends_at <= starts_at:
        raise errors.RESTRICTION_PERIOD()
    agency = hold(agency_id)
    restriction = Restriction.objects.create(
        agency_id=agency_id,
        kind=Restriction.Kind(kind),
        starts_at=starts_at,
        ends_at=ends_at,
        ground=tidy(ground)[:300],
        source=source,
    )
    note(agency_id, "restricted", by, kind=kind, ends=ends_at.isoformat(), ground=restriction.ground, source=source)
    if restriction.kind == REMOVED:
        _send_out(agency, ends_at)
    return restriction


def _send_out(agency: Agency, back_from: datetime) -> None:
    agency.forced = True
    agency.leaving_at = agency.leaving_at or clock.now()
    agency.back_from = max(filter(None, (agency.back_from, back_from)))
    agency.save(update_fields=["forced", "leaving_at", "back_from"])


@transaction.atomic
def lift(*, restriction_id: int, reason: str, source: str, by: By = SYSTEM, at: datetime | None = None) -> Restriction:
    """End a restriction before its time; felt everywhere at once. `source`: path of the page that says why.

    Lifting a removal opens the way back. `at`: the moment of the decision when it is the same transaction's "now".
    Raises restriction.unknown, restriction.lift_ground or restriction.lifted.
    """
    if not (reason.strip() and source.strip()):
        raise errors.LIFT_GROUND()
    found = Restriction.objects.filter(pk=restriction_id).first()
    if found is None:
        raise errors.NO_SUCH_RESTRICTION()
    agency, now = hold(found.agency_id), at or clock.now()
    words = {"lifted_reason": tidy(reason)[:300], "lifted_source": source}
    if not Restriction.objects.filter(pk=restriction_id, lifted_at=None, ends_at__gt=now).update(
        lifted_at=max(now, found.starts_at), **words
    ):
        raise errors.LIFTED()
    note(agency.pk, "restriction_lifted", by, restriction=restriction_id, reason=words["lifted_reason"], source=source)
    if found.kind == REMOVED:
        _let_back(agency, now)
    found.refresh_from_db()
    return found


def _let_back(agency: Agency, now: datetime) -> None:
    """Without a removal in force the agency may return now; one that has not gone yet stays."""
    rows = Restriction.objects.filter(agency=agency, kind=REMOVED, lifted_at=None, ends_at__gt=now)
    last = rows.aggregate(last=Max("ends_at"))["last"]
    agency.back_from = last or now
    if last is None and agency.left_at is None:
        _stay_on(agency)
    agency.save(update_fields=["leaving_at", "back_from", "forced"])


def _stay_on(agency: Agency) -> None:
    """No removal sends the agency out any more. Its own wish to leave, where it came first, still does."""
    sent = Restriction.objects.filter(agency=agency, kind=REMOVED, starts_at__lte=agency.leaving_at)
    sent = sent.filter(Q(lifted_at=None) | Q(lifted_at__gt=agency.leaving_at), ends_at__gt=agency.leaving_at)
    agency.leaving_at = None if sent.exists() else agency.leaving_at
    agency.back_from, agency.forced = None, False


@transaction.atomic
def outlast(*, agency_id: int, by: By = SYSTEM) -> bool:
    """The term of a removal was over before the running work was: the agency need not leave any more."""
    row = hold(agency_id)
    if not row.forced or row.left_at or row.back_from is None or row.back_from > clock.now():
        return False
    _stay_on(row)
    row.save(update_fields=["leaving_at", "back_from", "forced"])
    note(agency_id, "removal_outlasted", by)
    return True


@transaction.atomic
def confirm_until(*, restriction_id: int, ends_at: datetime, by: By = SYSTEM) -> None:
    """The authority still keeps its entry: the restriction runs on to the next date of confirmation.

    Raises restriction.unknown, restriction.lifted or restriction.shorter.
    """
    row = Restriction.objects.select_for_update().filter(pk=restriction_id).first()
    if row is None:
        raise errors.NO_SUCH_RESTRICTION()
    if row.lifted_at or row.ends_at <= clock.now():
        raise errors.LIFTED()
    if ends_at < row.ends_at:
        raise errors.SHORTER()
    if ends_at > row.ends_at:
        Restriction.objects.filter(pk=row.pk).update(ends_at=ends_at)
        note(row.agency_id, "restriction_confirmed", by, restriction=row.pk, ends=ends_at.isoformat())


@transaction.atomic
def mark_verified(*, agency_id: int, by: By = SYSTEM) -> None:
    """What was entered holds; an earlier question and the freeze that followed are gone. Twice changes nothing."""
    if hold(agency_id).verified_at is None:
        now = clock.now()
        Agency.objects.filter(pk=agency_id).update(
            verified_at=now, correction=[], correction_asked_at=None, correction_due_at=None, frozen_at=None
        )
        note(agency_id, "verified", by)


@transaction.atomic
def ask_correction(*, agency_id: int, faults: Sequence[str], due_at: datetime, by: By = SYSTEM) -> None:
    """Ask once and for everything; an agency that was checked goes back to be checked."""
    hold(agency_id)
    asked = {"correction": list(faults), "correction_asked_at": clock.now(), "correction_due_at": due_at}
    Agency.objects.filter(pk=agency_id).update(verified_at=None, **asked)
    note(agency_id, "correction_asked", by, faults=list(faults), due=due_at.isoformat())


@transaction.atomic
def check_again(*, agency_id: int, by: By) -> None:
    """The agency changed what was asked about, or its name: its data waits for the next check."""
    hold(agency_id)
    Agency.objects.filter(pk=agency_id).update(
        check_from=clock.now(),
        verified_at=None,
        correction=[],
        correction_asked_at=None,
        correction_due_at=None,
        frozen_at=None,
    )
    note(agency_id, "corrected", by)


@transaction.atomic
def move_correction(*, agency_id: int, due_at: datetime) -> bool:
    """Give an agency that was asked longer to correct; says whether it was still asked."""
    asked = Agency.objects.filter(pk=agency_id, verified_at=None, frozen_at=None, correction_due_at__lt=due_at)
    return bool(asked.update(correction_due_at=due_at))


@transaction.atomic
def mark_objection(*, agency_id: int, since: datetime | None, by: By = SYSTEM) -> None:
    """Show since when an objection is examined, or nothing any more. It opens and closes no door."""
    if hold(agency_id).objected_at != since:
        Agency.objects.filter(pk=agency_id).update(objected_at=since)
        note(agency_id, "objection_marked", by, since=since.isoformat() if since else None)


@transaction.atomic
def freeze(*, agency_id: int, by: By = SYSTEM) -> None:
    """The question stayed without an answer: nothing new until there is one. Nothing is deleted."""
    if hold(agency_id).frozen_at is None:
        Agency.objects.filter(pk=agency_id).update(frozen_at=clock.now())
        note(agency_id, "frozen", by)


@transaction.atomic
def ask_to_leave(*, agency: Agency, by: By) -> Agency:
    """The agency wants to go: nothing new from now on, what runs is finished first. Raises exit.already."""
    row = hold(agency.pk)
    if row.leaving_at:
        raise errors.LEAVING()
    row.leaving_at = clock.now()
    row.save(update_fields=["leaving_at"])
    note(row.pk, "exit_asked", by)
    return row


@transaction.atomic
def stay(*, agency: Agency, by: By) -> Agency:
    """Take the wish to leave back, as long as the agency has not gone. Raises exit.none or exit.forced."""
    row = hold(agency.pk)
    if row.leaving_at is None or row.left_at:
        raise errors.NOT_LEAVING()
    if row.forced:
        raise errors.FORCED_OUT()
    row.leaving_at = None
    row.save(update_fields=["leaving_at"])
    note(row.pk, "exit_taken_back", by)
    return row


@transaction.atomic
def leave(*, agency_id: int, back_from: datetime, by: By = SYSTEM) -> Agency:
    """Nothing runs any more: the agency is out. Services are withdrawn, the record stays. Raises exit.none.

    `back_from`: earliest return after a voluntary exit; a removal's own term counts where it is later.
    """
    row = hold(agency_id)
    if row.leaving_at is None or row.left_at:
        raise errors.NOT_LEAVING()
    now = clock.now()
    row.left_at, row.back_from = now, max(filter(None, (row.back_from, back_from)))
    row.save(update_fields=["left_at", "back_from"])
    row.services.filter(withdrawn_at=None).update(withdrawn_at=now)
    note(agency_id, "exited", by, forced=row.forced, back_from=row.back_from.isoformat())
    return row


@transaction.atomic
def come_back(*, agency: Agency, by: By) -> Agency:
    """Enter again after having left, checked like a newcomer; the record goes on. Raises return.not_left, .early."""
    row, now = hold(agency.pk), clock.now()
    if row.left_at is None:
        raise errors.NOT_LEFT()
    if row.back_from and row.back_from > now:
        raise errors.TOO_EARLY(moment=f"{row.back_from.astimezone(LOCAL):%Y-%m-%d %H:%M}")
    row.leaving_at, row.left_at, row.back_from, row.forced, row.verified_at = None, None, None, False, None
    row.check_from = now
    row.save(update_fields=["leaving_at", "left_at", "back_from", "forced", "verified_at", "check_from"])
    note(row.pk, "returned", by)
    return row


def hold(agency_id: int) -> Agency:
    """The agency's row, held until the transaction ends. Raises agency.unknown."""
    row = Agency.objects.select_for_update().filter(pk=agency_id).first()
    if row is None:
        raise errors.NO_SUCH_AGENCY()
    return row


def note(agency_id: int, action: str, by: By, **data: object) -> None:
    audit.record(stream=f"agency:{agency_id}", action=action, by=by, data=data)
