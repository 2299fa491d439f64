"""Objections to newcomers as they look: the mark, the publicity page, the form, the correction."""

from datetime import timedelta

import pytest

from accounts.models import User
from core import clock
from tests.site.looks import troubles
from tests.supervision import test_objections as told

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_pages_of_an_objection_fit_and_are_readable_for_everyone(live_server, browser_page, monkeypatch):
    monkeypatch.setattr(told, "NOW", clock.now() - timedelta(hours=6))
    story = told.Story()
    story.decided("dismissed")
    upheld = story.decided()
    with story.at(hours=5):
        waiting = story.objected(facts=("identity", "qualification", "introduction"), hours=5)
    agency = f"/agencies/{story.agency.pk}/"
    anyone = [f"{agency}objections/", agency, f"/complaints/new/?about=newcomer:{story.agency.pk}", "/agencies/"]
    officer = User.objects.get(pk=story.sol.user_id)
    walks = {
        None: anyone,
        story.owner: ["/agency/check/", f"/cases/complaints/{upheld.number}/"],
        officer: [waiting.get_absolute_url(), upheld.get_absolute_url()],
    }
    assert troubles(browser_page, walks) == []
