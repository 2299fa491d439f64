"""Refusals of complaints and cases: why the next step may not be taken now."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

PROCESS_ORDER = define("process.order", _("现在不能做这一步。"), _("请刷新页面，查看目前进行到哪一步。"), status=409)
PROCESS_BACKDATED = define(
    "process.backdated", _("不能写成比上一步更早的时间。"), _("每一步都按实际发生的时间记录。"), status=409
)
PROCESS_NOBODY = define("process.nobody", _("决定必须由人作出。"), _("请登录后再作决定。"), status=403)
REPORTER = define(
    "process.reporter",
    _("这件事是您提出的，不能由您决定。"),
    _("请由没有参与立案的另一位工作人员决定。"),
    status=403,
)
SECOND_PERSON = define(
    "process.second",
    _("这项措施需要两个人先后同意，不能由同一个人完成。"),
    _("请先由一人提出建议，再由另一人决定，且不能重于建议。"),
    status=403,
)
PANEL = define(
    "process.panel",
    _("暂停和清退至少要有一位监管部门人员参加决定。"),
    _("请由监管部门人员提出建议或作出决定。"),
    status=403,
)
SAME_OFFICER = define(
    "process.same_officer",
    _("您参与过原来的决定，不能由您复核。"),
    _("请由没有参与原决定的另一位工作人员复核。"),
    status=403,
)
RELATED = define(
    "process.related",
    _("您与当事一方有关联，不能办理这件事。"),
    _("请由没有关联的工作人员办理；关联关系见“回避登记”。"),
    status=403,
)
UNHEARD = define(
    "process.unheard",
    _("还没有听取对方意见，期限也没有届满，不能决定。"),
    _("请等对方陈述申辩、放弃陈述，或期限届满之后再决定。"),
    status=409,
)
HEAVIER = define(
    "process.heavier",
    _("决定的措施重于已经告知的措施。"),
    _("要采取更重的措施，请重新告知并给出新的陈述申辩期限；复核只能减轻。"),
)
TERM_WRONG = define("process.term", _("期限不正确。"), _("请写明大于零的天数；每项措施都必须有终点。"))
OFF_SCALE = define(
    "process.off_scale",
    _("裁量基准不允许这样处理。"),
    _("请在基准规定的措施和期限幅度内选择，见“裁量基准”。"),
)
GROUND_UNKNOWN = define("case.ground", _("裁量基准里没有这种情形。"), _("请从公布的裁量基准中选择。"))
NOT_FOR_THIS = define(
    "case.not_agency",
    _("暂停和清退只能用于中介服务机构。"),
    _("对其他单位可以提醒或警告；需要行政处分的请移送有权机关。"),
)
ALREADY_PUBLISHED = define(
    "case.published", _("决定已经公布，内容不能再改。"), _("需要更正时请发布更正说明，原文保留。"), status=409
)
UNPUBLISHED = define("case.unpublished", _("决定还没有公布。"), _("请先公布决定，再执行或更正。"), status=409)
REVIEW_LATE = define("process.late", _("申请复核的期限已经过了。"), _("仍可依法申请行政复议或提起诉讼。"), status=409)
REVIEWED = define("process.reviewed", _("这件事已经复核过一次。"), _("仍可依法申请行政复议或提起诉讼。"), status=409)
TOO_EARLY = define("process.early", _("期限还没有到。"), _("请等期限届满。"), status=409)
OUTCOME_UNKNOWN = define("process.outcome", _("请选择一个结论。"), _("结论必须是列出的一种，并且与原结论不同。"))
WORDS_SHORT = define("process.words", _("请写明理由，至少 {least} 个字。"), _("写清事实、依据和考虑，理由会一直保留。"))
ASKED_ONCE = define(
    "complaint.once", _("补正只能一次性告知。"), _("已经告知过的，请根据现有材料决定受理、不受理或移送。"), status=409
)
SUSPENDED_ALREADY = define("complaint.suspended", _("这项需求已经暂停。"), _("暂停到期会自动恢复。"), status=409)
NOT_THIS_OFFICE = define(
    "complaint.office",
    _("这件投诉由另一个监管部门负责。"),
    _("只有负责的部门可以转办，只有其工作人员可以认领；负责部门见页面右侧。"),
    status=403,
)
PASSED_ON = define(
    "complaint.passed",
    _("不能转给这个部门，或者转办次数已经用完。"),
    _("请选择没有办过这件投诉的监管部门；不能再转的，请决定受理、不受理或移送。"),
    status=409,
)
TAKEN_ALREADY = define("complaint.taken", _("这件投诉已经由您承办。"), _("请直接办理下一步。"), status=409)
PAUSE_ASKED = define(
    "complaint.pause_asked",
    _("已经申请暂停期限，正等待另一位工作人员同意。"),
    _("请由监管部门另一位没有关联的工作人员答复；也可以撤回申请。"),
    status=409,
)
PAUSE_SECOND = define(
    "complaint.pause_second",
    _("期限不能由申请的人自己暂停。"),
    _("请由监管部门另一位没有关联的工作人员同意。"),
    status=403,
)
PAUSE_USED_UP = define(
    "complaint.pause_used_up",
    _("这件投诉的期限累计已经暂停 {days} 天，不能再暂停。"),
    _("请根据现有材料作出处理答复。"),
    status=409,
)
PAUSE_STOPPED = define(
    "complaint.pause_stopped",
    _("这件投诉的处理计时已经停止，同一段时间不能扣除两次。"),
    _("请等停止计时结束，或先在时限页结束它，再同意暂停。"),
    status=409,
)
NOTHING_TO_SUSPEND = define(
    "complaint.no_need", _("这件投诉不涉及可以暂停的需求。"), _("只有正在进行的需求可以暂停。"), status=409
)
MALICIOUS_ONLY = define(
    "complaint.malicious", _("只有不成立的投诉可以认定为恶意。"), _("认定只能作一次，须写明理由。"), status=409
)
COMPLAINANT_UNKNOWN = define(
    "complaint.complainant_unknown",
    _("不能对这件投诉的投诉人立案。"),
    _("投诉人要求隐去身份，或不是以单位名义投诉；认定恶意只记在投诉上。"),
    status=409,
)
COMPLAINT_CASE_OPEN = define(
    "complaint.case_open", _("这件投诉已经立案。"), _("请在案件页面继续办理；同一件事不重复追究。"), status=409
)
SUBJECT_UNKNOWN = define(
    "complaint.subject", _("没有找到投诉的对象。"), _("请从需求、机构、合同或评价的页面点击“投诉”。"), status=404
)
STATEMENT_SHORT = define(
    "complaint.statement", _("请把经过写清楚，至少 {least} 个字。"), _("写明时间、地点、发生了什么、您希望怎样处理。")
)
FOLLOW_UP = define(
    "complaint.follow_up",
    _("受理编号或查询码不对。"),
    _("请对照提交时的回执；查询码只在提交时显示一次。"),
    status=403,
)
COMPLAINTS_MANY = define(
    "complaint.too_many",
    _("从您的网络或账户提交的投诉太多，这一件还没有提交。"),
    _("您写的文字还在页面上，附件需要重新选择；请在 {until} 以后再提交，或换一个网络提交。"),
    status=429,
)
GUESSES_MANY = define(
    "complaint.guesses",
    _("从您的网络或账户输错的次数太多，暂时不能查询。"),
    _("请在 {until} 以后对照回执再试，或换一个网络；投诉照常办理，不受影响。"),
    status=429,
)
EVIDENCE_FULL = define(
    "complaint.evidence_full",
    _("这件投诉的补充材料已经够多：最多补充 {times} 次，合计 {files} 个文件。"),
    _("请等待处理答复；对答复不服时可以在复核申请中说明。"),
    status=409,
)
FILES_MANY = define("process.files", _("一次最多上传 {most} 个文件。"), _("请合并后再上传，或分几次补充。"))
RELATION_TWICE = define("relation.twice", _("这项关联已经登记。"), _("无需重复登记。"), status=409)
