"""The seeded past: every state a visitor may look into is there, and each was reached by the rules."""

import traceback
from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.core.cache import cache

from agencies.models import Agency
from contracts.models import Filing, TerminationAnswer
from core import clock
from core.models import Job
from marketplace import selectors as marketplace
from marketplace.models import Need
from payments.models import Escrow
from portal.demo import history, timeline
from ratings.models import Appeal, AppealDecision, GradeList, QualityVerdict
from supervision.models import Card, Case, ComplaintEvent, Consultation, InspectionPlan, Opinion, QuestionEvent
from supervision.selectors import consultations, entrance
from tests import database

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# What no history of the demo can hold, and why.
ABSENT = {
    "supervision.Delivery.state failed": "the demo's gateways take whatever they are given",
    "supervision.Delivery.state waiting": "and at once",
    "supervision.MeasureEnd.why review": "asking for the review has ended the measure already, as a stay",
    "supervision.DueChange.cause calendar": "no official calendar came that year, and none is invented",
}
NOW = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def ended_early(django_db_setup, django_db_blocker):
    """A short past; what its lives stumbled over."""
    cache.clear()
    told: list[str] = []
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "USUAL", 4)
        patch.setattr(history, "RECENT", 6)
        patch.setattr(timeline.log, "exception", lambda _message: told.append(traceback.format_exc(limit=-6)))
        history.make(NOW)
        yield told
        database.restore()


def states(rows, field="state"):
    return set(rows.values_list(field, flat=True))


def test_no_life_ends_early(ended_early):
    assert ended_early == []


def test_needs_are_in_every_state_and_nothing_failed():
    assert {"draft", "published", "competing", "closed"} <= {
        marketplace.state_of(need, NOW) for need in Need.objects.all()
    }
    assert not Job.objects.exclude(last_error="").exists()
    assert history.complete()


def test_every_state_and_choice_is_there_but_those_that_cannot_be():
    assert {f"{name} {value}" for name, missing in _choices() for value in missing} == set(ABSENT)


def _choices():
    """Every column with choices of the three rooms, with those of its values that no row has."""
    for room in ("contracts", "ratings", "supervision"):
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.concrete_fields:
                if field.choices:
                    wanted = {str(value) for value, _label in field.flatchoices} - {""}
                    yield f"{room}.{model.__name__}.{field.name}", wanted - states(model.objects, field.name)


def test_what_has_no_state_of_its_own_is_there_both_ways():
    assert states(AppealDecision.objects, "upheld") == {True, False}
    assert states(QualityVerdict.objects, "confirmed") == {True, False}
    assert Filing.objects.exists()
    assert InspectionPlan.objects.filter(published_at=None).exists()
    assert InspectionPlan.objects.filter(drawings__result=None, drawings__isnull=False).exists()
    assert {consultations.stage(row) for row in Consultation.objects.all()} == set(consultations.STAGES)
    assert Opinion.objects.filter(answer=None).exists()
    assert QuestionEvent.objects.filter(kind="passed").exists()


def test_ended_contracts_let_go_of_money_held_and_money_committed():
    ended = TerminationAnswer.objects.filter(outcome="agreed").values_list("termination__contract", flat=True)
    assert Escrow.objects.filter(group__in=[f"contract:{pk}" for pk in ended]).exists()
    assert Need.objects.filter(awards__contract__in=ended, buyer__kind="department").exists()


def test_a_known_malicious_complainant_was_heard_and_decided_about():
    told = ComplaintEvent.objects.get(kind="complainant_case")
    row = Case.objects.get(number=told.data["case"])
    assert (row.ground, row.state) == ("malicious_complaint", "in_force")


def test_a_red_card_has_become_a_case():
    late = Case.objects.get(origin_kind=Case.Origin.CARD)
    assert (
        Card.objects.get(step=late.origin_reference.removeprefix("card:"), colour="red").step.owner_id
        == late.subject_id
    )


def test_whoever_entered_was_checked_in_time_and_three_met_an_objection():
    with clock.at(NOW):
        assert [step.title for step in entrance.open_steps() if step.kind == "agency.check"] == []
    late = [
        row
        for row in Agency.objects.exclude(verified_at=None)
        if row.verified_at > row.committed_at + timedelta(days=1)
    ]
    assert late == []


def test_last_year_s_grades_are_published_and_an_objection_to_them_is_decided():
    row = GradeList.objects.get(year=2025)
    assert row.publication.at > row.objections_until
    assert row.lines.count() > 10
    assert set(Appeal.objects.filter(line__list=row).values_list("decision__upheld", flat=True)) <= {True, False}
    assert Appeal.objects.filter(line__list=row).exists()
