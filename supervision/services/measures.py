"""What a decided measure does: the restriction every room feels, and the row in the credit file.

Running contracts are protected: a restriction stops entering, bidding and being awarded, and nothing else.
"""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import override

from accounts.models import Organisation
from agencies import services as agencies
from core import clock, papers
from core.audit import By
from ratings import services as ratings
from supervision import words
from supervision.models import Case, Measure, MeasureEnd
from supervision.rules.cases import Sanction
from supervision.rules.discretion import Ground

FELT_AS = {"warning": "warned", "suspension": "suspended", "removal": "removed"}  # a reminder is felt by nobody


def put_in_force(case: Case, sanction: Sanction, start: datetime, end: datetime, by: By) -> Measure:
    """Felt everywhere from this moment: agencies keep the restriction, entry, bidding and award look there."""
    restriction = None
    if case.subject.kind == Organisation.Kind.AGENCY and sanction.kind in FELT_AS:
        with override(papers.LANGUAGE):
            ground = str(words.ground(case.ground))
        restriction = agencies.restrict(
            agency_id=case.subject_id,
            kind=FELT_AS[sanction.kind],
            starts_at=start,
            ends_at=end,
            ground=ground,
            source=case.public_path,
            by=by,
        ).pk
    return Measure.objects.create(
        case=case, kind=Case.Measure(sanction.kind), starts_at=start, ends_at=end, restriction=restriction
    )


def into_the_file(case: Case, sanction: Sanction, ground: Ground, by: By, *, again: bool) -> int | None:
    """One row in an agency's credit file for each decision, however often it is put in force; its number."""
    if case.subject.kind != Organisation.Kind.AGENCY:
        return None
    return ratings.record_credit(
        agency_id=case.subject_id,
        kind=f"measure_{sanction.kind}",
        source=case.public_path,
        source_key=f"case:{case.pk}:review" if again else f"case:{case.pk}",
        summary={"case": case.number, "ground": case.ground, "days": sanction.days},
        points=ground.option(sanction.kind).points,
        legal_basis=ground.basis,
        by=by,
    ).pk


def interrupted(case: Case, why: str, reason: str | Promise, by: By) -> None:
    """The measure in force, if any, is felt no longer."""
    running = case.measures.filter(end=None).first()
    if running is None:
        return
    now = clock.now()
    MeasureEnd.objects.create(measure=running, at=min(now, running.ends_at), why=why)
    if running.restriction and now < running.ends_at:
        with override(papers.LANGUAGE):
            agencies.lift(restriction_id=running.restriction, reason=str(reason), source=case.public_path, by=by)


def revoked(case: Case, reason: str, by: By) -> None:
    """The decision did not stand: its row in the credit file is taken back by a new one."""
    row = case.events.filter(kind="enforced", data__credit__isnull=False).order_by("seq").last()
    if row is not None and row.data["credit"]:
        ratings.correct(event_id=row.data["credit"], reason=reason[:300], source=case.public_path, by=by)
