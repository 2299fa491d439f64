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
APPEAL_OVER = define(
    "appeal.over",
    _("申诉期限已过。"),
    _("评价公开后有 {limit} 个工作日可以申诉；您仍可以在答复期限内公开答复。"),
    status=409,
)
APPEAL_TWICE = define(
    "appeal.twice", _("已经提出过一次。"), _("同一条记录只处理一次，请在原件上查看进展。"), status=409
)
GROUNDS_SHORT = define(
    "appeal.grounds_short", _("理由太短。"), _("请写明具体的事实和依据，至少 {least} 个字，已填写的内容没有丢失。")
)
REASONS_SHORT = define(
    "appeal.reasons_short", _("决定需要写明理由。"), _("理由会公开，至少 {least} 个字，已填写的内容没有丢失。")
)
APPEAL_STATED = define("appeal.stated", _("已经提交过说明。"), _("每一方只说明一次，决定人会看到它。"), status=409)
APPEAL_DECIDED = define("appeal.decided", _("这件申诉已经有决定。"), _("决定和理由已经公开，不能再改。"), status=409)
APPEAL_INVOLVED = define(
    "appeal.involved",
    _("您与这件申诉的一方有关，不能作出决定。"),
    _("请由与双方都没有关系的工作人员处理。"),
    status=403,
)
APPEAL_NOT_HEARD = define(
    "appeal.not_heard", _("对方的说明期限还没有结束。"), _("等对方说明或期限结束后再作决定。"), status=409
)
OBJECT_IN_CASE = define(
    "objection.elsewhere",
    _("这条记录来自一份处理决定，不在这里提异议。"),
    _("请在决定页面申请复核，复核由另外的工作人员办理。"),
    status=409,
)
OBJECT_ELSEWHERE = define(
    "objection.not_here",
    _("这条记录不能在这里提异议。"),
    _("评价请在评价旁边申诉；更正记录是处理结果，不能再提。"),
    status=409,
)
OBJECT_ENDED = define("objection.ended", _("这条记录已经更正或修复，不再计入。"), _("无需再提异议。"), status=409)
USE_NO_CONTRACT = define(
    "approval.no_contract", _("没有找到这份合同。"), _("请核对合同编号，例如合同首页上的编号。"), status=404
)
USE_NOT_DONE = define(
    "approval.not_done", _("这份合同还没有通过验收的成果。"), _("成果验收后才能登记用于审批。"), status=409
)
USE_TWICE = define("approval.twice", _("这个审批文号已经为这份合同登记过。"), _("请查看已有的登记。"), status=409)
USE_GROUNDS = define(
    "approval.grounds", _("退回成果必须写明情况和依据。"), _("请写明质量问题和所依据的规定，机构会看到并可以提出异议。")
)
USE_NOT_APPROVING = define(
    "approval.not_approving",
    _("因质量退回只能由作出审批的政府部门登记。"),
    _("监管部门发现质量问题，请立案调查或在监管评价中写明。"),
    status=403,
)
USE_OWN = define(
    "approval.own_contract",
    _("您或您的单位与合同一方有关，不能登记因质量退回。"),
    _("委托方对成果有异议，请在合同里退回整改或投诉；审批部门的其他工作人员可以登记。"),
    status=403,
)
USE_ELSEWHERE = define(
    "approval.elsewhere",
    _("这份成果用于其他地区的审批，不由您的部门登记。"),
    _("请由项目所在地有审批权的部门登记。"),
    status=403,
)
USE_REPORTED = define(
    "approval.reported",
    _("这份合同的质量问题已经登记过。"),
    _("一份合同只按质量问题处理一次；正在处理的，请等待决定。"),
    status=409,
)
QUALITY_ANSWERED = define(
    "quality.answered", _("已经提交过陈述申辩。"), _("每次登记只陈述一次，决定人会看到。"), status=409
)
QUALITY_OVER = define("quality.over", _("陈述申辩期限已过。"), _("决定公开后，仍可以对档案记录提出异议。"), status=409)
QUALITY_NOT_HEARD = define(
    "quality.not_heard", _("机构的陈述申辩期限还没有结束。"), _("等机构陈述或期限结束后再作决定。"), status=409
)
QUALITY_DECIDED = define("quality.decided", _("已经有决定。"), _("决定和理由已经记录，不能再改。"), status=409)
QUALITY_INVOLVED = define(
    "quality.involved",
    _("您或您的单位登记了它，或者与合同一方有关，不能作出决定。"),
    _("请由没有关系的监管部门工作人员决定。"),
    status=403,
)
RATED_BY_VERDICT = define(
    "approval.judged",
    _("因质量退回的成果不另作监管评价。"),
    _("请在陈述申辩后确认或撤销这次登记。"),
    status=409,
)
REGULATOR_TWICE = define("approval.rated", _("已经评价过。"), _("监管评价提交后不能修改。"), status=409)
REGULATOR_INVOLVED = define(
    "approval.involved",
    _("您登记了这次使用，或者您的单位是合同一方，不能评价。"),
    _("请由同单位或其他监管单位的另一位工作人员评价。"),
    status=403,
)
GRADE_NOT_OVER = define(
    "grade.year_not_over", _("{year} 年还没有过完。"), _("年度信用等级在次年 1 月提出，请到那时再办。"), status=409
)
GRADE_NOBODY = define(
    "grade.nobody", _("{year} 年没有可以评定的机构。"), _("年度信用等级从平台有机构入驻的年份开始评定。"), status=409
)
GRADE_PROPOSED = define(
    "grade.proposed",
    _("{year} 年度的名单已经提出过。"),
    _("一年只提出一次；有不同意见的，由机构在公示期内提出异议。"),
    status=409,
)
GRADE_NOT_PUBLIC = define(
    "grade.not_public", _("名单还在计算。"), _("计算完成后自动开始公示，请稍后再来。"), status=409
)
GRADE_OBJECTIONS_OVER = define(
    "grade.objections_over",
    _("公示期已结束，不能再提出异议。"),
    _("档案里的记录有误，仍可以对那条记录提出异议，更正会计入以后的评分。"),
    status=409,
)
GRADE_PUBLICITY = define(
    "grade.publicity", _("公示期还没有结束，不能公布。"), _("公示到 {until}，之后才能公布。"), status=409
)
GRADE_OBJECTIONS_OPEN = define(
    "grade.objections_open",
    _("还有 {n} 件异议没有决定，不能公布。"),
    _("等无关的工作人员作出决定后再公布。"),
    status=409,
)
GRADE_PUBLISHED = define(
    "grade.published", _("{year} 年度信用等级已经公布。"), _("公布的等级不再改变，任何人都可以核对。"), status=409
)
GRADE_UNCHANGED = define(
    "grade.unchanged",
    _("按现在的档案重新计算，结果与名单相同。"),
    _("等级只从档案的记录得出。记录有误的，请先更正那条记录；没有更正的，请写明理由维持原结果。"),
)
