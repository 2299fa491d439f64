"""Pages of invoices and receipts: the list, one paper, its PDF. The two parties and supervisors read them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from accounts.requests import Request
from core import files, tables
from core import papers as printed
from core.workdays import LOCAL
from payments.models import MoneyPaper
from payments.rules.capitals import capitals
from payments.selectors import papers

PAGE_SIZE = 30
EXPORTED = 10_000
READERS = tuple(Organisation.Kind)


@requires(*READERS)
def overview(request: Request) -> HttpResponseBase:
    page = Paginator(_mine(request), PAGE_SIZE).get_page(request.GET.get("page"))
    kind = request.GET.get("kind", "")
    context = {"tab": "papers", "page_obj": page, "kinds": MoneyPaper.Kind.choices, "kind": kind}
    return render(request, "payments/papers.html", context)


@requires(*READERS)
def overview_file(request: Request, ending: str) -> HttpResponseBase:
    """The same list as CSV or XLSX."""
    if ending not in tables.FORMATS:
        raise Http404
    columns = [
        _("编号"),
        _("类型"),
        _("付款方"),
        _("收款方"),
        _("事由"),
        _("金额（元）"),
        _("开具时间"),
        _("税务发票号码"),
    ]
    rows = [_cells(row) for row in _mine(request)[:EXPORTED]]
    return tables.respond(rows, columns=columns, name=_("票据"), kind=ending)


def _cells(row: MoneyPaper) -> list[Any]:
    at = f"{row.issued_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    return [
        row.paper.number, row.get_kind_display(), row.payer, row.payee, row.title, row.amount.amount, at, row.tax_number
    ]  # fmt: skip


def _mine(request: Request) -> Any:
    whose = None if request.actor.of(*SUPERVISORS) else request.actor.org_id
    return papers.papers(whose, request.GET.get("kind", ""))


@requires(*READERS)
def paper(request: Request, pk: int) -> HttpResponseBase:
    row = _readable(request, pk)
    address = request.build_absolute_uri(row.get_absolute_url())
    context = {"row": row, "capitals": capitals(row.amount.amount), "page_address": address}
    return render(request, "payments/paper.html", context)


@requires(*READERS)
def paper_pdf(request: Request, pk: int) -> HttpResponseBase:
    return files.respond(printed.pdf(_readable(request, pk).paper), inline=True)


def _readable(request: Request, pk: int) -> MoneyPaper:
    try:
        row = papers.paper(pk)
    except MoneyPaper.DoesNotExist as missing:
        raise Http404 from missing
    if not row.concerns(request.actor.org_id) and not request.actor.of(*SUPERVISORS):
        raise NOT_YOURS()
    return row
