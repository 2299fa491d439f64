"""The words of the portal's lists and tracks: tasks, steps, states, reasons. Keys come from the rules."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.selectors import failure_text

Words = dict[str, str | Promise]

TASKS: Words = {
    "finish_draft": _("写完并发布需求"),
    "choose": _("选定一家机构"),
    "answer": _("回答机构的提问"),
    "enter": _("报名"),
    "bid": _("出价"),
    "confirm_award": _("确认中选"),
    "draft_contract": _("起草合同"),
    "confirm_contract": _("确认合同"),
    "publicity": _("公示期满后合同自动生效"),
    "accept": _("验收阶段成果"),
    "answer_ending": _("答复对方提出的合同解除"),
    "answer_change": _("答复对方提出的合同变更"),
    "deliver": _("提交阶段成果"),
    "rework": _("整改后重新提交成果"),
    "rate": _("评价对方"),
    "relist": _("查看流标原因，决定是否重新发布"),
    "arrange_payment": _("安排付款：托管或上传转账回单"),
    "pay_escrow": _("付款到托管账户"),
    "settle_dispute": _("资金已冻结：协商处理方案"),
    "answer_settlement": _("答复对方提出的处理方案"),
    "confirm_transfer": _("核对是否收到转账"),
    "open_payouts": _("开通收款账户，款项在等您"),
}
ACTORS: Words = {
    "buyer": pgettext_lazy("who acts", "委托方"),
    "supplier": pgettext_lazy("who acts", "中选机构"),
    "bidders": pgettext_lazy("who acts", "中介服务机构"),
    "platform": pgettext_lazy("who acts", "平台自动执行"),
    "both": pgettext_lazy("who acts", "双方"),
}
STEPS: Words = {
    "notice": _("公告"),
    "questions": _("答疑"),
    "competition": _("竞价"),
    "award": _("中选"),
    "contract": _("合同"),
    "delivery": _("交付"),
    "rating": _("评价"),
}
PAGES: Words = {
    "room": _("实时竞价室"),
    "replay": _("竞价回放"),
    "verify": _("在浏览器里验证记录"),
    "record": _("下载完整记录"),
    "award": _("中选公告页"),
    "contract": _("合同"),
    "credit": _("诚信档案"),
}
AUDIT: Words = {
    "version_added": _("新增版本"),
    "version_merged": _("并入随软件发布的版本"),
    "new_version": _("新增版本"),
    "cancelled": _("取消"),
    "day_marked": _("标记一天"),
    "day_cleared": _("恢复普通星期"),
    "year_announced": _("录入全年安排"),
}
PAPERS: Words = {
    "award": _("中选通知书"),
    "notice": _("采购公告"),
    "contract": _("服务合同"),
    "receipt": _("报价回执"),
    "credit": _("信用证明"),
    "complaint": _("投诉回执"),
    "measure": _("拟作处理告知书"),
    "decision": _("处理决定书"),
    "listing": _("黑名单文书"),
    "repair": _("信用修复决定书"),
    "inspection": _("检查文书"),
}
WEEKDAYS = (
    pgettext_lazy("weekday", "一"),
    pgettext_lazy("weekday", "二"),
    pgettext_lazy("weekday", "三"),
    pgettext_lazy("weekday", "四"),
    pgettext_lazy("weekday", "五"),
    pgettext_lazy("weekday", "六"),
    pgettext_lazy("weekday", "日"),
)
ENTRY_OPEN = _("报名同时进行")
DRAW_STEP = _("随机选取")
DIRECT_STEP = _("直接选取")
COLUMNS: Words = {
    "draft": _("草稿"),
    "published": _("公告与报名"),
    "competing": _("选取中"),
    "selected": _("中选与合同"),
    "in_service": _("服务中"),
    "completed": _("待评价"),
}
WORK: Words = {
    "publicity": _("中选公示中"),
    "judge_flag": _("核查红旗线索"),
    "decide_dispute": _("双方协商不成的资金争议"),
}
# The kinds of work on the regulator's list, in the order they are offered.
WORKLIST: Words = {
    "case": _("案件"),
    "complaint": _("投诉"),
    "appeal": _("评价申诉"),
    "listing": _("黑名单"),
    "repair": _("信用修复"),
    "inspection": _("双随机抽查"),
    "consultation": _("规则征求意见"),
    "question": _("答复提问"),
    "card": _("红黄牌"),
    "flag": _("红旗线索"),
    "dispute": _("资金争议"),
    "publicity": _("中选公示"),
}
# What comes to the regulators month by month.
ARRIVALS: Words = {
    "complaint": _("投诉"),
    "flag": _("红旗线索"),
    "card": _("红牌"),
    "case": _("新立案件"),
}
# The public pages of supervision: title, what one finds there, and what the figure counts.
OVERSIGHT: dict[str, tuple[Promise, Promise, Promise]] = {
    "promises": (_("时限承诺"), _("各部门每一步有没有按期办：兑现多少，超期多少。"), _("按期办结")),
    "decisions": (_("处理决定"), _("已公布的每一个决定：事实、依据、申辩和理由。"), _("件")),
    "exposure": (_("曝光台"), _("决定、红牌、黑名单和抽查问题，汇总在一处。"), _("条")),
    "blacklist": (_("黑名单"), _("平台认定的和主管机关导入的，分开列明依据和期限。"), _("家在列")),
    "redlist": (_("红名单"), _("长期守信的机构，标准公开，人人可以核对。"), _("家")),
    "grades": (_("年度信用等级"), _("每年 1 月按诚信档案评定，先公示、听异议，再公布。"), _("家已评定")),
    "inspections": (_("双随机抽查"), _("抽谁查、谁去查都由公开抽签决定，结果逐项公布。"), _("次已公布")),
    "clauses": (_("模糊条款"), _("不清楚、做不到的条款，由发布单位限期修改或删除，逐条公布。"), _("条已处理")),
    "questions": (_("提问和答复"), _("问到谁，由谁负责到底；不满意，由负责人再次答复。"), _("个已公开的答复")),
    "consultations": (_("规则征求意见"), _("规则怎么改，先公布草案，人人可以提意见，逐条答复。"), _("份征求意见中")),
}
# What is held about an agency: title of each part, and what an empty one says.
HELD: dict[str, tuple[Promise, Promise]] = {
    "restrictions": (_("限制措施"), _("没有任何限制措施。")),
    "cases": (_("案件"), _("没有针对您的案件。")),
    "complaints": (_("关于您的投诉"), _("没有通知过您的投诉。")),
    "listings": (_("平台黑名单"), _("没有被平台列入，也没有拟列入。")),
    "imported": (_("主管机关的名单"), _("主管机关导入的名单里没有您。")),
    "repairs": (_("信用修复"), _("没有修复申请。")),
    "inspections": (_("双随机抽查"), _("没有抽查过您。")),
    "grades": (_("年度信用等级"), _("还没有年度信用等级。")),
    "appeals": (_("申诉与异议"), _("没有申诉，也没有异议。")),
    "deductions": (_("正在扣分的记录"), _("没有正在扣分的记录。")),
    "cards": (_("黄牌和红牌"), _("没有超期，也没有提醒。")),
    "honours": (_("红名单"), _("没有红名单记录。")),
    "letters": (_("文书"), _("没有给您的文书。")),
}
MAY: Words = {
    "defend": _("陈述申辩"),
    "review": _("申请复核"),
    "reply": _("答复投诉"),
    "repair": _("申请信用修复"),
    "complete": _("补正材料"),
    "fix": _("整改并报告"),
    "answer": _("说明情况"),
    "object": _("对这条记录提出异议"),
    "object_to_grade": _("对这个等级提出异议"),
    "authority": _("向列入机关申请移出"),
    "act": _("现在去办"),
}
RUNS, OVER, ON_RED_LIST = _("生效中"), _("已结束"), _("列入红名单")
PROPOSED, NOT_GRADED, GRADE_OF_YEAR = _("公示中"), _("不评级"), _("{year} 年度信用等级：{grade}")
OPEN_TO_ALL, TO_YOU = _("公开"), _("只给您")
APPEAL_STATES: Words = {"open": _("异议处理中"), "upheld": _("申诉成立"), "rejected": _("申诉不成立")}
COMPLAINT_STATES: Words = {
    "accepted": _("已受理"),
    "investigating": _("调查中"),
    "paused": _("调查中，计时暂停"),
    "decided": _("已作出处理决定"),
    "review": _("复核中"),
    "closed": _("已办结"),
    "withdrawn": _("已撤回"),
}
WORK_STATES: Words = {
    "late": _("已超期"),
    "soon": _("将到期"),
    "running": _("办理中"),
    "paused": _("计时暂停"),
    "open": _("没有期限"),
}
PROFILE: Words = {
    "services": _("公布您提供的服务、收费和时限"),
    "qualifications": _("上传资质证书"),
    "practitioners": _("登记执业人员"),
    "introduction": _("写几句机构简介"),
}
PROFILE_PAGES = {
    "services": "/agency/services/",
    "qualifications": "/agency/qualifications/",
    "practitioners": "/agency/practitioners/",
    "introduction": "/agency/profile/",
}
FAILURES: Words = {
    "too_few_entrants": _("报名机构不足法定家数"),
    "no_bid": _("没有机构出价"),
    "none_left": _("所有候选机构都放弃了中选"),
    "terminated": _("合同签订后解除"),
    "no_money_left": _("中选机构因受限未能承接，预算余额不足"),
}
SPANS: Words = {
    "notice": _("公告到选出机构"),
    "award": _("选出到确认中选"),
    "contract": _("确认到签订合同"),
    "delivery": _("签订到验收完成"),
    "rating": _("验收到双方评价"),
    "to_award": _("公告到确认中选"),
}


def failure(reason: str) -> str:
    """A recorded reason in words: rules store a code, people write sentences."""
    return str(FAILURES[reason]) if reason in FAILURES else failure_text(reason)
