"""A candidate that is heard, a listing in force and one that was wrong, a repair asked for and one granted, a list."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership
from core import clock
from core.audit import By
from core.workdays import LOCAL
from supervision.models import Case, ImportedEntry, Share
from supervision.services import cases, imports, listings, repairs, shares
from tests.accounts import people

if TYPE_CHECKING:
    from tests.site.city import City

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WHY = "经核实，两份投标文件出自同一台电脑。"


def settle(city: "City") -> None:
    with city.ago(days=200):
        culprit = people.agency(930, people.user("culprit@example.com"), name="永清县失信工程咨询有限公司")
        second = _colleague(city, "second@example.com")
    by = city.actors["regulator"].by
    with city.ago(days=150):
        over = _suspended(city, city.ids["supplier"], second, "refused_contract", 90)
        case = _suspended(city, culprit.pk, second)
        wrong = _listed(city, case, second)
        listings.correct(listing_id=wrong.pk, note="主体认定错误，向该机构致歉。", by=second)
        listed = _listed(city, case, second)
    with city.ago(days=30):
        cases.end_if_due(case_id=over.pk)
        city.ids["listing_case"] = over.number
        city.ids["granted"] = _granted(city, culprit.pk, case, second)
    with city.ago(hours=8):
        _candidate(city)
        _asked(city)
    with city.ago(hours=4):
        shared = Share.objects.get(listing=wrong, news="listed", department_id=city.ids["department"])
        dora = city.actors["department"].by
        shares.receive(share_id=shared.pk, by=dora)
        until = city.now.replace(year=city.now.year + 1)
        done = shares.report_measure(share_id=shared.pk, text="取消评优", legal_basis="条例", until=until, by=dora)
        told = Share.objects.get(listing=listed, department_id=city.ids["department"])
        _list(city, by)
    city.ids |= {"listed_case": listed.number, "wrong": wrong.number}
    city.ids |= {"share": told.pk, "received": shared.pk, "joint": done.pk}


def _colleague(city: "City", email: str) -> By:
    user = people.user(email)
    bureau = city.actors["regulator"].organisation
    assert bureau is not None
    Membership.objects.create(user=user, organisation=bureau)
    return By(user.pk, bureau.pk)


def _suspended(city: "City", agency_id: int, second: By, ground: str = "collusion", days: int = 365) -> Case:
    """Reported by the operator, proposed by the regulator, decided by a colleague."""
    operator, by = city.actors["operator"].by, city.actors["regulator"].by
    origin = cases.Origin("report", "report", "日常监管")
    case = cases.open_case(origin=origin, subject_id=agency_id, ground=ground, facts=WHY, by=operator)
    terms = {"case_id": case.pk, "measure": "suspension", "days": days, "reasons": WHY}
    cases.give_notice(**terms, by=operator)
    cases.waive(case_id=case.pk, by=_own(agency_id))
    cases.propose(**terms, by=by)
    cases.decide(**terms, by=second)
    return cases.publish(case_id=case.pk, by=second)


def _own(agency_id: int) -> By:
    member = Membership.objects.get(organisation_id=agency_id)
    return By(member.user_id, agency_id)


def _listed(city: "City", case: Case, second: By) -> listings.Listing:
    by = city.actors["regulator"].by
    row = listings.propose_listing(case_number=case.number, ground="串通投标", months=12, by=by)
    listings.give_notice(listing_id=row.pk, text=WHY, by=by)
    listings.waive(listing_id=row.pk, by=_own(case.subject_id))
    return listings.approve(listing_id=row.pk, reason=WHY, by=second)


def _granted(city: "City", agency_id: int, case: Case, second: By) -> str:
    row = repairs.apply(kind="measure", target_id=case.measures.get().pk, commitment=True, text=WHY, by=_own(agency_id))
    repairs.accept(repair_id=row.pk, by=second)
    return repairs.grant(repair_id=row.pk, reason=WHY, by=second).number


def _candidate(city: "City") -> None:
    """The supplier is heard about a listing."""
    by = city.actors["regulator"].by
    row = listings.propose_listing(case_number=str(city.ids["listing_case"]), ground="拒不签约", months=6, by=by)
    listings.give_notice(listing_id=row.pk, text=WHY, by=by)
    proof = SimpleUploadedFile("说明.pdf", PDF, "application/pdf")
    listings.defend(listing_id=row.pk, text="资料移交晚了三天。", by=city.actors["supplier"].by, uploads=[proof])
    kept = row.events.get(kind="defended").files.get()
    city.ids |= {"candidate": row.number, "listing_file": kept.pk}


def _asked(city: "City") -> None:
    """The supplier asks for the repair of a reminder."""
    case = Case.objects.get(number=city.ids["decided_case"])
    proof = SimpleUploadedFile("整改.pdf", PDF, "application/pdf")
    target = case.measures.get().pk
    row = repairs.apply(kind="measure", target_id=target, commitment=True, text="已完成整改，制度见附件。",
                        by=city.actors["supplier"].by, uploads=[proof])  # fmt: skip
    kept = row.events.get(kind="applied").files.get()
    city.ids |= {"asked": row.number, "repair_file": kept.pk, "repair_target": target}


def _list(city: "City", by: By) -> None:
    """The authority's list, taken, and the next one waiting."""
    today = clock.now().astimezone(LOCAL).date()  # of when it was taken: after midnight hours ago is yesterday

    def rows(number: int) -> bytes:
        head = "名称,统一社会信用代码,列入事由,决定机关,法律依据,列入日期"
        return f"{head}\n某公司,{people.code(number)},拖欠工资,人社局,条例,{date(2025, 1, 5)}".encode()

    taken = imports.look(content=rows(931), name="信用中国", as_of=today, by=by)
    imports.take(import_id=taken.pk, by=by)
    waiting = imports.look(content=rows(931), name="信用中国", as_of=today, by=by)
    city.ids |= {"taken_list": taken.pk, "waiting_list": waiting.pk, "entry_on_list": ImportedEntry.objects.get().pk}


def a_list() -> SimpleUploadedFile:
    head = "名称,统一社会信用代码,列入事由,决定机关,法律依据,列入日期"
    text = f"{head}\n某公司,{people.code(931)},拖欠工资,人社局,条例,2025-01-05"
    return SimpleUploadedFile("名单.csv", text.encode(), "text/csv")
