"""Cases, listings and repairs of the demo, one in every state. A life goes as far as its plan says and stays there."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from portal.demo.bench import Bench
from portal.demo.cast import DAN, Party
from portal.demo.organisations import Member
from portal.demo.timeline import Life
from supervision.models import Case, Listing, Measure, Repair, Share
from supervision.services import cases, listings, repairs, shares
from supervision.services.cases import Origin

DAY = timedelta(days=1)
HEAVY = ("suspension", "removal")
SLOW_COUNTY = "131024"  # whose department forgets to acknowledge
Told = Generator[datetime, None, Case]


@dataclass(frozen=True)
class Charge:
    """What somebody is charged with. `ground`, `measure` and `days` fit the published scale."""

    ground: str
    measure: str
    days: int
    title: str
    facts: str
    origin: str = "report"


LATE = Charge(
    "late_delivery",
    "warning",
    120,
    "多次逾期提交成果",
    "三个月内四项合同逾期提交阶段成果，最长逾期九个工作日，经两次催办仍未改正。",
)
QUALITY = Charge(
    "quality_rejected",
    "suspension",
    90,
    "成果被审批部门退回",
    "提交的报告书监测数据与现场不符，审批部门两次退回，委托方因此延误开工。",
)
FEES = Charge(
    "fee_complaint",
    "suspension",
    60,
    "合同外加收费用",
    "在合同金额之外以“加急费”名义向委托方收取八千元，有转账凭证和通话记录。",
    "complaint",
)
FALSE = Charge(
    "false_entry",
    "suspension",
    180,
    "提交虚假业绩材料",
    "入驻时提交的三份业绩合同经核实系伪造，合同相对方书面否认签订过该合同。",
    "inspection",
)
COLLUSION = Charge(
    "collusion",
    "removal",
    365,
    "串通报价",
    "与另两家机构在六次竞价中轮流中选，报价间距固定，报价文件出自同一台设备。",
    "flag",
)
SUBLET = Charge(
    "subcontracting",
    "suspension",
    180,
    "转包服务事项",
    "将中选的勘察任务整体转交没有资质的单位实施，现场人员均非本机构员工。",
    "inspection",
)
REFUSED = Charge(
    "refused_contract",
    "suspension",
    90,
    "无正当理由拒签合同",
    "中选后两次以报价过低为由拒签合同，委托方被迫重新选取，延误一个月。",
)
FALSE_WITNESS = Charge(
    "malicious_complaint",
    "warning",
    180,
    "恶意投诉",
    "投诉所附聊天记录经核实系伪造，投诉人明知不实仍提交，致被投诉机构配合调查一个月。",
    "complaint",
)
MINOR = Charge("late_step", "reminder", 60, "逾期确认中选", "中选后超过期限两天才确认，经提醒后改正，属首次。")

DEFENCE = "情况基本属实。延误主要因人员变动，我们已补充人员并逐项整改，请考虑从轻处理。"
DENIAL = "所述与事实不符：相关工作由本机构人员完成，附考勤和现场记录，请予核实。"
REASONS = "事实清楚，证据充分；已听取陈述申辩，整改情况予以考虑，在公布的裁量幅度内作出。"


def case(bench: Bench, member: Member, charge: Charge, until: str) -> Told:
    """From the report to the state a plan names; answers with the case when it is in force or over."""
    origin = Origin(charge.origin, f"agency:{member.pk}", charge.title, f"/agencies/{member.pk}/")
    row = cases.open_case(origin=origin, subject_id=member.pk, ground=charge.ground, facts=charge.facts, by=bench.xie)
    if until != "open":
        yield from heard(bench, member, row, charge, until)
    return row


def heard(bench: Bench, member: Member, row: Case, charge: Charge, until: str) -> Life:
    """From the notice on, whatever the case grew from."""
    yield clock.now() + DAY
    cases.give_notice(case_id=row.pk, measure=charge.measure, days=charge.days, reasons=charge.facts, by=bench.xie)
    if until == "noticed":
        return
    yield clock.now() + 2 * DAY
    cases.defend(case_id=row.pk, text=DENIAL if until == "dropped" else DEFENCE, by=member.by)
    if until != "heard":
        yield from _decision(bench, row, charge, until)


def _decision(bench: Bench, row: Case, charge: Charge, until: str) -> Life:
    yield clock.now() + 2 * DAY
    if until == "dropped":
        cases.drop(case_id=row.pk, reasons="申辩所附考勤和现场记录经核实成立，不予处理。", by=bench.sol)
        return
    if charge.measure in HEAVY:
        cases.propose(case_id=row.pk, measure=charge.measure, days=charge.days, reasons=REASONS, by=bench.sol)
        if until == "proposed":
            return
        yield clock.now() + DAY
    cases.decide(case_id=row.pk, measure=charge.measure, days=charge.days, reasons=REASONS, by=bench.sue)
    if until == "decided":
        return
    yield clock.now() + DAY
    cases.publish(case_id=row.pk, by=bench.sol)


def penalty(bench: Bench, member: Member, charge: Charge, until: str) -> Life:
    """A case that may go on after it was published: reviewed, corrected, ended."""
    row = yield from case(bench, member, charge, until)
    if until in ("stayed", "upheld", "changed", "revoked"):
        yield clock.now() + 4 * DAY
        cases.ask_review(case_id=row.pk, reasons="认为处理过重，且未充分考虑整改情况，请求复核。", by=member.by)
    if until in ("upheld", "changed", "revoked"):
        yield clock.now() + 5 * DAY
        measure, days = (charge.measure, max(charge.days // 2, 30)) if until == "changed" else ("", 0)
        words = {"upheld": "原决定事实清楚、幅度适当，予以维持。", "changed": "整改及时，减轻处理期限。",
                 "revoked": "关键证据不能采信，撤销原决定。"}  # fmt: skip
        cases.decide_review(
            case_id=row.pk, outcome=until, reasons=words[until], by=bench.sam, measure=measure, days=days
        )
    if until == "corrected":
        yield clock.now() + 10 * DAY
        cases.correct(case_id=row.pk, text="原公布的决定中机构地址有误，更正为登记地址，处理内容不变。", by=bench.sol)
    if until == "ended":
        yield clock.now() + timedelta(days=charge.days, hours=1)
        cases.end_if_due(case_id=row.pk)


def listing(bench: Bench, member: Member, charge: Charge, until: str) -> Life:
    """A published case that leads to the platform's own list."""
    row = yield from case(bench, member, charge, "in_force")
    yield clock.now() + 2 * DAY
    entry = listings.propose_listing(
        case_number=row.number,
        ground=charge.title,
        months=3 if until == "delisted" else 12,
        by=bench.sol,
    )
    if until == "candidate":
        return
    yield clock.now() + DAY
    listings.give_notice(listing_id=entry.pk, text=charge.facts, by=bench.sol)
    if until == "noticed":
        return
    yield clock.now() + 2 * DAY
    listings.defend(listing_id=entry.pk, text=DEFENCE, by=member.by)
    if until != "heard":
        yield from _listed(bench, member, entry, until)


def _listed(bench: Bench, member: Member, entry: Listing, until: str) -> Life:
    yield clock.now() + 2 * DAY
    if until == "dropped":
        listings.drop(listing_id=entry.pk, reason="整改彻底、后果轻微，不再列入。", by=bench.sue)
        return
    listings.approve(listing_id=entry.pk, reason=REASONS, by=bench.sue)
    yield clock.now() + DAY
    _departments(bench, entry, left_to=DAN if until == "stayed" else None)
    if until == "stayed":
        listings.ask_review(listing_id=entry.pk, text="认为列入期限过长，请求复核。", by=member.by)
    elif until == "corrected":
        yield clock.now() + 6 * DAY
        note = "经核查，列入对象与同名企业混淆，列入有误，已移出并更正，向当事机构致歉。"
        listings.correct(listing_id=entry.pk, note=note, by=bench.sam)
    elif until == "delisted":
        entry.refresh_from_db()
        yield (entry.ends_at or clock.now()) + timedelta(hours=1)
        listings.end_due()
    if until in ("corrected", "delisted"):
        yield clock.now() + DAY
        _departments(bench, entry)


def _departments(bench: Bench, entry: Listing, *, left_to: Party | None = None) -> None:
    """Departments acknowledge, all but one and whoever it is left to; the first also says what it does about it."""
    for place, share in enumerate(entry.shares.filter(receipt=None).select_related("department").order_by("pk")):
        member = next((one for one in bench.cast.values() if one.pk == share.department_id), None)
        if member is None or member.party.region == SLOW_COUNTY or (left_to and member.party.email == left_to.email):
            continue
        shares.receive(share_id=share.pk, by=member.by)
        if place == 0 and share.news == Share.News.LISTED and entry.ends_at:
            shares.report_measure(
                share_id=share.pk,
                text="列入期间不邀请参加本部门委托的技术服务采购",
                legal_basis="《政府采购法》第七十七条",
                until=entry.ends_at,
                by=member.by,
            )


def repair(bench: Bench, member: Member, charge: Charge, until: str) -> Life:
    """A measure in force and what became of the wish to have it end early."""
    row = yield from case(bench, member, charge, "in_force")
    yield clock.now() + (95 if charge.measure in HEAVY else 12) * DAY
    measure = Measure.objects.filter(case=row).last()
    if measure is None:
        raise RuntimeError(f"case {row.number} is not in force")
    told = "已完成整改：退还多收费用，制定收费公示制度并组织培训，附凭证和照片。"
    asked = repairs.apply(kind="measure", target_id=measure.pk, commitment=True, text=told, by=member.by)
    if until == "withdrawn":
        repairs.withdraw(repair_id=asked.pk, by=member.by)
    elif until != "applied":
        yield from _judged(bench, asked, until)


def _judged(bench: Bench, asked: Repair, until: str) -> Life:
    yield clock.now() + DAY
    if until == "incomplete":
        repairs.say_missing(repair_id=asked.pk, text="请补充退款凭证原件和整改后的收费公示照片。", by=bench.sol)
        return
    repairs.accept(repair_id=asked.pk, by=bench.sol)
    if until == "complete":
        return
    yield clock.now() + 4 * DAY
    if until == "refused":
        repairs.refuse(repair_id=asked.pk, reason="整改材料与现场情况不符，完成整改后可以再次申请。", by=bench.sue)
        return
    repairs.grant(repair_id=asked.pk, reason="整改属实，承诺明确，符合修复条件，准予修复。", by=bench.sue)
    if until == "broken":
        yield clock.now() + 30 * DAY
        repairs.find_broken(repair_id=asked.pk, reason="修复后再次加收费用，违背修复承诺，恢复原措施。", by=bench.sam)


CASES = (
    (2, 0, LATE, "open"), (3, 1, QUALITY, "noticed"), (6, 2, FEES, "heard"), (8, 3, FALSE, "proposed"),
    (8, 4, LATE, "decided"), (45, 5, QUALITY, "in_force"), (13, 6, FEES, "stayed"), (70, 7, QUALITY, "upheld"),
    (95, 8, FEES, "changed"), (150, 9, QUALITY, "revoked"), (62, 0, SUBLET, "dropped"), (130, 1, MINOR, "ended"),
    (210, 2, LATE, "corrected"),
)  # fmt: skip
LISTINGS = (
    (9, 3, SUBLET, "candidate"), (11, 4, SUBLET, "noticed"), (14, 5, FALSE, "heard"), (120, 6, COLLUSION, "listed"),
    (17, 7, SUBLET, "stayed"), (300, 8, REFUSED, "delisted"), (90, 9, SUBLET, "dropped"), (180, 0, SUBLET, "corrected"),
)  # fmt: skip
REPAIRS = (
    (18, 1, LATE, "applied"), (20, 2, LATE, "incomplete"), (22, 3, LATE, "complete"), (115, 4, FALSE, "granted"),
    (60, 5, LATE, "refused"), (40, 8, LATE, "withdrawn"), (100, 9, LATE, "broken"),
)  # fmt: skip


def lives(bench: Bench, base: datetime) -> Iterator[tuple[datetime, Life]]:
    """Every plan with the moment it begins at, so many days before the end."""
    for tell, plans in ((penalty, CASES), (listing, LISTINGS), (repair, REPAIRS)):
        for days, place, charge, until in plans:
            yield base - days * DAY - timedelta(hours=3), tell(bench, bench.agency(place), charge, until)
