"""Words for what lists and repairs store as codes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# What happened to a listing: title and icon of its line in the history.
LISTING_EVENTS: Mapping[str, tuple[Promise, str, str]] = {
    "proposed": (_("提出列入"), "file-plus", ""),
    "noticed": (_("告知事实、理由和权利"), "mail", ""),
    "defended": (_("陈述申辩"), "message", ""),
    "waived": (_("放弃陈述申辩"), "message-off", ""),
    "dropped": (_("决定不予列入"), "circle-check", "good"),
    "listed": (_("决定列入并公布"), "ban", "bad"),
    "review_asked": (_("申请复核，暂停执行"), "refresh", ""),
    "review_decided": (_("复核决定"), "gavel", ""),
    "ended": (_("期满移出"), "circle-check", "good"),
    "repaired": (_("信用修复，移出"), "circle-check", "good"),
    "restored": (_("违背修复承诺，恢复列入"), "ban", "bad"),
    "corrected": (_("列入有误，更正说明"), "alert-circle", "good"),
    "fallen": (_("所依据的处理决定已被撤销或减轻"), "circle-check", "good"),
}
REPAIR_EVENTS: Mapping[str, tuple[Promise, str, str]] = {
    "applied": (_("提出申请"), "file-plus", ""),
    "missing": (_("一次性告知补正"), "mail", ""),
    "supplemented": (_("提交补正"), "file-plus", ""),
    "accepted": (_("材料齐全，开始审查"), "checks", ""),
    "granted": (_("准予修复，效力解除"), "circle-check", "good"),
    "refused": (_("不予修复"), "circle-x", "bad"),
    "withdrawn": (_("撤回申请"), "arrow-back-up", ""),
    "broken": (_("违背承诺，效力恢复"), "ban", "bad"),
}
KINDS: Mapping[str, str] = {
    "candidate": "now", "noticed": "now", "heard": "now", "listed": "bad", "stayed": "now", "delisted": "ended",
    "dropped": "ended", "corrected": "good", "applied": "now", "incomplete": "now", "complete": "now",
    "granted": "good", "refused": "ended", "withdrawn": "ended", "broken": "bad",

}  # fmt: skip
SEVERITY: Mapping[str, Promise] = {"minor": _("轻微"), "general": pgettext_lazy("轻重", "一般"), "serious": _("严重")}
TARGETS: Mapping[str, Promise] = {"measure": _("案件措施"), "listing": _("平台黑名单"), "restriction": _("限制措施")}
COLUMNS: Mapping[str, Promise] = {
    "name": _("名称"),
    "credit_code": _("统一社会信用代码"),
    "ground": _("列入事由"),
    "authority": _("决定机关"),
    "legal_basis": _("法律依据"),
    "listed_on": _("列入日期"),
    "ends_on": _("截止日期"),
}
FAULTS: Mapping[str, Promise] = {
    "blank": _("没有填写"),
    "long": _("超过 {value} 个字"),
    "length": _("应为 18 位"),
    "characters": _("含有不允许的字符"),
    "division": _("行政区划码不是数字"),
    "check": _("校验位不符"),
    "date": _("不是有效日期"),
    "future": _("日期在将来"),
    "before": _("早于列入日期"),
    "twice": _("与第 {value} 行重复"),
}
CORRECTIONS: Mapping[str, Promise] = {
    "code": _("统一社会信用代码校验位不符"),
    "name_form": _("名称不像依法登记的全称（应以公司、事务所、中心等组织形式结尾）"),
    "placeholder": _("名称含有测试或占位文字"),
    "namesake": _("已有同名机构以另一个代码登记"),
    "phone": _("联系电话无效"),
    "fact_identity": _("经异议核实：名称、代码或地址与事实不符"),
    "fact_qualification": _("经异议核实：公示的资质证书与事实不符"),
    "fact_practitioner": _("经异议核实：公示的执业人员与事实不符"),
    "fact_service": _("经异议核实：公示的服务、收费或时限与事实不符"),
    "fact_introduction": _("经异议核实：机构简介或业绩与事实不符"),
}
# What a newcomer publishes and an objection may be about.
FACTS: Mapping[str, Promise] = {
    "identity": _("名称、代码、地址"),
    "qualification": _("资质证书"),
    "practitioner": _("执业人员"),
    "service": _("服务、收费与时限"),
    "introduction": _("简介和业绩"),
}
LACKS: Mapping[str, Promise] = {
    "score": _("信用评分低于标准"),
    "contracts": _("一年内完成的合同不足"),
    "on_time": _("按时率低于标准"),
    "restricted": _("有限制措施或已退出"),
}
RUNNING: Mapping[str, Promise] = {"entry": _("报名或竞价"), "award": _("中选待确认"), "contract": _("合同")}
