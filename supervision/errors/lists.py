"""Refusals of the lists: listings, imports, repairs, leaving and coming back."""

from django.utils.translation import gettext_lazy as _

from core.errors import RefusalKind, define

# One for each way in which the rules of a listing say no; the key is the rule's code.
LISTING: dict[str, RefusalKind] = {
    "order": define(
        "listing.order", _("这项列入程序现在不能走这一步。"), _("请刷新页面，按页面上列出的步骤办理。"), 409
    ),
    "backdated": define("listing.backdated", _("不能补记过去的时间。"), _("请以现在的时间记录。"), 409),
    "authority": define("listing.authority", _("列入名单由监管部门的人员办理。"), _("请由监管部门的账号操作。"), 403),
    "defence": define("listing.defence", _("陈述申辩必须有期限。"), _("请检查规则集里的陈述申辩期限。")),
    "second": define("listing.second", _("提出列入的人不能自己批准。"), _("请由另一名监管人员审批。"), 403),
    "unheard": define(
        "listing.unheard", _("陈述申辩期还没有届满。"), _("请等到期满，或等机构提交申辩或放弃申辩。"), 409
    ),
    "term": define("listing.term", _("列入必须有期限，最长三年。"), _("请填写 1 至 36 个月的期限。")),
    "review": define("listing.review", _("复核必须有期限。"), _("请检查规则集里的复核期限。")),
    "reviewed": define("listing.reviewed", _("这次列入已经复核过一次。"), _("不服复核结果可以依法提起行政复议。"), 409),
    "late": define("listing.late", _("申请复核的期限已过。"), _("可以在最短公示期满后申请信用修复。"), 409),
    "same_officer": define(
        "listing.same_officer", _("复核不能由原来提出或批准列入的人作出。"), _("请由另一名监管人员复核。"), 403
    ),
    "outcome": define("listing.outcome", _("请选择复核结论。"), _("维持或撤销，二选一。")),
    "early": define("listing.early", _("列入期限还没有届满。"), _("期满后系统会自动移出。"), 409),
}
REPAIR: dict[str, RefusalKind] = {
    "order": define(
        "repair.order", _("这项修复申请现在不能走这一步。"), _("请刷新页面，按页面上列出的步骤办理。"), 409
    ),
    "backdated": define("repair.backdated", _("不能补记过去的时间。"), _("请以现在的时间记录。"), 409),
    "authority": define("repair.officer", _("修复申请由监管部门的人员审查。"), _("请由监管部门的账号操作。"), 403),
    "asked_once": define(
        "repair.asked_once", _("补正只能告知一次。"), _("请按现有材料审查，作出准予或不予修复的决定。"), 409
    ),
    "same_officer": define(
        "repair.same_officer", _("认定违背承诺不能由准予修复的人作出。"), _("请由另一名监管人员认定。"), 403
    ),
}
HINDRANCES: dict[str, RefusalKind] = {
    "authority": define(
        "repair.authority",
        _("这项限制来自主管部门的名单，平台不能修复。"),
        _("请向作出认定的部门申请修复，名单更新后自动解除。"),
        409,
    ),
    "publicity": define("repair.publicity", _("还没有满最短公示期。"), _("最早可于 {moment} 申请修复。"), 409),
    "broken": define(
        "repair.broken_before", _("违背修复承诺后一年内不能再次申请修复。"), _("最早可于 {moment} 再次申请。"), 409
    ),
}
REPORTER = define("repair.reporter", _("提出这件事的人不能决定修复。"), _("请由另一名监管人员审查。"), 403)
REPAIR_GONE = define("repair.gone", _("这项措施已经结束或解除，无需修复。"), _("请刷新页面查看当前状态。"), 409)
REPAIR_OPEN = define("repair.open", _("同一项措施已经有一件修复申请在办理。"), _("请在原申请中补充材料。"), 409)
REPAIR_COMMITMENT = define("repair.commitment", _("申请修复须作出信用承诺。"), _("请阅读并勾选承诺后再提交。"))

BLANK = define("listing.blank", _("“{field}”不能为空。"), _("列入必须有事由、决定机关、法律依据和期限。"))
LISTING_CASE = define(
    "listing.case", _("列入名单必须依据已经公布的案件决定。"), _("请先在案件中完成告知、申辩、决定和公布。"), 409
)
LISTING_GROUND = define(
    "listing.ground",
    _("按立案时的裁量基准，这种情形不能列入名单。"),
    _("裁量基准标明“可以列入”的情形才能提出；新版基准只适用于以后立的案。"),
    409,
)
LISTING_MEASURE = define(
    "listing.measure",
    _("决定的措施较轻，不足以列入名单。"),
    _("裁量基准写明哪些措施可以列入；不能因为要列入而加重已经公布的决定。"),
    409,
)
LISTING_MONTHS = define(
    "listing.months", _("期限不在幅度内。"), _("按这种情形的轻重，期限应为 {fewest} 至 {most} 个月。")
)
NOT_HEAD = define(
    "listing.head",
    _("列入名单由监管部门的负责人批准。"),
    _("请由提出部门的科室负责人或分管领导批准；岗位在“超时通报岗位”中维护。"),
    403,
)
NOT_AGENCY = define("listing.not_agency", _("只有中介服务机构可以列入名单。"), _("请核对案件的当事人。"))
LISTED_ALREADY = define("listing.twice", _("同一案件已经有一项列入程序。"), _("请在原有程序中办理。"), 409)
SHARE_DONE = define("share.done", _("这条信息已经签收。"), _("可以直接登记采取的措施。"), 409)
SHARE_UNREAD = define("share.unread", _("请先签收再登记措施。"), _("点击“签收”后即可登记采取的措施。"), 409)
MEASURE_END = define("share.end", _("联合惩戒措施必须有截止时间，且晚于现在。"), _("请填写措施的截止日期。"))
MEASURE_LIFTED = define("share.lifted", _("这项措施已经解除。"), _("无需再次处理。"), 409)

FILE_UNREADABLE = define(
    "import.unreadable", _("读不出这个文件。"), _("请上传 CSV、XLSX 或 JSON 文件，第一行是列名，格式见模板。")
)
FILE_COLUMNS = define("import.columns", _("缺少这些列：{columns}。"), _("请按模板补齐列名后再导入。"))
FILE_EMPTY = define(
    "import.empty", _("文件里没有一条记录。"), _("空文件会移出全部条目，请核对来源；确为空名单请联系运营机构。")
)
FILE_LARGE = define("import.large", _("一次最多导入 {most} 条。"), _("请核对文件是否为完整名单。"))
FILE_FAULTY = define(
    "import.faulty",
    _("有 {count} 处错误，整个文件没有导入。"),
    _("请按行号改正后重新上传：名单要么全部导入，要么不导入。"),
    409,
)
FILE_OLDER = define("import.older", _("这份名单比已经导入的更旧。"), _("请上传 {day} 或之后的名单。"), 409)
FILE_FUTURE = define("import.future", _("名单日期在将来。"), _("请填写名单截至的日期。"))
FILE_SHRUNK = define(
    "import.shrunk",
    _("这份名单会移出现有条目的 {percent}%，超过了 {most}%。"),
    _("请核对文件是否完整；确实如此时，请由监管人员上传并勾选确认。"),
    409,
)
SETTLED = define("import.settled", _("这次导入已经处理过。"), _("请刷新页面查看结果。"), 409)
SOURCE_AWAY = define("import.source", _("名单来源暂时无法读取。"), _("系统会继续重试；也可以手工上传文件。"), 503)

CORRECTION_LEFT = define(
    "correction.left", _("指出的问题还有 {n} 处没有改正。"), _("请对照列出的问题逐项改正后再提交。")
)
NAME_SAME = define("correction.same", _("登记信息没有变化。"), _("请改正指出的问题后再提交。"))
