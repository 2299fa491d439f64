"""/agency/held/: everything held about the agency that looks, with what it can do and until when."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actor import Kind, requires
from accounts.requests import Request
from agencies import selectors as agencies
from core import clock
from portal.selectors import held as facts


@require_safe
@requires(Kind.AGENCY)
def held(request: Request) -> HttpResponse:
    org_id = request.actor.org_id or 0
    context = {"held": facts.everything(org_id, clock.now()), "agency": agencies.get(org_id)}
    return render(request, "portal/held.html", context)
