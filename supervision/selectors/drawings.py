"""Draws as anybody may read them: the pools to be frozen, what was announced, and the record to draw again from."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts import selectors as accounts
from agencies import selectors as agencies
from agencies.models import Agency
from agencies.selectors import Filters
from bidding import keyring
from bidding.rules.record import stamp
from core.rulesets import Rules
from supervision.models import Drawing, DrawingResult, DrawingWord, InspectionPlan, Inspector, Relation
from supervision.rules import drawing as rules

FORMAT = "inspection-draw@1"


def pools(plan: InspectionPlan, params: Rules) -> dict[str, Any]:
    """Both pools as they are now: agencies in scope with their band, inspectors, and who avoids whom."""
    subjects = [_subject(agency, params) for agency in _in_scope(plan)]
    inspectors = list(_inspectors(plan))
    return {
        "subjects": sorted(subjects, key=lambda one: one["id"]),
        "inspectors": [_inspector(one) for one in inspectors],
        "avoid": _avoidance(inspectors, {one["id"] for one in subjects}),
        "ratios": {band: plan.ratios[band] for band in rules.BANDS},
        "team": plan.team,
    }


def _in_scope(plan: InspectionPlan) -> Iterable[Agency]:
    """Agencies of the region that offer one of the items (any, where none is named) and have not been removed."""
    wanted = set(plan.items)
    for agency in agencies.directory(Filters(region=plan.region.reach, sort="name")):
        offered = {service.item_code for service in agency.offered}  # type: ignore[attr-defined]
        if not _removed(agency) and (not wanted or wanted & offered):
            yield agency


def _removed(agency: Agency) -> bool:
    return any(one.kind == "removed" for one in agency.in_force)  # type: ignore[attr-defined]


def _subject(agency: Agency, params: Rules) -> dict[str, Any]:
    kinds = {one.kind for one in agency.in_force}  # type: ignore[attr-defined]
    steps = max((params["raised_by"].get(kind, 0) for kind in kinds), default=0)
    return {
        "id": agency.pk,
        "name": agency.organisation.name,
        "code": agency.organisation.credit_code,
        "band": rules.band(agency.grade, steps=steps, ungraded=params["ungraded"]),
    }


def _inspectors(plan: InspectionPlan) -> "QuerySet[Inspector]":
    bodies = [plan.body_id, *plan.partners.values_list("pk", flat=True)]
    rows = Inspector.objects.filter(organisation__in=bodies, left_at=None, user__is_active=True)
    return rows.select_related("user", "organisation").order_by("pk")


def _inspector(one: Inspector) -> dict[str, Any]:
    return {"id": one.pk, "badge": one.badge, "name": str(one.user.name or one.badge), "body": one.organisation.name}


def _avoidance(inspectors: Collection[Inspector], subjects: Collection[int]) -> list[list[Any]]:
    """Who must not inspect whom: [inspector, subject, "member" or "declared"]; what exactly ties them stays private."""
    people = {one.user_id: one.pk for one in inspectors}
    found = {
        (people[int(tie.removeprefix("person:"))], organisation, "member")
        for organisation, ties in accounts.ties(subjects).items()
        for tie in ties
        if tie.startswith("person:") and int(tie.removeprefix("person:")) in people
    }
    declared = Relation.objects.filter(user__in=people, organisation__in=subjects)
    told = {(people[user], organisation) for user, organisation in declared.values_list("user_id", "organisation_id")}
    members = {(inspector, subject) for inspector, subject, _ground in found}
    found |= {(inspector, subject, "declared") for inspector, subject in told - members}
    return [list(one) for one in sorted(found)]


def announced(row: Drawing) -> dict[str, Any]:
    """What the platform said before the draw, as it signs it."""
    return {
        "format": FORMAT,
        "plan": {"number": row.plan.number, "title": row.plan.title, "body": row.plan.body.name},
        "round": row.round,
        "pools": row.pools,
        "pools_hash": row.pools_hash,
        "commitment": row.commitment,
        "public_number": row.public_number,
        "committed_at": stamp(row.committed_at),
        "draws_at": stamp(row.draws_at),
    }


def record(row: Drawing) -> dict[str, Any]:
    """The file anybody draws again from; `result` is null before the draw."""
    result = result_of(row)
    return announced(row) | {
        "key_id": row.key_id,
        "signature": row.signature,
        "keys": {key: public for key, public in keyring.trusted().items() if key == row.key_id},
        "words": [_word(word) for word in row.words.all()],
        "result": _result(result) if result else None,
    }


def _word(word: DrawingWord) -> dict[str, Any]:
    return {
        "seq": word.seq,
        "organisation": word.by_org_id,
        "text": word.text,
        "at": stamp(word.at),
        "hash": word.hash,
    }


def _result(result: DrawingResult) -> dict[str, Any]:
    return {
        "secret": result.secret,
        "head": result.head,
        "public_value": result.public_value,
        "seed": result.seed,
        "drawn_at": stamp(result.drawn_at),
        "drawn": result.outcome,
    }


def head(row: Drawing) -> str:
    """Hash of the last word; of none, the commitment."""
    last = row.words.order_by("seq").last()
    return last.hash if last else row.commitment


def result_of(row: Drawing) -> DrawingResult | None:
    return DrawingResult.objects.filter(pk=row.pk).first()


def due(now: datetime) -> "QuerySet[Drawing]":
    """Announced, not drawn, and its time has come."""
    return Drawing.objects.filter(result=None, draws_at__lte=now).order_by("draws_at")


def drawing(pk: int) -> Drawing:
    """Raises Drawing.DoesNotExist."""
    return Drawing.objects.select_related("plan__body", "plan__region").get(pk=pk)
