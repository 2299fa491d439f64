"""A paper of supervision as its PDF: public ones for anyone, others for whom they are addressed to and supervisors."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.actor import SUPERVISORS
from accounts.requests import Request
from core import files, papers
from supervision.models import Letter
from supervision.selectors import letters as seen


@require_safe
def letter(request: Request, number: str) -> HttpResponseBase:
    """Whether a paper exists that one may not read is nobody's business."""
    found = _found(number)
    if found.paper.public:
        return redirect("portal:paper_pdf", found.paper.number)
    if not (request.actor.of(*SUPERVISORS) or request.actor.acts_for(found.addressee_id)):
        raise Http404
    return files.respond(papers.pdf(found.paper), inline=True)


def _found(number: str) -> Letter:
    try:
        return seen.letter(number)
    except Letter.DoesNotExist as missing:
        raise Http404 from missing
