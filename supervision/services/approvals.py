"""Results used in approvals: what a person declared is looked up here, and whoever has something to do is told."""

from typing import Any

from django.utils.translation import gettext_noop as _

from core.audit import By
from ratings import selectors as ratings
from ratings import services
from ratings.models import ApprovalUse, QualityVerdict, RegulatorRating
from supervision.services.appeals import day, declared
from supervision.services.notices import tell

USED = _("成果用于审批（{number}），请在 {until} 前作出监管评价。")
NOTED = _("您的成果被登记用于审批 {number}，已写入诚信档案；有异议可以提出。")
REPORTED = _("审批部门在 {number} 中因质量退回了您的成果。请在 {until} 前陈述申辩；在决定以前不公开、不扣分。")
TO_DECIDE = _("审批部门在 {number} 中因质量退回一份成果，请在 {until} 前确认或撤销。")
DECIDED = {
    True: _("因质量退回（{number}）已作出决定：确认。"),
    False: _("因质量退回（{number}）已作出决定：撤销，不公开、不扣分。"),
}


def use_in_approval(*, by: By, **facts: Any) -> ApprovalUse:
    """What ratings.services.use_in_approval says, with the person's ties."""
    return services.use_in_approval(**facts, by=by, related=declared(by))


def rate(*, use_id: int, quality: int, compliance: int, text: str, by: By) -> RegulatorRating:
    """What ratings.services.rate_result says, with the person's ties."""
    ties = declared(by)
    return services.rate_result(use_id=use_id, quality=quality, compliance=compliance, text=text, by=by, related=ties)


def decide(*, use_id: int, confirmed: bool, reasons: str, by: By) -> QualityVerdict:
    """What ratings.services.decide_report says, with the person's ties."""
    return services.decide_report(use_id=use_id, confirmed=confirmed, reasons=reasons, by=by, related=declared(by))


def free(use: ApprovalUse, by: By) -> bool:
    """Has this person no part in the matter?"""
    return by.user_id != use.by_user_id and not ratings.tied(by, ratings.parties_of(use), declared(by))


def tell_used(use_id: int) -> None:
    use = ratings.use(use_id)
    path = use.get_absolute_url()
    tell(organisation_id=use.contract.supplier_id, sentence=NOTED, values={"number": use.approval_number}, path=path)
    rater = ratings.rater_of(use)
    if rater is not None:
        values = {"number": use.approval_number, "until": day(use.rate_by)}
        tell(organisation_id=rater, sentence=USED, values=values, path=path)


def tell_reported(use_id: int) -> None:
    """The agency may answer; whoever's clock runs has something to decide."""
    use = ratings.use(use_id)
    if use.heard_by is None or use.decide_by is None:
        return
    path, number = use.get_absolute_url(), use.approval_number
    values = {"number": number, "until": day(use.heard_by)}
    tell(organisation_id=use.contract.supplier_id, sentence=REPORTED, values=values, path=path)
    rater = ratings.rater_of(use)
    if rater is not None:
        values = {"number": number, "until": day(use.decide_by)}
        tell(organisation_id=rater, sentence=TO_DECIDE, values=values, path=path)


def tell_decided(use_id: int) -> None:
    use = ratings.use(use_id)
    for side in (use.contract.supplier_id, use.by_org_id):
        tell(
            organisation_id=side,
            sentence=DECIDED[use.verdict.confirmed],
            values={"number": use.approval_number},
            path=use.get_absolute_url(),
        )
