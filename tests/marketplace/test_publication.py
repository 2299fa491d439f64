"""Publishing: everything at once, once only, and what the database refuses whatever the form said."""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core import audit, clock, outbox, papers
from core.errors import Refusal
from core.models import Job, Paper, RuleSet
from core.money import Money
from marketplace import selectors, services
from marketplace.events import NeedCancelled, NeedPublished
from marketplace.models import Need, Notice, ServiceItem
from marketplace.rules.notice import notice_limit
from marketplace.rules.publication import issues, payer_issue
from tests.marketplace import world

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


@pytest.fixture
def news(monkeypatch):
    """What is announced, in order."""
    heard = []
    for module in ("publication", "questions", "items"):
        monkeypatch.setattr(f"marketplace.services.{module}.emit", heard.append)
    return heard


def codes(refused):
    return {issue.code for issue in refused.value.params["issues"]}


def test_a_need_gets_number_notice_paper_and_news(news):
    bea = world.member("enterprise")
    with clock.at(MONDAY):
        need = world.published(bea)
    assert need.number.startswith("XQ-2026-")
    assert need.rules_ref == "marketplace@1"
    assert need.entry_closes_at == datetime(2026, 11, 19, 16, 0, tzinfo=UTC)  # three working days, to midnight
    notice = Notice.objects.get(need=need)
    assert (notice.kind, notice.paper.number, notice.paper.page) == ("need", need.number, f"/needs/{need.pk}/")
    assert news == [NeedPublished(need.pk)]
    assert audit.verify(f"need:{need.pk}") is None


@pytest.mark.parametrize(
    ("amount", "urgent", "days"), [("199999.99", "", 3), ("200000.00", "", 5), ("900000.00", "汛期抢险", 1)]
)
def test_the_amount_makes_the_notice_period(amount, urgent, days):
    with clock.at(MONDAY):
        need = world.published(world.member("enterprise"), ceiling=Money(Decimal(amount)), urgent_reason=urgent)
    assert need.entry_closes_at == datetime(2026, 11, 16, 16, tzinfo=UTC) + _skipping_weekend(days)


def _skipping_weekend(days):
    return timedelta(days=days if days < 5 else days + 2)


def test_an_unknown_amount_gets_the_longest_period():
    tiers = [{"below": "10.00", "limit": {"n": 3, "unit": "days"}}, {"limit": {"n": 5, "unit": "days"}}]
    assert notice_limit(None, tiers, urgent=False, urgent_notice={})["n"] == 5


def test_an_empty_draft_hears_everything_at_once():
    bea = world.member("department")
    need = services.start_need(actor=bea)
    with pytest.raises(Refusal) as refused:
        services.publish(need_id=need.pk, by=bea.by)
    assert codes(refused) == {
        "item.missing", "title.missing", "scope.length", "region.missing", "ceiling.missing", "budget.missing",
        "method.missing", "schedule.delivery",
    }  # fmt: skip
    need.refresh_from_db()
    assert need.published_at is None
    assert not Notice.objects.exists()


def test_unfair_words_stop_publication_and_warnings_do_not():
    bea = world.member("enterprise")
    with pytest.raises(Refusal) as refused:
        world.published(bea, scope=world.SCOPE + "仅限本市注册企业。")
    assert codes(refused) == {"locality"}
    assert world.published(bea, scope=world.SCOPE + "近三年有同类业绩的请附证明。").published_at


def test_naming_a_registered_agency_stops_publication():
    world.member("agency", name="廊坊市碧水环境评价有限公司")
    with pytest.raises(Refusal) as refused:
        world.published(world.member("enterprise"), place="廊坊市碧水环境评价有限公司三楼")
    assert codes(refused) == {"designation"}


def test_publishing_twice_changes_nothing(news):
    bea = world.member("enterprise")
    need = world.published(bea)
    again = services.publish(need_id=need.pk, by=bea.by)
    assert again.number == need.number
    assert len(news) == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_give_one_number():
    bea = world.member("enterprise")
    need = world.draft(bea)
    start, numbers = threading.Barrier(4), []

    def click():
        start.wait()
        numbers.append(services.publish(need_id=need.pk, by=bea.by).number)
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 4
    assert len(set(numbers)) == 1
    assert Notice.objects.filter(need=need).count() == 1
    assert Paper.objects.filter(number__startswith="XQ-").count() == 1


def test_a_stale_date_has_to_be_chosen_again():
    bea = world.member("enterprise")
    with clock.at(MONDAY):
        need = world.draft(bea, entry_closes_at=MONDAY + timedelta(days=4))
    with clock.at(MONDAY + timedelta(days=30)), pytest.raises(Refusal) as refused:
        services.publish(need_id=need.pk, by=bea.by)
    assert codes(refused) == {"schedule.too_early"}


def test_a_date_too_far_away_is_refused():
    bea = world.member("enterprise")
    need = world.draft(bea, entry_closes_at=clock.now() + timedelta(days=400))
    with pytest.raises(Refusal) as refused:
        services.publish(need_id=need.pk, by=bea.by)
    assert codes(refused) == {"schedule.too_late"}


def test_the_rules_of_the_day_decide_and_are_recorded():
    current = RuleSet.objects.get(name="marketplace", version=1)
    quick = {**current.parameters, "notice_tiers": [{"limit": {"n": 20, "unit": "seconds"}}], "auction_minutes": [1]}
    RuleSet.objects.create(name="marketplace", version=2, effective_from=MONDAY, parameters=quick)
    with clock.at(MONDAY):
        need = world.published(world.member("enterprise"), auction_minutes=1)
    assert (need.rules_ref, need.entry_closes_at) == ("marketplace@2", MONDAY + timedelta(seconds=20))


class TestDepartments:
    def test_never_designate(self):
        dong = world.member("department")
        need = world.draft(dong)
        with pytest.raises(Refusal) as refused:
            services.save_step(need_id=need.pk, step="method", values={"method": "direct"}, by=dong.by)
        assert refused.value.code == "need.designation"

    def test_not_even_by_sql(self):
        need = world.draft(world.member("department"))
        with pytest.raises(IntegrityError, match="department_never_designates"), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(method="direct")
        with pytest.raises(DatabaseError, match="misstates"), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(buyer_kind="enterprise", method="direct")

    def test_name_their_budget_line(self):
        with pytest.raises(Refusal) as refused:
            world.published(world.member("department"), budget_line_id=None)
        assert codes(refused) == {"budget.missing"}

    def test_do_not_pass_the_fee_on(self):
        with pytest.raises(Refusal) as refused:
            world.published(world.member("department"), scope=world.SCOPE + "评估费用由申请人承担。")
        assert codes(refused) == {"fee_shifting"}

    def test_commission_what_applicants_pay_only_for_their_own_projects(self):
        dong = world.member("department")
        need = world.draft(dong, item=world.ITEM)
        with pytest.raises(Refusal) as refused:
            services.publish(need_id=need.pk, by=dong.by)
        assert codes(refused) == {"item.applicant_pays"}
        services.save_step(need_id=need.pk, step="item", values={"item": world.ITEM, "own_project": True}, by=dong.by)
        assert services.publish(need_id=need.pk, by=dong.by).published_at


def test_payers_fit_buyers():
    assert payer_issue("enterprise", "department", own_project=True) == "item.department_pays"
    assert payer_issue("enterprise", "either", own_project=False) is None
    assert payer_issue("department", "department", own_project=False) is None


def test_what_was_published_stays():
    need = world.published(world.member("enterprise"))
    for change in ({"scope": "x"}, {"ceiling": Money.of(1)}, {"method": "random_draw"}, {"title": "y"}):
        with pytest.raises(DatabaseError, match="published"), transaction.atomic():
            Need.objects.filter(pk=need.pk).update(**change)


def test_an_incomplete_need_cannot_be_published_by_sql():
    need = services.start_need(actor=world.member("enterprise"))
    with pytest.raises(IntegrityError, match="published_need_is_complete"), transaction.atomic():
        Need.objects.filter(pk=need.pk).update(published_at=clock.now())


def test_a_direct_choice_has_its_own_clock():
    bea = world.member("enterprise")
    with clock.at(MONDAY):
        need = world.published(bea, method="direct", auction_minutes=None)
    assert need.entry_closes_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    with world.after_close(need):
        assert selectors.state_of(need) == "published"


class TestCancelling:
    def test_publishes_the_reason(self, news):
        bea = world.member("enterprise")
        need = world.published(bea)
        services.cancel(need_id=need.pk, reason="项目停建", by=bea.by)
        services.cancel(need_id=need.pk, reason="别的", by=bea.by)
        notice = Notice.objects.get(need=need, kind="cancelled")
        assert notice.data == {"reason": "项目停建"}
        assert news[1:] == [NeedCancelled(need.pk, "项目停建")]
        assert selectors.state_of(Need.objects.get(pk=need.pk)) == "cancelled"

    def test_needs_a_reason(self):
        bea = world.member("enterprise")
        with pytest.raises(Refusal) as refused:
            services.cancel(need_id=world.published(bea).pk, reason="  ", by=bea.by)
        assert refused.value.code == "need.reason"

    def test_is_too_late_once_somebody_is_selected(self):
        bea = world.member("enterprise")
        need = world.published(bea)
        services.mark_selected(need_id=need.pk)
        with pytest.raises(Refusal) as refused:
            services.cancel(need_id=need.pk, reason="不想要了", by=bea.by)
        assert refused.value.code == "need.ended"

    def test_is_nobody_elses_business(self):
        need = world.published(world.member("enterprise"))
        with pytest.raises(Refusal) as refused:
            services.cancel(need_id=need.pk, reason="x", by=world.member("enterprise").by)
        assert refused.value.code == "access.not_yours"


def test_a_buyer_who_chooses_nobody_in_time_may_start_again():
    from marketplace.tasks import advance_needs

    bea = world.member("enterprise")
    direct, auction = world.published(bea, method="direct", auction_minutes=None), world.published(bea)
    advance_needs()
    assert Need.objects.get(pk=direct.pk).failed_at is None
    with world.after_close(direct):
        advance_needs()
    direct.refresh_from_db()
    assert (direct.end_reason, selectors.state_of(direct)) == ("not_chosen", "failed")
    assert Need.objects.get(pk=auction.pk).failed_at is None
    copy = services.copy_need(need_id=direct.pk, by=bea.by)
    assert (copy.title, copy.scope, copy.copied_from, copy.published_at) == (direct.title, direct.scope, direct, None)


def test_the_paper_is_a_pdf_whatever_was_typed(monkeypatch):
    bea = world.member("enterprise")
    need = world.published(bea, title='#"]*<b>_测试_</b>$x$', scope="#panic() [*] <script>\n" + "二" * 30)
    assert papers.render(Notice.objects.get(need=need).paper).startswith(b"%PDF")
    services.cancel(need_id=need.pk, reason="#eval(1)", by=bea.by)
    assert papers.render(Notice.objects.get(need=need, kind="cancelled").paper).startswith(b"%PDF")


class TestCatalogue:
    def test_cancelling_an_item_stops_new_needs_and_tells_drafts(self):
        bea, operator = world.member("enterprise"), world.member("operator")
        need, fresh = world.draft(bea), services.start_need(actor=bea)
        services.cancel_item(code=world.ITEM, reason="国发〔2027〕1号", by=operator.by)
        with pytest.raises(Refusal) as refused:
            services.save_step(need_id=fresh.pk, step="item", values={"item": world.ITEM}, by=bea.by)
        assert refused.value.code == "item.cancelled"
        with pytest.raises(Refusal) as refused:
            services.publish(need_id=need.pk, by=bea.by)
        assert codes(refused) == {"item.cancelled"}
        row = next(row for row in selectors.board(bea.org_id) if row.need.pk == need.pk)
        assert row.action == "choose_item"
        assert selectors.items().filter(code=world.ITEM).exists() is False

    def test_a_new_version_leaves_published_needs_alone(self):
        bea, operator = world.member("enterprise"), world.member("operator")
        need = world.published(bea)
        new = services.new_version(code=world.ITEM, changes={"licence_kind": "某资质"}, by=operator.by)
        assert (new.version, selectors.item(world.ITEM)) == (2, new)
        need.refresh_from_db()
        assert need.item.version == 1
        assert world.published(bea).item == new

    def test_a_version_to_come_is_not_in_force_yet(self):
        operator = world.member("operator")
        later = clock.now() + timedelta(days=30)
        services.new_version(code=world.ITEM, changes={"payer": "either"}, by=operator.by, effective_from=later)
        assert selectors.item(world.ITEM).version == 1
        with clock.at(later):
            assert selectors.item(world.ITEM).version == 2

    def test_shipping_again_changes_nothing(self):
        from marketplace import catalogue

        assert ServiceItem.objects.count() == 80
        services.cancel_item(code=world.ITEM, reason="x", by=world.member("operator").by)
        assert catalogue.ship() == 0
        assert selectors.item(world.ITEM).cancelled_at

    def test_licences_are_drafts_and_old_ones_are_gone(self):
        licensed = ServiceItem.objects.exclude(licence_kind="")
        assert licensed.count() > 20
        assert not licensed.filter(licence_confirmed=True).exists()
        assert all(item.licence_en and item.licence_basis_zh for item in licensed)
        assert not licensed.filter(code__in=["02010", "02011", "09057", "09058"]).exists()


def test_issues_come_in_the_order_of_the_steps():
    from marketplace import schedule

    need = services.start_need(actor=world.member("enterprise"))
    found = issues(selectors.draft_of(need), schedule.terms(need, clock.now()).bounds)
    steps = [issue.step for issue in found]
    assert steps == sorted(steps, key=["item", "scope", "money", "method", "schedule"].index)


def test_news_becomes_jobs_in_the_same_transaction():
    world.published(world.member("enterprise"))
    assert Job.objects.count() == len(outbox._reactions.get(NeedPublished, ()))
