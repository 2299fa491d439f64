"""Refusals of objections to what a newcomer published."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

OVER = define(
    "objection.over",
    _("这家机构的公示期已经结束。"),
    _("公示期之外随时可以投诉：请在机构页面点击“投诉”。"),
    status=409,
)
FACTS = define("objection.facts", _("没有说明哪一项公示信息不属实。"), _("请至少勾选一项公示信息。"))
