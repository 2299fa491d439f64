"""Departments as debtors: for everybody how punctually one pays, for an agency what it is owed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actor import requires
from accounts.models import Organisation
from accounts.requests import Request
from core import clock, rulesets
from core.errors import Refusal
from core.workdays import Limit
from payments.budget_forms import AccountForm
from payments.selectors import payables
from payments.services import orders

PER_PAGE = 50


def department(request: Request, pk: int) -> HttpResponse:
    """For anyone: how a department pays, and every card it earned."""
    row = Organisation.objects.filter(pk=pk, kind=Organisation.Kind.DEPARTMENT).select_related("region").first()
    if row is None:
        raise Http404
    rules, now = rulesets.current("budget"), clock.now()
    context = {
        "department": row,
        "record": payables.punctuality(pk, now),
        "page_obj": Paginator(payables.cards_of(pk), PER_PAGE).get_page(request.GET.get("page")),
        "limit": Limit.of(rules["pay"]),
        "rules": rules,
    }
    return render(request, "payments/department.html", context)


@requires("agency")
def receivables(request: Request) -> HttpResponse:
    """What departments owe the agency and have paid it; the account it wants to be paid into."""
    org_id = request.actor.org_id or 0
    account = payables.account_of(org_id)
    start = {"holder": account.holder, "bank": account.bank, "number": account.number} if account else {}
    form = AccountForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            orders.keep_account(organisation_id=org_id, to=form.to, by=request.actor.by)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        else:
            messages.success(request, _("收款账户已保存，以后的支付令会使用它。"))
            return redirect("payments:receivables")
    context = {
        "tab": "receivables",
        "page_obj": Paginator(payables.receivables(org_id), PER_PAGE).get_page(request.GET.get("page")),
        "account": account,
        "form": form,
        "now": clock.now(),
    }
    return render(request, "payments/receivables.html", context, status=422 if form.errors else 200)
