"""Papers of supervision: written with the step, numbered, leading to their page, readable by whom they are for."""

import json

import pytest
import typst
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import User
from core import clock, papers
from core.models import Paper
from supervision.models import Case, Letter, Listing
from supervision.services import cases, complaints, listings, repairs
from tests.bidding import world as market
from tests.supervision import inspecting, test_complaints
from tests.supervision.hearing import NOW, hearing, officer
from tests.supervision.listing import WORDS, later, listed, published_case, world
from tests.supervision.test_repairs import asked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def written(matter):
    """Step, title, whether anyone may read it, and the page its QR code leads to."""
    rows = Letter.objects.filter(matter=matter).select_related("paper").order_by("pk")
    return [(row.step, row.paper.title, row.paper.public, row.paper.page) for row in rows]


def reader(by):
    client = Client()
    client.force_login(User.objects.get(pk=by.user_id))
    return client


def printed(number):
    return papers.render(Paper.objects.get(number=number))


def text_of(paper):
    """Every paragraph of a paper as it is set."""

    def read(source, **given):
        del given["timestamp"]
        return typst.query(source, "par", **given).encode()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typst.compile", read)
        return papers.render(paper).decode()


def test_a_case_has_its_notice_for_the_respondent_and_its_decision_for_everybody():
    case = published_case(made := world())
    assert written(f"case:{case.pk}") == [
        ("noticed", "拟作处理告知书", False, f"/cases/{case.number}/"),
        ("published", "处理决定书", True, f"/decisions/{case.number}/"),
    ]
    decision = Letter.objects.get(matter=f"case:{case.pk}", step="published").paper
    assert (decision.data["measure"], decision.data["days"], decision.data["reasons"]) == ("暂停参与", "180", WORDS)
    page = Client().get(f"/decisions/{case.number}/").content.decode()
    assert f"/letters/{decision.number}/" in page
    assert made.agency.organisation.name in decision.data["to"]


@pytest.mark.parametrize(("step", "said"), [
    ("waive", "放弃陈述申辩"), ("defend", "听取了"), ("", "没有陈述申辩"),
])  # fmt: skip
def test_paper_and_page_of_a_decision_say_how_the_respondent_was_heard(step, said):
    h = hearing()
    case = h.noticed("warning", 180)
    if step:
        with h.later(hours=1):
            cases.waive(case_id=case.pk, by=h.respondent) if step == "waive" else cases.defend(
                case_id=case.pk, text=WORDS, by=h.respondent
            )
    with h.later(days=10):
        cases.decide(case_id=case.pk, measure="warning", days=180, reasons=WORDS, by=h.second)
        cases.publish(case_id=case.pk, by=h.second)
        page = Client().get(f"/decisions/{case.number}/").content.decode()
    paper = Letter.objects.get(matter=f"case:{case.pk}", step="published").paper
    assert [one for one in ("放弃陈述申辩", "听取了", "没有陈述申辩") if one in page] == [said]
    assert (paper.data["heard"], paper.data["waived"]) == (step == "defend", step == "waive")
    assert said in text_of(paper)


def test_a_private_paper_says_where_it_is_checked():
    notice, decision = Letter.objects.filter(matter=f"case:{published_case(world()).pk}").order_by("pk")
    assert f"/letters/{notice.paper.number}/" in text_of(notice.paper)
    assert "查不到" in text_of(notice.paper)
    assert "查不到" not in text_of(decision.paper)


def test_a_receipt_is_checked_with_number_and_code_only():
    receipt = test_complaints.filed(market.competition(now=NOW))
    said = text_of(Letter.objects.get(matter=f"complaint:{receipt.complaint.pk}").paper)
    assert "查不到" in said
    assert "/letters/" not in said


def test_a_notice_of_measure_is_for_the_agency_and_supervisors_only():
    made = world()
    case = published_case(made)
    notice, decision = (Letter.objects.get(matter=f"case:{case.pk}", step=one) for one in ("noticed", "published"))
    path = notice.get_absolute_url()
    assert path not in Client().get(f"/decisions/{case.number}/").content.decode()
    assert Client().get(path).status_code == 404
    assert Client().get(f"/papers/{notice.paper.number}/").status_code == 404
    assert reader(made.department).get(path).status_code == 404
    for by in (made.ana, made.officers[4]):
        assert reader(by).get(path)["Content-Type"] == "application/pdf"
    assert path in reader(made.ana).get(f"/cases/{case.number}/").content.decode()
    assert path in reader(made.ana).get("/agency/held/").content.decode()
    assert Client().get(decision.get_absolute_url()).url == f"/papers/{decision.paper.number}.pdf"
    assert Client().get(f"/papers/{decision.paper.number}/").status_code == 200


def test_a_listing_has_papers_for_its_notice_its_beginning_and_its_end():
    made = world()
    row = listed(made)
    own, public = f"/agency/listings/{row.number}/", f"/blacklist/{row.number}/"
    with clock.at(Listing.objects.get(pk=row.pk).ends_at):
        listings.end_due()
    assert written(f"listing:{row.pk}") == [
        ("noticed", "拟列入平台黑名单告知书", False, own),
        ("listed", "列入平台黑名单决定书", True, public),
        ("delisted", "移出平台黑名单通知书", True, public),
    ]
    assert "移出平台黑名单通知书" in Client().get(public).content.decode()


def test_a_wrong_listing_has_a_paper_that_takes_it_off():
    row = listed(made := world())
    listings.correct(listing_id=row.pk, note="名称相同，列入对象有误，特此更正并致歉。", by=made.officers[4])
    assert written(f"listing:{row.pk}")[-1][:3] == ("delisted", "移出平台黑名单通知书", True)


@pytest.mark.parametrize(("verb", "title", "public"), [
    ("grant", "信用修复决定书", True), ("refuse", "不予信用修复决定书", False),
])  # fmt: skip
def test_a_repair_has_its_decision(verb, title, public):
    made = world()
    case = published_case(made)
    with later(95):
        row = asked(made, "measure", case.measures.get().pk)
        repairs.accept(repair_id=row.pk, by=made.officers[4])
        getattr(repairs, verb)(repair_id=row.pk, reason=WORDS, by=made.officers[4])
    page = f"/repairs/{row.number}/" if public else f"/agency/repairs/{row.number}/"
    assert [one[1:] for one in written(f"repair:{row.pk}")] == [(title, public, page)]
    assert title in reader(made.ana).get(f"/agency/repairs/{row.number}/").content.decode()


def test_an_inspection_has_its_notice_and_its_published_result():
    office = inspecting.bureau()
    inspecting.agencies("D")
    row = inspecting.drawn(office).inspections.get()
    inspecting.published(office, row, "fix", failing=(2,))
    page = f"/inspections/{row.number}/"
    assert written(f"inspection:{row.pk}") == [
        ("notify", "检查通知书", False, page),
        ("publish", "检查结果通知书", True, page),
    ]
    told = Client().get(page).content.decode()
    assert "检查结果通知书" in told
    assert "检查通知书<" not in told


def test_a_complaint_has_a_receipt_that_names_nobody():
    receipt = test_complaints.filed(market.competition(now=NOW))
    number = receipt.complaint.number
    paper = Letter.objects.get(matter=f"complaint:{receipt.complaint.pk}").paper
    assert (paper.title, paper.public) == ("投诉回执", False)
    said = json.dumps(paper.data, ensure_ascii=False)
    assert number in said
    for secret in (*test_complaints.CONTACT.values(), receipt.secret, test_complaints.SAID):
        assert secret not in said
    path = f"/complaints/{number}/receipt/"
    assert Client().get(path).status_code == 404
    mine = Client()
    mine.post("/complaints/", {"number": number, "secret": receipt.secret})
    assert path in mine.get(f"/complaints/{number}/").content.decode()
    assert mine.get(path)["Content-Type"] == "application/pdf"
    assert printed(paper.number).startswith(b"%PDF")


def test_no_paper_of_a_case_from_a_complaint_says_who_complained():
    receipt = test_complaints.filed(market.competition(now=NOW))
    officers = [officer("regulator", 9520 + n, f"sol{n}@example.com") for n in range(2)]
    complaints.accept(complaint_id=receipt.complaint.pk, by=officers[0])
    complaints.notify(complaint_id=receipt.complaint.pk, summary="有人认为工期过短，请说明。", by=officers[0])
    with later(30):
        complaints.decide(complaint_id=receipt.complaint.pk, outcome="upheld", reasons=WORDS, by=officers[1])
        given = {"ground": "late_delivery", "facts": WORDS, "by": officers[0]}
        made = complaints.open_case_from(complaint_id=receipt.complaint.pk, **given)
        case = made if isinstance(made, Case) else Case.objects.get(origin_kind="complaint")
        assert case.pk
    said = json.dumps(list(Paper.objects.values_list("data", flat=True)), ensure_ascii=False)
    for secret in (*test_complaints.CONTACT.values(), test_complaints.SAID):
        assert secret not in said


def test_every_paper_can_be_printed():
    made = world()
    row = listed(made)
    with clock.at(Listing.objects.get(pk=row.pk).ends_at):
        listings.end_due()
    office = inspecting.bureau(number=9560)
    inspecting.published(office, inspecting.drawn(office).inspections.get(), "fix", failing=(2,))
    repaired = published_case(made)
    with later(95):
        asking = asked(made, "measure", repaired.measures.get().pk)
        repairs.accept(repair_id=asking.pk, by=made.officers[4])
        repairs.refuse(repair_id=asking.pk, reason=WORDS, by=made.officers[4])
    kinds = {letter.paper.kind for letter in Letter.objects.all() if printed(letter.paper.number).startswith(b"%PDF")}
    assert kinds == {"measure", "decision", "listing", "repair", "inspection"}


def test_letters_stay():
    published_case(world())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE supervision_letter SET step = step")
