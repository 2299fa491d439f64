"""The frame as people meet it: no accessibility violation, nothing wider than a phone, nothing typed lost."""

import pytest

from tests.site.looks import troubles

pytestmark = [pytest.mark.browser]
PAGES = ["/style/?broken&say", "/account/login/", "/account/signup/", "/account/password/reset/"]


def test_pages_have_no_axe_violation_and_fit_their_window(browser_page):
    assert troubles(browser_page, {None: PAGES}) == []
    assert troubles(browser_page, {None: ["/no/such/page/"]}, status=404) == []


def test_menus_work_by_keyboard_and_close_with_escape(page):
    page.goto("/style/")
    theme = page.locator("[data-theme-switch]")
    page.locator("summary", has=page.locator(".only-light")).focus()
    page.keyboard.press("Enter")
    assert theme.is_visible()
    page.keyboard.press("Escape")
    assert not theme.is_visible()


def test_the_theme_changes_without_a_reload_and_stays(page):
    page.goto("/style/")
    page.locator("summary", has=page.locator(".only-light")).click()
    page.locator("button[value=dark]").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_a_long_text_survives_a_reload_and_is_forgotten_once_sent(page):
    page.goto("/style/")
    page.fill("#id_scope", "很长的文字")
    page.reload()
    assert page.input_value("#id_scope") == "很长的文字"
    page.fill("#id_title", "项目")
    page.fill("#id_ceiling", "48500")
    page.check("#id_method_0")
    page.select_option("#id_item", "1")
    page.check("#id_agree")
    page.locator("#form .form-actions button").first.click()
    with page.expect_navigation():
        page.locator("#confirm button[value=yes]").click()
    assert page.input_value("#id_scope") == ""


def test_a_question_before_sending_can_be_answered_with_no(page):
    page.goto("/style/")
    page.evaluate("document.getElementById('form').noValidate = true")
    page.locator("#form .form-actions button").first.click()
    page.locator("#confirm button[value='']").click()
    assert page.locator("#form .form-actions button").first.is_enabled()


def test_clocks_run_on_the_servers_time(page):
    page.clock.install()
    page.goto("/style/")
    face = page.locator("[data-clock-face]").first
    before = face.inner_text()
    page.clock.run_for(3000)
    assert before != face.inner_text()


def test_without_scripts_the_theme_and_the_menus_still_work(chromium, live_market):
    context = chromium.new_context(base_url=live_market.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/style/?page=2")
    page.locator("summary", has=page.locator(".only-light")).click()
    page.locator("button[value=dark]").click()
    assert page.url.endswith("/style/?page=2")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    context.close()
