"""Exposure: what was published, from every source, in one list; nothing that was not."""

from datetime import timedelta

import pytest

from accounts.models import Organisation
from core import clock
from supervision.models import Card, Inspection, Step
from supervision.selectors import exposure
from supervision.selectors.exposure import Filters
from tests.accounts import people
from tests.supervision import inspecting
from tests.supervision.inspecting import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """Three inspected: one in order, one to be mended, one not published; and a department with a red card."""
    office = inspecting.bureau()
    inspecting.agencies("DDD")
    inspecting.drawn(office)
    good, bad, hidden = Inspection.objects.order_by("subject_id")
    inspecting.published(office, good)
    inspecting.published(office, bad, "fix", failing=[2])
    inspecting.concluded(office, hidden, "fix", failing=[2])
    dora = people.organisation("department", 9300, name="廊坊市生态环境局")
    bea = people.organisation("enterprise", 9301, name="廊坊远望实业有限公司")
    for owner in (dora, bea):
        card(owner)
    return bad, dora


def card(owner: Organisation):
    """A red card, and the yellow one that went before it."""
    step = Step.objects.create(
        source="marketplace", kind="need.answer", reference=f"question:{owner.pk}", owner=owner, title="答复",
        path="/needs/1/", started_at=NOW, told_due_at=NOW, due_at=NOW, yellow_at=NOW, provisional=False,
        first_seen_at=NOW, last_seen_at=NOW, rules_ref="clocks@1",
    )  # fmt: skip
    for colour, days in (("yellow", 1), ("red", 2)):
        raised_at = NOW + timedelta(days=days)
        Card.objects.create(
            step=step, colour=colour, raised_at=raised_at, due_at=NOW, written_at=NOW, rules_ref="clocks@1"
        )


def shown(**filters):
    return [(one.kind, one.name) for one in exposure.entries(exposure.rows(Filters(**filters)))]


def test_only_what_is_published_and_broke_a_rule_is_exposed(place):
    bad, dora = place
    assert shown() == [("inspection", bad.subject.name), ("card", dora.name)]


def test_every_line_leads_to_its_public_page(place, client):
    bad, dora = place
    paths = [one.path for one in exposure.entries(exposure.rows(Filters()))]
    assert paths == [bad.get_absolute_url(), f"/promises/{dora.pk}/"]
    assert [client.get(path).status_code for path in paths] == [200, 200]


def test_filters_narrow_the_list_and_its_figures(place):
    _bad, dora = place
    assert shown(kind="card") == [("card", dora.name)]
    assert shown(q="生态") == [("card", dora.name)]
    assert len(shown(region="1310")) == 2
    assert shown(region="37") == shown(year=2020) == shown(kind="listing") == []
    assert exposure.counts(Filters())["card"] == 1
    months = exposure.months(Filters(kind="card"), NOW - timedelta(days=30))
    assert [(f"{month:%Y-%m}", dict(n)) for month, n in months] == [("2026-03", {"card": 1})]


def test_the_page_and_its_file_say_the_same_to_everybody(place, client):
    bad, dora = place
    with clock.at(NOW + timedelta(days=30)):
        page = client.get("/exposure/?q=").content.decode()
        file = client.get("/exposure/data.csv?kind=card").content.decode("utf-8-sig")
    assert bad.subject.name in page
    assert dora.name in file
    assert bad.subject.name not in file
    assert client.get("/exposure/?kind=nonsense&year=x&region=1").status_code == 200
