"""A complaint about the enterprise's need, a case the supplier is heard in, and a decision on it that is published."""

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from core.audit import By
from supervision.models import Letter
from supervision.selectors import complaints as seen
from supervision.services import cases, complaints

if TYPE_CHECKING:
    from tests.site.city import City

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
WHY = "经核实，收费高于约定并且没有出具明细。"


def settle(city: "City") -> None:
    _complaint(city)
    with city.ago(days=2):
        city.ids["case"] = _noticed(city, "fee_complaint", "warning", 200).number
    with city.ago(days=2):
        _decided(city)


def _complaint(city: "City") -> None:
    by = city.actors["operator"].by
    with city.ago(days=2):
        receipt = complaints.file(
            matter=seen.matter(f"need:{city.ids['live_need']}"),
            statement="需求里的工期要求只有一家机构能做到，请核查。",
            hidden=True,
            contact={"name": "匿名", "phone": "", "email": ""},
            by=By(),
            uploads=[SimpleUploadedFile("截图.pdf", PDF, "application/pdf")],
        )
        complaints.accept(complaint_id=receipt.complaint.pk, by=by)
        complaints.notify(complaint_id=receipt.complaint.pk, summary="有人认为工期要求过短，请说明理由。", by=by)
    row = receipt.complaint.events.get(kind="filed").files.get()
    city.ids |= {"complaint": receipt.complaint.number, "complaint_proof": str(row.file_id)}


def _noticed(city: "City", ground: str, measure: str, days: int) -> cases.Case:
    by = city.actors["operator"].by
    case = cases.open_case(
        origin=cases.Origin("report", "report", "日常监管"),
        subject_id=city.ids["supplier"],
        ground=ground,
        facts=WHY,
        by=by,
    )
    return cases.give_notice(case_id=case.pk, measure=measure, days=days, reasons=WHY, by=by)


def _decided(city: "City") -> None:
    case = _noticed(city, "late_delivery", "reminder", 60)
    regulator = city.actors["regulator"].by
    cases.defend(
        case_id=case.pk,
        text="资料移交晚了三天，请从轻处理。",
        by=city.actors["supplier"].by,
        uploads=[SimpleUploadedFile("移交单.pdf", PDF, "application/pdf")],
    )
    cases.decide(case_id=case.pk, measure="reminder", days=60, reasons=WHY, by=regulator)
    cases.publish(case_id=case.pk, by=regulator)
    row = case.events.get(kind="defended").files.get()
    city.ids |= {"decided_case": case.number, "defence": str(row.file_id)}
    for letter in Letter.objects.filter(matter=f"case:{case.pk}").select_related("paper"):
        city.ids[f"letter_{letter.step}"] = letter.paper.number
