"""How enterprises of the demo pay: most into escrow when the contract is signed, some from bank to bank; and at the
end one contract of each kind that a visitor may look into: held, unpaid, disputed, a slip that waits for its answer.
"""

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership
from contracts import selectors as contracts
from contracts.models import Contract, Milestone
from contracts.services import money
from core import jobs
from core.audit import By
from core.errors import Refusal
from payments import gateway
from payments.models import Escrow
from payments.selectors import provider
from payments.services.escrow import disputes, events, opening, payouts
from portal.demo.pace import quickened
from portal.demo.pictures import slip

METHODS = ("card", "alipay", "wechat_pay")
DISPUTE = "送审稿缺少两处监测点位的数据，与合同约定的工作内容不符，请先补充。"
OFFER = "现场工作已全部完成，报告主体已交付；补测部分同意扣减。"


def pays_by_escrow(contract: Contract) -> bool:
    return contract.buyer.kind == "enterprise" and contract.pk % 2 == 0


def pay(contract: Contract, by: By) -> Escrow | None:
    """All of a signed contract into escrow, paid at once."""
    if not gateway.available() or gateway.real():
        return None
    receive(contract.supplier_id)
    escrow = money.fund(contract_id=contract.pk, milestone_id=None, by=by)
    funding = opening.pay(escrow_id=escrow.pk, by=by)
    if funding.session_id:
        gateway.desk().pay(funding.session_id, method=METHODS[contract.pk // 2 % len(METHODS)])
    bring()
    return escrow


def receive(agency_id: int) -> None:
    """The agency's account at the provider, opened and verified."""
    if provider.payout_account(agency_id):
        return
    payouts.onboarding(organisation_id=agency_id, by=_somebody(agency_id))
    account = provider.payout_account(agency_id)
    if account and account.account_id:
        gateway.desk().onboard(account.account_id)
        bring()


def bring() -> None:
    """The courier comes, and what he brings is worked out."""
    gateway.desk().deliver(events.receive)
    jobs.drain()


def scenes() -> None:
    """What a visitor may look into, on contracts still in service. Bea's come first."""
    if not gateway.available() or gateway.real() or not quickened():
        return
    rows = contracts.every().filter(completed_at=None, terminated_at=None, buyer__kind="enterprise")
    signed = [row for row in rows.exclude(signed_at=None) if money.standing(row).open_parts]
    signed.sort(key=lambda row: (not row.buyer.name.startswith("廊坊远景"), row.pk))
    for row, scene in zip(signed, (_held, _disputed, _slip_waits, _unpaid), strict=False):
        try:
            scene(row)
        except Refusal:
            continue
    bring()


def _held(row: Contract) -> None:
    pay(row, _somebody(row.buyer_id))


def _disputed(row: Contract) -> None:
    escrow = pay(row, _somebody(row.buyer_id))
    if escrow:
        disputes.stop(escrow_id=escrow.pk, reason=DISPUTE, by=_somebody(row.buyer_id))
        half = escrow.amount.split([1, 1])[0]
        disputes.propose(escrow_id=escrow.pk, to_supplier=half, reason=OFFER, by=_somebody(row.supplier_id))


def _slip_waits(row: Contract) -> None:
    first = next(one for one in row.milestones.all())
    report(first, row)


def report(milestone: Milestone, row: Contract) -> None:
    """Paid from bank to bank, with the slip."""
    upload: SimpleUploadedFile = slip(row.supplier.organisation.name, str(milestone.amount))
    by = _somebody(row.buyer_id)
    money.report_transfer(milestone_id=milestone.pk, slip=upload, note=row.number, by=by)


def _unpaid(row: Contract) -> None:
    by = _somebody(row.buyer_id)
    opening.pay(escrow_id=money.fund(contract_id=row.pk, milestone_id=None, by=by).pk, by=by)


def _somebody(organisation_id: int) -> By:
    """Whoever acts for an organisation first."""
    user = Membership.objects.filter(organisation_id=organisation_id).order_by("pk").values_list("user_id", flat=True)
    return By(user[0], organisation_id)
