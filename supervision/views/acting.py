"""What follows when somebody sends a form: the deed is done, or the form says why not."""

from collections.abc import Callable
from typing import Protocol

from django.contrib import messages
from django.utils.functional import Promise

from accounts.requests import Request
from core.errors import Refusal


class Refusable(Protocol):
    def refuse(self, refusal: Refusal) -> None: ...


def attempted(request: Request, form: Refusable, deed: Callable[[], object], said: str | Promise) -> bool:
    """A refusal goes back into the form, success is said on the next page."""
    try:
        deed()
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, str(said))
    return True
