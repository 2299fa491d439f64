"""What machines ask: is the process up, and may it be sent visitors."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core import clock
from portal.selectors import health


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - every caller gets the same answer
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - every caller gets the same answer
    checks = health.checks(clock.now())
    ready = all(checks.values())
    answer = {
        "status": "ready" if ready else "not ready",
        "checks": checks,
        "clock": health.clock_lines(),
        "unreadable_floors": health.unreadable_floors(),
    }
    return JsonResponse(answer, status=200 if ready else 503)
