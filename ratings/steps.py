"""What should be done by when about ratings: each side rates, appeals are answered and decided, regulators rate, the
operator has every year that is over graded.

Nobody must rate and nobody must answer: the end of the limit ends those steps. A decision has to be made.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Greatest

from contracts.models import Side
from core import clock, rulesets
from core.rulesets import Versions
from core.steps import Step, lapsed
from ratings import grade_steps as grades
from ratings import selectors
from ratings.models import Appeal, ApprovalUse, Rating, RatingWindow
from ratings.texts import label


def open_steps(since: datetime) -> Iterator[Step]:
    """Open now, or ended after `since`."""
    versions, among = Versions(), selectors.supervisors()
    yield from _windows(since, versions)
    yield from _appeals(since, versions, among)
    yield from _uses(since, versions, among)
    yield from _reports(since, versions, among)
    yield from _rights(since, versions)
    yield from grades.open_steps(since, versions, among)


def _appeals(since: datetime, versions: Versions, among: selectors.Supervisors) -> Iterator[Step]:
    now = clock.now()
    for row in selectors.told_since(since):
        decision, statement = getattr(row, "decision", None), getattr(row, "statement", None)
        rules = versions[row.rules_ref]
        about = _title(row)
        other, owner = selectors.other_side(row), selectors.decider(row, among)
        if other is not None:
            yield Step(
                kind="rating.answer",
                reference=f"appeal:{row.pk}",
                owner_org=other,
                title=about,
                path=row.get_absolute_url(),
                started_at=row.filed_at,
                due_at=row.heard_by,
                limit=rules["statement"],
                closed_at=lapsed(statement.at if statement else None, row.heard_by, now),
                right=True,
            )
        if owner is not None:
            yield Step(
                kind="grade.decide" if row.line_id else "rating.appeal",
                reference=f"appeal:{row.pk}",
                owner_org=owner,
                title=about,
                path=f"/supervision/appeals/{row.pk}/",
                started_at=row.filed_at,
                due_at=row.decide_by,
                limit=rules["decide"],
                closed_at=decision.decided_at if decision else None,
                respondent=row.by_org_id,
            )


def _title(row: Appeal) -> str:
    if row.rating is not None:
        return row.rating.window.contract.award.need.title
    return str(row.line.list) if row.line else str(row.event and label(row.event.kind))


def _uses(since: datetime, versions: Versions, among: selectors.Supervisors) -> Iterator[Step]:
    """The regulator's rating is a duty: it stays open, overdue, until it is given."""
    for row in selectors.uses_told_since(since):
        owner, rating = selectors.rater_of(row, among), getattr(row, "rating", None)
        if owner is not None:
            yield Step(
                kind="rating.regulator",
                reference=f"use:{row.pk}",
                owner_org=owner,
                title=row.contract.award.need.title,
                path=row.get_absolute_url(),
                started_at=row.used_at,
                due_at=row.rate_by,
                limit=versions[row.rules_ref]["regulator_rating"],
                closed_at=rating.rated_at if rating else None,
                respondent=row.contract.supplier_id,
            )


def _reports(since: datetime, versions: Versions, among: selectors.Supervisors) -> Iterator[Step]:
    """A result sent back for its quality: the agency may answer, a regulator has to decide."""
    now = clock.now()
    for row in selectors.reports_told_since(since):
        answer, verdict = getattr(row, "answer", None), getattr(row, "verdict", None)
        if row.heard_by is None or row.decide_by is None:
            continue
        owner, rules = selectors.rater_of(row, among), versions[row.rules_ref]
        yield Step(
            kind="quality.answer",
            reference=f"use:{row.pk}",
            owner_org=row.contract.supplier_id,
            title=row.contract.award.need.title,
            path=row.get_absolute_url(),
            started_at=row.used_at,
            due_at=row.heard_by,
            limit=rules["quality_defence"],
            closed_at=lapsed(answer.at if answer else None, row.heard_by, now),
            right=True,
        )
        if owner is not None:
            yield Step(
                kind="quality.decide",
                reference=f"use:{row.pk}",
                owner_org=owner,
                title=row.contract.award.need.title,
                path=row.get_absolute_url(),
                started_at=row.used_at,
                due_at=row.decide_by,
                limit=rules["quality_decide"],
                closed_at=verdict.decided_at if verdict else None,
                respondent=row.contract.supplier_id,
            )


def _windows(since: datetime, versions: Versions) -> Iterator[Step]:
    """That a side has rated may be known, what it wrote may not."""
    rows = RatingWindow.objects.filter(Q(revealed_at=None) | Q(revealed_at__gt=since))
    rows = rows.select_related("contract__award__need").prefetch_related("ratings").order_by("pk")
    now = clock.now()
    for row in rows:
        rated = {rating.side: rating.submitted_at for rating in row.ratings.all()}
        contract = row.contract
        for side, owner, other in (
            (Side.BUYER, contract.buyer_id, contract.supplier_id),
            (Side.SUPPLIER, contract.supplier_id, contract.buyer_id),
        ):
            yield Step(
                kind="rating.rate",
                reference=f"window:{row.pk}:{side.value}",
                owner_org=owner,
                title=contract.award.need.title,
                path=f"/contracts/{contract.pk}/rate/",
                started_at=row.opened_at,
                due_at=row.ends_at,
                limit=versions[row.rules_ref]["window"],
                closed_at=lapsed(rated.get(side) or row.revealed_at, row.ends_at, now),
                respondent=other,
                right=True,
            )


def _rights(since: datetime, versions: Versions) -> Iterator[Step]:
    """Who was rated may answer in public, and may appeal; both lapse."""
    now, appeals = clock.now(), rulesets.history("appeals")
    rows = Rating.objects.filter(Q(reply_by__gt=since) | Q(appeal_by__gt=since))
    for row in rows.select_related("window__contract__award__need", "appeal").order_by("pk"):
        contract, revealed, filed = row.window.contract, row.window.revealed_at, getattr(row, "appeal", None)
        if revealed is None or row.reply_by is None or row.appeal_by is None:
            continue
        in_force = next((one.rules for one in appeals if one.since <= revealed), appeals[-1].rules)
        pages = f"/agencies/{row.ratee_id}/credit/", f"/contracts/{contract.pk}/rate/"
        for kind, path, limit, due, done in (
            ("rating.reply", pages[row.side != Side.BUYER], versions[row.window.rules_ref]["reply"], row.reply_by,
             row.replied_at),
            ("rating.file_appeal", pages[1], in_force["file"], row.appeal_by, filed.filed_at if filed else None),
        ):  # fmt: skip
            yield Step(
                kind=kind,
                reference=f"rating:{row.pk}",
                owner_org=row.ratee_id,
                title=contract.award.need.title,
                path=path,
                started_at=revealed,
                due_at=due,
                limit=limit,
                closed_at=lapsed(done, due, now),
                right=True,
            )


def move_reply(reference: str, due_at: datetime) -> bool:
    """Give who was rated longer to answer in public."""
    return bool(Rating.objects.filter(pk=_number(reference), replied_at=None).update(reply_by=due_at))


def move_appeal(reference: str, due_at: datetime) -> bool:
    """Give who was rated longer to appeal."""
    return bool(Rating.objects.filter(pk=_number(reference)).update(appeal_by=due_at))


def move_answer(reference: str, due_at: datetime) -> bool:
    """Give the other side longer to say something to an appeal; the decision is never due before."""
    rows = Appeal.objects.filter(pk=_number(reference), decision=None)
    return bool(rows.update(heard_by=due_at, decide_by=Greatest(F("decide_by"), due_at)))


def move_decision(reference: str, due_at: datetime) -> bool:
    """Give an appeal that waits for its decision another end, never before the other side was heard."""
    rows = Appeal.objects.filter(pk=_number(reference), decision=None)
    return bool(rows.update(decide_by=Greatest(F("heard_by"), due_at)))


def move_regulator(reference: str, due_at: datetime) -> bool:
    """Give a regulator that has to rate another end."""
    return bool(ApprovalUse.objects.filter(pk=_number(reference), rating=None).update(rate_by=due_at))


def move_quality_answer(reference: str, due_at: datetime) -> bool:
    """Give an agency longer to answer to a result sent back; the decision is never due before."""
    rows = ApprovalUse.objects.filter(pk=_number(reference), verdict=None)
    return bool(rows.update(heard_by=due_at, decide_by=Greatest(F("decide_by"), due_at)))


def move_quality_decision(reference: str, due_at: datetime) -> bool:
    """Give a regulator that has to decide on a result sent back another end, never before the agency was heard."""
    rows = ApprovalUse.objects.filter(pk=_number(reference), verdict=None)
    return bool(rows.update(decide_by=Greatest(F("heard_by"), due_at)))


def _number(reference: str) -> int:
    return int(reference.split(":")[1])


def move(reference: str, due_at: datetime) -> bool:
    """Give a window that is open another end; says whether it did."""
    return bool(RatingWindow.objects.filter(pk=_number(reference), revealed_at=None).update(ends_at=due_at))
