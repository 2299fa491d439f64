"""Batches to the treasury: their files, and the return files that come back."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actor import requires
from accounts.requests import Request
from core.errors import Refusal
from payments.budget_forms import ReturnForm
from payments.models import TreasuryBatch
from payments.rules import treasury as files
from payments.selectors import payables
from payments.services import treasury

SHOWN = 100
WRITERS = {"csv": (files.as_csv, "text/csv; charset=utf-8"), "xml": (files.as_xml, "application/xml; charset=utf-8")}


@requires("department")
def batches(request: Request) -> HttpResponse:
    """All batches, and the door for return files."""
    posted = request.method == "POST"
    form = ReturnForm(request.POST, request.FILES) if posted else ReturnForm()
    if posted and form.is_valid() and (batch := _taken(request, form)):
        return redirect(batch)
    rows = payables.batches_of(request.actor.org_id or 0)[:SHOWN]
    context = {"tab": "batches", "batches": rows, "form": form}
    return render(request, "payments/batches.html", context, status=422 if form.errors else 200)


def _taken(request: Request, form: ReturnForm) -> TreasuryBatch | None:
    """The batch the file answered; None when it was refused, with the words on the form."""
    upload = form.cleaned_data["file"]
    try:
        taken = treasury.take_return(
            department_id=request.actor.org_id or 0, content=upload.read(files.LARGEST + 1), by=request.actor.by
        )
    except Refusal as refusal:
        form.add_error("file", f"{refusal.sentence} {refusal.way_out}")
        return None
    told = _("回执已记入：支付 {paid} 笔，退回 {rejected} 笔，此前已知 {known} 笔。")
    messages.success(request, told.format(paid=taken.paid, rejected=taken.rejected, known=taken.known))
    return taken.batch


@requires("department")
def batch(request: Request, pk: int) -> HttpResponse:
    row = _own(request, pk)
    lines = row.lines.select_related("order__payable__commitment__payee")
    context = {"tab": "batches", "batch": row, "lines": lines, "waiting": any(not line.result for line in lines)}
    return render(request, "payments/batch.html", context)


@requires("department")
def batch_file(request: Request, pk: int, ending: str) -> HttpResponse:
    """The file for the treasury: exactly what was sent, in CSV or XML (docs/treasury.md)."""
    row = _own(request, pk)
    if ending not in WRITERS:
        raise Http404
    write, media_type = WRITERS[ending]
    answer = HttpResponse(write(treasury.as_file(row)).encode(), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{row.number}.{ending}"'
    return answer


@requires("department")
def sample_return(request: Request, pk: int) -> HttpResponse:
    """In the demo nobody sits at the treasury: what it might answer, with the first payment rejected."""
    row = _own(request, pk)
    if not settings.DEMO:
        raise Http404
    results = treasury.results_for(row, [(1, _("账号与户名不符"))])
    answer = HttpResponse(files.results_csv(results).encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.number}-return.csv"'
    return answer


def _own(request: Request, pk: int) -> TreasuryBatch:
    """A batch of the actor's department; others' do not exist here."""
    try:
        row = payables.batch(pk)
    except TreasuryBatch.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(row.department_id):
        raise Http404
    return row
