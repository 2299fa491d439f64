"""Every translatable string is found as Django will look it up, and nothing incomplete passes the check."""

import polib
import pytest
from django.template import engines
from django.utils.translation import gettext, override

from config.messages import catalogue, extract
from config.messages.extract import Message


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('from django.utils.translation import gettext_lazy as _\nx = _("需求")', Message("需求")),
        ('from django.utils.translation import gettext as say\nsay("一" "二")', Message("一二")),
        (
            'from django.utils.translation import ngettext\nngettext("{n} 天", "{n} 天", 3)',
            Message("{n} 天", "", "{n} 天"),
        ),
        ('from django.utils.translation import pgettext\npgettext("月份", "五")', Message("五", "月份")),
        ('from django.utils import translation\ntranslation.gettext("五")', Message("五")),
    ],
)
def test_python_strings_are_found(source, expected):
    assert list(extract.from_python(source)) == [expected]


def test_other_functions_and_variables_are_not_taken_for_messages():
    assert list(extract.from_python('def _(x): ...\n_("不是")')) == []
    assert list(extract.from_python("from django.utils.translation import gettext\ngettext(text)")) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% translate "需求" %}', Message("需求")),
        ('{% trans "需求" as title %}', Message("需求")),
        ('{% translate "五" context "月份" %}', Message("五", "月份")),
        ('{% translate "涨 5%" %}', Message("涨 5%%")),
        ("{% blocktranslate trimmed %}\n  共\n  两行\n{% endblocktranslate %}", Message("共 两行")),
        ("{% blocktranslate with n=x|money %}{{ n }} 元{% endblocktranslate %}", Message("%(n)s 元")),
        (
            "{% blocktranslate count n=k %}{{ n }} 天{% plural %}{{ n }} 天整{% endblocktranslate %}",
            Message("%(n)s 天", "", "%(n)s 天整"),
        ),
        ('{% include "x.html" with title=_("标题") %}', Message("标题")),
        ("{{ x|default:_('没有') }}", Message("没有")),
    ],
)
def test_template_strings_are_found(source, expected):
    assert list(extract.from_template(source)) == [expected]


def test_comments_in_templates_are_not_translated():
    assert list(extract.from_template('{% comment %}{% translate "旧" %}{% endcomment %}{# _("旧") #}')) == []


def entry(**values):
    found = polib.POFile()
    found.append(polib.POEntry(**values))
    return list(catalogue.problems(found))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"msgid": "需求", "msgstr": ""}, "no English"),
        ({"msgid": "需求", "msgstr": "Need", "flags": ["fuzzy"]}, "fuzzy"),
        ({"msgid": "{n} 天", "msgstr": "days"}, "different places"),
        ({"msgid": "%(n)s 天", "msgstr": "%(m)s days"}, "different places"),
        ({"msgid": "需求", "msgstr": "Need 需"}, "still Chinese"),
        ({"msgid": "天", "msgid_plural": "天", "msgstr_plural": {0: "day", 1: ""}}, "no English"),
    ],
)
def test_incomplete_english_is_a_problem(values, word):
    (problem,) = entry(**values)
    assert problem.startswith(word)


def test_complete_english_is_none():
    assert entry(msgid="{n} 天", msgid_plural="{n} 天", msgstr_plural={0: "one day", 1: "{n} days"}) == []


def test_a_catalogue_keeps_translations_drops_what_is_gone_and_does_not_depend_on_order():
    old = polib.POFile()
    old.append(polib.POEntry(msgid="二", msgstr="two"))
    old.append(polib.POEntry(msgid="旧", msgstr="old"))
    first = catalogue.merged({Message("一"): {"b.py"}, Message("二"): {"a.py"}}, old)
    second = catalogue.merged({Message("二"): {"a.py"}, Message("一"): {"b.py"}}, old)
    assert catalogue.text_of(first) == catalogue.text_of(second)
    assert [(each.msgid, each.msgstr) for each in first] == [("一", ""), ("二", "two")]


def test_two_rooms_must_not_translate_one_string_differently():
    rooms = {}
    for room, english in (("bidding", "Bid"), ("portal", "Offer")):
        rooms[room] = polib.POFile()
        rooms[room].append(polib.POEntry(msgid="出价", msgstr=english))
    (line,) = catalogue.disagreements(rooms)
    assert "bidding" in line


def test_django_and_allauth_speak_chinese_by_themselves():
    with override("zh-hans"):
        assert gettext("This field is required.") == "这个字段是必填项。"
        assert gettext("Verify Your Email Address") != "Verify Your Email Address"


def test_plural_of_a_missing_chinese_catalogue_is_the_source_itself():
    template = engines["django"].from_string(
        "{% blocktranslate count n=2 %}{{ n }} 项未译{% plural %}{{ n }} 项未译{% endblocktranslate %}"
    )
    with override("zh-hans"):
        assert template.render() == "2 项未译"
