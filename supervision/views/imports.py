"""The authority's list comes in: upload, a preview with every fault by row, all or nothing, and what came before."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.forms import RefusableForm
from accounts.requests import Request
from core import clock, files, rulesets, tables
from core.errors import REGISTRY, Refusal
from core.workdays import LOCAL
from supervision import list_words as words
from supervision.list_forms import UploadForm
from supervision.models import ListImport
from supervision.selectors import listings as seen
from supervision.services import imports
from supervision.views.list_steps import done, given

PER_PAGE = 30
FORM_VERBS = ["GET", "HEAD", "POST"]
KINDS = {"preview": "now", "applied": "good", "refused": "bad", "discarded": "ended"}


@require_http_methods(FORM_VERBS)
@requires(*SUPERVISORS)
def index(request: Request) -> HttpResponseBase:
    """What was imported when from where; regulators upload the next file."""
    first = {"as_of": clock.now().astimezone(LOCAL).date()}
    data, uploads = given(request)
    form = UploadForm(data, uploads, initial=first)
    if request.method == "POST":
        if not request.actor.of("regulator"):
            raise NOT_YOURS()
        if form.is_valid() and (looked := _looked(request, form)):
            return redirect(looked)
    page = Paginator(seen.imports(), PER_PAGE).get_page(request.GET.get("page"))
    rows: Any = page.object_list
    for row in rows:
        row.kind = KINDS[row.state]
    context = {"page_obj": page, "form": form, "may_act": request.actor.of("regulator"), "last": seen.last_import()}
    return render(request, "supervision/imports.html", context, status=422 if form.errors else 200)


def _looked(request: Request, form: UploadForm) -> ListImport | None:
    data = form.cleaned_data
    try:
        content, _media = files.checked(data["file"])
        return imports.look(content=content, name=data["source"], as_of=data["as_of"], by=request.actor.by)
    except Refusal as refusal:
        form.refuse(refusal)
        return None


@require_http_methods(FORM_VERBS)
@requires(*SUPERVISORS)
def one(request: Request, pk: int) -> HttpResponseBase:
    """What taking the file would change, or everything that is wrong with it."""
    row = seen.imports().filter(pk=pk).first()
    if row is None:
        raise Http404
    form = RefusableForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not request.actor.of("regulator"):
            raise NOT_YOURS()
        form.is_valid()
        if _settled(request, row, form):
            return redirect(row)
    context = {
        "row": row,
        "kind": KINDS[row.state],
        "form": form,
        "faults": [_fault(fault) for fault in row.faults],
        "trouble": REGISTRY.get(row.trouble),
        "may_act": request.actor.of("regulator") and row.state == "preview",
        "most": rulesets.current("imports")["vanish_percent"],
        "shrinks": row.gone and row.gone * 100 > rulesets.current("imports")["vanish_percent"] * (row.gone + row.kept),
    }
    return render(request, "supervision/import.html", context, status=422 if form.errors else 200)


def _settled(request: Request, row: ListImport, form: RefusableForm) -> bool:
    if request.POST.get("do") == "discard":
        return done(request, form, imports.discard, _("已放弃这次导入。"), import_id=row.pk)
    shrink = request.POST.get("shrink") == "on"
    return done(request, form, imports.take, _("名单已全部导入。"), import_id=row.pk, shrink=shrink)


def _fault(stored: dict[str, Any]) -> dict[str, Any]:
    return {
        "row": stored["row"],
        "column": words.COLUMNS.get(stored["column"], stored["column"]),
        "says": str(words.FAULTS.get(stored["code"], stored["code"])).format(value=stored["value"]),
        "value": stored["value"],
    }


@require_safe
@requires(*SUPERVISORS)
def template(request: Request, ending: str) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """An empty list with the columns a file has to have."""
    if ending not in tables.FORMATS:
        raise Http404
    columns = [str(label) for label in words.COLUMNS.values()]
    return tables.respond([], columns=columns, name=_("名单模板"), kind=ending)
