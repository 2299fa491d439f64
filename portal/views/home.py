"""The front page, and the part of it that refreshes itself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.requests import Request
from core import clock
from portal.selectors import home as facts


@require_safe
def home(request: Request) -> HttpResponse:
    context = _moving() | {"awards": facts.latest_awards(), "soon": facts.soon(clock.now())}
    return render(request, "portal/home.html", context)


@never_cache
@require_safe
def live(request: Request) -> HttpResponse:
    """The moving part alone: today's numbers and the running competitions."""
    return render(request, "portal/_live.html", _moving())


def _moving() -> dict[str, Any]:
    now = clock.now()
    return {"cards": facts.live(now), "numbers": facts.numbers(now)}
