"""Limits of the published rules: told to the regulator with the facts, once, and never a penalty by themselves."""

from datetime import timedelta

import pytest

from agencies import selectors as agencies
from core import clock
from core.audit import By
from ratings import services as ratings
from supervision import services
from supervision.models import Case, FlagHit
from supervision.selectors import complaints as seen
from supervision.selectors import flags
from supervision.services import complaints
from tests.accounts import people
from tests.supervision.listing import NOW, WORDS, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def late(made, times, key):
    """Working days late, a point each."""
    return ratings.record_credit(
        agency_id=made.agency.pk, kind="milestone_late", source="/x/", source_key=key, summary={}, times=times
    )


def raised(days=0.0):
    with clock.at(NOW + timedelta(days=days)):
        services.look()
    return set(FlagHit.objects.filter(needs=None).values_list("rule", flat=True))


def test_each_limit_is_raised_once_where_it_was_crossed_and_nothing_is_done():
    made = world()
    late(made, 4, "a")
    assert raised() == set()
    with clock.at(NOW + timedelta(days=1)):
        late(made, 4, "b")
    assert raised(2) == {"points_lost"}
    hit = FlagHit.objects.get(rule="points_lost")
    assert (hit.organisations, hit.evidence["before"], hit.evidence["after"]) == ([made.agency.pk], "96.00", "92.00")
    with clock.at(NOW + timedelta(days=3)):
        late(made, 10, "c")
        late(made, 4, "d")
    assert raised(4) == {"points_lost", "low_score"}
    assert raised(5) == {"points_lost", "low_score"}
    assert FlagHit.objects.filter(needs=None).count() == 2
    with clock.at(NOW + timedelta(days=6)):
        late(made, 10, "e")
    assert raised(7) == {"points_lost", "low_score", "lowest_score"}
    assert not Case.objects.exists()
    assert not agencies.restrictions(made.agency.pk).exists()


def test_a_corrected_row_raises_nothing():
    made = world()
    row = late(made, 10, "a")
    ratings.correct(event_id=row.pk, reason="记错", source="/x/", by=By())
    assert raised() == set()


def upheld(made, outcome="upheld"):
    by = made.officers[0]
    contact = {"name": "", "phone": "", "email": ""}
    about = seen.matter(f"agency:{made.agency.pk}")
    row = complaints.file(matter=about, statement="合同约定的成果逾期两周没有提交，请核查处理。", hidden=True,
                          contact=contact, by=By()).complaint  # fmt: skip
    complaints.accept(complaint_id=row.pk, by=by)
    complaints.notify(complaint_id=row.pk, summary=WORDS, by=by)
    complaints.reply(complaint_id=row.pk, text=WORDS, by=made.ana)
    complaints.decide(complaint_id=row.pk, outcome=outcome, reasons=WORDS, by=by)
    return row


def test_the_third_upheld_service_complaint_in_a_year_is_raised_and_a_dismissed_one_does_not_count():
    made = world()
    for days in (0, 30):
        with clock.at(NOW + timedelta(days=days)):
            upheld(made)
    with clock.at(NOW + timedelta(days=40)):
        upheld(made, "dismissed")
    assert "third_complaint" not in raised(41)
    with clock.at(NOW + timedelta(days=60)):
        last = upheld(made)
    assert "third_complaint" in raised(61)
    hit = FlagHit.objects.get(rule="third_complaint")
    assert last.number in flags.sentence(hit)


def test_the_case_that_is_proposed_has_the_ground_of_its_limit(client):
    made = world()
    for key in ("a", "b"):
        late(made, 5 if key == "a" else 10, key)
    late(made, 8, "c")
    raised()
    hit = FlagHit.objects.get(rule="low_score")
    services.judge(hit_id=hit.pk, verdict="confirmed", reasons="扣分属实，已核对信用档案。", by=made.officers[0])
    client.force_login(people.User.objects.get(pk=made.officers[0].user_id))
    page = client.get(hit.get_absolute_url()).content.decode()
    assert '<option value="low_score" selected>' in page
    assert "信用分现为 77.00 分" in page
