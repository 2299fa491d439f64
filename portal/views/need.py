"""The page of a need: its whole story, and what the person looking may do."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import Request
from core import clock
from portal import words
from portal.selectors import need as facts


@require_safe
def need(request: Request, pk: int) -> HttpResponse:
    now = clock.now()
    story = facts.find(pk, request.actor, now)
    if story is None:
        raise Http404
    notices = facts.notices_of(story.need)
    context = {
        "story": story,
        "need": story.need,
        "steps": facts.steps(story, notices, request.actor, now),
        "panel": facts.panel(story, request.actor),
        "waiting_for": facts.waiting_for(story),
        "end_reason": words.failure(story.need.end_reason),
        "ratings": facts.revealed_ratings(story),
        "notice_paper": next((n.paper for n in notices if n.kind == "need" and n.paper), None),
        "address": f"{settings.SITE_URL}/needs/{pk}/",
    }
    return render(request, "portal/need.html", context)
