"""Pages for requests that cannot be answered. Each says what happened and where to go, and names no internals."""

import logging
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

log = logging.getLogger("market.errors")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    log.info("bad request %s: %s", request.path, exception)
    return page(request, "400", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    log.info("not allowed %s: %s", request.path, exception)
    return page(request, "403", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    log.debug("not found %s: %s", request.path, exception)
    return page(request, "404", 404)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its token: an old tab, blocked cookies, or another site's doing."""
    log.info("csrf %s: %s", request.path, reason)
    return page(request, "csrf", 403)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Whatever broke may break again: this page asks for no session, no actor and no database."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def page(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    """Under ASGI Django renders these in threads that no request ever tidies: they would keep their connections for
    good, and fail for good when the database restarts. And what goes wrong here nobody else would tell.
    """
    try:
        return render(request, f"errors/{name}.html", context, status=status)
    except Exception:
        log.exception("the page %s of %s", name, request.path)
        raise
    finally:
        if not connection.in_atomic_block:  # somebody's transaction still goes on
            connection.close()
