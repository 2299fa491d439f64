"""What the pages of a card and of a rating share: the case that grew from it, and the form that opens one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from accounts.actor import SUPERVISORS, Actor
from accounts.requests import Request
from core import rulesets
from core.errors import Refusal
from supervision import words
from supervision.forms import GrownCaseForm
from supervision.models import Case
from supervision.rules.discretion import scale
from supervision.selectors import cases, origins
from supervision.selectors.origins import Proposal

Open = Callable[[dict[str, Any]], Case]


def form_for(proposal: Proposal, data: Any = None) -> GrownCaseForm:
    known = scale(rulesets.current("discretion").parameters)
    grounds = [(code, str(words.ground(code))) for code in known]
    fits = proposal.ground if proposal.ground in known else ""
    subjects = [(one.pk, one.name) for one in proposal.subjects]
    first = {"subject": subjects[0][0], "ground": fits, "facts": proposal.facts}
    return GrownCaseForm(
        data, subjects=subjects, grounds=grounds if fits else [("", _("请选择")), *grounds], initial=first
    )


def opened(request: Request, form: GrownCaseForm, verb: Open) -> Case | None:
    """The case, or None with the refusal in the form."""
    if not form.is_valid():
        return None
    try:
        made = verb(form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    messages.success(request, _("已立案：{number}。").format(number=made.number))
    return made


def grown(actor: Actor, kind: str, pk: int) -> dict[str, Any]:
    """The case that grew from it with where this reader may read it, or nothing at all."""
    row = origins.case_of(kind, pk)
    path = origins.path_for(row, actor.org_id, supervises=actor.of(*SUPERVISORS)) if row else ""
    return {"grown": row if path else None, "grown_path": path}


def tied(actor: Actor, *organisations: int | None) -> bool:
    """Is the reader part of one of the sides, or have they said that they are tied to it?"""
    sides = [one for one in organisations if one]
    return actor.user is not None and (actor.org_id in sides or any(cases.related(actor.user.pk, one) for one in sides))
