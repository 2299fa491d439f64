"""Refusals of cases that grow from a card or a rating."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

CARD_NOT_RED = define(
    "card.not_red", _("这个环节没有红牌，不能立案。"), _("超过期限、亮红牌之后才可以立案。"), status=409
)
CARD_NOT_AGENCY = define(
    "card.not_agency",
    _("这张牌不属于中介服务机构，不能由此立案。"),
    _("公共部门逾期的，按逐级通报和承诺公示处理；另有违规的，请从日常监管立案。"),
    status=409,
)
CARD_CASE_OPEN = define(
    "card.case_open", _("这张牌已经立案。"), _("请在案件页面继续办理；同一件事不重复追究。"), status=409
)
RATING_APPEALED = define(
    "rating.appealed", _("对这条评价的申诉还没有决定，不能立案。"), _("请等申诉决定之后再立案。"), status=409
)
RATING_NOT_CONCERNED = define(
    "rating.not_concerned",
    _("不能由这条评价对该单位立案。"),
    _("只能对评价的双方立案；申诉成立的评价，只能对作出评价的一方立案。"),
)
RATING_CASE_OPEN = define(
    "rating.case_open", _("这条评价已经立案。"), _("请在案件页面继续办理；同一件事不重复追究。"), status=409
)
