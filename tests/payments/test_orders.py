"""Payment orders by two people, batches to the treasury and back, and the card when it takes too long."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core import clock, jobs
from core.errors import Refusal
from core.money import Money
from core.workdays import LOCAL
from payments.models import BatchLine, PaymentCard, PaymentOrder
from payments.rules import treasury as files
from payments.rules.budget import OrderDates, order_state
from payments.selectors import budget
from payments.services import cards, orders, treasury
from payments.services.orders import PayTo
from tests.accounts import people
from tests.payments import purse
from tests.payments.office import ACCOUNT, Office

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 15, 9, tzinfo=LOCAL)


@pytest.fixture
def office(db):
    with clock.at(NOW):
        yield Office()


def refused(wanted, call, /, *args, **kwargs):
    with pytest.raises(Refusal) as refusal:
        call(*args, **kwargs)
    assert refusal.value.code == wanted
    return refusal.value


def test_two_people_make_and_check(office):
    order = office.made()
    assert (order.state, order.account_number) == ("to_check", "13050170893600000123")
    refused("order.same_person", orders.check, order_id=order.pk, by=office.maker)
    refused("access.not_yours", orders.check, order_id=order.pk, by=purse.clerk(office.agency.organisation))
    assert orders.check(order_id=order.pk, by=office.checker).state == "checked"
    refused("order.moved", orders.check, order_id=order.pk, by=office.checker)


def test_the_database_knows_two_people_and_the_amount(office):
    order = office.made()
    rows = PaymentOrder.objects.filter(pk=order.pk)
    for wrong, change in (
        ("payment_order_two_people", {"checked_by": order.made_by, "checked_at": NOW}),
        ("payment_order_checked_before_sent", {"waiting": True}),
        ("pays another amount", {"amount": Money.of(2000)}),
    ):
        with pytest.raises(DatabaseError, match=wrong), transaction.atomic():
            rows.update(**change)


def test_one_order_per_result(office):
    payable = office.payable()
    order = orders.make(payable_id=payable.pk, to=ACCOUNT, purpose="", by=office.maker)
    refused("order.exists", orders.make, payable_id=payable.pk, to=ACCOUNT, purpose="", by=office.checker)
    orders.withdraw(order_id=order.pk, reason="收款户名写错", by=office.maker)
    assert orders.make(payable_id=payable.pk, to=ACCOUNT, purpose="", by=office.maker).number != order.number


@pytest.mark.parametrize(
    ("code", "to"),
    [
        ("order.account", PayTo("", "银行", "12345678")),
        ("order.account", PayTo("=cmd|'/c calc'!A1", "银行", "12345678")),
        ("order.account", PayTo("公司", "银\x00行", "12345678")),
        ("account.number", PayTo("公司", "银行", "1234")),
        ("account.number", PayTo("公司", "银行", "１２３４５６７８９")),
        ("account.number", PayTo("公司", "银行", "12345678; DROP")),
    ],
)
def test_accounts_are_read_strictly(office, code, to):
    refused(code, orders.make, payable_id=office.payable().pk, to=to, purpose="", by=office.maker)


def test_what_the_checker_does_not_agree_with_is_made_again(office):
    order = office.made()
    refused("order.reason", orders.send_back, order_id=order.pk, reason=" ", by=office.checker)
    orders.send_back(order_id=order.pk, reason="开户行不全", by=office.checker)
    refused("order.moved", orders.check, order_id=order.pk, by=office.checker)
    order = orders.correct(order_id=order.pk, to=ACCOUNT, purpose="评估费", by=office.checker)
    assert (order.state, order.made_by_id) == ("to_check", office.checker.user_id)
    refused("order.same_person", orders.check, order_id=order.pk, by=office.checker)
    assert orders.check(order_id=order.pk, by=office.maker).state == "checked"


@pytest.mark.parametrize("xml", [False, True])
def test_a_batch_comes_back_with_one_line_rejected(office, xml):
    good, bad = office.checked("1000.00"), office.checked("2500.50")
    batch = office.batch(good, bad)
    assert office.held("payable") == Decimal("3500.50")
    taken = office.answer(batch, (2, "账号与户名不符"), xml=xml)
    assert (taken.paid, taken.rejected, taken.known) == (1, 1, 0)
    assert (office.held("payable"), office.held("paid")) == (Decimal("2500.50"), Decimal("1000.00"))
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state, bad.reason) == ("paid", "rejected", "账号与户名不符")
    assert office.answer(batch, (2, "账号与户名不符"), xml=xml).known == 2, "the same file again changes nothing"
    assert budget.differences() == []


def test_a_rejected_line_goes_back_to_work_and_is_paid_in_the_next_batch(office):
    order = office.checked()
    first = office.batch(order)
    office.answer(first, (1, "账号与户名不符"))
    orders.correct(order_id=order.pk, to=ACCOUNT, purpose="", by=office.maker)
    orders.check(order_id=order.pk, by=office.checker)
    office.answer(office.batch(order))
    order.refresh_from_db()
    assert order.state == "paid"
    assert office.held("paid") == Decimal("1000.00")
    assert office.answer(first, (1, "账号与户名不符")).known == 1, "an old return is known"
    assert [line.result for line in BatchLine.objects.order_by("pk")] == ["rejected", "paid"]


def test_only_checked_orders_are_sent_and_once(office):
    order = office.made()
    refused("order.moved", office.batch, order)
    refused("batch.empty", office.batch)
    orders.check(order_id=order.pk, by=office.checker)
    office.batch(order)
    refused("order.moved", office.batch, order)
    refused("order.moved", orders.withdraw, order_id=order.pk, reason="不付了", by=office.maker)


def test_a_return_that_does_not_fit_is_not_taken_at_all(office):
    batch = office.batch(office.checked("1000.00"), office.checked("2000.00"))
    text = files.results_csv(treasury.results_for(batch))
    for wrong, told in (
        (text.replace("2000.00", "2000.01"), "return.wrong"),
        (text.replace(batch.number, "GK-2020-000001"), "return.wrong"),
        (text.replace(",2,ZF", ",7,ZF"), "return.wrong"),
        (text.replace("PAID", "OK"), "return.unreadable"),
        (text.replace("2000.00", "2e3"), "return.unreadable"),
        (text.replace("PAID", "REJECTED"), "return.unreadable"),
        (text.replace("result", "answer"), "return.unreadable"),
        ("", "return.unreadable"),
        ("<return><payment>", "return.unreadable"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><return batch_number="1"><payment/></return>', "return.unreadable"),
    ):
        refused(told, office.take, wrong)
    refused("return.unreadable", treasury.take_return, department_id=office.department.pk, content=b"\xff\xfe\x00",
            by=office.maker)  # fmt: skip
    assert office.held("paid") == 0
    other = people.organisation("department", 9, name="廊坊市水利局")
    refused("return.wrong", treasury.take_return, department_id=other.pk, content=text.encode(), by=purse.clerk(other))
    office.take(text)
    refused("return.wrong", office.answer, batch, (1, "后来又退回"))


def test_results_and_paid_orders_stay(office):
    order = office.checked()
    office.answer(office.batch(order))
    for rows, change in (
        (BatchLine.objects.all(), {"result": "rejected"}),
        (PaymentOrder.objects.all(), {"holder": "别人"}),
    ):
        with pytest.raises(DatabaseError, match=r"has its result|is paid"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="is not deleted"), transaction.atomic():
            rows.all()._raw_delete("default")


def test_the_files_say_what_was_sent(office):
    batch = office.batch(office.checked("1000.00"))
    sent = treasury.as_file(batch)
    rows = files.as_csv(sent).splitlines()
    assert rows[0].startswith("batch_number,payer_name,payer_code,position,order_number")
    assert rows[1].startswith(f"{batch.number},廊坊市生态环境局,")
    assert "13050170893600000123,1000.00,报告,CNY" in rows[1]
    tree = files.ET.fromstring(files.as_xml(sent))
    assert (tree.get("number"), tree.findtext("total"), tree.findtext("count")) == (batch.number, "1000.00", "1")
    assert tree.findtext("payment/payee_name") == ACCOUNT.holder


class TestLatePayment:
    def test_turns_yellow_then_red_and_red_stays(self, office):
        payable = office.payable()
        assert cards.turn_due_cards() == 0
        with clock.at(payable.warn_at + timedelta(hours=1)):
            cards.turn_due_cards()
            assert PaymentCard.objects.get().colour == "yellow"
        with clock.at(payable.due_at + timedelta(days=2)):
            cards.turn_due_cards()
            assert PaymentCard.objects.get().red_at == payable.due_at
            order = orders.make(payable_id=payable.pk, to=ACCOUNT, purpose="", by=office.maker)
            orders.check(order_id=order.pk, by=office.checker)
            office.answer(office.batch(order))
            cards.turn_due_cards()
        card = PaymentCard.objects.get()
        assert (card.colour, card.closed_at is not None) == ("red", True)
        with pytest.raises(DatabaseError, match=r"never turns back|is closed"), transaction.atomic():
            PaymentCard.objects.update(red_at=None)

    def test_a_late_payment_earns_its_card_even_when_nobody_watched(self, office):
        order = office.checked()
        with clock.at(order.payable.due_at + timedelta(days=1)):
            office.answer(office.batch(order))
            jobs.drain()
        assert PaymentCard.objects.get().colour == "red"

    def test_in_time_earns_none(self, office):
        office.answer(office.batch(office.checked()))
        with clock.at(NOW + timedelta(days=90)):
            cards.turn_due_cards()
        assert not PaymentCard.objects.exists()

    def test_counts_working_days(self, office):
        payable = office.payable()
        assert payable.due_at == datetime(2026, 7, 8, tzinfo=LOCAL), "15 working days, the Dragon Boat holiday left out"


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        ({}, "to_check"),
        ({"sent_back_at": NOW}, "sent_back"),
        ({"checked_at": NOW}, "checked"),
        ({"checked_at": NOW, "waiting": True}, "sent"),
        ({"rejected_at": NOW}, "rejected"),
        ({"checked_at": NOW, "paid_at": NOW}, "paid"),
        ({"checked_at": NOW, "withdrawn_at": NOW}, "withdrawn"),
    ],
)
def test_the_state_of_an_order_follows_from_its_dates(dates, state):
    assert order_state(OrderDates(NOW, **dates)) == state


def test_an_order_cannot_be_unwithdrawn_past_another(office):
    payable = office.payable()
    first = orders.make(payable_id=payable.pk, to=ACCOUNT, purpose="", by=office.maker)
    orders.withdraw(order_id=first.pk, reason="重做", by=office.maker)
    orders.make(payable_id=payable.pk, to=ACCOUNT, purpose="", by=office.maker)
    with pytest.raises(IntegrityError, match="one_standing_order_per_payable"), transaction.atomic():
        PaymentOrder.objects.filter(pk=first.pk).update(withdrawn_at=None)
