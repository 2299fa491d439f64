"""An appeal that waits to be answered, an objection that waits for its decision, and a result used in an approval."""

from typing import Any

from contracts.models import Contract
from core import files, jobs
from core.audit import By
from ratings import selectors, services
from ratings.models import ApprovalUse, CreditEvent, Rating

GROUNDS = "评价所说的情况与往来函件不符，请核实。"


def sent_back(number: str, approval: str, by: By) -> ApprovalUse:
    return services.use_in_approval(
        contract_number=number,
        approval_number=approval,
        outcome="rejected",
        reasons="监测数据与现场不符，结论不能成立。",
        legal_basis="环境影响评价法第三十二条",
        by=by,
    )


def settle(city: Any) -> None:
    """After the ratings of the city were revealed, while one may still appeal."""
    supplier, owner = city.actors["supplier"], city.actors["enterprise"]
    back = Rating.objects.get(window__contract=city.ids["rated"], side="supplier")
    rows = CreditEvent.objects.filter(agency_id=city.ids["supplier"])
    with city.ago(hours=2):
        proof = files.keep(b"%PDF-1.7", name="函件.pdf", media_type="application/pdf")
        appeal = services.appeal(rating_id=back.pk, grounds=GROUNDS, evidence=proof, by=owner.by)
        objected = rows.filter(kind="milestone_on_time").order_by("pk").first()
        objection = services.object_to(event_id=objected.pk, grounds=GROUNDS, by=supplier.by)
        number = Contract.objects.get(pk=city.ids["rated"]).number
        by = city.actors["department"].by
        use = services.use_in_approval(
            contract_number=number, approval_number="廊审〔2026〕7号", outcome="accepted", by=by
        )
        report = sent_back(number, "廊审〔2026〕17号", by)
        heard = sent_back(Contract.objects.get(pk=city.ids["completed"]).number, "廊审〔2026〕18号", by)
        services.answer_report(
            use_id=heard.pk, text="监测数据由委托方提供，我方已书面提示。", evidence=proof, by=supplier.by
        )
        jobs.drain()
    free = rows.filter(kind="contract_completed").order_by("pk").first()
    city.ids |= {"appeal": appeal.pk, "objection": objection.pk, "use": use.pk, "event": free.pk}
    city.ids |= {"report": report.pk, "heard_report": heard.pk}
    city.ids["rated_number"] = number
    assert selectors.appeals().count() == 2
