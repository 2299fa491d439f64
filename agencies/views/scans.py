"""Pictures of certificates: the watermarked copy for everybody, the original for its owner and supervisors."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from accounts.actor import SUPERVISORS, requires
from accounts.requests import Request
from agencies import selectors
from agencies.models import Qualification, Scan
from agencies.views.own import acting_agency
from core import files
from core.models import StoredFile

AN_HOUR = 3600


def image(request: Request, pk: int, qualification_id: int) -> HttpResponseBase:  # noqa: ARG001 - public
    return _public(_scan(pk, qualification_id).public_image)


def thumbnail(request: Request, pk: int, qualification_id: int) -> HttpResponseBase:  # noqa: ARG001 - public
    return _public(_scan(pk, qualification_id).thumbnail)


def original(request: Request, pk: int, qualification_id: int) -> HttpResponseBase:
    """Own agency, regulator, operator. For everybody else there is no such page, withdrawn or not."""
    if not (request.actor.acts_for(pk) or request.actor.of(*SUPERVISORS)):
        raise Http404
    rows = Qualification.objects.select_related("scan__original")
    return _private(get_object_or_404(rows, pk=qualification_id, agency_id=pk).scan.original)


@requires("agency")
def waiting(request: Request, scan_id: int) -> HttpResponseBase:
    """The thumbnail of a picture still to be described, for its own agency only."""
    rows = selectors.waiting_scans(acting_agency(request).pk).select_related("thumbnail")
    return _private(get_object_or_404(rows, pk=scan_id).thumbnail)


def _scan(agency_id: int, qualification_id: int) -> Scan:
    return get_object_or_404(selectors.qualifications(agency_id), pk=qualification_id).scan


def _public(file: StoredFile) -> HttpResponse:
    answer = files.respond(file, inline=True)
    answer["Cache-Control"] = f"public, max-age={AN_HOUR}"
    return answer


def _private(file: StoredFile) -> HttpResponse:
    answer = files.respond(file, inline=True)
    answer["Cache-Control"] = "private, no-store"
    return answer
