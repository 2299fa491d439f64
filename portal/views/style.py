"""The look itself: the choice of theme for browsers without JavaScript, and (in the demo) the style guide."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import clock
from core.money import MoneyFormField

THEMES = ("auto", "light", "dark")
A_YEAR = timedelta(days=365)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the chosen theme in a cookie and return to the page it was chosen on."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    chosen = request.POST.get("theme", "auto")
    response.set_cookie("theme", chosen if chosen in THEMES else "auto", max_age=A_YEAR, samesite="Lax")
    return response


class SampleForm(forms.Form):
    """One field of each kind, to look at."""

    title = forms.CharField(
        label=gettext_lazy("项目名称"), max_length=60, help_text=gettext_lazy("一句话说清楚要做什么。")
    )
    ceiling = MoneyFormField(label=gettext_lazy("最高限价"))
    method = forms.ChoiceField(
        label=gettext_lazy("选取方式"),
        choices=[("auction", gettext_lazy("竞价选取")), ("draw", gettext_lazy("随机选取"))],
        widget=forms.RadioSelect,
    )
    item = forms.ChoiceField(
        label=gettext_lazy("服务事项"),
        choices=[("", "——"), ("1", gettext_lazy("环境影响评价")), ("2", gettext_lazy("施工图审查"))],
    )
    scope = forms.CharField(label=gettext_lazy("服务内容"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    scan = forms.FileField(label=gettext_lazy("附件"), required=False)
    agree = forms.BooleanField(label=gettext_lazy("我已阅读并同意承诺书"))


def style(request: HttpRequest) -> HttpResponse:
    """Every component in its states. `?broken` shows the form refused, `?say` the messages."""
    if not settings.DEMO:
        raise Http404
    if "say" in request.GET:
        messages.success(request, _("已保存。"))
        messages.error(request, _("出价没有被接受：高于当前允许的最高价。"))
        messages.info(request, _("竞价将在 10 分钟后开始。"))
    return render(request, "portal/style.html", samples(request))


def samples(request: HttpRequest) -> dict[str, Any]:
    now = clock.now()
    form = SampleForm({"title": ""}) if "broken" in request.GET else SampleForm()
    return {
        "now": now,
        "soon": now + timedelta(minutes=4, seconds=30),
        "later": now + timedelta(days=3, hours=5),
        "past": now - timedelta(hours=2),
        "form": form,
        "steps": _steps(now),
        "events": _events(now),
        "rows": _rows(),
        "facts": [
            (_("委托人"), "廊坊市广阳区水务局"),
            (_("服务事项"), _("环境影响评价")),
            (_("选取方式"), _("竞价选取")),
            (_("所在地区"), None),
        ],
        "files": [
            {"name": "环境影响评价报告表（送审稿）.pdf", "url": "/style/", "size": 2_411_000, "note": _("第 2 版")},
            {"name": "现状监测数据.xlsx", "url": "/style/", "size": 48_200},
        ],
        "page_obj": Paginator(range(186), 20).get_page(request.GET.get("page")),
        "crumbs": [("/needs/", _("需求"))],
    }


def _steps(now: Any) -> list[dict[str, Any]]:
    return [
        {"label": _("采购公告"), "state": "done", "at": now - timedelta(days=9)},
        {"label": _("答疑"), "state": "done", "at": now - timedelta(days=6), "note": _("3 问 3 答")},
        {"label": _("竞争"), "state": "now", "at": now + timedelta(minutes=5), "note": _("5 家机构参与")},
        {"label": _("中选公告"), "state": "todo"},
        {"label": _("合同"), "state": "todo"},
        {"label": _("服务成果"), "state": "todo"},
        {"label": _("评价"), "state": "todo"},
    ]


def _events(now: Any) -> list[dict[str, Any]]:
    return [
        {"at": now - timedelta(hours=3), "title": _("服务成果通过验收"), "icon": "clipboard-check", "kind": "good"},
        {
            "at": now - timedelta(days=2),
            "title": _("服务成果被退回补正"),
            "text": _("一次性告知：缺少噪声监测点位图；附表 3 的单位有误。"),
            "icon": "clipboard-list",
            "kind": "bad",
        },
        {"at": now - timedelta(days=12), "title": _("合同签订"), "icon": "writing-sign", "url": "/style/"},
    ]


def _rows() -> list[dict[str, Any]]:
    names = (
        "广阳区九州再生水厂扩建工程环境影响评价",
        "霸州市胜芳镇家具产业园（二期）地质灾害危险性评估与压覆重要矿产资源调查技术服务",
        "香河县供热管网改造施工图设计文件审查",
    )
    states = (("now", _("竞价中")), ("neutral", _("报名中")), ("good", _("已完成")))
    return [
        {"name": name, "kind": kind, "state": label, "amount": f"{48500 + 31000 * n:,}.00", "bidders": 5 - n}
        for n, (name, (kind, label)) in enumerate(zip(names, states, strict=True))
    ]
