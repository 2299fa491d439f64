"""Reading contracts, their milestones and what waits for an answer."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from bidding import selectors as bidding
from contracts.models import Amendment, AmendmentAnswer, Contract, Deliverable, Milestone, Termination
from contracts.rules.lifecycle import Dates, State, Step, contract_state, milestone_step
from core import rulesets, workdays


def contract(contract_id: int) -> Contract:
    """A contract with its parties, need and milestones. Raises Contract.DoesNotExist."""
    return _whole().get(pk=contract_id)


def every() -> QuerySet[Contract]:
    """All contracts, newest first: for supervisors."""
    return _whole()


def contracts_of(org_id: int | None) -> QuerySet[Contract]:
    """The contracts an organisation is a party to, newest first."""
    return _whole().filter(Q(buyer_id=org_id) | Q(supplier_id=org_id))


def contract_of_award(award_id: int) -> Contract | None:
    return _whole().filter(award_id=award_id).first()


def by_number(number: str) -> Contract | None:
    """The contract with this number, as its paper says it."""
    return _whole().filter(number=number).first()


def has_result(contract: Contract) -> bool:
    """Has the buyer accepted anything the agency delivered?"""
    return contract.milestones.exclude(accepted_at=None).exists()


def milestone(milestone_id: int) -> Milestone:
    return Milestone.objects.select_related("contract").get(pk=milestone_id)


def deliverable(deliverable_id: int) -> Deliverable:
    return Deliverable.objects.select_related("milestone__contract", "file").get(pk=deliverable_id)


def returns_up_to(deliverable: Deliverable) -> int:
    """The how-manyth returned result of its contract this one is, 1 for the first."""
    returned = Deliverable.objects.filter(milestone__contract_id=deliverable.milestone.contract_id)
    return returned.filter(returned_at__lte=deliverable.returned_at).count()


def state(contract: Contract) -> State:
    return contract_state(
        Dates(
            contract.buyer_confirmed_at,
            contract.supplier_confirmed_at,
            contract.signed_at,
            contract.completed_at,
            contract.terminated_at,
        )
    )


def step(milestone: Milestone) -> Step:
    submissions = list(milestone.deliverables.all())
    returns = sum(1 for one in submissions if one.returned_at)
    return milestone_step(accepted=milestone.accepted_at is not None, submissions=len(submissions), returns=returns)


def waiting_deliverable(milestone: Milestone) -> Deliverable | None:
    """The submission the buyer has to answer, if there is one."""
    open_ = (one for one in milestone.deliverables.all() if not one.accepted_at and not one.returned_at)
    return next(open_, None)


def silent_awards(now: datetime) -> dict[int, datetime]:
    """Awards nobody answered in time, nor in the grace after it: id and the moment the limit ended."""
    grace, calendar = workdays.Limit.of(rulesets.current("contracts")["silence_grace"]), workdays.load()
    pending = bidding.unanswered_awards(now).order_by("confirm_by").values_list("pk", "confirm_by")
    return {pk: by for pk, by in pending if grace.end(by, calendar) <= now}


def unanswered(now: datetime) -> list[int]:
    """Results of enterprise contracts whose buyer did not answer in time."""
    due = Deliverable.objects.filter(accepted_at=None, returned_at=None, answer_by__lte=now)
    due = due.filter(milestone__contract__terminated_at=None).exclude(milestone__contract__buyer__kind="department")
    return list(due.order_by("answer_by").values_list("pk", flat=True))


def ready_to_sign(now: datetime) -> list[int]:
    """Contracts both sides confirmed whose award's publicity is over."""
    confirmed = Contract.objects.filter(buyer_confirmed_at__isnull=False, supplier_confirmed_at__isnull=False)
    ready = confirmed.filter(signed_at=None, terminated_at=None, award__publicity_ends_at__lte=now)
    return list(ready.values_list("pk", flat=True))


def silent_terminations(now: datetime) -> list[int]:
    """Proposed ends of contracts that run on, unanswered past the limit."""
    rows = Termination.objects.filter(answer=None, answer_by__lte=now)
    rows = rows.filter(contract__completed_at=None, contract__terminated_at=None)
    return list(rows.order_by("answer_by").values_list("pk", flat=True))


def _whole() -> QuerySet[Contract]:
    submissions = Deliverable.objects.select_related("file")
    milestones = Milestone.objects.prefetch_related(Prefetch("deliverables", submissions))
    parties = (
        "buyer",
        "supplier__organisation",
        "award__need__item",
        "award__competition",
        "award__paper",
        "paper",
        "filing",
    )
    amendments = Amendment.objects.select_related("answer", "replaces")
    return Contract.objects.select_related(*parties).prefetch_related(
        Prefetch("milestones", milestones),
        Prefetch("amendments", amendments),
        Prefetch("terminations", Termination.objects.select_related("answer")),
    )


def versions_of_needs(need_ids: Collection[int]) -> dict[int, int]:
    """Need -> how many versions its signed contract has had: one, and one more for each change both agreed on."""
    agreed = Count("amendments", filter=Q(amendments__answer__outcome=AmendmentAnswer.Outcome.AGREED))
    rows = Contract.objects.filter(award__need__in=need_ids, signed_at__isnull=False).annotate(agreed=agreed)
    return {need: agreed + 1 for need, agreed in rows.order_by().values_list("award__need_id", "agreed")}


def running_of(agency_id: int) -> QuerySet[Contract]:
    """Contracts an agency still has to see through."""
    return _whole().filter(supplier_id=agency_id, completed_at=None, terminated_at=None)


def kept_since(since: datetime) -> dict[int, tuple[int, int]]:
    """Agency -> contracts completed since, and how many of them whose results all first came in time."""
    first_late = Deliverable.objects.filter(
        milestone__contract=OuterRef("pk"), submitted_at__gt=F("milestone__due_at")
    ).filter(~Exists(Deliverable.objects.filter(milestone=OuterRef("milestone"), pk__lt=OuterRef("pk"))))
    rows = Contract.objects.filter(completed_at__gte=since).annotate(late=Exists(first_late))
    counted = rows.order_by().values("supplier").annotate(done=Count("pk"), kept=Count("pk", filter=Q(late=False)))
    return {row["supplier"]: (row["done"], row["kept"]) for row in counted}
