"""The agency asks for accepted work to be paid: once, itself, and not before it was accepted."""

import pytest

from contracts import services
from tests.contracts.test_award import refused
from tests.contracts.world import completed, signed

pytestmark = pytest.mark.django_db


def test_the_invoice_names_the_work_both_sides_and_the_amount():
    w, contract = completed()
    row = services.invoice(milestone_id=contract.milestones.first().pk, tax="25132000000123456789", by=w.as_agency)
    assert (row.payer_id, row.payee_id, row.amount) == (w.buyer.pk, w.agency.pk, contract.amount)
    assert row.title.startswith(w.need.title)
    assert row.paper.data["tax_number"] == "25132000000123456789"


def test_only_the_agency_asks_and_only_for_accepted_work():
    w, contract = signed()
    call = {"milestone_id": contract.milestones.first().pk, "tax": ""}
    refused("milestone.not_accepted", services.invoice, by=w.as_agency, **call)
    refused("access.not_yours", services.invoice, by=w.as_buyer, **call)


def test_the_contract_s_page_offers_the_invoice_then_leads_to_it(client_of):
    w, contract = completed()
    milestone = contract.milestones.first()
    page, address = f"/contracts/{contract.pk}/", f"/milestones/{milestone.pk}/invoice/"
    assert address in client_of(w.ana).get(page).content.decode()
    assert address not in client_of(w.bea).get(page).content.decode()
    wrong = client_of(w.ana).post(address, {"tax": "12"})
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.content.decode()
    paper = client_of(w.ana).post(address, {"tax": ""})["Location"]
    assert paper.startswith("/money/papers/")
    assert paper in client_of(w.bea).get(page).content.decode()
    assert client_of(w.ana).post(address, {"tax": ""}).status_code == 409
    assert client_of(w.bea).post(address, {"tax": ""}).status_code == 403
    assert client_of(w.ana).post("/milestones/98765/invoice/").status_code == 404
