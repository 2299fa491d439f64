"""Changes as pages show them: what a proposal would alter, who may answer it, and which versions there were."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from contracts.models import Amendment, AmendmentAnswer, Contract
from contracts.services.amending import waiting
from core import rulesets
from core.models import Paper
from core.templatetags.ui import money

OUTCOMES: dict[str, str] = {
    AmendmentAnswer.Outcome.AGREED: "good",
    AmendmentAnswer.Outcome.RETURNED: "bad",
    AmendmentAnswer.Outcome.WITHDRAWN: "ended",
}


@dataclass(frozen=True)
class Difference:
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """A proposal with what it alters; `answer` None while it waits."""

    amendment: Amendment
    differences: list[Difference]
    terms_changed: bool
    answer: AmendmentAnswer | None
    label: str | Promise
    kind: str


@dataclass(frozen=True)
class Version:
    number: int
    paper: Paper | None
    since: datetime | None
    until: datetime | None


def told(contract: Contract, side: str | None) -> dict[str, Any]:
    """The changes of a contract as one side (None: a supervisor) sees them."""
    rows = list(contract.amendments.all())
    open_ = waiting(contract)
    runs = bool(contract.signed_at) and not (contract.completed_at or contract.terminated_at)
    return {
        "waiting": _told(open_) if open_ else None,
        "may_answer": open_ is not None and side is not None and side != open_.proposed_by,
        "may_withdraw": open_ is not None and side == open_.proposed_by,
        "may_propose": runs and side is not None and open_ is None,
        "past": [_told(row) for row in reversed(rows) if hasattr(row, "answer")],
        "versions": versions(contract),
        "percent": f"{Decimal(rulesets.current('changes')['price_share']) * 100:.0f}",
    }


def versions(contract: Contract) -> list[Version]:
    """Every version that was in force, the newest first; one that was never amended has one."""
    agreed = [row for row in contract.amendments.all() if _outcome(row) == AmendmentAnswer.Outcome.AGREED]
    since = [contract.signed_at, *[row.answer.at for row in agreed]]
    papers = [*[row.replaces for row in agreed], contract.paper]
    first = contract.version - len(agreed)
    found = [
        Version(first + place, paper, began, until)
        for place, (paper, began, until) in enumerate(zip(papers, since, [*since[1:], None], strict=True))
    ]
    return found[::-1] if contract.signed_at else []


def _outcome(row: Amendment) -> str:
    return row.answer.outcome if hasattr(row, "answer") else ""


def _told(row: Amendment) -> Told:
    answer: AmendmentAnswer | None = getattr(row, "answer", None)
    label, kind = (answer.get_outcome_display(), OUTCOMES[answer.outcome]) if answer else (_("待答复"), "now")
    terms_changed = row.replaces is not None and row.replaces.data["terms"].strip() != row.terms
    return Told(row, _differences(row), terms_changed, answer, label, kind)


def _differences(row: Amendment) -> list[Difference]:
    found = []
    for new in row.stages:
        name, old = new["title"], new["before"]
        if old["title"] != name:
            found.append(Difference(_("阶段名称"), old["title"], name))
        if Decimal(old["amount"]) != Decimal(new["amount"]):
            found.append(
                Difference(_("“{title}”的金额").format(title=name), _yuan(old["amount"]), _yuan(new["amount"]))
            )
        if old["due"] != new["due"]:
            found.append(Difference(_("“{title}”的最迟日期").format(title=name), old["due"], new["due"]))
    was = sum((Decimal(one["before"]["amount"]) for one in row.stages), Decimal(0))
    if was != row.amount.amount:
        found.append(Difference(_("合同金额"), money(was), money(row.amount)))
    return found


def _yuan(amount: str) -> str:
    return money(Decimal(amount))


def day(text: str) -> date | None:
    """A day as a date field sends it, or None."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
