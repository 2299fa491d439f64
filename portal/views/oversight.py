"""/oversight/: how everybody may supervise: complain, follow a complaint, and read what was found and decided."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import Request
from core import clock
from portal import words
from portal.selectors import oversight as facts


@require_safe
def oversight(request: Request) -> HttpResponse:
    doors = [(door, *words.OVERSIGHT[door.name]) for door in facts.doors(clock.now())]
    return render(request, "portal/oversight.html", {"doors": doors})
