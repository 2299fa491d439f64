"""What people of the demo have to say about the rules: a draft in every state, with opinions and answers."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from core import clock, rulesets
from core.audit import SYSTEM, By
from portal.demo.bench import Bench
from portal.demo.cast import ANA, BEA
from portal.demo.timeline import Life
from supervision.models import Consultation
from supervision.services import consultations
from supervision.services.consultations import Draft

DAY = timedelta(days=1)
GUIDE = "竞价参与须知"
CLAUSES = (
    "第一条 报价均为含税总价，以元为单位，保留两位小数。",
    "第二条 竞价过程由平台记录，任何人可以查阅和验证。",
    "第三条 中选公示期内，任何人可以提出异议。",
)
ADDED = "第四条 竞价因平台故障中断的，至少提前一个工作日公告重新开始的时间。"
WHY = "现行规定对故障中断没有写明怎样处理，参与竞价的机构多次询问，拟作补充。"


def lives(here: Bench, base: datetime) -> Iterator[tuple[datetime, Life]]:
    yield base - 150 * DAY, guide(here)
    yield base - 60 * DAY, shorter_answers(here)
    yield base - 45 * DAY, withdrawn(here)
    yield base - 18 * DAY, waiting(here)
    yield base - 6 * DAY, open_now(here)


def guide(here: Bench) -> Life:
    """A rule in words: adopted, then changed once."""
    row = _text(here, "\n".join(CLAUSES), None, "参与竞价须知此前散见于各处，现合为一份。")
    yield from _heard(here, row, [(here.cast[ANA.email].by, True, "请写明报价是否包含专家评审费。")], "partly")
    yield from _adopted(here, row)
    yield clock.now() + 40 * DAY
    later = _text(here, "\n".join((*CLAUSES, ADDED)), row.pk, WHY)
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
        reasons = "意见合理，已在定稿中作相应调整，与草案一并公布。"
        consultations.answer(opinion_id=opinion, outcome=outcome, reasons=reasons, by=here.sol)


def _adopted(here: Bench, row: Consultation) -> Life:
    """By the head, three days after its end."""
    yield row.closes_at + 3 * DAY
    consultations.adopt(consultation_id=row.pk, starts_at=clock.now() + 2 * DAY, by=here.sue)
