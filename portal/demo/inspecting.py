"""Double-random inspections of the demo: one plan carried out to its end, one under way, one draw to come, a draft."""

from collections.abc import Generator, Iterator, Mapping
from datetime import datetime, timedelta

from accounts import selectors as accounts
from core import clock
from core.audit import By
from core.workdays import LOCAL
from portal.demo.bench import SAM, SUE, Bench
from portal.demo.cast import SOL
from portal.demo.organisations import Member
from portal.demo.pictures import on_site
from portal.demo.timeline import Life
from supervision.models import Drawing, Inspection, InspectionPlan
from supervision.selectors import inspections as seen
from supervision.services import drawings, inspections, plans
from supervision.services.plans import Terms

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BASIS = "《优化营商环境条例》第五十四条；国办发〔2015〕58 号"
POINTS = (
    "公示的收费和时限与实际一致",
    "从业人员与公示名单一致，证书在有效期内",
    "档案完整，成果有编制、校核、审定签字",
    "没有转包或者出借资质的情况",
)
LENDING = 3  # of POINTS; there is nothing to look at where nobody else's licence is needed
RATIOS = {"A": 25, "B": 40, "C": 60, "D": 100}
MOST = {"A": 60, "B": 80, "C": 100, "D": 100}
TESTING = tuple(f"020{number}" for number in range(10, 20))
OUTCOMES = ("ok", "fix", "fix", "case", "fix")
FOUND = "现场核对公示信息、人员证书和近半年档案，情况属实，记录已经当事人确认。"
WRONG = "抽查的三份档案中有两份缺少审定签字，公示的服务时限与合同不一致。"


def terms(
    bench: Bench,
    title: str,
    region: str,
    items: tuple[str, ...],
    ratios: Mapping[str, int] = RATIOS,
    *,
    method: str = "onsite",
) -> Terms:
    return Terms(
        title=title,
        basis=BASIS,
        scope="在本市提供中介服务的机构",
        region=accounts.region(region),
        standard=POINTS,
        ratios=ratios,
        year=clock.now().astimezone(LOCAL).year,
        per_year=2,
        team=2,
        method=method,
        items=items,
        partners=[bench.partner],
    )


def register(bench: Bench) -> None:
    for place, email in enumerate((SOL.email, SUE, SAM), start=1):
        plans.register_inspector(email=email, badge=f"冀廊监〔2025〕{place:03d}", by=bench.sol)
    plans.register_inspector(email=_email(bench), badge="冀廊市监〔2025〕011", by=bench.xie)


def _email(bench: Bench) -> str:
    return next(one.user.email for one in bench.cast.values() if one.user.pk == bench.xie.user_id)


def carried_out(bench: Bench) -> Life:
    """All the way: every outcome there is."""
    yield clock.now()
    register(bench)
    plan = _published(bench, terms(bench, "中介机构服务公示和档案管理", "131000", ()))
    drawing = yield from _drawn(bench, plan)
    rows = list(Inspection.objects.filter(drawing=drawing).order_by("pk"))
    for row in rows:
        yield clock.now() + DAY
        _notify(row)
    yield clock.now() + 6 * DAY
    for place, row in enumerate(rows):
        yield from _record(row, OUTCOMES[place] if place < len(OUTCOMES) else "ok", place)
    if len(rows) > 1:
        yield from _mended(bench, rows[1])
    if len(rows) > 2:
        _reported(bench, rows[2])


def _published(bench: Bench, wanted: Terms) -> InspectionPlan:
    return plans.publish_plan(plan_id=plans.make_plan(terms=wanted, by=bench.sol).pk, by=bench.sol)


def _drawn(bench: Bench, plan: InspectionPlan) -> Generator[datetime, None, Drawing]:
    drawing = drawings.announce_draw(plan_id=plan.pk, by=bench.sol)
    drawings.throw_in(drawing_id=drawing.pk, text="清水见底", by=bench.agency(0).by)
    drawings.throw_in(drawing_id=drawing.pk, text="公平公正", by=bench.agency(1).by)
    yield drawing.draws_at + timedelta(minutes=1)
    drawings.draw_due()
    return Drawing.objects.get(pk=drawing.pk)


def _team(row: Inspection) -> list[By]:
    return [By(one.inspector.user_id, one.inspector.organisation_id) for one in seen.team(row)]


def _notify(row: Inspection) -> None:
    words = "请准备近半年的服务档案、人员证书和收费公示材料，安排一名负责人陪同。"
    inspections.notify(number=row.number, visit_at=clock.now() + 4 * DAY, words=words, by=_team(row)[0])


def _record(row: Inspection, outcome: str, place: int) -> Life:
    """Two officers: one writes the record and concludes, the other publishes."""
    first, second = _team(row)[:2]
    bad = outcome != "ok"
    for point in range(len(POINTS)):
        verdict, words = ("fail", WRONG) if bad and point == 2 else ("pass", "")
        if point == LENDING and not bad and place % 2:
            verdict = "none"
        inspections.mark(number=row.number, point=point, verdict=verdict, words=words, by=first)
    if place < 3:
        photo = on_site(POINTS[2])
        inspections.add_photo(number=row.number, point=2, upload=photo, public=True, by=first)
    summary, ground = (WRONG if bad else FOUND), "inspection_failed" if outcome == "case" else ""
    inspections.conclude(number=row.number, outcome=outcome, summary=summary, ground=ground, by=first)
    yield clock.now() + 6 * HOUR
    inspections.publish(number=row.number, by=second)


def _reported(bench: Bench, row: Inspection) -> None:
    if member := _member(bench, row.subject_id):
        words = "缺少的审定签字已逐份补齐，公示时限已按合同更正。"
        inspections.report_fixed(number=row.number, text=words, by=member.by)


def _mended(bench: Bench, row: Inspection) -> Life:
    """The agency mends what was found, and the same people look again."""
    yield clock.now() + 8 * DAY
    _reported(bench, row)
    yield clock.now() + 3 * DAY
    again = inspections.follow(number=row.number, by=_team(row)[0])
    yield clock.now() + DAY
    _notify(again)
    yield clock.now() + 5 * DAY
    yield from _record(again, "ok", 9)


def _member(bench: Bench, organisation_id: int) -> Member | None:
    found = (one for one in (*bench.cast.values(), *bench.troubled) if one.pk == organisation_id)
    return next(found, None)


def under_way(bench: Bench) -> Life:
    """Drawn lately: one waits for its notice, one for the visit, one is recorded and waits to be published."""
    yield clock.now()
    plan = _published(bench, terms(bench, "环境检测类机构数据质量", "130000", TESTING, MOST))
    drawing = yield from _drawn(bench, plan)
    rows = list(Inspection.objects.filter(drawing=drawing).order_by("pk"))
    for row in rows[1:]:
        yield clock.now() + HOUR
        _notify(row)
    yield clock.now() + 5 * DAY
    for row in rows[2:3]:
        first = _team(row)[0]
        for point in range(len(POINTS)):
            inspections.mark(number=row.number, point=point, verdict="pass", by=first)
        inspections.conclude(number=row.number, outcome="ok", summary=FOUND, by=first)


def to_come(bench: Bench) -> Life:
    """Pools and commitment are published, everybody may throw a word in; and a plan that is still being written."""
    yield clock.now()
    items = ("09057", "09058", "09059")
    plan = _published(bench, terms(bench, "工程造价和招标代理机构执业行为", "131000", items, method="online"))
    drawings.announce_draw(plan_id=plan.pk, by=bench.sol)
    plans.make_plan(terms=terms(bench, "测绘成果质量", "131000", ("07043", "07044")), by=bench.sol)


def lives(bench: Bench, base: datetime) -> Iterator[tuple[datetime, Life]]:
    yield base - 40 * DAY, carried_out(bench)
    yield base - 7 * DAY, under_way(bench)
    yield base - 20 * timedelta(minutes=1), to_come(bench)
