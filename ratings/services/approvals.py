"""A result used in an approval is written down by whoever used it, and rated by a regulator within the limit."""

from decimal import Decimal

from django.db import transaction

from accounts import selectors as accounts
from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from contracts import selectors as contracts
from core import clock, outbox, rulesets, workdays
from core.audit import By, record
from ratings import errors
from ratings.events import RegulatorRated, ResultUsed
from ratings.models import ApprovalUse, RegulatorRating
from ratings.rules.points import average, rating_points
from ratings.services.credit import record_credit

LEAST = 10
USERS = (Organisation.Kind.DEPARTMENT, Organisation.Kind.REGULATOR)


@transaction.atomic
def use_in_approval(
    *, contract_number: str, approval_number: str, outcome: str, by: By, reasons: str = "", legal_basis: str = ""
) -> ApprovalUse:
    """A department or regulator says in which approval it used the result, and whether it held.

    A result sent back for its quality costs what the rule set says; the agency may object to that row. Raises
    access.not_yours, approval.no_contract, .not_done, .twice, .grounds.
    """
    if by.user_id is None or by.org_id is None or accounts.organisation(by.org_id).kind not in USERS:
        raise NOT_YOURS()
    contract = contracts.by_number(contract_number.strip())
    if contract is None:
        raise errors.USE_NO_CONTRACT()
    if not contracts.has_result(contract):
        raise errors.USE_NOT_DONE()
    rejected = ApprovalUse.Outcome(outcome) == ApprovalUse.Outcome.REJECTED
    if rejected and (len(reasons.strip()) < LEAST or not legal_basis.strip()):
        raise errors.USE_GROUNDS()
    rules, now = rulesets.current("appeals"), clock.now()
    use, new = ApprovalUse.objects.get_or_create(
        contract=contract,
        approval_number=approval_number.strip()[:80],
        defaults={
            "outcome": outcome,
            "reasons": reasons.strip()[:1000],
            "legal_basis": legal_basis.strip()[:300],
            "by_user_id": by.user_id,
            "by_org_id": by.org_id,
            "used_at": now,
            "rate_by": workdays.Limit.of(rules["regulator_rating"]).end(now, workdays.load()),
            "rules_ref": rules.ref,
        },
    )
    if not new:
        raise errors.USE_TWICE()
    record(stream=f"contract:{contract.pk}", action="used_in_approval", by=by, data={"use": use.pk, "outcome": outcome})
    _into_file(use, "quality_rejected" if rejected else "approval_used", by)
    outbox.emit(ResultUsed(use.pk))
    return use


@transaction.atomic
def rate_result(*, use_id: int, quality: int, compliance: int, text: str, by: By) -> RegulatorRating:
    """A regulator's two marks of 1 to 5 with a text. It is a duty: late is late, and still to be done.

    Raises access.not_yours, approval.involved, .rated, rating.stars, appeal.reasons_short.
    """
    use = ApprovalUse.objects.select_for_update(of=("self",)).select_related("contract").get(pk=use_id)
    if by.user_id is None or by.org_id is None or accounts.organisation(by.org_id).kind != Organisation.Kind.REGULATOR:
        raise NOT_YOURS()
    if by.user_id == use.by_user_id or use.contract.side_of(by.org_id) or _belongs_to_a_side(use, by.user_id):
        raise errors.REGULATOR_INVOLVED()
    if RegulatorRating.objects.filter(use=use).exists():
        raise errors.REGULATOR_TWICE()
    if {quality, compliance} - set(range(1, 6)):
        raise errors.STARS(missing="")
    if len(text.strip()) < LEAST:
        raise errors.REASONS_SHORT(least=LEAST)
    rating = RegulatorRating.objects.create(
        use=use,
        quality=quality,
        compliance=compliance,
        text=text.strip()[:1000],
        by_user_id=by.user_id,
        by_org_id=by.org_id,
        rated_at=clock.now(),
    )
    record(stream=f"contract:{use.contract_id}", action="regulator_rated", by=by, data={"use": use.pk})
    mean = average([quality, compliance])
    points = rating_points(mean, rulesets.current("conduct").parameters)
    _into_file(use, "regulator_rating", by, points, average=str(mean))
    outbox.emit(RegulatorRated(use.pk))
    return rating


def _belongs_to_a_side(use: ApprovalUse, user_id: int) -> bool:
    sides = (use.contract.buyer_id, use.contract.supplier_id)
    return any(accounts.members(side).filter(user_id=user_id).exists() for side in sides)


def _into_file(use: ApprovalUse, kind: str, by: By, points: Decimal | None = None, **summary: str) -> None:
    need = use.contract.award.need
    record_credit(
        agency_id=use.contract.supplier_id,
        kind=kind,
        source=use.get_absolute_url(),
        source_key=f"{kind}:{use.pk}",
        summary={"need": need.title, "approval": use.approval_number, "reason": use.reasons, **summary},
        points=points,
        legal_basis=use.legal_basis,
        by=by,
    )
