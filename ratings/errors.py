"""Refusals about ratings."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

NOT_OPEN = define("rating.not_open", _("这份合同还不能评价。"), _("全部成果验收后，评价窗口会自动打开。"), status=409)
WINDOW_OVER = define(
    "rating.window_over",
    _("评价窗口已经关闭，评价已经公开。"),
    _("公开后的评价不能新增或修改；被评价方可以在规定期限内答复。"),
    status=409,
)
EDIT_OVER = define(
    "rating.edit_over",
    _("提交后可以修改的期限已过。"),
    _("您的评价已经保存，将在双方评价后或窗口关闭时公开。"),
    status=409,
)
STARS = define("rating.stars", _("请为五个维度逐一打分，每项 1 至 5 分。"), _("还缺：{missing}。"))
TEXT_LONG = define("rating.text_long", _("评价内容超过了 {most} 字。"), _("请删减后再提交，已填写的内容没有丢失。"))
REPLY_EMPTY = define("rating.reply_empty", _("答复不能为空。"), _("请写明您对这条评价的说明。"))
REPLY_ONCE = define(
    "rating.reply_once", _("这条评价已经答复过。"), _("每条评价只能答复一次，答复随评价公开。"), status=409
)
REPLY_OVER = define(
    "rating.reply_over", _("答复期限已过。"), _("评价公开后有 {limit} 个工作日可以答复，每条一次。"), status=409
)
DAY_NOT_OVER = define(
    "certificate.day_not_over",
    _("信用证明只能开到已经过完的一天。"),
    _("请选择昨天或更早的日期：过完的一天不会再变，谁都能重新计算。"),
)
CORRECTION_FINAL = define(
    "credit.correction_final",
    _("更正记录本身不能再被更正。"),
    _("如果更正有误，请登记一条新的记录并写明来源。"),
    status=409,
)
