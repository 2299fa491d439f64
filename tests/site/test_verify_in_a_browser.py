"""A record is verified in the browser: from the closed room, offline, tampered, with its receipt, without Ed25519."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bidding import committer, services
from core import clock
from tests.bidding import world
from tests.bidding.test_competition import bid

pytestmark = [pytest.mark.browser]
# A browser from before Chromium 137: everything of WebCrypto but Ed25519.
WITHOUT_ED25519 = """
const read = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (format, key, algorithm, ...rest) => (algorithm.name ?? algorithm) === "Ed25519"
  ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError")) : read(format, key, algorithm, ...rest);
"""
# At full speed a short replay is over before anybody can look twice.
REMEMBER_TEXTS = """
(element) => {
  const said = [];
  const watching = new MutationObserver(() => {
    said.push(element.textContent.trim());
    element.dataset.said = said.join();
  });
  watching.observe(element, { childList: true, characterData: true, subtree: true });
}
"""


@pytest.fixture
def closed(live_market):
    """A competition that is over before it began: the market's own jobs look at today's clock and leave it alone."""
    place = world.competition(running=False, now=datetime.now(UTC))
    starts = place.competition.starts_at
    bid(place, place.entries[0], "48000.00", starts + timedelta(minutes=1))
    bid(place, place.entries[1], "45000.00", place.competition.ends_at - timedelta(seconds=30))
    with clock.at(starts + timedelta(hours=3)):
        services.finalise(competition_id=place.pk)
    return place


def file(name, content):
    return {"name": name, "mimeType": "application/json", "buffer": json.dumps(content).encode()}


def receipt(place, seq):
    return {
        "format": "open-market-receipt",
        "version": 1,
        "competition": place.pk,
        **committer.stored_receipt(place.pk, seq),
    }


def states(page, box="record-checks"):
    rows = page.locator(f"[data-el={box}] [data-check]")
    return [row.get_attribute("data-state") for row in rows.all()]


def seq_of_best(record):
    return next(fields["seq"] for fields in map(json.loads, record["records"]) if fields.get("amount") == "45000.00")


def test_a_closed_competition_is_verified_in_the_browser(page, closed):
    page.goto(f"/competitions/{closed.pk}/")
    page.get_by_role("link", name="在浏览器里验证").click()
    result = page.locator("[data-el=result]")
    expect(result).to_have_attribute("data-state", "good")
    assert states(page) == ["good"] * 10
    outcome = page.locator("[data-el=outcome]")
    expect(outcome).to_contain_text("45,000.00")
    expect(outcome).to_contain_text(closed.agencies[1].organisation.name)
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in Axe().run(page).response["violations"]] == []

    # What was loaded needs the network no more.
    record = page.request.get(f"/competitions/{closed.pk}/record/").json()
    mine = receipt(closed, seq_of_best(record))
    page.context.set_offline(True)
    page.set_input_files("#verify-file", file("receipt.json", mine))
    expect(page.locator("[data-el=receipt-result]")).to_contain_text("回执有效：平台签过名，记录里也有它。")
    assert states(page, "receipt-checks") == ["good"] * 4

    forged = {**record, "records": [body.replace("45000.00", "44000.00") for body in record["records"]]}
    page.set_input_files("#verify-file", file("forged.json", forged))
    expect(result).to_have_attribute("data-state", "bad")
    expect(result).to_contain_text("没有通过：顺序。")
    assert states(page) == ["good", "bad"] + ["skipped"] * 8
    expect(outcome).to_be_hidden()

    page.set_input_files("#verify-file", file("note.json", {"a": 1}))
    expect(result).to_contain_text("note.json 既不是 PDF")
    page.set_input_files("#verify-file", file("record.json", record))
    expect(result).to_have_attribute("data-state", "good")


def test_a_browser_that_does_not_know_ed25519_reaches_the_same_verdict(browser_page, closed):
    page = browser_page(width=360, language="en")
    page.add_init_script(WITHOUT_ED25519)
    page.goto(f"/verify/?competition={closed.pk}")
    result = page.locator("[data-el=result]")
    expect(result).to_have_attribute("data-state", "good")
    expect(result).to_contain_text("does not know Ed25519")
    record = page.request.get(f"/competitions/{closed.pk}/record/").json()
    head = record["heads"][2]
    head["signature"] = ("0" if head["signature"][0] != "0" else "1") + head["signature"][1:]
    page.set_input_files("#verify-file", file("forged.json", record))
    expect(result).to_contain_text("is false")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_only_keys_of_ones_own_are_believed_once_they_are_given(page, closed):
    page.goto(f"/verify/?competition={closed.pk}")
    result = page.locator("[data-el=result]")
    expect(result).to_have_attribute("data-state", "good")
    record = page.request.get(f"/competitions/{closed.pk}/record/").json()
    (known,) = record["keys"].items()
    page.locator("[data-el=own] summary").click()
    page.fill("#own-keys", "56475aa75463474c=" + "0" * 64)
    expect(page.locator("[data-el=own-note]")).to_contain_text("第 1 行")
    page.fill("#own-keys", "56475aa75463474c=03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
    expect(page.locator("[data-el=own-note]")).to_contain_text("只信任您写的 1 把密钥")
    page.set_input_files("#verify-file", file("record.json", record))
    expect(result).to_contain_text("没有公布过的密钥")
    page.fill("#own-keys", "=".join(known))
    expect(page.locator("[data-el=own-note]")).to_contain_text("只信任您写的 1 把密钥")
    page.set_input_files("#verify-file", file("record.json", record))
    expect(result).to_have_attribute("data-state", "good")


def test_the_replay_begins_where_bidding_did_and_ends_in_the_present(page, closed):
    page.goto(f"/competitions/{closed.pk}/")
    scrub = page.locator("[data-el=replay-scrub]")
    expect(scrub).to_be_visible()
    scrub.focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-room]")).to_have_attribute("data-replaying", "")
    expect(page.locator("[data-el=price]")).to_have_text("50,000.00")
    expect(page.locator("[data-el=bids]")).to_have_text("0 次报价")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-el=price]")).to_have_text("48,000.00")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-el=price]")).to_have_text("45,000.00")
    page.keyboard.press("End")
    expect(page.locator("[data-room]")).not_to_have_attribute("data-replaying", "")
    page.locator("[data-el=replay-speeds] input[value=max]").check(force=True)
    play = page.locator("[data-el=replay-play]")
    play.evaluate(REMEMBER_TEXTS)
    play.click()
    expect(play).to_have_attribute("data-said", "暂停,播放")
    expect(page.locator("[data-room]")).not_to_have_attribute("data-replaying", "")
