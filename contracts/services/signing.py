"""Signing: both confirmed and the award's publicity over. Due dates, the paper and the public summary follow."""

from datetime import datetime, timedelta

from django.db import transaction

from bidding.models import Award
from contracts.events import ContractSigned
from contracts.models import Contract, Milestone
from contracts.services.filing import file_by
from contracts.services.parties import locked, stream
from core import clock, outbox, papers, workdays
from core.audit import SYSTEM, record
from core.models import Paper
from core.workdays import LOCAL
from marketplace import services as marketplace
from marketplace.selectors import held


@transaction.atomic
def sign_if_ready(contract_id: int) -> bool:
    """Sign a contract that nothing holds up any more; says whether it did. Safe to call again."""
    contract = locked(contract_id)
    now = clock.now()
    ready = contract.buyer_confirmed_at and contract.supplier_confirmed_at and not contract.signed_at
    if not ready or contract.terminated_at or now < contract.award.publicity_ends_at:
        return False
    if contract.award.outcome in Award.OVER or held(contract.award.need_id):
        return False
    milestones = _set_due_dates(contract, now)
    contract.signed_at = now
    contract.file_by = file_by(contract, now)
    contract.paper = paper_of(contract, milestones)
    contract.save()
    record(stream=stream(contract), action="signed", by=SYSTEM, data={"version": contract.version})
    _announce(contract, milestones)
    return True


def _set_due_dates(contract: Contract, now: datetime) -> list[Milestone]:
    calendar = workdays.load()
    milestones = list(contract.milestones.all())
    for milestone in milestones:
        milestone.due_at = calendar.deadline(now, milestone.days)
    Milestone.objects.bulk_update(milestones, ["due_at"])
    return milestones


def paper_of(contract: Contract, milestones: list[Milestone]) -> Paper:
    """The paper of the version as it stands now; those of earlier versions stay."""
    need = contract.award.need
    return papers.issue(
        prefix="HTZ",
        kind="contract",
        title="中介服务合同",
        page=f"/contracts/{contract.pk}/",
        public=False,
        data={
            "contract": contract.number,
            "version": contract.version,
            "need": need.title,
            "need_number": need.number,
            "award": contract.award.paper.number if contract.award.paper else "",
            "buyer": _party(contract, "buyer"),
            "supplier": _party(contract, "supplier"),
            "amount": str(contract.amount.amount),
            "terms": contract.terms,
            "signed_at": _local(contract.signed_at or clock.now()),
            "milestones": [
                {"title": m.title, "amount": str(m.amount.amount), "days": m.days, "due": _last_day(m.due_at)}
                for m in milestones
            ],
        },
    )


def _party(contract: Contract, side: str) -> dict[str, str]:
    organisation = contract.buyer if side == "buyer" else contract.supplier.organisation
    confirmed = contract.buyer_confirmed_at if side == "buyer" else contract.supplier_confirmed_at
    return {
        "name": organisation.name,
        "credit_code": organisation.credit_code,
        "contact": f"{organisation.contact_name} {organisation.contact_phone}",
        "confirmed_at": _local(confirmed) if confirmed else "",
    }


def _announce(contract: Contract, milestones: list[Milestone]) -> None:
    need = contract.award.need
    _publish(contract, milestones, f"合同公告：{need.title}")
    marketplace.mark_contracted(need_id=need.pk)
    outbox.emit(ContractSigned(contract.pk, need.pk))


def announce_change(contract: Contract, milestones: list[Milestone]) -> None:
    """What was published at the signature, as it is now."""
    _publish(contract, milestones, f"合同变更公告（第 {contract.version} 版）：{contract.award.need.title}")


def announce_end(contract: Contract) -> None:
    """The public word that a contract was ended before its work was done; why stays between the two."""
    marketplace.publish_notice(
        need_id=contract.award.need_id,
        kind="contract",
        title=f"合同解除公告：{contract.award.need.title}"[:200],
        data={
            "contract": contract.number,
            "buyer": contract.buyer.name,
            "supplier": contract.supplier.organisation.name,
            "terminated_at": _local(contract.terminated_at or clock.now()),
        },
    )


def _publish(contract: Contract, milestones: list[Milestone], title: str) -> None:
    """The public summary: who, what, how much, by when. The terms stay between the parties."""
    last = max(m.due_at for m in milestones if m.due_at)
    marketplace.publish_notice(
        need_id=contract.award.need_id,
        kind="contract",
        title=title[:200],
        data={
            "contract": contract.number,
            "buyer": contract.buyer.name,
            "supplier": contract.supplier.organisation.name,
            "amount": str(contract.amount.amount),
            "milestones": len(milestones),
            "version": contract.version,
            "signed_at": _local(contract.signed_at or clock.now()),
            "due": _last_day(last),
        },
    )


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"


def _last_day(moment: datetime | None) -> str:
    """A limit that ends at midnight, as the day it ends with."""
    return f"{(moment - timedelta(microseconds=1)).astimezone(LOCAL):%Y-%m-%d}" if moment else ""
