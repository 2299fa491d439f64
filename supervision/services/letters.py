"""The papers of supervision: written in the transaction of the step they tell of, in the words the page shows.

A paper never says who complained: it is made of what the addressee or the public reads on the page, nothing else.
Each kind of matter has a series of numbers of its own, so that two matters never wait for each other's.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import override

from core import papers, rulesets
from core.workdays import LOCAL
from supervision import words
from supervision.models import (
    Case,
    CaseEvent,
    Complaint,
    ComplaintEvent,
    Inspection,
    InspectionEvent,
    Letter,
    Listing,
    ListingEvent,
    Repair,
    RepairEvent,
)
from supervision.rules import cases
from supervision.rules.discretion import scale

DOOR = "/complaints/"
TITLES = {
    "receipt": "投诉回执",
    "noticed": "拟作处理告知书",
    "published": "处理决定书",
    "review_decided": "复核决定书",
    "listing_noticed": "拟列入平台黑名单告知书",
    "listed": "列入平台黑名单决定书",
    "delisted": "移出平台黑名单通知书",
    "granted": "信用修复决定书",
    "refused": "不予信用修复决定书",
    "notify": "检查通知书",
    "publish": "检查结果通知书",
}
OUTCOMES = {"upheld": "维持原决定", "changed": "变更原决定", "revoked": "撤销原决定"}


def of_complaint(complaint: Complaint, event: ComplaintEvent) -> None:
    """A receipt for whoever complained. It names nobody, and the code that opens the page is not on it."""
    if event.kind != "filed":
        return
    with override(papers.LANGUAGE):
        about = str(complaint.get_about_display())
    data = {
        "complaint": complaint.number,
        "about": about,
        "subject": complaint.title,
        "filed_at": day(event.at, exact=True),
        "accept_by": day(event.until),
        "rules": complaint.rules_ref,
    }
    _write(f"complaint:{complaint.pk}", event.kind, None, ("TSW", "complaint", TITLES["receipt"], DOOR), data)


def of_case(case: Case, event: CaseEvent) -> None:
    """The notice to the respondent; the decision and what a review made of it, for everybody."""
    if event.kind not in ("noticed", "published", "review_decided"):
        return
    public = event.kind != "noticed"
    page = case.public_path if public else f"/cases/{case.number}/"
    paper = ("CFW", "decision" if public else "measure", TITLES[event.kind], page)
    _write(f"case:{case.pk}", event.kind, case.subject_id, paper, _case_data(case, event), public=public)


def _case_data(case: Case, event: CaseEvent) -> dict[str, Any]:
    ground = scale(rulesets.by_ref(case.rules_ref).parameters)[case.ground]
    decided = case.events.filter(kind="decided").order_by("seq").last()
    told = decided if event.kind == "published" and decided else event
    defence = cases.defence(case.events.order_by("seq").values_list("kind", flat=True))
    with override(papers.LANGUAGE):
        named = str(words.ground(case.ground))
        measure = str(Case.Measure(told.data["measure"]).label) if told.data.get("measure") else ""
    return {
        "kind": event.kind,
        "to": case.subject.name,
        "code": case.subject.credit_code,
        "case": case.number,
        "ground": named,
        "basis": ground.basis,
        "facts": event.text if event.kind == "published" else case.facts if event.kind == "noticed" else "",
        "reasons": told.text,
        "measure": measure,
        "days": str(told.data.get("days") or ""),
        "points": str(told.data.get("points") or "0"),
        "outcome": OUTCOMES.get(str(event.data.get("outcome")), ""),
        "heard": defence == "defended",
        "waived": defence == "waived",
        "body": told.by_org.name if told.by_org else "",
        "until": day(event.until),
        "rules": case.rules_ref,
    }


def of_listing(listing: Listing, event: ListingEvent) -> None:
    """The notice to the agency, and the listing for everybody."""
    if event.kind not in ("noticed", "listed"):
        return
    public = event.kind == "listed"
    page = listing.public_path if public else f"/agency/listings/{listing.number}/"
    title = TITLES["listed" if public else "listing_noticed"]
    data = _listing_data(listing) | {
        "kind": event.kind,
        "reasons": event.text,
        "until": day(event.until),
        "ends_at": event.data.get("ends_at", "")[:10],
    }
    paper = ("BLW", "listing", title, page)
    _write(f"listing:{listing.pk}", event.kind, listing.subject_id, paper, data, public=public)


def delisted(listing: Listing, reason: str) -> None:
    """Off the list, told where the listing was."""
    data = _listing_data(listing) | {"kind": "delisted", "reasons": reason, "until": "", "ends_at": ""}
    paper = ("BLW", "listing", TITLES["delisted"], listing.public_path)
    _write(f"listing:{listing.pk}", "delisted", listing.subject_id, paper, data, public=True)


def _listing_data(listing: Listing) -> dict[str, Any]:
    return {
        "to": listing.subject.name,
        "code": listing.subject.credit_code,
        "listing": listing.number,
        "case": listing.case.number,
        "ground": listing.ground,
        "authority": listing.authority,
        "basis": listing.legal_basis,
        "months": str(listing.months),
        "rules": listing.rules_ref,
    }


def of_repair(repair: Repair, event: RepairEvent, about: str) -> None:
    """Granted for everybody, refused for the agency. `about`: the measure or listing in words."""
    if event.kind not in ("granted", "refused"):
        return
    public = event.kind == "granted"
    organisation = repair.agency.organisation
    data = {
        "kind": event.kind,
        "to": organisation.name,
        "code": organisation.credit_code,
        "repair": repair.number,
        "about": about,
        "severity": repair.severity,
        "applied_at": day(repair.applied_at),
        "reasons": event.text,
        "body": event.by_org.name if event.by_org else "",
        "rules": repair.rules_ref,
    }
    page = repair.public_path if public else f"/agency/repairs/{repair.number}/"
    paper = ("XFW", "repair", TITLES[event.kind], page)
    _write(f"repair:{repair.pk}", event.kind, repair.agency_id, paper, data, public=public)


def of_inspection(row: Inspection, event: InspectionEvent) -> None:
    """The notice to the agency, and the published result for everybody."""
    step = "publish" if event.kind == "publish_fix" else event.kind
    if step not in ("notify", "publish"):
        return
    public = step == "publish"
    with override(papers.LANGUAGE):
        outcome = str(row.get_outcome_display()) if public else ""
    data = {
        "kind": step,
        "to": row.subject.name,
        "code": row.subject.credit_code,
        "inspection": row.number,
        "plan": row.plan.title,
        "body": row.plan.body.name,
        "basis": row.plan.basis,
        "points": list(row.plan.standard),
        "words": row.summary if public else event.text,
        "visit_at": day(row.visit_at, exact=True),
        "outcome": outcome,
        "fix_by": day(row.due_at) if event.kind == "publish_fix" else "",
        "rules": row.rules_ref,
    }
    paper = ("JCW", "inspection", TITLES[step], row.get_absolute_url())
    _write(f"inspection:{row.pk}", step, row.subject_id, paper, data, public=public)


def _write(
    matter: str,
    step: str,
    addressee: int | None,
    paper: tuple[str, str, str, str],
    data: dict[str, Any],
    *,
    public: bool = False,
) -> None:
    """`paper`: series, template, title and page."""
    prefix, kind, title, page = paper
    made = papers.issue(prefix=prefix, kind=kind, title=title, page=page, data=data, public=public)
    Letter.objects.create(paper=made, matter=matter, step=step, addressee_id=addressee)


def day(moment: datetime | None, *, exact: bool = False) -> str:
    return f"{moment.astimezone(LOCAL):{'%Y-%m-%d %H:%M' if exact else '%Y-%m-%d'}}" if moment else ""
