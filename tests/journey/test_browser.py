"""What the walk's browser reads from a page: forms as a real browser would send them."""

import pytest

from accounts.rules.credit_code import fault
from portal.journey import papers
from portal.journey.browser import Page, Wrong, _Reader

HTML = """
<form action="/a/" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="t">
<input name="q" value="1 &amp; 2"><input type="checkbox" name="c" value="x"><input type="radio" name="r" value="1">
<input type="radio" name="r" value="2" checked><textarea name="t">
two
lines</textarea><select name="s"><option value="1">one<option value="2" selected>two</select>
<input name="off" disabled value="no"><button name="go" value="next">Go</button></form>
<script>var hidden = "not read";</script><p>read me</p>
"""


def page():
    reader = _Reader()
    reader.feed(HTML)
    return Page("http://x/here/", 200, HTML, reader.forms, " ".join(reader.words))


def test_a_form_holds_what_a_browser_would_send():
    form = page().form(action="/a/", having="t")
    assert dict(form.fields) == {"csrfmiddlewaretoken": "t", "q": "1 & 2", "r": "2", "t": "two\nlines", "s": "2"}
    assert form.options == {"c": ["x"], "r": ["1", "2"], "s": ["1", "2"]}


def test_scripts_are_not_words():
    assert "read me" in page().words
    assert "not read" not in page().words


def test_a_missing_form_or_word_stops_the_walk():
    with pytest.raises(Wrong):
        page().form(action="/elsewhere/")
    with pytest.raises(Wrong):
        page().must_say("nothing of the kind")


@pytest.mark.parametrize("start", ["91131003MA", "N2131003MA", "Y1120000MA"])
def test_the_codes_it_brings_are_valid_and_the_wrong_one_is_not(start):
    code = papers.credit_code(start)
    assert fault(code) is None
    assert fault(papers.wrong_code(code)) == "check"
