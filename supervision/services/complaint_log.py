"""What every verb of a complaint begins and ends with: its row locked, who may act, the event appended, who is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise

from core import clock, rulesets, workdays
from core.audit import By, record
from core.rulesets import Rules
from core.workdays import Limit
from supervision import ends
from supervision.models import Complaint, ComplaintEvent, ComplaintFile
from supervision.rules import complaints as rules
from supervision.rules.process import Happening, Who, Wrong
from supervision.services import letters, objections
from supervision.services.notices import tell
from supervision.services.process import (
    kept,
    officer,
    refusal,
    refuse_complainant,
    refuse_related,
    who,
)

MOMENTS = ("reply_until", "pause_until")  # what events store as text


def limits_of(complaint: Complaint) -> Rules:
    """The limits a complaint was filed under: a new version is for complaints filed later."""
    return rulesets.by_ref(complaint.rules_ref)


def limit(complaint: Complaint, name: str, start: datetime) -> datetime:
    """When a step of a complaint that starts at a moment is due."""
    return Limit.of(limits_of(complaint)[name]).end(start, workdays.load())


def held(complaint_id: int) -> Complaint:
    """The complaint, its row locked until the transaction ends. Raises Complaint.DoesNotExist."""
    return Complaint.objects.select_for_update(of=("self",)).select_related("subject").get(pk=complaint_id)


def handled(complaint_id: int, by: By) -> Complaint:
    """For officers whom nothing ties to either side. Raises access.not_yours or process.related."""
    complaint = held(complaint_id)
    officer(by)
    refuse_related(by, [complaint.subject_id])
    refuse_complainant(complaint.identity, by)
    return complaint


def happenings(complaint: Complaint) -> list[Happening]:
    """The complaint's events as the rules take them."""
    rows = list(complaint.events.select_related("by_org").order_by("seq"))
    known = ends.of("complaint", {complaint.pk: rows})
    until = ends.untils("complaint", complaint.pk, rows, rules.TERMS, known)
    return [Happening(row.kind, row.at, _who(row), until[row.seq], _data(row, known)) for row in rows]


def _who(row: ComplaintEvent) -> Who:
    return Who(row.by_user_id, row.by_org_id, row.by_org.kind if row.by_org else "")


def _data(row: ComplaintEvent, known: ends.Ends) -> dict[str, Any]:
    data = _read(row.data)
    if "reply_until" in data:
        reference = ends.reference("complaint", row.complaint_id, row.seq)
        data["reply_until"] = known.until(rules.REPLY.step, reference, data["reply_until"])
    return data


def _read(stored: Mapping[str, Any]) -> dict[str, Any]:
    moments = {name: datetime.fromisoformat(stored[name]) for name in MOMENTS if stored.get(name)}
    return {**stored, **moments}


def append(
    complaint: Complaint,
    kind: str,
    by: By,
    *,
    until: datetime | None = None,
    text: str = "",
    data: Mapping[str, Any] | None = None,
    uploads: Sequence["UploadedFile[Any]"] = (),
) -> rules.Matter:
    """The only way an event comes into a complaint. Raises the refusal of what rules.complaints forbids."""
    past, stored = happenings(complaint), dict(data or {})
    one = Happening(kind, clock.now(), who(by), until, _read(stored))
    try:
        matter = rules.follow(rules.fold(past) if past else None, one)
    except Wrong as wrong:
        raise refusal(wrong) from None
    row = ComplaintEvent.objects.create(
        complaint=complaint,
        seq=len(past) + 1,
        kind=kind,
        at=one.at,
        until=until,
        text=text,
        data=stored,
        by_user_id=by.user_id,
        by_org_id=by.org_id,
    )
    ComplaintFile.objects.bulk_create([ComplaintFile(event=row, file=file) for file in kept(uploads)])
    record(stream=f"complaint:{complaint.pk}", action=kind, by=by, data=stored)
    letters.of_complaint(complaint, row)
    complaint.state, complaint.due_at = matter.state.value, matter.until
    complaint.office_id, complaint.officer_id = matter.office, matter.officer.user if matter.officer else None
    complaint.save(update_fields=["state", "due_at", "office", "officer"])
    objections.follow(complaint, row)
    return matter


def tell_about(
    complaint: Complaint,
    organisation_id: int,
    sentence: str | Promise,
    path: str,
    *,
    user_id: int | None = None,
    urgent: bool = False,
    **more: str,
) -> None:
    values = {"number": complaint.number, "title": complaint.title, **more}
    tell(organisation_id=organisation_id, sentence=sentence, path=path, user_id=user_id, urgent=urgent, values=values)
