"""What pages of lists and repairs share: a history that can be read, a form per step, and running it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise

from accounts.forms import RefusableForm
from accounts.requests import Request
from supervision.views.acting import attempted

Words = Mapping[str, tuple[Promise, str, str]]


def told(events: Iterable[Any], words: Words, *, public: bool = False) -> list[dict[str, Any]]:
    """Lines for components/timeline.html, the newest first. `public`: without the names of persons."""
    lines = []
    for event in events:
        title, icon, kind = words[event.kind]
        who = event.by_org.name if event.by_org else ""
        if not public and event.by_user:
            who = f"{who} · {event.by_user}"
        files = [] if public else [one.pk for one in event.files.all()]
        lines.append({"at": event.at, "title": f"{title}" + (f"（{who}）" if who else ""), "text": event.text,
                      "icon": icon, "kind": kind, "until": event.until, "files": files})  # fmt: skip
    return lines[::-1]


def given(request: Request) -> tuple[Any, Any]:
    """The posted words and files, or nothing at all."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def done(request: Request, form: RefusableForm, verb: Callable[..., Any], sentence: str, **arguments: Any) -> bool:
    """Run a verb for whoever sends the form."""
    return attempted(request, form, lambda: verb(**arguments, by=request.actor.by), sentence)
