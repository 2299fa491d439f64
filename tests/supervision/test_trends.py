"""How much came each month: cards by the month they were earned in, red ones only, and the desk that shows it."""

from datetime import UTC, date, datetime

import pytest

from core import clock
from supervision.models import FlagHit
from supervision.selectors import trends
from tests.accounts import people
from tests.supervision.test_exposure import card

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def arrivals():
    """A red card in March, and flags around the local midnight between January and February."""
    owner = people.organisation("department", 9300, name="廊坊市生态环境局")
    card(owner)
    for key, at in enumerate((datetime(2026, 1, 31, 15, 59, tzinfo=UTC), datetime(2026, 1, 31, 16, 0, tzinfo=UTC))):
        FlagHit.objects.create(
            rule="single_bid", key=f"x{key}", about=owner, organisations=[owner.pk], evidence={"share": "99.0%"},
            found_at=at, rules_ref="flags@1",
        )  # fmt: skip


def test_what_came_is_counted_in_the_local_month_it_came_in(arrivals):
    assert trends.months(datetime(2025, 4, 1, tzinfo=UTC)) == [
        (date(2026, 1, 1), {"flag": 1}), (date(2026, 2, 1), {"flag": 1}), (date(2026, 3, 1), {"card": 1}),
    ]  # fmt: skip
    assert trends.months(datetime(2026, 2, 1, tzinfo=UTC)) == [(date(2026, 3, 1), {"card": 1})]


@pytest.mark.parametrize("with_arrivals", [True, False])
def test_the_regulators_desk_shows_the_year_or_says_there_was_nothing(client, request, with_arrivals):
    if with_arrivals:
        request.getfixturevalue("arrivals")
    sol = people.user("sol@example.com")
    people.organisation("regulator", 9720, sol, name="廊坊市政务服务监管处")
    with clock.at(NOW):
        client.force_login(sol)
        page = client.get("/desk/").content.decode()
    assert ("近十二个月没有新增事项" in page) is not with_arrivals
    assert ('class="part-card"' in page) is with_arrivals
