"""The pages of a department's finance office, for its people, for outsiders, and in every state there is."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import clock
from payments.models import BudgetLine, PaymentOrder, TreasuryBatch
from payments.rules import treasury as files
from payments.services import orders, treasury
from tests.accounts import people
from tests.payments.office import ACCOUNT, Office
from tests.payments.test_orders import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    with clock.at(NOW):
        yield Office()


def browser(by) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=by.user_id), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def text(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def test_a_line_is_opened_and_adjusted_on_its_pages(office):
    page = browser(office.maker)
    typed = {"year": "2026", "code": "2080101", "name": "评审", "amount": "5,000", "document": "廊财预〔2026〕3号"}
    assert "有效的金额" in text(page.post("/money/budget/new/", {**typed, "amount": "1e3"}), 422)
    assert "已有编码" in text(page.post("/money/budget/new/", {**typed, "code": office.line.code}), 422)
    where = page.post("/money/budget/new/", typed).url
    line = BudgetLine.objects.get(code="2080101")
    assert where == f"/money/budget/{line.pk}/"
    change = {"adds": "0", "amount": "6000", "document": "号", "reason": "压减"}
    assert "可用余额不足" in text(page.post(f"{where}adjust/", change), 422)
    page.post(f"{where}adjust/", {**change, "amount": "1000"})
    assert "4,000.00" in text(page.get("/money/budget/"))


def test_each_bar_is_a_door_to_its_rows(office):
    office.payable("2500.00")
    page = browser(office.maker)
    overview = text(page.get("/money/budget/"))
    door = f"/money/budget/{office.line.pk}/?stage=payable"
    assert overview.count(door) == 2, "from the bar and from the words under it"
    rows = text(page.get(door))
    assert "土壤调查" in rows
    assert "2,500.00" in rows
    assert "这里还没有款项" in text(page.get(f"/money/budget/{office.line.pk}/?stage=reserved"))
    assert "2,500.00" not in text(page.get("/money/budget/?year=2025"))


def test_the_year_is_taken_along(office):
    page = browser(office.maker)
    sheet = page.get("/money/budget/lines.csv").content.decode("utf-8-sig")
    assert sheet.splitlines()[1].startswith(office.line.code)
    assert page.get("/money/budget/lines.xlsx").content[:2] == b"PK"
    assert page.get("/money/budget/lines.pdf").status_code == 404


def test_from_the_accepted_result_to_the_treasury_s_word(office):
    maker, checker = browser(office.maker), browser(office.checker)
    payables = [office.payable("1000.00"), office.payable("2000.00")]
    assert "制单" in text(maker.get("/money/orders/"))
    typed = {"holder": ACCOUNT.holder, "bank": ACCOUNT.bank, "number": ACCOUNT.number, "purpose": "评估费"}
    assert "账号" in text(maker.post(f"/money/payables/{payables[0].pk}/order/", {**typed, "number": "12"}), 422)
    made = [maker.post(f"/money/payables/{one.pk}/order/", typed).url for one in payables]
    assert "您是制单人" in text(maker.get(made[0]))
    assert "制单人不能复核" in text(maker.post(f"{made[0]}check/"), 403)
    assert "复核通过" in text(checker.get(made[0]))
    for address in made:
        checker.post(f"{address}check/")
    ids = [int(address.split("/")[-2]) for address in made]
    where = maker.post("/money/orders/send/", {"order": ids}).url
    batch = TreasuryBatch.objects.get()
    assert batch.number in maker.get(f"{where}file.csv").content.decode()
    assert batch.number in maker.get(f"{where}file.xml").content.decode()
    back = files.results_csv(treasury.results_for(batch, [(2, "账号与户名不符")]))
    assert "读不懂" in text(maker.post("/money/batches/", {"file": SimpleUploadedFile("r.csv", b"x")}), 422)
    assert maker.post("/money/batches/", {"file": SimpleUploadedFile("r.csv", back.encode())}).url == where
    assert "账号与户名不符" in text(maker.get(where))
    rejected = PaymentOrder.objects.get(pk=ids[1])
    assert rejected.state == "rejected"
    assert "账号与户名不符" in text(maker.get("/money/orders/?state=rejected"))
    assert maker.post(f"{made[1]}correct/", typed).url == made[1]
    assert "更正后重新制单" in text(maker.get(made[1]))


def test_the_checker_sends_back_with_a_reason(office):
    order = office.made()
    checker = browser(office.checker)
    assert "理由" in text(checker.post(f"/money/orders/{order.pk}/send-back/", {"reason": ""}), 422)
    checker.post(f"/money/orders/{order.pk}/send-back/", {"reason": "开户行不全"})
    assert "开户行不全" in text(browser(office.maker).get("/money/orders/?state=sent_back"))
    browser(office.maker).post(f"/money/orders/{order.pk}/withdraw/", {"reason": "重做"})
    order.refresh_from_db()
    assert order.state == "withdrawn"


def test_an_account_that_is_not_the_agency_s_own_is_pointed_out(office):
    order = office.made()
    by = office.agency.organisation.memberships.get().user
    page = Client()
    page.force_login(by, backend="allauth.account.auth_backends.AuthenticationBackend")
    page.post("/money/receivables/", {"holder": "清源", "bank": "工行", "number": "99998888777766665555"})
    assert "不一致" in text(browser(office.checker).get(f"/money/orders/{order.pk}/"))
    assert "2026" in text(page.get("/money/receivables/"))


def test_what_is_left_at_the_year_s_end_is_decided_on_a_page(office):
    page = browser(office.maker)
    assert "还没有结束" in text(page.get("/money/budget/years/2026/"))
    with clock.at(NOW.replace(year=2027)):
        assert "年终结转" in text(page.get("/money/budget/?year=2026"))
        typed = {"line": office.line.pk, "decision": "carry", "document": "", "reason": ""}
        text(page.post("/money/budget/years/2026/", typed), 422)
        page.post("/money/budget/years/2026/", {**typed, "document": "廊财预〔2027〕1号"})
        page.post("/money/budget/years/2026/", {"close": "1"})
        assert "100,000.00" in text(page.get("/money/budget/"))
    assert BudgetLine.objects.count() == 2


def test_everybody_sees_how_a_department_pays(office):
    address = reverse("payments:department", args=[office.department.pk])
    assert "没有付款黄牌" in text(Client().get(address))
    office.payable()
    with clock.at(NOW.replace(month=8)):
        orders_late = office.checked()
        with clock.at(NOW.replace(month=10)):
            office.answer(office.batch(orders_late))
            assert "红牌" in text(Client().get(address))
    assert Client().get(reverse("payments:department", args=[office.agency.pk])).status_code == 404


def test_outsiders_find_nothing(office):
    order = office.checked()
    batch = office.batch(order)
    other = people.organisation("department", 77, people.user("other@example.com"), name="廊坊市水利局")
    stranger = Client()
    neighbour = Client()
    neighbour.force_login(other.memberships.get().user, backend="allauth.account.auth_backends.AuthenticationBackend")
    agency = Client()
    agency.force_login(
        office.agency.organisation.memberships.get().user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    for address in (
        f"/money/budget/{office.line.pk}/", f"/money/orders/{order.pk}/", f"/money/orders/{order.pk}/correct/",
        f"/money/batches/{batch.pk}/", f"/money/batches/{batch.pk}/file.csv",
        f"/money/payables/{order.payable_id}/order/", f"/money/budget/{office.line.pk}/adjust/",
    ):  # fmt: skip
        assert neighbour.get(address).status_code == 404, address
        assert agency.get(address).status_code == 403, address
        assert stranger.get(address).url.startswith("/account/login/"), address
    for verb in ("check", "send-back", "withdraw"):
        assert neighbour.post(f"/money/orders/{order.pk}/{verb}/", {"reason": "x"}).status_code == 404
    assert neighbour.post("/money/orders/send/", {"order": [order.pk]}).status_code == 409


def test_an_order_paid_by_nobody_is_not_lost_sight_of(office):
    orders.withdraw(order_id=office.made().pk, reason="重做", by=office.maker)
    assert "报告" in text(browser(office.maker).get("/money/orders/"))
