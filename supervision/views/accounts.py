"""The agency's account: the check of what it entered, leaving, and coming back."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import requires
from accounts.errors import NOT_YOURS
from accounts.forms import RefusableForm
from accounts.requests import Request
from agencies import face
from agencies import selectors as agencies
from agencies.models import Agency
from core import clock
from supervision import list_words as words
from supervision.list_forms import CorrectForm
from supervision.rules.objections import disputed
from supervision.services import entrance, exits
from supervision.views.list_steps import done

FORM_VERBS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_VERBS)
@requires("agency")
def check(request: Request) -> HttpResponseBase:
    """Where the account stands, and what has to be mended by when."""
    agency = _acting(request)
    organisation = agency.organisation
    first = {name: getattr(organisation, name) for name in ("name", "contact_name", "contact_phone")}
    asked = disputed(agency.correction)
    form = CorrectForm(request.POST if request.method == "POST" else None, initial=first, disputed=bool(asked))
    if request.method == "POST" and form.is_valid():
        sentence = _("已更正，登记信息等待重新核验；业务不受影响。")
        if done(request, form, entrance.correct, sentence, agency=agency, **form.cleaned_data):
            return redirect("supervision:account_check")
    context = {
        "agency": agency,
        "form": form,
        "asked": [words.CORRECTIONS[code] for code in agency.correction],
        "disputed": asked,
    }
    return _page(request, "supervision/account_check.html", agency, context, bad=bool(form.errors))


@require_http_methods(FORM_VERBS)
@requires("agency")
def leave(request: Request) -> HttpResponseBase:
    """Leaving, with everything that still runs; taking it back; coming back."""
    agency = _acting(request)
    form = RefusableForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        verb, sentence = {
            "stay": (exits.take_back, _("退出申请已撤回。")),
            "return": (exits.come_back, _("欢迎回来，登记信息将重新核验，业务现在就可以开始。")),
        }.get(request.POST.get("do", ""), (exits.ask, _("退出申请已提交。")))
        if done(request, form, verb, sentence, agency=agency):
            return redirect("supervision:exit")
    running = [{"row": row, "kind": words.RUNNING[row.kind]} for row in exits.running(agency.pk)]
    may_return = agency.left_at is not None and (agency.back_from is None or agency.back_from <= clock.now())
    context = {"agency": agency, "form": form, "running": running, "may_return": may_return}
    return _page(request, "supervision/exit.html", agency, context, bad=bool(form.errors))


def _page(request: Request, template: str, agency: Agency, context: dict[str, object], *, bad: bool) -> HttpResponse:
    kinds = agencies.restrictions(agency.pk).values_list("kind", flat=True)
    label, kind = face.account_state(agency, list(kinds))
    return render(request, template, {**context, "state": label, "kind": kind}, status=422 if bad else 200)


def _acting(request: Request) -> Agency:
    agency = agencies.find(request.actor.org_id)
    if agency is None:
        raise NOT_YOURS()
    return agency
