"""Refusals about questions to the platform."""

from django.utils.translation import gettext_lazy as _

from core.errors import RefusalKind, define

FOLLOW_UP = define(
    "question.follow_up",
    _("编号或查询码不对。"),
    _("请对照提问时的回执；查询码只在提问时显示一次。"),
    status=403,
)
OFFICE = define("question.office", _("这个单位不受理提问。"), _("请从列出的部门、监管部门或平台运营机构中选择。"))
MANY = define(
    "question.too_many",
    _("从这里提出的问题已经太多。"),
    _("{until} 之后可以再次提问；您写的内容还在页面上。"),
    status=429,
)
TAKER = define("question.taker", _("不能转给这个人。"), _("请选择本单位的其他成员，或另一个单位。"))
_ORDER = define("question.order", _("这个问题现在不能这样办理。"), _("请刷新页面，看它现在到了哪一步。"))
_LATE = define("question.late", _("表示是否满意的时间已经过了。"), _("还有疑问请重新提问，或提出投诉。"))
_PASSED = define("question.passed", _("这个问题已经转过，不能再转。"), _("请由现在的承办人答复。"))
_OTHER = define("question.same_officer", _("不满意的答复由另一人再次答复。"), _("请由科室负责人或分管领导答复。"))
NOT_HEAD = define("question.head", _("不满意的答复由负责人再次答复。"), _("请由科室负责人、分管领导或单位负责人办理。"))
WRONGS: dict[str, RefusalKind] = {"late": _LATE, "passed": _PASSED, "same_officer": _OTHER}


def refusal(code: str) -> Exception:
    """What a person is told when the rules say no."""
    return WRONGS.get(code, _ORDER)()
