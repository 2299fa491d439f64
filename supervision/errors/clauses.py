"""Refusals about clauses somebody finds unclear or impossible."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

QUOTE = define(
    "clause.quote", _("请写出条款原文，至少 {least} 个字。"), _("从公布的页面复制那一条，发布单位才知道改哪里。")
)
ANSWERED = define("clause.answered", _("这一条已经处理并公布。"), _("公布后不再改动；监管部门会看到并决定。"))
NEW_TEXT = define("clause.new_text", _("修改的条款须写明新的文本。"), _("请写出修改后的条款，不能与原文相同。"))
OVER = define("clause.over", _("这件投诉已经办结。"), _("处理结果已经公布，无需再处理条款。"))
