"""The regulator's half of the demo: a year of complaints, cases, lists, inspections and cards, one in every state.

Everything is made by the services at its own moment; the agencies with a past enter nothing in the rest of the history.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from accounts.models import User
from agencies import selectors as agencies
from core import clock
from core.workdays import LOCAL
from portal.demo import grading, grievances, inspecting, newcomers, participation, penalties
from portal.demo.bench import SUE, Bench, bench
from portal.demo.cast import SHIJIAZHUANG, credit_code, troubled
from portal.demo.organisations import Member, join
from portal.demo.timeline import Life, guarded
from supervision import services
from supervision.models import Card, FlagHit, FlagVerdict, Post, Step
from supervision.selectors import cards
from supervision.selectors import origins as seen
from supervision.services import clocks, exits, honours, imports, stops
from supervision.services.origins import open_case_on_card
from supervision.tasks import tend_cases

DAY = timedelta(days=1)
HEAD = "名称,统一社会信用代码,列入事由,决定机关,法律依据,列入日期,截止日期"
ELSEWHERE = (
    ("邯郸市启明技术服务有限公司", 801, "提供虚假检测报告，被吊销检验检测资质"),
    ("沧州恒泰评估咨询有限公司", 802, "在招标投标活动中串通投标，受到行政处罚"),
    ("衡水广源工程咨询有限公司", 803, "拒不履行生效行政处罚决定"),
)
AUTHORITY, BASIS = "河北省市场监督管理局", "《市场监督管理严重违法失信名单管理办法》第十条"
VERDICTS = (
    (FlagVerdict.Verdict.CONFIRMED, "调阅竞价记录和合同，疑点属实，已转入案件处理。"),
    (FlagVerdict.Verdict.EXPLAINED, "该事项在本地仅三家具备资质，重复中选有合理原因。"),
    (FlagVerdict.Verdict.UNFOUNDED, "两次采购内容和预算不同，不属于拆分，系误报。"),
)


def engage() -> list[Member]:
    """The agencies with a past."""
    return [join(party) for party in troubled()]


def headed(bureau: Member) -> None:
    """Who heads it and who stands above: what needs its head's approval waits for her."""
    line = {Post.Level.HEAD: User.objects.get(email=SUE).pk, Post.Level.LEADER: bureau.user.pk}
    for level, user_id in line.items():
        stops.fill_post(organisation_id=bureau.pk, level=level, user_id=user_id, by=bureau.by)


def lives(
    cast: Mapping[str, Member], members: list[Member], start: datetime, base: datetime
) -> Iterator[tuple[datetime, Life]]:
    """Everything supervision does until `base`, each with the moment it begins at, never before `start`."""
    for moment, life in _lives(bench(cast, members), base):
        yield max(moment, start), guarded(life)


def _lives(here: Bench, base: datetime) -> Iterator[tuple[datetime, Life]]:
    for part in (penalties, grievances, inspecting, grading, newcomers, participation):
        yield from part.lives(here, base)
    yield base - 300 * DAY, tending(base)
    yield base - 300 * DAY, staffed(here)
    yield base - 12 * DAY, imported(here)
    yield base - 15 * DAY, leaving(here)
    yield base - 8 * DAY, waited_for(here)
    yield base - 2 * timedelta(minutes=1), closing(here)


def tending(base: datetime) -> Life:
    """Terms that are over, looked at every week."""
    while clock.now() < base:
        yield clock.now() + 7 * DAY
        tend_cases()


def staffed(here: Bench) -> Life:
    """The other bureau has named who handles what comes in."""
    yield clock.now()
    partner, xie = here.partner.pk, here.xie
    stops.fill_post(organisation_id=partner, level=Post.Level.HANDLER, user_id=xie.user_id or 0, by=xie)


def waited_for(here: Bench) -> Life:
    """An agency waits for its client's papers, who says so too: those days do not count, the last day moves."""
    yield clock.now()
    clocks.watch()
    open_ = Step.objects.filter(kind="contract.deliver", closed_at=None, cards=None).order_by("-due_at", "pk")
    members = {one.pk: one for one in here.cast.values()}
    for step in open_[:1]:
        reason = "等待委托方提供地勘报告和总平面图。"
        stop = stops.ask_stop(step_id=step.pk, ground="waiting_for_other", reason=reason, by=members[step.owner_id].by)
        yield clock.now() + timedelta(hours=4)
        stops.answer_stop(stop_id=stop.pk, confirmed=True, by=members[step.respondent_id or 0].by)
        yield clock.now() + 2 * DAY
        stops.end_stop(stop_id=stop.pk, by=members[step.owner_id].by)


def imported(here: Bench) -> Life:
    """The authority's list: one file taken over, and a newer one that waits for somebody to confirm it."""
    yield clock.now()
    subject = here.agency(9).organisation
    rows = [_line(name, number, ground) for name, number, ground in ELSEWHERE[:2]]
    rows.append(_row(subject.name, subject.credit_code, "篡改监测数据", 250))
    first = imports.look(content=_file(rows), name="严重失信主体名单.csv", as_of=_today(), by=here.sol)
    if first.state == first.State.PREVIEW:
        imports.take(import_id=first.pk, by=here.sol)
    yield clock.now() + 11 * DAY
    imports.look(
        content=_file([*rows, "名称缺失,,,,,,"]), name="严重失信主体名单（缺列）.csv", as_of=_today(), by=here.sol
    )
    old = imports.look(content=_file(rows), name="严重失信主体名单（旧）.csv", as_of=_today(), by=here.sol)
    imports.discard(import_id=old.pk, by=here.sol)
    rows.append(_line(*ELSEWHERE[2]))
    imports.look(content=_file(rows), name="严重失信主体名单（更新）.csv", as_of=_today(), by=here.sol)


def _line(name: str, number: int, ground: str) -> str:
    return _row(name, credit_code("91", SHIJIAZHUANG, number), ground, 300 - number % 100)


def _row(name: str, code: str, ground: str, days_ago: int) -> str:
    since = _today() - timedelta(days=days_ago)
    return f"{name},{code},{ground},{AUTHORITY},{BASIS},{since},{since + timedelta(days=1095)}"


def _file(rows: list[str]) -> bytes:
    return "\n".join([HEAD, *rows]).encode("utf-8-sig")


def _today() -> date:
    return clock.now().astimezone(LOCAL).date()


def leaving(here: Bench) -> Life:
    """One agency has gone by its own wish."""
    yield clock.now()
    member = here.agency(2)
    exits.ask(agency=agencies.get(member.pk), by=member.by)


def closing(here: Bench) -> Life:
    """What runs by the clock has run: flags raised and some of them judged, honours, cards."""
    yield clock.now()
    exits.finish()
    services.look()
    for hit, (verdict, reasons) in zip(FlagHit.objects.order_by("rule", "pk")[::2], VERDICTS, strict=False):
        services.judge(hit_id=hit.pk, verdict=verdict, reasons=reasons, by=here.sol)
    honours.refresh()
    clocks.watch()
    pursued(here)


def pursued(here: Bench) -> None:
    """The agency that is longest late with a result: its red card has become a case."""
    late = Step.objects.filter(kind="contract.deliver", cards__colour=Card.Colour.RED).order_by("due_at", "pk")
    found = late.filter(closed_at=None).first() or late.first()
    if found is not None:
        said = seen.of_card(cards.step(found.pk))
        open_case_on_card(step_id=found.pk, ground=said.ground, facts=said.facts, by=here.xie)
