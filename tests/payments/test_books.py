"""Reading the books: balances and turnovers of any period, statements, pages and exports, and who may see them."""

import io
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook

from core import clock
from core.workdays import LOCAL
from payments import ledger
from payments.models import Account, Entry
from payments.periods import PeriodForm
from payments.selectors import books
from tests.payments.books import connection_without_triggers, granted, member, move

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=LOCAL)
DAY = timedelta(days=1)


@pytest.fixture
def department():
    """A line with 10,000.00 in March; 3,000.00 reserved a day later, 500.00 released after another."""
    with clock.at(NOON):
        owner = member("department")
        _, free = granted(owner.organisation, "10000.00")
    reserved = ledger.account("budget_reserved", owner.org_id, "line:1", "环评专项")
    move(reserved, free, "3000.00", at=NOON + DAY, by=owner.by, note="预留")
    move(free, reserved, "500.00", at=NOON + 2 * DAY, by=owner.by)
    return owner


def figures(group):
    return group.opening, group.turnover.debits, group.turnover.credits, group.closing


def test_a_trial_balance_says_what_was_what_moved_and_what_is(department):
    found = books.trial_balance(start=NOON + DAY, end=NOON + 3 * DAY, owner_id=department.org_id)
    said = {group.kind: figures(group) for group in found.groups}
    amounts = [Decimal(text) for text in ("10000", "500", "3000", "7500")]
    assert said["budget_free"] == tuple(amounts)
    assert said["budget_granted"] == (10000, 0, 0, 10000)
    assert said["budget_reserved"] == (0, 3000, 500, 2500)
    assert found.gap == 0
    assert (found.debit_side, found.credit_side) == (10000, 10000)


def test_nothing_is_written_without_a_sign():
    with clock.at(NOON):
        granted(member("department").organisation, "1.00")
    found = books.trial_balance(start=NOON - 2 * DAY, end=NOON - DAY)
    figures_shown = [str(value) for group in found.groups for value in figures(group)] + [str(found.credit_side)]
    assert "-0.00" not in figures_shown


def test_turnovers_are_what_adding_up_entries_gives(department):
    for start in range(-1, 4):
        for length in range(1, 4):
            period = {"start": NOON + start * DAY, "end": NOON + (start + length) * DAY}
            for line in [line for group in books.trial_balance(**period).groups for line in group.lines]:
                within = Entry.objects.filter(account=line.account, at__gte=period["start"], at__lt=period["end"])
                amounts = list(within.values_list("amount", flat=True))
                assert line.turnover.debits == sum(amount for amount in amounts if amount > 0)
                assert line.turnover.credits == -sum(amount for amount in amounts if amount < 0)
                assert line.opening == ledger.balance(line.account, period["start"] - timedelta(microseconds=1))
                assert line.closing == ledger.balance(line.account, period["end"] - timedelta(microseconds=1))


def test_a_statement_runs_from_the_opening_to_the_closing_balance(department):
    free = Account.objects.get(kind="budget_free", owner_id=department.org_id)
    found = books.statement(free, start=NOON + DAY, end=NOON + 9 * DAY)
    assert (found.opening, found.closing) == (10000, 7500)
    assert [entry.standing for entry in found.entries] == [7000, 7500]


def test_sound_books_have_nothing_to_object_to(department):
    assert books.unsound() == []


def test_an_auditor_finds_what_was_bent_behind_the_ledger_s_back(department):
    with connection_without_triggers() as execute:
        execute("UPDATE payments_account SET balance = balance + 1 WHERE kind = 'budget_free'")
        execute("UPDATE payments_entry SET amount = amount + 1 WHERE seq = 2")
    assert any("differs from its entries" in line for line in books.unsound())
    assert any("does not balance" in line for line in books.unsound())


def test_a_period_is_this_year_so_far_unless_said():
    with clock.at(NOON):
        assert str(PeriodForm({}).period.first), str(PeriodForm({}).period.last) == ("2026-01-01", "2026-03-02")
        said = PeriodForm({"last": "2025-06-30"}).period
        assert (str(said.first), str(said.last)) == ("2025-01-01", "2025-06-30")
        for wrong in ({"first": "x"}, {"first": "2026-02-01", "last": "2026-01-01"}, {"first": "1026-01-01"}):
            form = PeriodForm(wrong)
            assert form.period == form.usual
            assert form.errors


@pytest.fixture
def browse(department):
    client = Client()

    def get(address, actor=department, **data):
        if actor:
            client.force_login(actor.user)
        else:
            client.logout()
        return client.get(address, data)

    return get


MARCH = {"first": "2026-03-01", "last": "2026-03-31"}


def test_the_books_page_shows_balances_and_leads_to_statements(browse):
    page = browse("/money/books/", **MARCH).content.decode()
    assert "可用预算" in page
    assert "7,500.00" in page
    assert "借贷平衡" in page
    free = Account.objects.get(kind="budget_free")
    assert f"/money/accounts/{free.pk}/?first=2026-03-01" in page
    statement = browse(f"/money/accounts/{free.pk}/", **MARCH).content.decode()
    assert "预留" in statement
    assert "7,000.00" in statement


def test_empty_books_say_what_will_appear(browse):
    assert "还没有账目" in browse("/money/books/", actor=member("enterprise")).content.decode()
    free = Account.objects.get(kind="budget_free")
    assert "这段时间没有发生额" in browse(f"/money/accounts/{free.pk}/", last="2025-01-01").content.decode()


def test_dates_that_cannot_be_read_are_told(browse):
    answer = browse("/money/books/", first="2026-02-31")
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_exports_hold_the_whole_period(browse):
    answer = browse("/money/books/balances.csv", **MARCH)
    assert "可用预算,,固安县生态环境局" in answer.content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(browse("/money/books/journal.xlsx", **MARCH).content)).active
    assert book.max_row == 7
    assert sum(cell.value or 0 for cell in book["I"][1:]) == sum(cell.value or 0 for cell in book["J"][1:]) == 13500
    assert browse("/money/books/journal.pdf").status_code == 404


def test_a_transfer_shows_all_its_lines_but_only_one_s_own_balances(browse, department):
    agency = member("enterprise")
    held = ledger.account("escrow_held", agency.org_id, "contract:1", "合同")
    cash = ledger.account("provider_cash", None)
    moved = move(cash, held, "1234.00", by=department.by, cause="test")
    page = browse(f"/money/transfers/{moved.pk}/", actor=agency).content.decode()
    assert "支付平台存款" in page
    assert page.count("1,234.00") == 5  # two lines, two sums, one's own balance
    assert str(department.user) not in page
    assert str(department.user) in browse(f"/money/transfers/{moved.pk}/", actor=member("operator")).content.decode()


def test_a_budget_line_s_page_is_linked_only_for_its_department(browse, department):
    source, free = granted(department.organisation, "5.00", "line:9")
    moved = move(free, source, "1.00", reference="line:9")
    for actor, linked in ((department, True), (member("regulator"), False), (member("operator"), False)):
        page = browse(f"/money/transfers/{moved.pk}/", actor=actor).content.decode()
        assert ("/money/budget/" in page) is linked


def test_supervisors_read_everybody_s_books_others_only_their_own(browse, department):
    free = Account.objects.get(kind="budget_free")
    moved = Entry.objects.filter(account=free).first().transfer_id
    stranger = member("enterprise")
    for address in (f"/money/accounts/{free.pk}/", f"/money/transfers/{moved}/"):
        assert browse(address).status_code == 200
        assert browse(address, actor=member("regulator")).status_code == 200
        assert browse(address, actor=stranger).status_code == 403
        assert browse(address, actor=None).status_code == 302
    everything = browse("/money/books/", actor=member("operator"), **MARCH).content.decode()
    assert "固安县生态环境局" in everything
    assert "可用预算" not in browse("/money/books/", actor=stranger, owner=department.org_id, **MARCH).content.decode()


def test_many_accounts_of_one_kind_come_in_pages(browse, department):
    for number in range(60):
        granted(department.organisation, "1.00", f"line:{number + 2}")
    page = browse("/money/books/").content.decode()
    assert "全部 61 个账户" in page
    assert "1 / 2" in browse("/money/books/", kind="budget_free").content.decode()


def test_everybody_s_money_begins_where_their_work_is(browse, department):
    for actor, place in ((department, "budget"), (member("enterprise"), "escrows"), (member("operator"), "books")):
        assert browse("/money/", actor=actor)["Location"] == f"/money/{place}/"
