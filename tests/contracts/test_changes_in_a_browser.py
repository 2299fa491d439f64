"""A contract with a change and an end under way, as people meet it: open to everybody and no wider than a phone."""

from datetime import timedelta

import pytest
from django.db import transaction

from contracts import services
from core import clock
from tests.contracts.changing import proposal, two_stages
from tests.site.looks import troubles

pytestmark = [pytest.mark.browser]


@pytest.fixture
def visits(transactional_db):
    """A contract with a version behind it, a change that waits and a disputed end; one that is to be filed."""
    with transaction.atomic(), clock.at(clock.now() - timedelta(days=9)):
        w, contract = two_stages()
        department, to_file = two_stages(kind="department")
    with clock.at(contract.signed_at + timedelta(hours=1)):
        first = proposal(w, contract, terms=f"{contract.terms}\n增加一次专家评审。", amount="42000.00", later=10)
        contract = services.agree_amendment(amendment_id=first.pk, by=w.as_buyer)
        proposal(w, contract, later=5)
        end = {"contract_id": contract.pk, "reason": "项目取消，不再需要这项服务。", "liable": "buyer"}
        asked = services.propose_termination(side="supplier", by=w.as_agency, **end)
        services.dispute_termination(
            termination_id=asked.pk, reason="项目仍在推进，请继续履行。", liable="neither", by=w.as_buyer
        )
        end = {"contract_id": to_file.pk, "reason": "调查范围取消。", "liable": "neither"}
        services.propose_termination(side="supplier", by=department.as_agency, **end)
    page = f"/contracts/{contract.pk}/"
    return {
        w.bea: [page, page, page, page, f"{page}versions/2/", f"{page}terminate/"],
        department.bea: [f"/contracts/{to_file.pk}/", f"/contracts/{to_file.pk}/amend/"],
        w.ana: [f"{page}terminate/", page],
    }


def test_a_contract_s_changes_and_end_fit_every_window(visits, browser_page):
    assert troubles(browser_page, visits) == []
