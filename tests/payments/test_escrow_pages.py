"""Escrow through the pages, on a real contract: pay, release by acceptance, disputes, bank transfers, onboarding."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from contracts import services as contracts
from contracts.models import Milestone
from core import clock, jobs
from payments import gateway
from payments.models import BankPayment, Escrow, Funding, PayoutAccount, ProviderCall, Settlement
from payments.stripe_double import charging
from tests.accounts import people
from tests.contracts import world
from tests.payments.deals import tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal():
    """A signed contract of an enterprise in two milestones, and everybody's browser."""
    w, contract = world.drafted()
    parts = [("送审稿", "19400"), ("报批稿", "29100")]
    contracts.draft(
        contract_id=contract.pk,
        terms="双方约定如下。",
        milestones=[(title, world.Money.of(amount), 10) for title, amount in parts],
        side="buyer",
        by=w.as_buyer,
    )
    with world.after_publicity(w.award):
        contracts.confirm(contract_id=contract.pk, side="supplier", by=w.as_agency)
        contracts.confirm(contract_id=contract.pk, side="buyer", by=w.as_buyer)
    contract.refresh_from_db()
    return Walk(w, contract)


class Walk:
    def __init__(self, w, contract):
        self.w, self.contract = w, contract
        self.buyer, self.agency, self.regulator, self.operator = Client(), Client(), Client(), Client()
        self.buyer.force_login(w.bea)
        self.agency.force_login(w.ana)
        for number, (kind, browser) in enumerate((("regulator", self.regulator), ("operator", self.operator)), 9501):
            user = people.user(f"{kind}{number}@example.com")
            people.organisation(kind, number, user, name=f"{kind}{number}")
            browser.force_login(user)

    @property
    def page(self):
        return reverse("contracts:contract", args=[self.contract.pk])

    @property
    def escrow(self):
        return Escrow.objects.latest("pk")

    def at(self, name, pk=None):
        return reverse(f"payments:{name}", args=[pk or self.escrow.pk])

    def fund(self, **data):
        """To the payment page; its address."""
        answer = self.buyer.post(reverse("contracts:fund", args=[self.contract.pk]), data)
        assert answer.status_code == 302, answer.content.decode()[:500]
        return answer.url

    def paid(self, **data):
        address = self.fund(**data)
        answer = self.buyer.post(local(address), {"method": "card", "number": charging.APPROVED})
        self.buyer.get(local(answer.url))
        tell()

    def onboarded(self):
        answer = self.agency.post(reverse("payments:payouts_open"))
        answer = self.agency.post(local(answer.url), {"complete": "yes"})
        assert "已经开通" in self.agency.get(local(answer.url), follow=True).content.decode()
        tell()

    def accept(self, place=0):
        milestone = Milestone.objects.filter(contract=self.contract)[place]
        with clock.at(self.contract.signed_at + timedelta(hours=1)):
            handed = contracts.deliver(milestone_id=milestone.pk, upload=world.result(), note="", by=self.w.as_agency)
            contracts.accept(deliverable_id=handed.pk, by=self.w.as_buyer)
            jobs.drain()
            tell()


def local(address):
    return address.replace("http://localhost:8000", "")


def text(answer):
    return answer.content.decode()


def test_all_that_is_unpaid_goes_into_escrow_and_acceptance_pays_the_agency(deal):
    assert "托管全部未付 48,500.00 元" in text(deal.buyer.get(deal.page))
    deal.onboarded()
    deal.paid()
    body = text(deal.buyer.get(deal.at("escrow")))
    assert "48,500.00 元 已托管" in body
    deal.accept(0)
    body = text(deal.agency.get(deal.at("escrow")))
    assert "29,100.00 元 已托管" in body
    assert "已划到服务机构 19,400.00" in body
    deal.accept(1)
    assert "已经结清" in text(deal.buyer.get(deal.at("escrow")))
    assert "已结清" in text(deal.buyer.get(deal.page))
    assert "已结清" in text(deal.buyer.get(reverse("payments:escrows")))


def test_one_milestone_may_be_paid_alone_and_the_other_by_bank(deal):
    first, second = Milestone.objects.filter(contract=deal.contract)
    deal.paid(milestone=first.pk)
    address = reverse("contracts:report_transfer", args=[second.pk])
    wrong = deal.buyer.post(address, {"slip": world.result("回单.txt", b"plain"), "note": "尾款"})
    assert wrong.status_code == 422
    assert "尾款" in text(wrong)
    deal.buyer.post(address, {"slip": world.result("回单.pdf"), "note": "尾款"})
    payment = BankPayment.objects.get()
    assert deal.agency.get(deal.at("bank_slip", payment.pk)).status_code == 200
    assert deal.agency.post(deal.at("bank_refuse", payment.pk), {"reason": " "}).status_code == 422
    deal.agency.post(deal.at("bank_refuse", payment.pk), {"reason": "账号写错，已被退回"})
    assert "账号写错" in text(deal.buyer.get(deal.page))
    deal.buyer.post(address, {"slip": world.result("回单2.pdf"), "note": ""})
    deal.agency.post(deal.at("bank_confirm", BankPayment.objects.latest("pk").pk))
    assert "已收到转账" in text(deal.buyer.get(deal.page))
    again = deal.buyer.post(reverse("contracts:fund", args=[deal.contract.pk]), {})
    assert again.status_code == 409


def test_declines_and_authentication_are_told_on_the_payment_page(deal):
    address = local(deal.fund())
    body = text(deal.buyer.post(address, {"method": "card", "number": charging.POOR}))
    assert "卡内余额不足" in body
    tell()
    assert "卡内余额不足" in text(deal.buyer.get(deal.at("escrow")))
    body = text(deal.buyer.post(address, {"method": "card", "number": charging.SECURE}))
    assert "身份验证" in body
    answer = deal.buyer.post(f"{address}authenticate/", {"passed": "yes"})
    assert "付款已到账" in text(deal.buyer.get(local(answer.url), follow=True))


def test_a_dispute_is_settled_on_the_page(deal):
    deal.onboarded()
    deal.paid()
    assert deal.buyer.post(deal.at("escrow_stop"), {"reason": ""}).status_code == 422
    deal.buyer.post(deal.at("escrow_stop"), {"reason": "缺少监测数据"})
    body = text(deal.agency.get(deal.at("escrow")))
    assert "缺少监测数据" in body
    wrong = deal.agency.post(deal.at("escrow_propose"), {"to_supplier": "50000", "reason": "全额"})
    assert wrong.status_code == 422
    assert "50000" in text(wrong)
    deal.agency.post(deal.at("escrow_propose"), {"to_supplier": "30000", "reason": "已完成大部分"})
    assert "30,000.00 元" in text(deal.buyer.get(deal.at("escrow")))
    deal.buyer.post(deal.at("settlement_answer", Settlement.objects.get().pk), {"accepted": "yes"})
    tell()
    body = text(deal.buyer.get(deal.at("escrow")))
    assert "已经结清" in body
    assert "18,500.00" in body


def test_a_regulator_decides_and_nothing_at_all_may_go_to_the_agency(deal):
    deal.paid()
    deal.agency.post(deal.at("escrow_stop"), {"reason": "委托方拒绝验收"})
    deal.regulator.post(deal.at("escrow_decide"), {"to_supplier": "0", "reason": "未交付任何成果"})
    tell()
    assert "已经结清" in text(deal.regulator.get(deal.at("escrow")))


def test_releasing_early_and_giving_back_through_the_page(deal):
    deal.onboarded()
    deal.paid()
    part = deal.escrow.parts.first()
    assert deal.buyer.post(deal.at("part_release", part.pk), {"amount": "19400.01"}).status_code == 422
    deal.buyer.post(deal.at("part_release", part.pk), {"amount": "400"})
    deal.agency.post(deal.at("escrow_give_back"), {"amount": "100", "reason": "少一次踏勘"})
    tell()
    assert "48,000.00 元 已托管" in text(deal.buyer.get(deal.at("escrow")))


@pytest.mark.parametrize("trouble", ["timeout", 500, 429])
def test_a_silent_provider_is_told_and_the_wish_is_kept(deal, trouble):
    gateway.double().troubles.extend([trouble] * 3)
    answer = deal.buyer.post(reverse("contracts:fund", args=[deal.contract.pk]), {}, follow=True)
    assert "您的付款申请已经保存" in text(answer)
    assert "支付平台响应异常" in text(answer)
    call = ProviderCall.objects.get(kind="checkout")
    assert call.state == "waiting"
    gateway.double().troubles.clear()
    with clock.at(call.next_at + timedelta(seconds=1)):
        answer = deal.buyer.post(deal.at("escrow_pay"))
        assert "/money/demo/checkout/" in answer.url
    assert Funding.objects.count() == 1


def test_a_page_the_provider_refuses_is_given_up_and_may_be_asked_for_again(deal):
    gateway.double().troubles.append(400)
    answer = deal.buyer.post(reverse("contracts:fund", args=[deal.contract.pk]), {}, follow=True)
    assert "没有接受这次付款申请" in text(answer)
    assert "/money/demo/checkout/" in deal.buyer.post(deal.at("escrow_pay")).url


def test_onboarding_tells_when_the_provider_is_away(deal):
    gateway.double().troubles.extend(["timeout"] * 3)
    answer = deal.agency.post(reverse("payments:payouts_open"))
    assert answer.status_code == 503
    assert "自动重试" in text(answer)
    account = PayoutAccount.objects.get()
    assert account.account_id == ""


def test_pages_of_others_are_closed_to_outsiders(deal):
    deal.paid()
    nora = Client()
    nora.force_login(people.user("nora.elsewhere@example.com"))
    other = world.signed()[0]
    outsider = Client()
    outsider.force_login(other.bea)
    for name in ("escrow", "escrow_back"):
        assert outsider.get(deal.at(name)).status_code == 403
        assert nora.get(deal.at(name)).status_code == 403
    for name in ("escrow_pay", "escrow_cancel", "escrow_stop", "escrow_resume", "escrow_propose"):
        assert outsider.post(deal.at(name), {"reason": "x", "to_supplier": "1"}).status_code == 403
    assert outsider.post(deal.at("part_release", deal.escrow.parts.first().pk), {"amount": "1"}).status_code == 403


def test_the_console_shows_events_calls_and_reconciliations(deal):
    deal.paid()
    body = text(deal.operator.get(reverse("payments:provider")))
    assert "payment_intent.succeeded" in body
    answer = deal.operator.post(reverse("payments:reconcile"), follow=True)
    assert "逐笔一致，没有差异" in text(answer)
    assert deal.buyer.get(reverse("payments:provider")).status_code == 403


def test_the_demo_pages_do_not_exist_beside_a_real_key(deal, settings):
    address = local(deal.fund())
    settings.STRIPE_SECRET_KEY = "sk_test_real"
    assert deal.buyer.get(address).status_code == 404


def test_without_a_provider_bank_transfer_remains(deal, settings):
    settings.STRIPE_DOUBLE = ""
    body = text(deal.buyer.get(deal.page))
    assert "尚未开通在线托管" in body
    assert "上传回单" in body
    assert deal.buyer.post(reverse("contracts:fund", args=[deal.contract.pk]), {}).status_code == 409
