"""Complaints, appeals, objections and results used in approvals: what people of the demo bring before the regulator."""

from collections.abc import Generator, Iterator
from datetime import datetime, timedelta

from bidding.models import Competition
from contracts import selectors as contracts
from core import clock
from core.audit import By
from marketplace import selectors as marketplace
from portal.demo import penalties
from portal.demo.bench import Bench
from portal.demo.cast import ANA, BEA, DAN
from portal.demo.organisations import Member
from portal.demo.timeline import Life
from ratings import selectors as ratings
from ratings.models import Appeal, CreditEvent, Rating
from ratings.rules.appeals import DECIDED_IN_CASES, OTHERWISE
from ratings.services import appeals, approvals, quality
from supervision.models import Complaint
from supervision.selectors import origins as seen
from supervision.selectors.complaints import matter
from supervision.services import complaint_offices as offices
from supervision.services import complaint_pauses as pauses
from supervision.services import complaints
from supervision.services.origins import open_case_on_rating

DAY = timedelta(days=1)
STATEMENT = "合同约定二十个工作日提交送审稿，至今已逾期两周，多次联系均以人员紧张推脱，请予核查处理。"
ABOUT_FEES = "机构要求在合同金额之外另付加急费，否则推迟提交成果，有聊天记录和收款码截图，请予处理。"
ABOUT_CLAUSE = "需求要求投标机构在本市设有分支机构，属于以地域限制竞争，请责令改正并重新公告。"
ABOUT_OFFICIAL = "审批窗口工作人员口头要求使用其指定的机构，否则材料不予受理，请予调查。"
DENIED = "我机构已按约定提交初稿，延迟系委托方资料补充较晚所致，附往来邮件和资料交接单。"
JUDGED = {
    False: "布点确认单与原始记录一致，退回不属于机构的质量问题。",
    True: "布点数量未达导则要求，机构未在提交前说明，退回属机构的质量问题。",
}
NOBODY = {"name": "", "phone": "", "email": ""}
ABOUT_A_ROOM = "竞价最后一分钟页面无法提交报价，导致我方失去报价机会，请核查竞价过程记录。"
ABOUT_A_RATING = "该评价与合同履行无关，系评价人因付款争议故意给低分，请予核查。"
ABOUT_A_NEED = "需求把两个不相关的事项打包采购，实际只有一家机构能做，请予核查。"
Told = Generator[datetime, None, Complaint]


def complaint(bench: Bench, about: str, text: str, until: str, *, teller: Member | None = None) -> Life:
    """From the receipt to the state `until` names. `teller`: who complains openly; without one somebody hidden."""
    by, contact = (teller.by, _contact(teller)) if teller else (By(), NOBODY)
    told = matter(about, official="行政审批窗口" if about.startswith("official") else "")
    row = complaints.file(matter=told, statement=text, hidden=not teller, contact=contact, by=by).complaint
    if until == "filed":
        return
    yield clock.now() + DAY
    if until == "passed":
        yield from _passed_on(bench, row)
    elif until == "incomplete":
        complaints.ask_missing(complaint_id=row.pk, text="请补充合同编号和往来记录，以便核对逾期天数。", by=bench.sol)
    elif until in ("rejected", "transferred"):
        words = {"rejected": "投诉事项已由法院受理，依规不再重复处理。",
                 "transferred": "投诉事项属于税务部门职责，已移交并告知联系方式。"}  # fmt: skip
        complaints.turn_down(complaint_id=row.pk, how=until, reasons=words[until], by=bench.sol)
    elif until == "accepted":
        complaints.accept(complaint_id=row.pk, by=bench.sol)
    else:
        yield from _looked_into(bench, row, until)
        if until == "malicious" and teller:
            yield from _pursued(bench, row, teller)


def _contact(teller: Member) -> dict[str, str]:
    return {
        "name": teller.party.person,
        "phone": teller.organisation.contact_phone,
        "email": teller.party.email,
    }


def _passed_on(bench: Bench, row: Complaint) -> Life:
    """The bureau it came to is not the right one; the other takes it."""
    ours = row.office_id == bench.bureau.pk
    giver, taker, office = (bench.sol, bench.xie, bench.partner) if ours else (bench.xie, bench.sol, bench.bureau)
    why = "投诉涉及收费行为，由市场监管部门办理更合适。"
    offices.pass_on(complaint_id=row.pk, office_id=office.pk, reasons=why, by=giver)
    yield clock.now() + timedelta(hours=3)
    offices.take(complaint_id=row.pk, by=taker)


def _looked_into(bench: Bench, row: Complaint, until: str) -> Life:
    complaints.accept(complaint_id=row.pk, by=bench.sol)
    complaints.notify(complaint_id=row.pk, summary="投诉反映的情况如下，请在期限内书面答复并附证据。", by=bench.sol)
    if until == "suspended":
        complaints.suspend_need(complaint_id=row.pk, reasons="条款争议可能影响竞争结果，调查期间暂停。", by=bench.sol)
    if until in ("investigating", "suspended"):
        return
    yield clock.now() + 2 * DAY
    if until == "withdrawn":
        complaints.withdraw(complaint_id=row.pk, text="双方已协商解决。")
        return
    _reply(bench, row)
    yield clock.now() + DAY
    if until == "paused":
        pauses.ask_pause(complaint_id=row.pk, reasons="委托检测机构复核监测数据，鉴定时间不计入期限。", by=bench.sol)
        reasons = "监测数据有出入，确有必要送检，同意暂停。"
        pauses.answer_pause(complaint_id=row.pk, agreed=True, reasons=reasons, by=bench.sue)
        return
    yield clock.now() + 4 * DAY
    outcome = (
        "dismissed" if until in ("dismissed", "malicious", "closed") else "partly" if until == "partly" else "upheld"
    )
    words = "核对合同、交接单和往来邮件后，依据查明的事实作出本决定，理由详见下述。"
    complaints.decide(complaint_id=row.pk, outcome=outcome, reasons=words, by=bench.sol)
    yield clock.now() + 3 * DAY
    _afterwards(bench, row, until)


def _reply(bench: Bench, row: Complaint) -> None:
    """Whoever is complained about answers, where the demo has somebody for it."""
    members = {one.pk: one for one in (*bench.cast.values(), *bench.troubled)}
    if row.subject_id in members:
        complaints.reply(complaint_id=row.pk, text=DENIED, by=members[row.subject_id].by)


def _afterwards(bench: Bench, row: Complaint, until: str) -> None:
    if until in ("dismissed", "malicious"):
        complaints.mark_malicious(complaint_id=row.pk, reasons="所附聊天记录经核实系伪造，属恶意投诉。", by=bench.sol)
    elif until == "case":
        facts = "投诉查实：合同外收取加急费八千元，有转账凭证，机构未退还。"
        complaints.open_case_from(complaint_id=row.pk, ground="fee_complaint", facts=facts, by=bench.sue)
    elif until in ("review", "closed"):
        complaints.ask_review(complaint_id=row.pk, reasons="不服处理决定，提交补充证据，请求复核。")
        if until == "closed":
            complaints.decide_review(
                complaint_id=row.pk, outcome="kept", reasons="补充证据不足以改变原认定，维持原处理决定。", by=bench.sam
            )


def _pursued(bench: Bench, row: Complaint, teller: Member) -> Life:
    """Who complained knowingly wrong, and openly, answers for it once nobody can ask for a review any more."""
    row.refresh_from_db()
    yield (row.due_at or clock.now()) + timedelta(hours=1)
    facts = penalties.FALSE_WITNESS.facts
    case = complaints.open_case_on_complainant(complaint_id=row.pk, facts=facts, by=bench.sam)
    yield from penalties.heard(bench, teller, case, penalties.FALSE_WITNESS, "in_force")


def lives(bench: Bench, base: datetime) -> Iterator[tuple[datetime, Life]]:
    ana, dan = bench.cast[ANA.email].pk, bench.cast[DAN.email].pk
    about = [f"agency:{one.pk}" for one in bench.troubled]
    plans = (
        (1, about[1], STATEMENT, "filed"), (4, about[2], STATEMENT, "incomplete"),
        (33, about[3], STATEMENT, "rejected"), (52, about[4], STATEMENT, "transferred"),
        (3, f"agency:{ana}", STATEMENT, "investigating"), (9, about[6], ABOUT_FEES, "paused"),
        (30, about[7], ABOUT_FEES, "case"), (75, about[8], STATEMENT, "partly"),
        (110, about[9], ABOUT_FEES, "dismissed"), (16, about[0], STATEMENT, "review"),
        (66, about[5], STATEMENT, "closed"), (21, about[2], STATEMENT, "withdrawn"),
        (12, f"official:{dan}", ABOUT_OFFICIAL, "decided"), (2, about[4], ABOUT_FEES, "passed"),
    )  # fmt: skip
    for days, subject, text, until in plans:
        teller = bench.cast[BEA.email] if until in ("investigating", "partly") else None
        yield base - days * DAY, complaint(bench, subject, text, until, teller=teller)
    forged = complaint(bench, f"agency:{ana}", ABOUT_FEES, "malicious", teller=bench.agency(8))
    yield base - 60 * DAY, forged
    yield base - 6 * DAY, of_the_market(bench)
    yield base - timedelta(hours=30), _held_need(bench)
    yield base - 200 * DAY, appealing(bench, base)
    yield base - timedelta(hours=4), contested(bench)
    yield base - 40 * DAY, approved(bench)
    yield base - timedelta(hours=2), pursued_rating(bench)


def of_the_market(bench: Bench) -> Life:
    """What has lately been published, competed for, signed and rated is complained about too, once each."""
    yield clock.now()
    needs = marketplace.open_needs().filter(method="live_auction").order_by("-published_at")
    rooms = Competition.objects.exclude(closed_at=None).order_by("-closed_at")
    signed = contracts.every().exclude(signed_at=None).order_by("-signed_at")
    rated = Rating.objects.exclude(window__revealed_at=None).order_by("-window__revealed_at")
    told = (
        ("need", needs, ABOUT_A_NEED, "filed"), ("competition", rooms, ABOUT_A_ROOM, "accepted"),
        ("contract", signed, STATEMENT, "investigating"), ("rating", rated, ABOUT_A_RATING, "rejected"),
    )  # fmt: skip
    for kind, rows, text, until in told:
        for row in rows[:1]:
            yield from complaint(bench, f"{kind}:{row.pk}", text, until)


def _held_need(bench: Bench) -> Life:
    """A clause of a need that takes entries is complained about: the need is held until that is decided."""
    yield clock.now()
    need = marketplace.open_needs().filter(method="random_draw").order_by("-entry_closes_at").first()
    if need is not None:
        yield from complaint(bench, f"clause:{need.pk}", ABOUT_CLAUSE, "suspended")


def appealing(bench: Bench, base: datetime) -> Life:
    """Whoever was rated badly appeals within the limit: once with success, once without, once undecided."""
    fates = ["upheld", "rejected"]
    while clock.now() < base - 3 * DAY and fates:
        yield clock.now() + 2 * DAY
        if rating := _bad_rating(clock.now() - 2 * DAY):
            yield from _appeal(bench, rating, fates.pop(0))
    yield base - timedelta(hours=6)
    if rating := _bad_rating(clock.now() - 2 * DAY, best=4):
        yield from _appeal(bench, rating, "")


def _bad_rating(since: datetime, *, best: int = 3) -> Rating | None:
    rows = Rating.objects.filter(window__revealed_at__gte=since, side="buyer", quality__lte=best, appeal=None)
    return rows.order_by("quality", "pk").first()


def _appeal(bench: Bench, rating: Rating, fate: str) -> Life:
    rated, rater = _member(bench, rating.ratee_id), _member(bench, rating.rater_id)
    if rated is None or rater is None:
        return
    grounds = "评价所称逾期系委托方迟交资料所致，合同约定的起算日已书面顺延，评价与事实不符。"
    row = appeals.appeal(rating_id=rating.pk, grounds=grounds, by=rated.by)
    if not fate:
        return
    yield clock.now() + DAY
    appeals.state_on_appeal(appeal_id=row.pk, text="我方按清单提交了资料，顺延只有口头沟通。", by=rater.by)
    yield clock.now() + 2 * DAY
    _decide(bench, row, upheld=fate == "upheld")


def _decide(bench: Bench, row: Appeal, *, upheld: bool) -> None:
    words = "顺延有书面记录，评价依据的事实不成立。" if upheld else "资料交接单显示委托方按时提交，评价有事实依据。"
    appeals.decide_appeal(appeal_id=row.pk, upheld=upheld, reasons=words, by=bench.sol)


def pursued_rating(bench: Bench) -> Life:
    """A bad rating that nobody appealed against has become a case on the rated agency."""
    yield clock.now()
    rows = Rating.objects.filter(side="buyer", quality__lte=3, appeal=None).exclude(window__revealed_at=None)
    if row := rows.order_by("quality", "pk").first():
        said = seen.of_rating(ratings.rating(row.pk))
        open_case_on_rating(
            rating_id=row.pk, subject_id=row.ratee_id, ground=said.ground, facts=said.facts, by=bench.xie
        )


def contested(bench: Bench) -> Life:
    """Objections to rows of credit files, two decided and one that waits."""
    yield clock.now()
    rows = CreditEvent.objects.filter(points__lt=0, corrections=None, objection=None)
    rows = rows.exclude(kind__in=DECIDED_IN_CASES | OTHERWISE).order_by("-happened_at")
    for fate, row in zip(("", "upheld", "rejected"), rows[:12:4], strict=False):
        member = _member(bench, row.agency_id)
        if member is None:
            continue
        grounds = "逾期天数计算有误，期间经委托方确认暂停，不应计入。"
        asked = appeals.object_to(event_id=row.pk, grounds=grounds, by=member.by)
        if fate and asked.heard_by <= clock.now():
            _decide(bench, asked, upheld=fate == "upheld")


def approved(bench: Bench) -> Life:
    """Results used in approvals: rated by the regulator, sent back for their quality, and one still to be rated."""
    dan = bench.cast[DAN.email]
    done = contracts.every().exclude(completed_at=None).filter(completed_at__lt=clock.now()).order_by("-completed_at")
    numbers = list(done.values_list("number", flat=True)[:3])
    for place, number in enumerate(numbers[:2]):
        use = approvals.use_in_approval(
            contract_number=number, approval_number=f"廊环审〔2026〕{place + 31} 号", outcome="accepted", by=dan.by
        )
        yield clock.now() + 3 * DAY
        text = "报告结构完整，数据可靠，程序符合要求，审批中未作退改。"
        approvals.rate_result(use_id=use.pk, quality=5 - place, compliance=5, text=text, by=bench.sol)
    yield clock.now() + 28 * DAY
    for number in numbers[2:]:
        approvals.use_in_approval(
            contract_number=number, approval_number="廊环审〔2026〕47 号", outcome="accepted", by=dan.by
        )
    yield from _sent_back(bench)


def _sent_back(bench: Bench) -> Life:
    """Results sent back for their quality: one answered and dropped, one answered and confirmed, one to be heard."""
    dan = bench.cast[DAN.email]
    rows = contracts.every().exclude(completed_at=None).exclude(buyer_id=dan.pk).filter(approval_uses=None)
    rows = rows.filter(award__need__region__code__startswith=dan.organisation.region.reach)
    rows = rows.exclude(award__need__item__approval_zh="").order_by("-completed_at")
    numbers = rows.values_list("number", flat=True)
    for place, (number, fate) in enumerate(zip(list(numbers[:3]), (False, True, None), strict=False)):
        use = approvals.use_in_approval(
            contract_number=number, approval_number=f"廊环审〔2026〕{place + 51} 号", outcome="rejected", by=dan.by,
            reasons="监测点位少于导则要求，结论依据不足，退回重做。", legal_basis="环境影响评价法第三十二条",
        )  # fmt: skip
        maker = _member(bench, use.contract.supplier_id)
        if fate is None or maker is None:
            continue
        yield clock.now() + DAY
        said = "点位按审批部门提供的数量布设，附布点确认单和踏勘记录。"
        quality.answer_report(use_id=use.pk, text=said, by=maker.by)
        yield clock.now() + DAY
        quality.decide_report(use_id=use.pk, confirmed=fate, reasons=JUDGED[fate], by=bench.sol)


def _member(bench: Bench, organisation_id: int) -> Member | None:
    return next((one for one in bench.cast.values() if one.pk == organisation_id), None)
