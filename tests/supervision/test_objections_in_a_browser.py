"""Objections to newcomers as they look: the mark, the publicity page, the form, the correction."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from accounts.models import User
from core import clock
from supervision.models import ComplaintFile
from tests.site.city import PDF
from tests.site.looks import PICTURES, troubles
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


def test_a_refused_form_shows_the_files_it_kept_and_sends_them_again(live_server, browser_page, tmp_path, monkeypatch):
    monkeypatch.setattr(told, "NOW", clock.now() - timedelta(hours=6))
    story = told.Story()
    proof = tmp_path / "现场照片和全国查询平台截图.pdf"
    proof.write_bytes(PDF)
    for width, language in ((1440, "zh-hans"), (360, "en")):
        page = browser_page(width=width, language=language)
        page.goto(f"/complaints/new/?about=newcomer:{story.agency.pk}")
        page.locator("input[name=facts]").first.check()
        page.locator("textarea[name=statement]").fill("太短")
        page.locator("input[type=file]").set_input_files(proof)
        page.locator("main form .btn-primary").click()
        kept = page.locator(".held label")
        assert proof.name in kept.text_content()
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/held-{width}.png", full_page=True)
        assert Axe().run(page).response["violations"] == []
        page.locator("textarea[name=statement]").fill(told.SAID)
        page.locator("main form .btn-primary").click()
        page.wait_for_url("**/complaints/TS-*/")
        page.context.close()
    assert ComplaintFile.objects.count() == 2
