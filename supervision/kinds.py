"""What kinds of steps there are, in words. A kind that is missing here is shown by its code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "need.answer": _("答复提问"),
    "need.choose": _("直接选取机构"),
    "award.confirm": _("确认中选"),
    "contract.sign": _("确认合同"),
    "contract.deliver": _("提交成果"),
    "contract.rework": _("整改成果"),
    "contract.accept": _("确认成果"),
    "payment.pay": _("支付款项"),
    "rating.rate": _("互相评价"),
    "rating.appeal": _("评价申诉裁决"),
    "agency.renew": _("资质证书续期"),
    "complaint.accept": _("投诉受理"),
    "complaint.complete": _("投诉补正"),
    "complaint.reply": _("投诉答辩"),
    "complaint.decide": _("投诉处理决定"),
    "case.notice": _("案件告知"),
    "case.defence": _("陈述申辩"),
    "case.decide": _("案件决定"),
    "case.publish": _("决定公开"),
    "case.review": _("复核决定"),
}


def label(kind: str) -> str:
    return str(KINDS.get(kind, kind))
