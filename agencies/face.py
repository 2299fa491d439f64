"""The agency's page as the public sees it, and what its own people see beside it: one source for both."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies import selectors
from agencies.models import Agency, Qualification, ServiceOffered
from agencies.rules import completeness, standing
from agencies.rules.validity import Validity, validity
from core import clock

LABELS = {
    Validity.FUTURE: (_("未生效"), "neutral"),
    Validity.VALID: (_("有效期内"), "good"),
    Validity.EXPIRING: (_("即将到期"), "now"),
    Validity.LAPSED: (_("已过期"), "ended"),
}
# Where an account stands: words and shape.
STANDING = {
    "registered": (_("已登记，待核验"), "neutral"),
    "verified": (_("已核验"), "good"),
    "correction": (_("待补正"), "now"),
    "frozen": (_("逾期未补正，新业务冻结"), "bad"),
    "warned": (_("已提醒"), "now"),
    "suspended": (_("已暂停"), "bad"),
    "restricted": (_("受限"), "bad"),
    "removed": (_("已清退"), "bad"),
    "exiting": (_("退出中"), "now"),
    "exited": (_("已退出"), "ended"),
}
STEPS = {
    "services": (_("添加提供的服务"), "portal:my_services"),
    "licences": (_("上传服务要求的资质"), "agencies:edit_qualifications"),
    "introduction": (_("写一段机构简介"), "agencies:edit_profile"),
    "address": (_("填写办公地址"), "agencies:edit_profile"),
    "qualifications": (_("拖放资质证书"), "agencies:edit_qualifications"),
    "scans": (_("补全已上传的扫描件"), "agencies:edit_qualifications"),
    "practitioners": (_("添加执业人员"), "agencies:edit_practitioners"),
}


def public(agency: Agency) -> dict[str, Any]:
    """Context of the public page."""
    papers = with_validity(selectors.qualifications(agency.pk))
    restrictions = list(selectors.restrictions(agency.pk))
    label, kind = account_state(agency, [limit.kind for limit in restrictions])
    publicity = selectors.publicity(agency)
    held = {paper.kind for paper in papers if paper.validity in {Validity.VALID, Validity.EXPIRING}}  # type: ignore[attr-defined]
    return {
        "agency": agency,
        "organisation": agency.organisation,
        "services": with_licence(selectors.services(agency.pk), held),
        "qualifications": papers,
        "practitioners": list(selectors.practitioners(agency.pk)),
        "restrictions": restrictions,
        "state_label": label,
        "state_kind": kind,
        "publicity": publicity,
        "publicity_runs": publicity is not None and publicity.runs(clock.now()),
    }


def account_state(agency: Agency, restrictions: Collection[str]) -> tuple[Any, str]:
    """Words and shape of where the account stands, given the kinds of restrictions in force."""
    return STANDING[standing.state(agency, restrictions)]


def own(agency: Agency) -> dict[str, Any]:
    """The public face, with what is still missing from it."""
    face = public(agency)
    waiting = list(selectors.waiting_scans(agency.pk))
    steps = completeness.steps(
        completeness.Face(
            introduction=agency.introduction,
            address=agency.address,
            services=len(face["services"]),
            required_licences=frozenset(offer.licence_kind for offer in face["services"] if offer.licence_kind),
            held_licences=frozenset(offer.licence_kind for offer in face["services"] if offer.licensed),
            qualifications=len(face["qualifications"]),
            waiting_scans=len(waiting),
            practitioners=len(face["practitioners"]),
        )
    )
    missing = [(*STEPS[step.name], step.missing) for step in steps if not step.done]
    return {**face, "waiting": waiting, "missing": missing, "complete": completeness.share(steps)}


def with_validity(papers: Any) -> list[Qualification]:
    """Certificates with `.validity`, `.validity_label` and `.validity_kind` as of today."""
    day, notice = selectors.local_day(), selectors.expiry_notice_days()
    rows = list(papers)
    for row in rows:
        row.validity = validity(row, day, notice_days=notice)
        row.validity_label, row.validity_kind = LABELS[row.validity]
    return rows


def with_licence(offers: Any, held: set[str]) -> list[ServiceOffered]:
    """Services with `.licensed`: may the agency enter with it today, as far as a licence is required?"""
    rows = list(offers)
    for row in rows:
        row.licensed = not row.licence_kind or row.licence_kind in held
    return rows
