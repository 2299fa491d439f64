"""Files of forms that came back: there again for the browser that sent them, sealed for others, gone after a day."""

import re
from datetime import timedelta

import pytest
from django import forms
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from core import clock, held
from core.models import HeldFile
from tests.site.city import PDF

pytestmark = pytest.mark.django_db


class Form(forms.Form):
    words = forms.CharField()
    evidence = forms.FileField(required=False)


def a_file(name="合同.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def shelf(cookie="", address="127.0.0.1"):
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.COOKIES = {held.COOKIE: cookie} if cookie else {}
    return held.Shelf(request)


def left(place, *uploads):
    """A form that went back; answers with it and the browser's cookie."""
    form = Form(QueryDict("words="), MultiValueDict({"evidence": list(uploads)}))
    held.bring(form, place)
    held.leave(form, place)
    answer = place.remember(HttpResponse())
    return form, answer.cookies[held.COOKIE].value if held.COOKIE in answer.cookies else ""


def again(form, cookie, new=()):
    """The same form once more from a browser, with everything that was kept ticked."""
    tokens = "&".join(f"evidence-held={one.token}" for one in form.fields["evidence"].widget.held)
    sent = Form(QueryDict(f"words=now&{tokens}"), MultiValueDict({"evidence": list(new)}))
    place = shelf(cookie)
    held.bring(sent, place)
    return sent, place


def test_what_was_chosen_is_there_again_and_gone_once_it_was_taken():
    form, cookie = left(shelf(), a_file())
    sent, place = again(form, cookie)
    assert sent.is_valid()
    upload = sent.cleaned_data["evidence"]
    assert (upload.name, upload.read()) == ("合同.pdf", PDF)
    path = HeldFile.objects.get().content.path
    held.clear(sent, place)
    assert not HeldFile.objects.exists()
    with pytest.raises(FileNotFoundError):
        open(path)  # noqa: PTH123, SIM115 - it is not there


def test_a_form_that_comes_back_twice_keeps_one_copy_of_each():
    form, cookie = left(shelf(), a_file(), a_file("图.pdf"))
    sent, place = again(form, cookie)
    held.leave(sent, place)
    assert [one.name for one in sent.fields["evidence"].widget.held] == ["合同.pdf", "图.pdf"]
    assert HeldFile.objects.count() == 2


def test_only_the_browser_that_sent_it_finds_it_and_nobody_reads_it_at_rest():
    form, cookie = left(shelf(), a_file())
    for stranger in ("", "0" * 64, "x"):
        sent, _place = again(form, stranger)
        assert sent.files.getlist("evidence") == []
    row = HeldFile.objects.get()
    with row.content.open("rb") as stored:
        sealed = stored.read()
    token = form.fields["evidence"].widget.held[0].token
    for told in (PDF[:20], "合同".encode(), token.encode(), cookie.encode()):
        assert told not in sealed
        assert told.decode(errors="ignore") not in f"{row.place}{row.browser}{row.content.name}"


def test_a_damaged_file_is_as_good_as_none():
    form, cookie = left(shelf(), a_file())
    path = HeldFile.objects.get().content.path
    with open(path, "r+b") as stored:  # noqa: PTH123
        stored.write(b"xx")
    sent, _place = again(form, cookie)
    assert sent.files.getlist("evidence") == []


def test_after_a_day_it_is_gone():
    form, cookie = left(shelf(), a_file())
    with clock.at(clock.now() + timedelta(days=1)):
        assert again(form, cookie)[0].files.getlist("evidence") == []
        held.sweep()
    assert not HeldFile.objects.exists()


def test_what_the_platform_does_not_take_is_not_kept_and_neither_is_too_much(monkeypatch):
    form, cookie = left(shelf(), a_file("x.pdf", b"MZ not a pdf"), a_file("空.pdf", b""))
    assert (form.fields["evidence"].widget.held, cookie) == ([], "")
    monkeypatch.setattr(held, "MOST", 2)
    form, cookie = left(shelf(), *(a_file(f"{n}.pdf") for n in range(4)))
    assert [one.name for one in form.fields["evidence"].widget.held] == ["0.pdf", "1.pdf"]
    monkeypatch.setattr(held, "MOST_IN_ALL", 2 * len(PDF))
    assert left(shelf(), a_file())[0].fields["evidence"].widget.held == []


def test_one_address_with_ever_new_browsers_fills_no_disk(monkeypatch):
    cache.clear()
    monkeypatch.setattr(held, "MOST_OF_ADDRESS", 2 * len(PDF))
    kept = [left(shelf(address="203.0.113.7"), a_file())[0].fields["evidence"].widget.held for _ in range(4)]
    assert [len(one) for one in kept] == [1, 1, 0, 0]
    assert left(shelf(address="203.0.113.8"), a_file())[0].fields["evidence"].widget.held, "others keep theirs"
    assert HeldFile.objects.count() == 3


def test_a_file_that_is_swept_while_it_is_asked_for_is_as_good_as_none():
    form, cookie = left(shelf(), a_file())
    row = HeldFile.objects.get()
    row.content.storage.delete(row.content.name)
    assert again(form, cookie)[0].files.getlist("evidence") == []


def test_a_new_file_takes_the_place_of_a_kept_one_where_there_is_room_for_one():
    form, cookie = left(shelf(), a_file())
    sent, _place = again(form, cookie, [a_file("新.pdf")])
    assert sent.is_valid()
    assert sent.cleaned_data["evidence"].name == "新.pdf"


def test_the_cookie_says_nothing_and_stays_the_same():
    _form, cookie = left(shelf(), a_file())
    assert re.fullmatch("[0-9a-f]{64}", cookie)
    assert left(shelf(cookie), a_file())[1] == ""
    assert HeldFile.objects.values("browser").distinct().count() == 1
