"""Payment orders: the finance office's worklist, one order, and what its maker and its checker do."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import requires
from accounts.requests import Request
from core import clock
from core.errors import Refusal
from core.models import AuditEntry
from payments import budget_words as words
from payments.budget_forms import OrderForm, ReasonForm
from payments.models import Payable, PaymentOrder
from payments.rules import budget as rules
from payments.selectors import payables
from payments.services import orders as services
from payments.services import treasury

PER_PAGE = 50
TO_ORDER = "to_order"


@requires("department")
def orders(request: Request) -> HttpResponse:
    """What is to be ordered, checked, sent, mended; `?state=` shows one kind, by default the first with work."""
    org_id = request.actor.org_id or 0
    counts = payables.counts(org_id)
    state = request.GET.get("state", "")
    if state not in counts:
        state = next((name for name in counts if counts[name] and name not in (rules.WITHDRAWN,)), TO_ORDER)
    found: Any = payables.to_order(org_id) if state == TO_ORDER else payables.orders_of(org_id, state)
    labels = {TO_ORDER: _("待制单"), **{name: str(label) for name, label in words.ORDER_STATES.items()}}
    context = {
        "tab": "orders",
        "state": state,
        "states": [(name, labels[name], counts[name]) for name in (TO_ORDER, *rules.ORDER_STATES)],
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "now": clock.now(),
    }
    return render(request, "payments/orders.html", context)


@requires("department")
def make(request: Request, pk: int) -> HttpResponse:
    """Order the payment of one accepted result; the account comes from what the agency registered."""
    payable = _payable(request, pk)
    form = OrderForm(request.POST or None, initial=_start(payable))
    if request.method == "POST" and form.is_valid():
        try:
            order = services.make(payable_id=pk, to=form.to, purpose=form.cleaned_data["purpose"], by=request.actor.by)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        else:
            messages.success(request, _("支付令 {number} 已制单，请另一位经办人复核。").format(number=order.number))
            return redirect(order)
    return _form_page(request, payable, form)


def _payable(request: Request, pk: int) -> Payable:
    try:
        payable = payables.payable(pk)
    except Payable.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(payable.department_id):
        raise Http404
    return payable


def _start(payable: Payable) -> dict[str, str]:
    account = payables.account_of(payable.commitment.payee_id)
    known = {"holder": account.holder, "bank": account.bank, "number": account.number} if account else {}
    return {"holder": payable.commitment.payee.name, **known, "purpose": payable.title[:120]}


def _form_page(request: Request, payable: Payable, form: OrderForm, order: PaymentOrder | None = None) -> HttpResponse:
    context = {
        "tab": "orders",
        "payable": payable,
        "form": form,
        "order": order,
        "account": payables.account_of(payable.commitment.payee_id),
    }
    return render(request, "payments/order_form.html", context, status=422 if form.errors else 200)


@requires("department")
def order(request: Request, pk: int) -> HttpResponse:
    return _page(request, _own(request, pk), ReasonForm())


def _own(request: Request, pk: int) -> PaymentOrder:
    """An order of the actor's department; others' do not exist here."""
    try:
        row = payables.order(pk)
    except PaymentOrder.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(row.department_id):
        raise Http404
    return row


def _page(request: Request, row: PaymentOrder, form: ReasonForm) -> HttpResponse:
    user = request.actor.user
    mine = user is not None and row.made_by_id == user.pk
    account = payables.account_of(row.payable.commitment.payee_id)
    context = {
        "tab": "orders",
        "order": row,
        "mine": mine,
        "may_check": row.state == rules.TO_CHECK and not mine,
        "may_correct": row.state in rules.MENDABLE,
        "may_withdraw": row.state in {*rules.MENDABLE, rules.CHECKED},
        "account": account,
        "differs": account is not None and account.number != row.account_number,
        "lines": payables.batch_lines(row),
        "story": _story(row),
        "form": form,
    }
    return render(request, "payments/order.html", context, status=422 if form.errors else 200)


def _story(row: PaymentOrder) -> list[dict[str, Any]]:
    entries = AuditEntry.objects.filter(stream=f"order:{row.pk}").order_by("seq")
    return [
        {"at": entry.at, "title": words.ORDER_NEWS[entry.action], "text": entry.reason, "icon": "point"}
        for entry in entries
    ]


@requires("department")
def correct(request: Request, pk: int) -> HttpResponse:
    """Make an order again that is not checked, was sent back or came back rejected."""
    row = _own(request, pk)
    form = OrderForm(request.POST or None, initial=OrderForm.start(row))
    if request.method == "POST" and form.is_valid():
        try:
            services.correct(order_id=pk, to=form.to, purpose=form.cleaned_data["purpose"], by=request.actor.by)
        except Refusal as refusal:
            form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
        else:
            messages.success(request, _("支付令已更正，请另一位经办人复核。"))
            return redirect(row)
    return _form_page(request, row.payable, form, row)


@require_POST
@requires("department")
def check(request: Request, pk: int) -> HttpResponse:
    row = services.check(order_id=_own(request, pk).pk, by=request.actor.by)
    messages.success(request, _("支付令 {number} 已复核，可以送国库。").format(number=row.number))
    return redirect("payments:orders")


@require_POST
@requires("department")
def send_back(request: Request, pk: int) -> HttpResponse:
    return _with_reason(request, pk, services.send_back, _("支付令已退回制单人。"))


@require_POST
@requires("department")
def withdraw(request: Request, pk: int) -> HttpResponse:
    return _with_reason(request, pk, services.withdraw, _("支付令已撤回，款项仍在待制单里。"))


def _with_reason(request: Request, pk: int, verb: Any, done: str) -> HttpResponse:
    row, form = _own(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    verb(order_id=row.pk, reason=form.cleaned_data["reason"], by=request.actor.by)
    messages.success(request, done)
    return redirect(row)


@require_POST
@requires("department")
def send(request: Request) -> HttpResponse:
    """Send the ticked orders to the treasury as one batch."""
    ids = [int(text) for text in request.POST.getlist("order") if text.isascii() and text.isdigit() and len(text) < 19]
    batch = treasury.make_batch(department_id=request.actor.org_id or 0, order_ids=ids, by=request.actor.by)
    messages.success(request, _("批次 {number} 已生成，请下载文件送国库。").format(number=batch.number))
    return redirect(batch)
