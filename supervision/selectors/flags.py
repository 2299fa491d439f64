"""Red flags as reviewers read them: hits with their newest verdict, and how often each rule was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from accounts import selectors as accounts
from accounts.models import Organisation
from core import rulesets
from core.rulesets import Rules
from core.workdays import LOCAL
from supervision import words
from supervision.flags import BY_CODE, RULES
from supervision.flags.base import Rule
from supervision.models import Case, FlagHit, FlagVerdict

OPEN = "open"  # what waits for a verdict


@dataclass(frozen=True)
class Standing:
    """A rule with its parameters and what became of its hits."""

    rule: Rule
    parameters: dict[str, object]
    runs: bool
    hits: int
    judged: int
    confirmed: int

    @property
    def rate(self) -> int | None:
        """Percent of the judged hits that were confirmed; None while nobody has judged one."""
        return round(100 * self.confirmed / self.judged) if self.judged else None


def hits(*, rule: str = "", state: str = OPEN) -> QuerySet[FlagHit]:
    """`state`: "open", a verdict, or "" for all. Newest first; `verdict` is the newest, or None."""
    newest = FlagVerdict.objects.filter(hit=OuterRef("pk")).order_by("-at", "-pk").values("verdict")[:1]
    rows = FlagHit.objects.select_related("about").annotate(verdict=Subquery(newest))
    if rule:
        rows = rows.filter(rule=rule)
    if state == OPEN:
        return rows.filter(verdict=None)
    return rows.filter(verdict=state) if state else rows


def hit(pk: int) -> FlagHit:
    """Raises FlagHit.DoesNotExist."""
    return FlagHit.objects.select_related("about").get(pk=pk)


def sentence(row: FlagHit) -> str:
    """What the rule says about this hit, in the reader's language; of a rule that is gone, its code."""
    rule = BY_CODE.get(row.rule)
    return str(rule.says).format(**words.evidence(row.evidence)) if rule else row.rule


def concerned(row: FlagHit) -> Sequence[Organisation]:
    """All it concerns, in the order the rule named them."""
    found = accounts.organisations(row.organisations)
    return [found[key] for key in row.organisations if key in found]


def earlier(row: FlagHit) -> QuerySet[FlagHit]:
    """The rounds in which the same matter was raised and judged before, newest first."""
    before = FlagHit.objects.filter(rule=row.rule, key=row.key, round__lt=row.round)
    return before.order_by("-round").prefetch_related("verdicts")


def cases_of(row: FlagHit) -> QuerySet[Case]:
    """What has become of it: the cases it was opened into."""
    found = Case.objects.filter(origin_kind=Case.Origin.FLAG, origin_reference=f"flag:{row.pk}")
    return found.select_related("subject").order_by("pk")


def waiting() -> int:
    return hits().count()


def _runs(rule: Rule, rules: Rules, today: date) -> bool:
    """Between its dates, and with parameters: a version from before there was this rule says nothing about it."""
    return rule.runs(today) and rule.code in rules.parameters


def standings(now: datetime) -> tuple[Rules, list[Standing]]:
    """Every rule of the registry with its parameters of today and its record so far."""
    rules, today = rulesets.current("flags", now), now.astimezone(LOCAL).date()
    counts = {
        row["rule"]: row
        for row in hits(state="")
        .order_by()
        .values("rule")
        .annotate(
            all=Count("pk"), judged=Count("pk", filter=~Q(verdict=None)), yes=Count("pk", filter=Q(verdict="confirmed"))
        )
    }
    nothing = {"all": 0, "judged": 0, "yes": 0}
    return rules, [
        Standing(
            rule,
            rules.parameters.get(rule.code, {}),
            _runs(rule, rules, today),
            found["all"],
            found["judged"],
            found["yes"],
        )
        for rule in RULES
        for found in [counts.get(rule.code, nothing)]
    ]
