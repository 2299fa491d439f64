"""A department's need and its money: asked for with open eyes, set aside at publication, free again when it ends."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.actor import Actor
from core.audit import SYSTEM
from core.errors import Refusal
from core.money import Money
from marketplace import services
from marketplace.models import Need
from payments.models import Reservation
from payments.selectors import budget
from payments.services import budgets
from tests.marketplace import world
from tests.payments import purse


@pytest.fixture
def dong(db):
    return world.member("department")


def line_of(actor: Actor, amount="60000.00"):
    return purse.line_of(actor.organisation, amount)


def free(line):
    return budget.line(line.pk).standing.free.amount


def codes(refused):
    return {issue.code for issue in refused.value.params["issues"] if issue.severity == "block"}


def check_now():
    """Let the database check now what it would check when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.django_db
class TestThePage:
    def test_shows_what_is_free_before_one_asks(self, dong):
        line, other = line_of(dong), line_of(dong, "7000.00")
        need = world.draft(dong, budget_line_id=line.pk)
        page = world.client_of(dong).get(f"/needs/{need.pk}/edit/money/").content.decode()
        assert "可用 60,000.00 元" in page
        assert "可用 7,000.00 元" in page
        assert f'value="{line.pk}"' in page
        assert f'value="{other.pk}"' in page

    def test_refuses_more_than_is_free_and_loses_nothing_typed(self, dong):
        line = line_of(dong)
        need = world.draft(dong, budget_line_id=line.pk)
        browser, where = world.client_of(dong), f"/needs/{need.pk}/edit/money/"
        answer = browser.post(where, {"ceiling": "60000.01", "budget_line": line.pk})
        assert answer.status_code == 422
        assert "可用 60,000.00 元" in answer.content.decode()
        again = browser.get(where).content.decode()
        assert "60000.01" in again

    def test_knows_no_line_of_another_department_or_year(self, dong):
        need = world.draft(dong)
        theirs = line_of(world.member("department"))
        coming = purse.line_of(dong.organisation, year=purse.lines.this_year() + 1)
        for line in (theirs, coming):
            answer = world.client_of(dong).post(
                f"/needs/{need.pk}/edit/money/", {"ceiling": "1", "budget_line": line.pk}
            )
            assert "budget_line" in answer.context["form"].errors

    def test_says_so_when_no_line_is_entered(self, dong):
        need = services.start_need(actor=dong)
        page = world.client_of(dong).get(f"/needs/{need.pk}/edit/money/").content.decode()
        assert "还没有登记预算指标" in page

    def test_says_so_when_somebody_was_faster(self, dong, monkeypatch):
        line = line_of(dong)
        need = world.draft(dong, budget_line_id=line.pk)
        monkeypatch.setattr("marketplace.rules.publication._budget", lambda _draft: iter(()))  # looked a moment before
        world.published(dong, budget_line_id=line.pk)
        answer = world.client_of(dong).post(f"/needs/{need.pk}/publish/", follow=True)
        assert answer.redirect_chain[-1][0].endswith("/edit/money/")
        assert "可用余额不足" in answer.content.decode()


@pytest.mark.django_db
class TestPublication:
    def test_sets_the_ceiling_aside_and_names_the_line(self, dong):
        line = line_of(dong)
        need = world.published(dong, budget_line_id=line.pk)
        check_now()
        assert free(line) == 10000
        assert line.code in need.budget_reference
        assert Reservation.objects.get().page == f"/needs/{need.pk}/"

    def test_needs_the_money(self, dong):
        with pytest.raises(Refusal) as refused:
            world.published(dong, budget_line_id=line_of(dong, "49999.99").pk)
        assert codes(refused) == {"budget.short"}
        assert not Reservation.objects.exists()

    def test_needs_money_of_this_year(self, dong):
        line = purse.line_of(dong.organisation, year=purse.lines.this_year() - 1)
        with pytest.raises(Refusal) as refused:
            world.published(dong, budget_line_id=line.pk)
        assert codes(refused) == {"budget.year"}

    @pytest.mark.parametrize("end", ["cancelled", "failed"])
    def test_money_is_free_again_when_the_need_ends(self, dong, end):
        line = line_of(dong)
        need = world.published(dong, budget_line_id=line.pk)
        if end == "cancelled":
            services.cancel(need_id=need.pk, reason="项目取消", by=dong.by)
        else:
            services.mark_failed(need_id=need.pk, reason="no_bid")
        assert free(line) == 60000

    def test_copies_take_the_line_along(self, dong):
        line = line_of(dong)
        need = world.published(dong, budget_line_id=line.pk)
        services.cancel(need_id=need.pk, reason="项目取消", by=dong.by)
        copy = services.copy_need(need_id=need.pk, by=dong.by)
        assert services.publish(need_id=copy.pk, by=dong.by).published_at
        assert free(line) == 10000


@pytest.mark.django_db
class TestTheDatabaseRefuses:
    def test_a_department_s_need_without_its_money(self, dong):
        need = world.published(dong)
        with pytest.raises(DatabaseError, match="without its money"), transaction.atomic():
            self._again(need)

    def _again(self, need):
        """The same need once more, without a reservation of its own."""
        columns = [field.attname for field in Need._meta.fields if not field.primary_key]
        Need.objects.create(**{name: getattr(need, name) for name in columns} | {"number": "XQ-1"})
        check_now()

    def test_money_of_somebody_else(self, dong):
        theirs = line_of(world.member("department"))
        need, enterprise = world.draft(dong), world.draft(world.member("enterprise"))
        for row in (need, enterprise):
            with pytest.raises(DatabaseError, match="not its buyer"), transaction.atomic():
                Need.objects.filter(pk=row.pk).update(budget_line_id=theirs.pk)

    def test_another_line_after_publication(self, dong):
        need = world.published(dong)
        with pytest.raises(DatabaseError, match="terms stay"), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(budget_line_id=line_of(dong).pk)


def _at_once(calls):
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait()
        try:
            call()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "published"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_two_needs_at_once_do_not_share_the_same_money():
    dong = world.member("department")
    line = line_of(dong)
    drafts = [world.draft(dong, budget_line_id=line.pk, title=f"第 {n} 项") for n in range(4)]
    answers = _at_once([lambda pk=need.pk: services.publish(need_id=pk, by=dong.by) for need in drafts])
    assert answers.count("published") == 1
    assert set(answers) <= {"published", "budget.short", "need.not_ready"}
    assert free(line) == 10000
    assert Need.objects.filter(published_at__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_books_still_refuse(monkeypatch):
    """The control: with the line's lock and the rule taken away, what remains is the database's own word."""
    dong = world.member("department")
    line = line_of(dong)
    monkeypatch.setattr(budgets, "lock", lambda pk: budget._lines().get(pk=pk))
    monkeypatch.setattr("marketplace.rules.publication._budget", lambda _draft: iter(()))
    drafts = [world.draft(dong, budget_line_id=line.pk, title=f"第 {n} 项") for n in range(4)]
    answers = _at_once([lambda pk=need.pk: services.publish(need_id=pk, by=dong.by) for need in drafts])
    assert answers == ["budget.short"] * 3 + ["published"]
    assert free(line) == 10000


@pytest.mark.django_db
def test_an_enterprise_s_need_touches_no_budget():
    need = world.published(world.member("enterprise"))
    assert need.budget_line is None
    assert budgets.release(reference=f"need:{need.pk}", reason="", by=SYSTEM) == Money.of(0)
