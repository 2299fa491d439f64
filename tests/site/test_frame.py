"""The frame of every page: words in both languages, refusals as pages, the theme, the components."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.translation import override

from config import urls
from core.errors import REGISTRY
from portal import errors
from tests.repository.files import BASE

ICON = re.compile(r"""\{% icon "([\w-]+)"|icon="([\w-]+)\"""")
LISTED = set((BASE / "static" / "icons.txt").read_text().split())


def broken(request):
    raise ValueError("secret detail")


def refused(request):
    raise REGISTRY["amount.format"]()


class Addresses:
    urlpatterns = [*urls.urlpatterns, path("broken/", broken), path("refused/", refused)]
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def odd_addresses(settings):
    settings.ROOT_URLCONF = Addresses


def test_every_icon_a_template_shows_is_in_the_sprite():
    named = {
        name
        for template in (BASE / "templates").rglob("*.html")
        for found in ICON.findall(template.read_text())
        for name in found
        if name
    }
    assert named - LISTED == set()


def test_the_list_of_icons_is_sorted_and_has_no_doubles():
    names = (BASE / "static" / "icons.txt").read_text().split()
    assert names == sorted(set(names))


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh-hans", "没有这个页面。"), ("en", "There is no such page.")])
def test_an_unknown_address_is_answered_in_the_readers_language(client, language, words):
    answer = client.get("/no/such/page/", headers={"accept-language": language})
    assert answer.status_code == 404
    assert words in answer.content.decode()


@pytest.mark.django_db
def test_a_refusal_is_a_page_with_sentence_way_out_and_code(client, odd_addresses):
    answer = client.get("/refused/")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(part in page for part in ("这不是一个有效的金额。", "请用半角数字填写", "amount.format"))


@pytest.mark.django_db
def test_our_own_fault_shows_no_detail_and_speaks_both_languages(client, odd_addresses):
    client.raise_request_exception = False
    answer = client.get("/broken/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "secret detail" not in page
    assert "我们这边出了差错。" in page
    assert "Something went wrong on our side." in page


def test_the_page_for_our_own_fault_needs_no_database():
    assert errors.server_error(RequestFactory().get("/")).status_code == 500


@pytest.mark.django_db
def test_a_form_without_its_token_is_answered_with_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "这一页开得太久" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("next_", "lands"), [("/needs/?page=2", "/needs/?page=2"), ("https://evil.example/", "/")])
def test_the_theme_is_remembered_and_leads_back_to_this_site_only(client, next_, lands):
    answer = client.post("/theme/", {"theme": "dark", "next": next_})
    assert answer.cookies["theme"].value == "dark"
    assert answer.url == lands
    assert 'data-bs-theme="dark"' in client.get("/style/").content.decode()


@pytest.mark.django_db
def test_an_unknown_theme_is_the_systems(client):
    client.post("/theme/", {"theme": '"><script>'})
    assert "data-bs-theme" not in client.get("/style/").content.decode()


@pytest.mark.django_db
def test_the_language_switch_keeps_the_page(client):
    page = client.get("/style/?page=3").content.decode()
    assert '<input type="hidden" name="next" value="/style/?page=3">' in page
    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/style/?page=3"})
    assert answer.url == "/style/?page=3"


@pytest.mark.django_db
def test_the_style_guide_exists_only_in_the_demo(client, settings):
    settings.DEMO = False
    assert client.get("/style/").status_code == 404


def test_an_unrated_agency_shows_words_instead_of_a_grade():
    with override("zh-hans"):
        assert "暂无评级" in render_to_string("components/grade.html", {"grade": "", "score": None})
        assert "暂无评级" not in render_to_string("components/grade.html", {"grade": "A", "score": "92.5"})
