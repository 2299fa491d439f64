"""What the desks of an enterprise and an agency say about money that waits for them."""

import pytest

from contracts.services import money
from core.money import Money
from payments import gateway
from payments.services.escrow import bank, disputes, opening
from payments.stripe_double.shelf import Memory
from portal.demo.pictures import slip
from tests.contracts import world as contract_world
from tests.payments import deals


@pytest.fixture(autouse=True)
def _fresh_stripe(monkeypatch):
    monkeypatch.setattr(gateway.double(), "store", Memory())


def said(client, user):
    client.force_login(user)
    return client.get("/desk/").content.decode()


@pytest.fixture
def signed(db):
    return contract_world.signed()


def fund(signed):
    w, contract = signed
    return money.fund(contract_id=contract.pk, milestone_id=None, by=w.as_buyer)


def test_a_signed_contract_nobody_pays_for_is_on_the_buyer_s_desk_until_it_is_arranged(client, signed):
    w, contract = signed
    assert f"/contracts/{contract.pk}/#money" in said(client, w.bea)
    escrow = fund(signed)
    page = said(client, w.bea)
    assert f"/contracts/{contract.pk}/#money" not in page
    assert escrow.get_absolute_url() in page
    assert "付款到托管账户" in page
    assert "付款到托管账户" not in said(client, w.ana)


def test_stopped_money_is_on_both_desks_and_an_offer_on_the_other_one_s(client, signed):
    w, _contract = signed
    escrow = fund(signed)
    funding = opening.pay(escrow_id=escrow.pk, by=w.as_buyer)
    gateway.desk().pay(funding.session_id)
    deals.tell()
    assert escrow.get_absolute_url() not in said(client, w.bea)
    disputes.stop(escrow_id=escrow.pk, reason="成果缺少附件", by=w.as_buyer)
    assert "协商处理方案" in said(client, w.bea)
    assert "协商处理方案" in said(client, w.ana)
    disputes.propose(escrow_id=escrow.pk, to_supplier=Money.of(100), reason="扣减补测部分", by=w.as_agency)
    assert "答复对方提出的处理方案" in said(client, w.bea)
    assert escrow.get_absolute_url() not in said(client, w.ana)


def test_a_reported_transfer_is_the_agency_s_to_confirm(client, signed):
    w, contract = signed
    milestone = contract.milestones.first()
    row = money.report_transfer(milestone_id=milestone.pk, slip=slip("某公司", "48500.00"), note="", by=w.as_buyer)
    assert "核对是否收到转账" in said(client, w.ana)
    assert f"/contracts/{contract.pk}/#money" not in said(client, w.bea)
    bank.confirm(payment_id=row.pk, by=w.as_agency)
    assert "核对是否收到转账" not in said(client, w.ana)
