"""Red flags: run the rules, keep what they raise, and write down what a person makes of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.errors import NOT_YOURS
from bidding import selectors as bidding
from core import clock, rulesets
from core.audit import By, record
from core.rulesets import Rules
from core.workdays import LOCAL
from supervision.errors import flags as errors
from supervision.flags import BY_CODE, RULES
from supervision.flags.base import Hit, Judged, Record, Rule, raised
from supervision.models import Case, FlagHit, FlagVerdict, Turnout
from supervision.selectors import flags as seen
from supervision.selectors.market import market
from supervision.selectors.records import records
from supervision.services.cases import Origin, open_case
from supervision.services.process import officer, refuse_related

LEAST_REASONS = 10
ENOUGH = 500  # competitions read from their logs in one run


def look() -> int:
    """Read what closed since the last run and let every rule in force look at the window; returns the new hits."""
    note_turnouts()
    now, rules = clock.now(), rulesets.current("flags")
    seen = replace(market(now - timedelta(days=rules["window_days"])), records=_records(now, rules))
    today = now.astimezone(LOCAL).date()
    found = [
        (rule, place, hit)
        for rule in RULES
        if rule.runs(today) and rule.code in rules.parameters
        for place, hit in raised(rule, seen, rules[rule.code], _judged(rule.code))
    ]
    return sum(_keep(rule, place, hit, rules) for rule, place, hit in found)


def _records(now: datetime, rules: Rules) -> list[Record]:
    """Agencies near a limit that a rule in this version watches."""
    watched = [Decimal(one["below"]) for one in rules.parameters.values() if isinstance(one, dict) and "below" in one]
    within = timedelta(days=rules.parameters.get("third_complaint", {}).get("days", 0))
    return records(now, below=max(watched, default=Decimal(0)), within=within)


def _judged(code: str) -> dict[str, Judged]:
    """Matters of a rule that somebody has judged, by their key, with everything they were judged on."""
    said = FlagHit.objects.filter(Exists(FlagVerdict.objects.filter(hit=OuterRef("pk"))), rule=code)
    found: dict[str, Judged] = {}
    for row in said.order_by("key", "round").prefetch_related("needs"):
        before = found[row.key].needs if row.key in found else frozenset()
        needs = before | {need.pk for need in row.needs.all()}
        found[row.key] = Judged(row.round, needs, tuple(row.organisations))
    return found


def note_turnouts() -> int:
    """Who took part in competitions that closed, or went on after the close, since they were last read."""
    due = bidding.closed_beyond(dict(Turnout.objects.values_list("competition_id", "seq")))[:ENOUGH]
    for competition_id in due:
        seq, bidders = bidding.turnout(competition_id)
        Turnout.objects.update_or_create(competition_id=competition_id, defaults={"seq": seq, "bidders": bidders})
    return len(due)


@transaction.atomic
def _keep(rule: Rule, place: int, hit: Hit, rules: Rules) -> bool:
    """A matter is raised once a round. As long as nobody has judged it, a later run completes it; then it stays."""
    facts = {
        "about_id": hit.organisations[0],
        "organisations": list(dict.fromkeys(hit.organisations)),
        "evidence": dict(hit.evidence),
        "rules_ref": rules.ref,
    }
    row, new = FlagHit.objects.select_for_update().get_or_create(
        rule=rule.code, key=hit.key, round=place, defaults={**facts, "found_at": clock.now()}
    )
    if not new and not row.verdicts.exists():
        FlagHit.objects.filter(pk=row.pk).update(**facts)
    if new or not row.verdicts.exists():
        row.needs.set(hit.needs)
    return new


@transaction.atomic
def judge(*, hit_id: int, verdict: str, reasons: str, by: By) -> FlagVerdict:
    """A reviewer's verdict with reasons; a later one counts instead, both stay.

    Raises FlagHit.DoesNotExist, verdict.unknown, verdict.reasons_short, verdict.own_matter, process.related,
    access.not_yours.
    """
    if by.user_id is None or by.org_id is None:
        raise NOT_YOURS()
    hit = FlagHit.objects.select_for_update().get(pk=hit_id)
    if by.org_id in hit.organisations:
        raise errors.OWN_MATTER()
    officer(by)
    refuse_related(by, hit.organisations)
    if verdict not in FlagVerdict.Verdict.values:
        raise errors.VERDICT_UNKNOWN()
    if len(reasons.strip()) < LEAST_REASONS:
        raise errors.REASONS_SHORT(least=LEAST_REASONS)
    row = FlagVerdict.objects.create(
        hit=hit,
        verdict=verdict,
        reasons=reasons.strip()[:1000],
        by_user_id=by.user_id,
        by_org_id=by.org_id,
        at=clock.now(),
    )
    record(stream=f"flag:{hit.pk}", action="judged", by=by, reason=row.reasons, data={"verdict": verdict})
    return row


@transaction.atomic
def open_case_on(*, hit_id: int, subject_id: int, ground: str, facts: str, by: By) -> Case:
    """Let a confirmed flag become a case on one of those it concerns; each matter once for each of them.

    Raises FlagHit.DoesNotExist, verdict.not_confirmed, verdict.not_concerned, verdict.case_open, verdict.own_matter and
    what opening a case refuses.
    """
    hit = FlagHit.objects.select_for_update().get(pk=hit_id)
    newest = hit.verdicts.first()
    if newest is None or newest.verdict != FlagVerdict.Verdict.CONFIRMED:
        raise errors.NOT_CONFIRMED()
    if by.org_id in hit.organisations:
        raise errors.OWN_MATTER()
    refuse_related(by, hit.organisations)
    if subject_id not in hit.organisations:
        raise errors.NOT_CONCERNED()
    if seen.cases_of(hit).filter(subject_id=subject_id).exists():
        raise errors.CASE_OPEN()
    title = f"{BY_CODE[hit.rule].title}" if hit.rule in BY_CODE else hit.rule
    origin = Origin("flag", f"flag:{hit.pk}", title, hit.get_absolute_url())
    case = open_case(origin=origin, subject_id=subject_id, ground=ground, facts=facts, by=by)
    record(stream=f"flag:{hit.pk}", action="case_opened", by=by, data={"case": case.number, "subject": subject_id})
    return case
