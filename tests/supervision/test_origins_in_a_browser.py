"""A card and a rating that may become a case, and those that have: readable at a desk and on a phone."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import User
from core import clock
from supervision.models import Step
from supervision.services import cases
from supervision.services.origins import open_case_on_card, open_case_on_rating
from tests.accounts import people
from tests.ratings.test_appeals import rated
from tests.site.looks import troubles
from tests.supervision.clockwork import Room, look, watched
from tests.supervision.hearing import officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHY = "经核实，机构没有按期提交成果，两次催办仍未改正。"


def test_a_card_and_a_rating_with_their_cases_fit_and_are_readable(live_server, browser_page):
    sol, agency, now, room = officer("regulator", 9801, "sol@example.com"), people.agency(1), clock.now(), Room()
    for place in ("waits", "led"):
        room.add(agency.pk, reference=place, start=now - timedelta(days=9), due=now - timedelta(days=2))
        room.change(place, kind="contract.deliver")
    with watched(room):
        look(now)
    card, led = Step.objects.get(reference="waits"), Step.objects.get(reference="led")
    by_card = open_case_on_card(step_id=led.pk, ground="late_delivery", facts=WHY, by=sol)
    with transaction.atomic():  # the browser's market would let old awards lapse before they are answered
        (_w, free), (w, taken) = rated(), rated()
    by_rating = open_case_on_rating(
        rating_id=taken.pk, subject_id=taken.ratee_id, ground="service_complaint", facts=WHY, by=sol
    )
    cases.give_notice(case_id=by_rating.pk, measure="warning", days=200, reasons=WHY, by=sol)
    regulator = [card.get_absolute_url(), led.get_absolute_url(), by_card.get_absolute_url()]
    regulator += [f"/supervision/ratings/{one.pk}/" for one in (free, taken)]
    regulator.append(f"/contracts/{free.window.contract_id}/rate/")
    own = [f"/cases/{by_rating.number}/", f"/supervision/ratings/{taken.pk}/"]
    assert troubles(browser_page, {User.objects.get(pk=sol.user_id): regulator, w.ana: own}) == []
