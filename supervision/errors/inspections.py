"""Refusals of double-random inspections."""

from django.utils.translation import gettext_lazy as _

from core.errors import define

NOT_A_MEMBER = define(
    "inspector.not_a_member",
    _("{email} 不是本单位的成员。"),
    _("先在“单位与成员”里加入这个人，再登记为检查人员。"),
)
INSPECTOR_TWICE = define(
    "inspector.twice", _("这个人或这个执法证号已经登记。"), _("在名单里找到后直接使用，或先停用旧的登记。"), status=409
)
BADGE_BLANK = define("inspector.badge", _("请填写执法证号。"), _("执法证号会随抽取名单一起公布，用来核对身份。"))
PLAN_POINTS = define("plan.points", _("请至少写一条检查要点。"), _("每行一条，检查人员会逐条记录结果。"))
PLAN_BLANK = define("plan.blank", _("“{field}”没有填写。"), _("抽查计划要写明事项、依据和范围，才能公布。"))
PLAN_RATIO = define(
    "plan.ratio",
    _("{band} 档的抽查比例要在 {least}% 到 100% 之间。"),
    _("比例可以高于规则集，不能更低；风险越高的档，比例不能越小。"),
)
PLAN_TEAM = define("plan.team", _("每组检查人员不少于 {least} 人。"), _("一个人不能单独检查，请增加人数。"))
PLAN_PUBLISHED = define(
    "plan.published", _("这份计划已经公布，不能再改。"), _("需要不同的安排时，另立一份计划。"), status=409
)
PLAN_NOT_PUBLISHED = define(
    "plan.not_published", _("这份计划还没有公布。"), _("先公布计划，再公布抽取名单和承诺值。"), status=409
)
DRAW_EMPTY = define("draw.empty", _("范围内没有可以抽查的机构。"), _("核对计划的地区和服务事项。"), status=409)
DRAW_FEW = define(
    "draw.few_inspectors",
    _("回避之后，有 {n} 家机构找不到足够的检查人员。"),
    _("先登记更多检查人员，或请其他监管单位一起检查。"),
    status=409,
)
DRAW_ROUNDS = define(
    "draw.rounds", _("今年计划的 {n} 次抽取都已安排。"), _("需要再抽时，另立一份计划并先公布。"), status=409
)
DRAW_WAITING = define("draw.waiting", _("上一次抽取还没有完成。"), _("抽取完成后再安排下一次。"), status=409)
DRAW_EARLY = define(
    "draw.early", _("抽取时间是 {at}，现在还不能抽取。"), _("在此之前任何人都可以投入一个词，请到时再来。"), status=409
)
DRAW_DONE = define("draw.done", _("已经抽取完毕。"), _("结果和全部数据都在本页，任何人都可以重新计算。"), status=409)
NUMBER_MISSING = define(
    "draw.number_missing", _("请填写公告里指定的公开数字。"), _("填写“{name}”公布的数字，不加空格和单位。")
)
NUMBER_UNASKED = define(
    "draw.number_unasked", _("这次抽取没有指定公开数字。"), _("留空即可；事后加入的数字会让抽取无法验证。")
)
WORD_BLANK = define("draw.word_blank", _("请写下 1 到 64 个字符。"), _("随便一个词或一串数字都可以，别人猜不到最好。"))
WORD_LATE = define("draw.word_late", _("已到抽取时间，不再接受投入。"), _("请在抽取后用公布的数据重算。"), status=409)
WORD_TWICE = define(
    "draw.word_twice", _("贵单位已经投入过一个词。"), _("每个单位一次，这样谁也不能靠反复投入影响结果。"), status=409
)
STAGE = define(
    "inspection.stage",
    _("这次检查现在是“{state}”，不能这样办理。"),
    _("刷新页面，看看现在该办哪一步。"),
    status=409,
)
NOT_OFFICER = define(
    "inspection.not_officer",
    _("这次检查由抽中的检查人员办理。"),
    _("请由名单上的检查人员登录办理；确需更换的，由其申请回避后依次递补。"),
    status=403,
)
VISIT_DATE = define(
    "inspection.visit",
    _("检查时间要在 {first} 到 {last} 之间。"),
    _("通知要提前送达，检查要在期限内完成。"),
)
TOO_SHORT = define("inspection.short", _("请写明“{field}”，至少 {least} 个字。"), _("写清看到了什么、为什么这样认定。"))
POINT_UNKNOWN = define("inspection.point", _("检查标准里没有这一条。"), _("刷新页面后重新填写。"))
POINTS_OPEN = define(
    "inspection.points_open", _("还有 {n} 条要点没有记录。"), _("每条都要记录“符合”“不符合”或“不适用”。")
)
OUTCOME_FITS = define(
    "inspection.outcome",
    _("检查结论与记录对不上。"),
    _("有“不符合”的，结论是责令整改或转入案件；没有的，结论是未发现问题。"),
)
OWN_PUBLICATION = define(
    "inspection.own_publication",
    _("作出结论的人不能自己公布。"),
    _("请由同组的另一名检查人员核对后公布。"),
    status=403,
)
NOBODY_LEFT = define(
    "inspection.nobody_left", _("没有可以递补的检查人员。"), _("请其他监管单位派员，或另行安排检查。"), status=409
)
NOT_YET_FIXED = define(
    "inspection.fixing",
    _("整改期限是 {at}，机构还没有报告完成。"),
    _("机构报告完成，或期限届满后，再安排复查。"),
    status=409,
)
