"""Receipts come with the money, once; invoices from the agency, once; both are papers with a number and a PDF."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from core import clock, files, jobs
from core.errors import Refusal
from core.models import Paper
from core.money import Money
from payments import ledger
from payments.models import BankPayment, MoneyPaper
from payments.services import budgets, papers
from payments.services.papers import About
from tests.payments import purse
from tests.payments.books import member, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def sides():
    """A buyer and an agency, with somebody acting for each."""
    buyer = member("enterprise")
    return buyer, member("agency")


def paid_by_bank(sides, amount="48500.00", reference="milestone:7"):
    """A bank transfer that the agency confirmed, in the books."""
    buyer, supplier = sides
    slip = files.keep(b"%PDF-1.7 slip", name="slip.pdf", media_type="application/pdf")
    BankPayment.objects.create(
        group="contract:5", reference=reference, title="初稿", page="/contracts/5/", buyer_id=buyer.org_id,
        supplier_id=supplier.org_id, amount=Money.of(amount), slip=slip, sent_at=clock.now(), confirmed_at=clock.now(),
    )  # fmt: skip
    sent = ledger.account("bank_sent", buyer.org_id, "contract:5")
    received = ledger.account("bank_received", supplier.org_id, "contract:5")
    return move(sent, received, amount, cause="bank.confirmed", reference=reference, by=supplier.by)


def test_money_that_arrives_brings_its_receipt(sides):
    moved = paid_by_bank(sides)
    jobs.drain()
    row = MoneyPaper.objects.get(transfer=moved)
    assert row.paper.number.startswith("SJ-")
    assert (row.payer_id, row.payee_id) == (sides[0].org_id, sides[1].org_id)
    assert row.paper.data["capitals"] == "肆万捌仟伍佰元整"
    assert row.paper.page == f"/money/papers/{row.pk}/"
    assert not row.paper.public
    assert row.issued_at == moved.at


def test_a_receipt_is_issued_once_however_often_it_is_asked_for(sides):
    moved = paid_by_bank(sides)
    first = papers.receipt(transfer_id=moved.pk)
    jobs.drain()
    assert papers.receipt(transfer_id=moved.pk) == first
    assert MoneyPaper.objects.count() == Paper.objects.filter(kind="money").count() == 1


def test_a_receipt_bears_the_year_of_its_transfer(sides):
    with clock.at(clock.now() - timedelta(days=400)):
        moved = paid_by_bank(sides)
        year = moved.at.year
    row = papers.receipt(transfer_id=moved.pk)
    assert row.paper.number.startswith(f"SJ-{year}")


def test_what_is_no_payment_brings_no_receipt(sides):
    buyer, _ = sides
    held, cash = ledger.account("escrow_held", buyer.org_id, "x"), ledger.account("provider_cash", None)
    for cause in ("test", "escrow.funded"):  # of an escrow nobody knows
        moved = move(cash, held, "5.00", cause=cause, reference="escrow:999")
        assert papers.receipt(transfer_id=moved.pk) is None
    jobs.drain()
    assert not MoneyPaper.objects.exists()


def about(sides, reference="milestone:7"):
    buyer, supplier = sides
    return About(buyer.organisation, supplier.organisation, reference, "初稿", "/contracts/5/")


def asked(sides, tax="", **more):
    return papers.invoice(about=about(sides, **more), amount=Money.of("1680.32"), tax=tax, by=sides[1].by)


def test_an_invoice_is_sent_once_for_accepted_work(sides):
    row = asked(sides, "2513 2000 0001 2345 6789")
    assert row.paper.number.startswith("QK-")
    assert row.tax_number == "25132000000123456789"
    with pytest.raises(Refusal) as refused:
        asked(sides)
    assert refused.value.code == "invoice.exists"
    assert asked(sides, reference="milestone:8").paper.number != row.paper.number


def test_a_number_that_no_tax_office_gives_is_refused(sides):
    with pytest.raises(Refusal) as refused:
        asked(sides, "12345")
    assert refused.value.code == "invoice.tax_number"
    assert not MoneyPaper.objects.exists()


def test_the_database_refuses_to_change_what_was_issued(sides):
    row = asked(sides)
    for change in (
        MoneyPaper.objects.filter(pk=row.pk).delete,
        lambda: MoneyPaper.objects.update(amount=Money.of("9.00")),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_both_sides_and_supervisors_read_a_paper_and_nobody_else(sides):
    row = asked(sides)
    client = Client()
    readers = {"buyer": sides[0], "supplier": sides[1], "regulator": member("regulator")}
    for actor in readers.values():
        client.force_login(actor.user)
        page = client.get(row.get_absolute_url()).content.decode()
        assert "壹仟陆佰捌拾元零叁角贰分" in page
        assert row.paper.number in client.get("/money/papers/").content.decode()
        pdf = client.get(f"{row.get_absolute_url()}paper.pdf")
        assert pdf.content.startswith(b"%PDF")
        assert row.paper.number in client.get("/money/papers/list.csv").content.decode("utf-8-sig")
    client.force_login(member("enterprise").user)
    assert client.get(row.get_absolute_url()).status_code == 403
    assert client.get(f"{row.get_absolute_url()}paper.pdf").status_code == 403
    assert "还没有票据" in client.get("/money/papers/").content.decode()
    assert client.get("/money/papers/list.doc").status_code == 404
    assert client.get("/money/papers/98765/").status_code == 404


def test_the_list_can_be_narrowed_to_one_kind(sides):
    asked(sides)
    client = Client()
    client.force_login(sides[0].user)
    assert "还没有票据" in client.get("/money/papers/?kind=held").content.decode()
    assert "QK-" in client.get("/money/papers/?kind=invoice").content.decode()
    assert "QK-" in client.get("/money/papers/?kind=nonsense").content.decode()


def test_a_name_as_long_as_names_get_still_makes_a_page(sides):
    long = "廊坊市" + "环境工程技术咨询服务" * 11 + "有限公司"
    buyer = member("enterprise", long)
    row = asked((buyer, sides[1]))
    client = Client()
    client.force_login(buyer.user)
    assert client.get(f"{row.get_absolute_url()}paper.pdf").content.startswith(b"%PDF")


def test_what_the_treasury_paid_brings_the_agency_a_receipt():
    department, agency = member("department"), member("agency")
    line = purse.line_of(department.organisation, "60000.00")
    budgets.reserve(
        line_id=line.pk,
        reference="need:71",
        amount=Money.of("48000.00"),
        title="评审",
        page="/needs/71/",
        by=department.by,
    )
    budgets.commit(reference="need:71", amount=Money.of("45000.00"), payee_id=agency.org_id, by=department.by)
    owed = budgets.make_payable(
        reference="need:71", part="milestone:72", amount=Money.of("20000.00"), title="送审稿", page="/contracts/7/",
        by=department.by,
    )  # fmt: skip
    budgets.settle(payable=owed, by=department.by)
    jobs.drain()
    row = MoneyPaper.objects.get(kind="treasury")
    assert (row.payer_id, row.payee_id, row.amount) == (department.org_id, agency.org_id, Money.of("20000.00"))
    assert (row.title, row.page) == ("送审稿", "/contracts/7/")
