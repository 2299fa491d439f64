"""Ends that move while a step is open: the official calendar came, or time does not count."""

from datetime import datetime

from django.db.models import QuerySet

from contracts.models import Amendment, Contract, Deliverable, Milestone, Termination


def move_signing(reference: str, due_at: datetime) -> bool:
    """`reference`: "contract:5:buyer"; both sides have the same end. Each of these says whether it moved anything."""
    waiting = Contract.objects.filter(pk=_number(reference), signed_at=None, terminated_at=None)
    return _moved(waiting, sign_by=due_at)


def move_delivery(reference: str, due_at: datetime) -> bool:
    return _moved(Milestone.objects.filter(pk=_number(reference), accepted_at=None), due_at=due_at)


def move_rework(reference: str, due_at: datetime) -> bool:
    returned = Deliverable.objects.filter(pk=_number(reference), returned_at__isnull=False)
    return _moved(returned.filter(milestone__accepted_at=None), rework_by=due_at)


def move_answer(reference: str, due_at: datetime) -> bool:
    waiting = Deliverable.objects.filter(pk=_number(reference), accepted_at=None, returned_at=None)
    return _moved(waiting, answer_by=due_at)


def move_change(reference: str, due_at: datetime) -> bool:
    return bool(Amendment.objects.filter(pk=_number(reference), answer=None).update(answer_by=due_at))


def move_ending(reference: str, due_at: datetime) -> bool:
    """Silence is an answer here: nobody has less time for one than they were told."""
    waiting = Termination.objects.filter(pk=_number(reference), answer=None, answer_by__lte=due_at)
    return bool(waiting.update(answer_by=due_at))


def move_filing(reference: str, due_at: datetime) -> bool:
    signed = Contract.objects.filter(pk=_number(reference), signed_at__isnull=False)
    return _moved(signed.filter(filing=None, terminated_at=None), file_by=due_at)


def _number(reference: str) -> int:
    return int(reference.split(":")[1])


def _moved(rows: "QuerySet[Contract] | QuerySet[Milestone] | QuerySet[Deliverable]", **to: datetime) -> bool:
    return bool(rows.update(**to))
