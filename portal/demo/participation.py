"""What people of the demo have to say: a draft of a rule in every state, a question in every state, and what
becomes of clauses somebody finds unclear.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from core import clock, rulesets
from core.audit import SYSTEM, By
from portal.demo.bench import Bench
from portal.demo.cast import ANA, BEA
from portal.demo.timeline import Life
from supervision.models import ClauseReport, Consultation, Question
from supervision.selectors.complaints import matter
from supervision.services import clauses, complaints, consultations, questions
from supervision.services.consultations import Draft

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# Title, question, answer, and how far it went.
QUESTIONS = (
    ("中选后可以换项目负责人吗", "我机构中选时填报的项目负责人将离职，合同签订前能否更换？",
     "可以。请在合同草案中写明新的负责人及其资格，双方确认后生效。", "satisfied"),
    ("退回的尾款多久到账", "托管的尾款退回后，多久能到原账户？", "提交当日发起，到账时间以支付机构为准。", "again"),
    ("申报时要不要盖章原件", "登记资质证书时，扫描件需要加盖公章吗？",
     "需要能看清证书编号和有效期，不要求另盖公章。", "silent"),
    ("异地机构能不能参加", "外省机构没有本地分支机构，可以报名吗？",
     "可以。平台不设地域限制，也不要求设立分支机构。", "escalated"),
)  # fmt: skip
# Item of the catalogue, the clause, what its publisher did, why, and the new words.
VAGUE = (
    ("01001", "须提供项目所在地主管部门认可的其他材料。", "fixed",
     ("“其他材料”没有写明是什么，已改为两份具体文件。", "须提供项目备案证明和用地批准文件。")),
    ("02013", "机构应当具备同类项目丰富经验。", "removed", ("“丰富经验”无法衡量，也不是法定条件，已删除。", "")),
    ("02015", "报告须由注册人员签字并加盖执业印章。", "kept", ("签字盖章是法律对该类报告的要求，予以保留。", "")),
    ("09057", "收费按有关规定执行。", "", ("", "")),
)  # fmt: skip
UNCLEAR = "这一条没有写明具体要求，机构和申请人都无法照办，请核查。"
STANDS = "签字盖章确为该类报告的法定要求，条款写得明确，予以保留；投诉不成立。"
NOBODY = {"name": "", "phone": "", "email": ""}
GUIDE = "竞价参与须知"
CLAUSES = (
    "第一条 报价均为含税总价，以元为单位，保留两位小数。",
    "第二条 竞价过程由平台记录，任何人可以查阅和验证。",
    "第三条 中选公示期内，任何人可以提出异议。",
)
ADDED = "第四条 竞价因平台故障中断的，至少提前一个工作日公告重新开始的时间。"
ANSWERS = {
    "accepted": "意见合理，已在定稿中作相应调整，与草案一并公布。",
    "partly": "意见中关于专家评审费的部分采纳，已写入条款说明；其余由合同约定。",
    "declined": "竞价未完成即定标对其他机构不公平，仍按恢复后的竞价结果选取。",
}
WHY = "现行规定对故障中断没有写明怎样处理，参与竞价的机构多次询问，拟作补充。"


def lives(here: Bench, base: datetime) -> Iterator[tuple[datetime, Life]]:
    yield base - 150 * DAY, guide(here)
    yield base - 60 * DAY, shorter_answers(here)
    yield base - 45 * DAY, withdrawn(here)
    yield base - 18 * DAY, waiting(here)
    yield base - 6 * DAY, open_now(here)
    for days, (title, text, told, until) in zip((90, 33, 20, 6), QUESTIONS, strict=True):
        yield base - days * DAY, question(here, title, text, told, until)
    yield base - 3 * timedelta(hours=1), new_question(here)
    for days, found in zip((70, 50, 30, 4), VAGUE, strict=True):
        yield base - days * DAY, clause(here, *found)


def guide(here: Bench) -> Life:
    """A rule in words: adopted, then changed once."""
    row = _text(here, "\n".join(CLAUSES), None, "参与竞价须知此前散见于各处，现合为一份。")
    yield from _heard(here, row, [(here.cast[ANA.email].by, True, "请写明报价是否包含专家评审费。")], "partly")
    yield from _adopted(here, row)
    yield clock.now() + 40 * DAY
    later = _text(here, "\n".join((*CLAUSES, ADDED)), row.pk, WHY)
    yield from _heard(here, later, [(SYSTEM, False, "故障中断的竞价，建议直接选报价最低的机构。")], "declined")
    yield from _adopted(here, later)


def shorter_answers(here: Bench) -> Life:
    """A parameter: consulted on and in force."""
    answer = {"n": 8, "unit": "working_days"}
    row = _parameters(here, "consultations", {"answer": answer}, "缩短答复意见的期限", 15)
    yield from _heard(here, row, [(SYSTEM, False, "十个工作日太久，意见提出后应当尽快看到答复。")], "accepted")
    yield from _adopted(here, row)


def withdrawn(here: Bench) -> Life:
    row = _parameters(here, "imports", {"vanish_percent": 30}, "收紧名单大量移出的人工确认", 20)
    yield clock.now() + 5 * DAY
    consultations.withdraw(
        consultation_id=row.pk, reasons="主管机关的名单更新周期将统一调整，待其公布后另行起草。", by=here.sol
    )


def waiting(here: Bench) -> Life:
    """Over, with one opinion that nobody has answered yet."""
    row = _parameters(here, "notices", {"attempts_most": 8}, "增加通知发送次数", 15)
    yield clock.now() + 3 * DAY
    _said(row, SYSTEM, "短信发送失败的，能否同时在平台首页提示？")


def open_now(here: Bench) -> Life:
    row = _parameters(here, "redlist", {"score": "92"}, "提高红名单的信用分要求", 30)
    yield clock.now() + DAY
    first = _said(row, here.cast[ANA.email].by, "标准提高后，原来在列的机构是否给过渡期？", named=True)
    yield clock.now() + DAY
    consultations.answer(
        opinion_id=first, outcome="accepted", reasons="拟给三个月过渡期，写入生效时间的说明。", by=here.sol
    )
    _said(row, here.cast[BEA.email].by, "建议同时公布各档分数的机构数量，联系电话 13800001111。")


def question(here: Bench, title: str, text: str, told: str, until: str) -> Life:
    """Asked of the operator, answered the same day; what the asker says to that, and once somebody in charge."""
    row = _asked(here.olga.org_id, title, text)
    yield clock.now() + 3 * HOUR
    questions.answer(question_id=row.pk, text=told, by=here.olga)
    if until == "silent":
        return
    yield clock.now() + DAY
    if until == "satisfied":
        questions.satisfied(question_id=row.pk)
        return
    questions.unsatisfied(question_id=row.pk, reasons="没有说明具体要几个工作日，请写清楚。")
    if until == "again":
        yield clock.now() + DAY
        office = row.events.get(kind="unsatisfied").data["office"]
        by = By(Question.objects.get(pk=row.pk).officer_id, office)
        questions.answer_again(question_id=row.pk, text="一般三个工作日以内；超过的请联系平台查询流水。", by=by)


def new_question(here: Bench) -> Life:
    """One that waits, and one the bureau has passed on to the operator."""
    _asked(here.olga.org_id, "竞价中断了怎么办", "参加竞价时网络中断，重新进入后还能继续出价吗？")
    row = _asked(here.bureau.pk, "发票抬头写错了找谁", "委托方开票信息写错，已经付款，应当找谁更正？")
    yield clock.now() + HOUR
    questions.pass_on(
        question_id=row.pk,
        office_id=here.olga.org_id or 0,
        reasons="开票信息由平台运营机构维护，转由其答复。",
        by=here.sol,
    )


def clause(here: Bench, code: str, words: str, outcome: str, said: tuple[str, str]) -> Life:
    """A clause of the catalogue: mended, removed, kept, or not looked at yet (without `outcome`)."""
    row = complaints.file(
        matter=matter(f"item:{code}"), statement=UNCLEAR, hidden=True, contact=NOBODY, by=SYSTEM, clause=words
    ).complaint
    yield clock.now() + DAY
    complaints.accept(complaint_id=row.pk, by=here.sol)
    complaints.notify(complaint_id=row.pk, summary="有人反映这一条不明确，请在期限内处理。", by=here.sol)
    if not outcome:
        return
    yield clock.now() + 3 * DAY
    number = ClauseReport.objects.get(complaint=row).number
    clauses.answer(number=number, outcome=outcome, reasons=said[0], new_text=said[1], by=here.olga)
    yield clock.now() + 6 * DAY
    if outcome == "kept":
        complaints.decide(complaint_id=row.pk, outcome="dismissed", reasons=STANDS, by=here.sol)
    else:
        complaints.withdraw(complaint_id=row.pk, text="条款已经处理，撤回投诉。")


def _asked(office_id: int | None, title: str, text: str) -> Question:
    return questions.ask(office_id=office_id or 0, title=title, text=text, public=True).question


def _parameters(here: Bench, name: str, changes: dict[str, object], title: str, days: int) -> Consultation:
    parameters = rulesets.current(name).parameters | changes
    draft = Draft(title, f"{title}，使规则与实际办理情况相符，减少重复询问。", days)
    return consultations.open_on_parameters(rule_set=name, parameters=parameters, draft=draft, by=here.sol)


def _text(here: Bench, text: str, replaces_id: int | None, why: str) -> Consultation:
    return consultations.open_on_text(text=text, replaces_id=replaces_id, draft=Draft(GUIDE, why, 15), by=here.sol)


def _said(row: Consultation, by: By, text: str, *, named: bool = False) -> int:
    return consultations.speak(consultation_id=row.pk, text=text, named=named, by=by).pk


def _heard(here: Bench, row: Consultation, opinions: list[tuple[By, bool, str]], outcome: str) -> Life:
    """What was said, answered a few days later."""
    for by, named, text in opinions:
        yield clock.now() + 2 * DAY
        opinion = _said(row, by, text, named=named)
        yield clock.now() + 4 * DAY
        consultations.answer(opinion_id=opinion, outcome=outcome, reasons=ANSWERS[outcome], by=here.sol)


def _adopted(here: Bench, row: Consultation) -> Life:
    """By the head, three days after its end."""
    yield row.closes_at + 3 * DAY
    consultations.adopt(consultation_id=row.pk, starts_at=clock.now() + 2 * DAY, by=here.sue)
