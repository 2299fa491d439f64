"""What rule sets are called. One that is missing here is called by its name in code."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RULE_SETS: Mapping[str, Promise] = {
    "accounts": _("账号与单位"),
    "agencies": _("机构与资质"),
    "changes": _("合同变更与解除"),
    "marketplace": _("需求与公告"),
    "bidding": _("竞价与选取"),
    "contracts": _("合同与交付"),
    "ratings": _("评价与公开"),
    "credit": _("信用评分"),
    "grading": _("年度信用等级"),
    "statistics": _("评价统计"),
    "flags": _("红旗规则"),
    "budget": _("部门付款"),
    "escrow": _("企业托管"),
    "appeals": _("申诉与异议"),
    "conduct": _("履约行为计分"),
    "complaints": _("投诉"),
    "cases": _("案件程序"),
    "discretion": _("裁量基准"),
    "listings": _("平台黑名单"),
    "imports": _("名单导入"),
    "repair": _("信用修复"),
    "redlist": _("红名单"),
    "entrance": _("登记核验"),
    "objections": _("入驻公示异议"),
    "inspections": _("双随机抽查"),
    "clocks": _("时限与红黄牌"),
    "notices": _("通知"),
    "suspension": _("暂停需求"),
    "pauses": _("停止计时"),
    "intake": _("投诉和意见入口"),
    "questions": _("提问和答复"),
    "clauses": _("模糊条款"),
    "consultations": _("规则征求意见"),
}


def title(name: str) -> str:
    return str(RULE_SETS.get(name, name))
