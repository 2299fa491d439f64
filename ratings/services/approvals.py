"""A result used in an approval is written down by whoever used it, and rated by a regulator within the limit.

Sent back for its quality it is a report only: `ratings.services.quality` hears the agency and decides.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts import selectors as accounts
from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from contracts import selectors as contracts
from contracts.models import Contract
from core import clock, locks, outbox, rulesets, workdays
from core.audit import By, record
from core.rulesets import Rules
from ratings import errors, selectors
from ratings.events import QualityReported, RegulatorRated, ResultUsed
from ratings.models import ApprovalUse, RegulatorRating
from ratings.rules.points import average, rating_points
from ratings.services.credit import record_credit

LEAST = 10
USERS = (Organisation.Kind.DEPARTMENT, Organisation.Kind.REGULATOR)


@transaction.atomic
def use_in_approval(
    *,
    contract_number: str,
    approval_number: str,
    outcome: str,
    by: By,
    reasons: str = "",
    legal_basis: str = "",
    related: Collection[int] = (),
) -> ApprovalUse:
    """A department or regulator says in which approval it used the result, and whether it held.

    A result sent back for its quality is told to the agency and costs nothing until that was heard and confirmed.
    `related`: organisations the person is tied to by declaration. Raises access.not_yours, approval.no_contract,
    .not_done, .twice, .grounds, .not_approving, .own_contract, .elsewhere, .reported.
    """
    if by.user_id is None or by.org_id is None or accounts.organisation(by.org_id).kind not in USERS:
        raise NOT_YOURS()
    contract = contracts.by_number(contract_number.strip())
    if contract is None:
        raise errors.USE_NO_CONTRACT()
    if not contracts.has_result(contract):
        raise errors.USE_NOT_DONE()
    rejected = ApprovalUse.Outcome(outcome) == ApprovalUse.Outcome.REJECTED
    if rejected:
        _may_send_back(contract, approval_number.strip()[:80], by, related)
        if len(reasons.strip()) < LEAST or not legal_basis.strip():
            raise errors.USE_GROUNDS()
    use, new = ApprovalUse.objects.get_or_create(
        contract=contract,
        approval_number=approval_number.strip()[:80],
        defaults={
            "outcome": outcome,
            "reasons": reasons.strip()[:1000],
            "legal_basis": legal_basis.strip()[:300],
            "by_user_id": by.user_id,
            "by_org_id": by.org_id,
            **_times(rulesets.current("appeals"), clock.now(), reported=rejected),
        },
    )
    if not new:
        raise errors.USE_TWICE()
    _written(use, by)
    return use


def _may_send_back(contract: Contract, approval_number: str, by: By, related: Collection[int]) -> None:
    """Only the approving department, which neither bought nor delivered the result, and once for a contract."""
    organisation = accounts.organisation(by.org_id or 0)
    if organisation.kind != Organisation.Kind.DEPARTMENT:
        raise errors.USE_NOT_APPROVING()
    if selectors.tied(by, {contract.buyer_id, contract.supplier_id}, related):
        raise errors.USE_OWN()
    need = contract.award.need
    if not (need.region_id or "").startswith(organisation.region.reach) or not (need.item and need.item.approval_zh):
        raise errors.USE_ELSEWHERE()
    locks.alone(f"quality:{contract.pk}")
    if ApprovalUse.objects.filter(contract=contract, approval_number=approval_number).exists():
        raise errors.USE_TWICE()
    if selectors.standing_reports(contract.pk).exists():
        raise errors.USE_REPORTED()


def _times(rules: Rules, now: datetime, *, reported: bool) -> dict[str, datetime | str | None]:
    calendar = workdays.load()
    kept: dict[str, datetime | str | None] = {"used_at": now, "rules_ref": rules.ref}
    if not reported:
        return kept | {"rate_by": workdays.Limit.of(rules["regulator_rating"]).end(now, calendar)}
    heard_by = workdays.Limit.of(rules["quality_defence"]).end(now, calendar)
    decide_by = workdays.Limit.of(rules["quality_decide"]).end(heard_by, calendar)
    return kept | {"heard_by": heard_by, "decide_by": decide_by, "rate_by": decide_by}


def _written(use: ApprovalUse, by: By) -> None:
    facts = {"use": use.pk, "outcome": use.outcome}
    record(stream=f"contract:{use.contract_id}", action="used_in_approval", by=by, data=facts)
    if use.reported:
        outbox.emit(QualityReported(use.pk))
    else:
        _into_file(use, "approval_used", by)
        outbox.emit(ResultUsed(use.pk))


@transaction.atomic
def rate_result(
    *, use_id: int, quality: int, compliance: int, text: str, by: By, related: Collection[int] = ()
) -> RegulatorRating:
    """A regulator's two marks of 1 to 5 with a text. It is a duty: late is late, and still to be done.

    `related`: organisations the person is tied to by declaration. Raises access.not_yours, approval.involved, .rated,
    .judged, rating.stars, appeal.reasons_short.
    """
    use = ApprovalUse.objects.select_for_update(of=("self",)).select_related("contract").get(pk=use_id)
    if by.user_id is None or by.org_id is None or accounts.organisation(by.org_id).kind != Organisation.Kind.REGULATOR:
        raise NOT_YOURS()
    if by.user_id == use.by_user_id or selectors.tied(by, selectors.parties_of(use), related):
        raise errors.REGULATOR_INVOLVED()
    if use.reported:
        raise errors.RATED_BY_VERDICT()
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
