"""The operator's page of one catalogue item: a new version, or its cancellation."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import Request
from core.errors import Refusal
from core.workdays import LOCAL
from marketplace import selectors, services
from portal.forms import CancelItemForm, ItemForm
from portal.selectors import operator as facts
from portal.views.operator import operator_only
from portal.views.refusals import refuse


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def item(request: Request, code: str) -> HttpResponse:
    current = selectors.item(code)
    if current is None:
        raise Http404
    action = request.POST.get("action", "")
    form = ItemForm(request.POST if action == "change" else None, item=current)
    cancel_form = CancelItemForm(request.POST if action == "cancel" else None)
    if (form.is_valid() and _change(request, code, form)) or (
        cancel_form.is_valid() and _cancel(request, code, cancel_form)
    ):
        return redirect("portal:item", code)
    context = {"item": current, "form": form, "cancel_form": cancel_form, "trail": facts.trail(f"item:{code}")}
    failed = form.errors or cancel_form.errors
    return render(request, "portal/operator/item.html", context, status=422 if failed else 200)


def _change(request: Request, code: str, form: ItemForm) -> bool:
    starts = form.cleaned_data["effective_from"]
    if starts is not None and starts.tzinfo is None:
        starts = starts.replace(tzinfo=LOCAL)
    try:
        row = services.new_version(code=code, changes=form.changes(), by=request.actor.by, effective_from=starts)
    except Refusal as refusal:
        return refuse(form, refusal)
    messages.success(request, _("已新增第 {version} 版。").format(version=row.version))
    return True


def _cancel(request: Request, code: str, form: CancelItemForm) -> bool:
    services.cancel_item(code=code, reason=form.cleaned_data["reason"], by=request.actor.by)
    messages.success(request, _("事项已取消，新需求不能再选它。"))
    return True
