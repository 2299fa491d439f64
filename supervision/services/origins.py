"""A red card or a revealed rating becomes a case: by a regulator without a part in it, once each."""

from collections.abc import Collection

from django.db import transaction

from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from core.audit import By, record
from ratings import selectors as ratings
from ratings.models import Rating
from supervision.errors import origins as errors
from supervision.errors.cases import REPORTER
from supervision.kinds import label
from supervision.models import Card, Case, Step
from supervision.rules.origins import answerable
from supervision.selectors import origins as seen
from supervision.services.cases import Origin, open_case
from supervision.services.process import refuse_related, who


@transaction.atomic
def open_case_on_card(*, step_id: int, ground: str, facts: str, by: By) -> Case:
    """Let the red card of an agency's step become a case on the agency.

    Raises Step.DoesNotExist, card.not_red, card.not_agency, card.case_open and what opening a case refuses.
    """
    step = Step.objects.select_for_update(of=("self",)).select_related("owner").get(pk=step_id)
    _uninvolved(by, [one for one in (step.owner_id, step.respondent_id) if one])
    if step.owner.kind != Organisation.Kind.AGENCY:
        raise errors.CARD_NOT_AGENCY()
    if not step.cards.filter(colour=Card.Colour.RED).exists():
        raise errors.CARD_NOT_RED()
    if seen.case_of(seen.CARD, step.pk):
        raise errors.CARD_CASE_OPEN()
    title = f"{label(step.kind)} · {step.title}"
    origin = Origin(seen.CARD, seen.reference(seen.CARD, step.pk), title, step.get_absolute_url())
    return _opened(origin, step.owner_id, ground, facts, by)


@transaction.atomic
def open_case_on_rating(*, rating_id: int, subject_id: int, ground: str, facts: str, by: By) -> Case:
    """Let a revealed rating become a case on one of its two sides; where an appeal was upheld, on whoever rated.

    Raises Rating.DoesNotExist, rating.appealed, rating.not_concerned, rating.case_open, process.reporter and what
    opening a case refuses.
    """
    Rating.objects.select_for_update(of=("self",)).get(pk=rating_id)
    row = ratings.rating(rating_id)
    _uninvolved(by, [row.rater_id, row.ratee_id])
    if by.user_id == row.submitted_by_id:
        raise REPORTER()
    if seen.appealed(row):
        raise errors.RATING_APPEALED()
    if subject_id not in answerable(rater=row.rater_id, ratee=row.ratee_id, withdrawn=seen.is_withdrawn(row)):
        raise errors.RATING_NOT_CONCERNED()
    if seen.case_of(seen.RATING, row.pk):
        raise errors.RATING_CASE_OPEN()
    title = row.window.contract.award.need.title
    origin = Origin(seen.RATING, seen.reference(seen.RATING, row.pk), title, f"/supervision/ratings/{row.pk}/")
    return _opened(origin, subject_id, ground, facts, by)


def _uninvolved(by: By, parties: Collection[int]) -> None:
    """A person of a regulator whom nothing ties to either side. Raises access.not_yours or process.related."""
    if who(by).kind != Organisation.Kind.REGULATOR:
        raise NOT_YOURS()
    refuse_related(by, parties)


def _opened(origin: Origin, subject_id: int, ground: str, facts: str, by: By) -> Case:
    case = open_case(origin=origin, subject_id=subject_id, ground=ground, facts=facts, by=by)
    record(stream=origin.reference, action="case_opened", by=by, data={"case": case.number, "subject": subject_id})
    return case
