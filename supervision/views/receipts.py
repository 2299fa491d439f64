"""What this browser has opened with a receipt: a signed cookie of its own, number -> secret until it was shown once.

A session would do, were it not kept beside the account of whoever is signed in.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from accounts.requests import Request
from core import addresses
from supervision.services.allowances import Asker

MOST_OPEN = 20


@dataclass(frozen=True)
class Receipts:
    """`name` of the cookie; `path` below which it is sent."""

    name: str
    path: str

    def opened(self, request: Request) -> dict[str, str]:
        """Number -> secret that was not shown yet, or ""."""
        try:
            found: dict[str, str] = signing.loads(request.COOKIES.get(self.name, ""), salt=self.name)
        except signing.BadSignature:
            return {}
        return found

    def remember(self, answer: HttpResponse, opened: dict[str, str]) -> HttpResponse:
        newest = dict(list(opened.items())[-MOST_OPEN:])
        answer.set_cookie(
            self.name,
            signing.dumps(newest, salt=self.name),
            path=self.path,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return answer


def asker(request: Request) -> Asker:
    """Whom the door counts."""
    return Asker(addresses.counted(request.META.get("REMOTE_ADDR", "")), request.actor.by.user_id)
