"""What anyone needs to check the platform's records: its keys and its rule sets, as published."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bidding import keyring
from bidding.rules.record import canonical, digest, stamp
from core.models import RuleSet
from core.parameters import flatten
from portal.selectors import papers as shelf
from supervision import rule_sets


@require_safe
def keys(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the same for everyone
    """Every key with its dates. Anybody's page may read it: a verifier elsewhere has to."""
    published = {
        "format": "open-market-keys",
        "version": 1,
        "issuer": settings.SITE_URL,
        "keys": keyring.published(),
    }
    return _open(published)


@require_safe
def rules(request: HttpRequest, name: str, version: int) -> HttpResponse:
    row = _row(name, version)
    context = {
        "row": row,
        "ref": f"{name}@{version}",
        "title": rule_sets.title(name),
        "rows": flatten(row.parameters),
        "digest": _digest(row),
    }
    return render(request, "portal/rules.html", context)


@require_safe
def rules_json(request: HttpRequest, name: str, version: int) -> JsonResponse:  # noqa: ARG001
    row = _row(name, version)
    return _open(
        {
            "ref": f"{name}@{version}",
            "effective_from": stamp(row.effective_from),
            "note": row.note,
            "parameters": row.parameters,
            "digest": _digest(row),
        }
    )


def _digest(row: RuleSet) -> str:
    return digest(canonical(row.parameters))


def _row(name: str, version: int) -> RuleSet:
    row = shelf.rule_set(name, version)
    if row is None:
        raise Http404
    return row


def _open(content: dict[str, Any]) -> JsonResponse:
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
