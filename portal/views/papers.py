"""Public pages of papers, and the desk where anyone verifies one."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bidding import keyring
from bidding import selectors as bidding
from core import files
from core import papers as press
from core.models import Paper
from portal import proofs, words
from portal.selectors import papers as shelf


@require_safe
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The public page of a paper. Its PDF is made now if nobody asked for it before, so that its hash can be shown."""
    found = _public(number)
    context = {
        "paper": found,
        "pdf": press.pdf(found),
        "kind": words.PAPERS.get(found.kind, found.title),
        "address": f"{settings.SITE_URL}{request.path}",
    }
    return render(request, "portal/paper.html", context)


@require_safe
def paper_pdf(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the same file for everyone
    return files.respond(press.pdf(_public(number)), inline=True)


def _public(number: str) -> Paper:
    found = shelf.public_paper(number)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Look up a number, or a PDF by its hash; a record is checked in the browser. A file sent here is hashed and
    forgotten.
    """
    if request.method == "POST":
        return _by_file(request)
    number, digest = request.GET.get("number", ""), request.GET.get("hash", "")
    found = shelf.public_paper(shelf.number_in(number)) if number else None
    if found is not None:
        return redirect("portal:paper", found.number)
    if number and (competition := shelf.competition_in(number[:200])):
        return redirect(f"{reverse('portal:verify')}?competition={competition}#records")
    match = shelf.public_paper_with_hash(shelf.hash_in(digest)) if digest else None
    context = {"number": number[:200], "digest": shelf.hash_in(digest), "asked_hash": bool(digest), "match": match}
    return render(request, "portal/verify.html", context | _records(request.GET.get("competition", "")))


def _records(wanted: str) -> dict[str, Any]:
    """What the page needs to check records: the checks, the published keys, the words, and the record asked for."""
    pk = shelf.competition_in(wanted) if wanted else None
    competition = shelf.competition(pk) if pk else None
    ended = competition is not None and competition.closed_at is not None
    published = keyring.published()
    return {
        "checks": proofs.CHECKS,
        "receipt_checks": proofs.RECEIPT_CHECKS,
        "keys": [key | {"since": _moment(key["from"]), "ended": _moment(key["until"])} for key in published],
        "recent": bidding.closed(5),
        "unknown_competition": bool(wanted) and competition is None,
        "sealed": None if ended else competition,
        "config": {
            "texts": proofs.spoken(),
            "keys": {key["id"]: key["public_key"] for key in published},
            "record": reverse("bidding:record", args=[competition.pk]) if competition and ended else None,
            "urls": {
                "room": reverse("bidding:room", args=[0]),
                "rules": reverse("portal:published_rules", args=["name", 0]),
                "verify": reverse("portal:verify"),
            },
        },
    }


def _moment(stamped: str | None) -> datetime | None:
    return datetime.fromisoformat(stamped) if stamped else None


def _by_file(request: HttpRequest) -> HttpResponseRedirect:
    upload = request.FILES.get("file")
    if upload is None or not upload.size:
        return redirect("portal:verify")
    if upload.size > files.MAX_BYTES:
        raise files.FILE_TOO_LARGE()
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return redirect(f"{reverse('portal:verify')}?hash={digest.hexdigest()}#file")
