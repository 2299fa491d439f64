"""Pages of the books: balances by account, one account's statement, one transfer, and what people take along.

An organisation reads its own accounts, supervisors all of them. Nobody writes here.
"""

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import selectors as identities
from accounts.actor import SUPERVISORS, Actor, requires
from accounts.errors import NOT_YOURS
from accounts.models import Organisation
from accounts.requests import Request
from core import tables
from core.workdays import LOCAL
from payments import words
from payments.models import Account, Entry, Transfer
from payments.periods import PeriodForm
from payments.selectors import books, papers, provider

PAGE_SIZE = 50
SHOWN = 10  # accounts of one kind before "all of them"
EXPORTED = 50_000
READERS = tuple(Organisation.Kind)
HOMES = {"department": "payments:budget", "regulator": "payments:books", "operator": "payments:books"}


@requires(*READERS)
def home(request: Request) -> HttpResponseBase:
    """Where a person's money pages begin, by kind of organisation."""
    return redirect(HOMES.get(request.actor.kind, "payments:escrows"))


@requires(*READERS)
def balances(request: Request) -> HttpResponseBase:
    """Every account of the organisation with its turnover over a period."""
    owner, form = _owner(request), PeriodForm(request.GET.dict())
    period = form.period
    found = books.trial_balance(start=period.start, end=period.end, owner_id=owner.pk if owner else None)
    context = {
        "form": form,
        "period": period,
        "owner": owner,
        "supervises": request.actor.of(*SUPERVISORS),
        "balance": found,
        "shown": SHOWN,
        "health": None if request.actor.of(Organisation.Kind.DEPARTMENT) else provider.health(),
        **_one_kind(request, found),
        "tab": "books",
    }
    return render(request, "payments/books.html", context, status=422 if form.errors else 200)


def _one_kind(request: Request, found: books.TrialBalance) -> dict[str, Any]:
    """All accounts of the kind asked for, in pages; nothing when none was."""
    group = next((group for group in found.groups if group.kind == request.GET.get("kind")), None)
    if group is None:
        return {}
    return {"only": group, "page_obj": Paginator(group.lines, PAGE_SIZE).get_page(request.GET.get("page"))}


@requires(*READERS)
def balances_file(request: Request, ending: str) -> HttpResponseBase:
    """The same balances as CSV or XLSX."""
    owner, period = _owner(request), PeriodForm(request.GET.dict()).period
    found = books.trial_balance(start=period.start, end=period.end, owner_id=owner.pk if owner else None)
    columns = [_("科目"), _("账户"), _("单位"), _("关联"), _("期初余额"), _("借方发生额"), _("贷方发生额"),
               _("期末余额"), _("余额方向")]  # fmt: skip
    rows = [_balance_cells(line) for group in found.groups for line in group.lines]
    name = f"{_('账户余额')}-{period.first}-{period.last}"
    return tables.respond(rows, columns=columns, name=name, kind=_format(ending))


def _balance_cells(line: books.Line) -> list[Any]:
    row, moved = line.account, line.turnover
    return [
        words.KINDS[row.kind], row.name, row.owner or "", words.reference(row.reference), line.opening, moved.debits,
        moved.credits, line.closing, _side(row.side),
    ]  # fmt: skip


def _side(side: int) -> str:
    return _("借") if side > 0 else _("贷")


@requires(*READERS)
def journal_file(request: Request, ending: str) -> HttpResponseBase:
    """Every entry of a period as CSV or XLSX, at most EXPORTED."""
    owner, period = _owner(request), PeriodForm(request.GET.dict()).period
    entries = books.journal(start=period.start, end=period.end, owner_id=owner.pk if owner else None)
    return _entries_file(request.actor, entries, name=f"{_('明细账')}-{period.first}-{period.last}", ending=ending)


@requires(*READERS)
def account(request: Request, pk: int) -> HttpResponseBase:
    """One account: what it held before the period, each entry with the balance after it, what it held then."""
    row, form = _account(request, pk), PeriodForm(request.GET.dict())
    period = form.period
    found = books.statement(row, start=period.start, end=period.end)
    page = Paginator(found.entries, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "period": period,
        "account": row,
        "statement": found,
        "page_obj": page,
        "rows": [(entry, words.cause(entry.transfer.cause), *_about(request, entry.transfer)) for entry in page],
        "reference": words.reference(row.reference),
        "reference_page": words.page(row.reference, department=request.actor.of("department")),
        "grows": _side(row.side),
    }
    return render(request, "payments/account.html", context, status=422 if form.errors else 200)


@requires(*READERS)
def account_file(request: Request, pk: int, ending: str) -> HttpResponseBase:
    """One account's statement as CSV or XLSX."""
    row, period = _account(request, pk), PeriodForm(request.GET.dict()).period
    found = books.statement(row, start=period.start, end=period.end)
    entries = found.entries.select_related("transfer__by_user", "transfer__by_org", "account__owner")
    return _entries_file(request.actor, entries, name=f"{row.label}-{period.first}-{period.last}", ending=ending)


@requires(*READERS)
def transfer(request: Request, pk: int) -> HttpResponseBase:
    """One transfer with all its lines; of accounts that are not the reader's only kind and owner are shown."""
    try:
        moved = books.transfer(pk)
    except Transfer.DoesNotExist as missing:
        raise Http404 from missing
    supervises = request.actor.of(*SUPERVISORS)
    if not supervises and not books.is_party(moved, request.actor.org_id):
        raise NOT_YOURS()
    lines = sorted(moved.entries.all(), key=lambda entry: entry.amount < 0)
    about, about_page, acted = _about(request, moved)
    context = {
        "moved": moved,
        "lines": [(entry, supervises or request.actor.acts_for(entry.account.owner_id)) for entry in lines],
        "total": sum((max(entry.amount, Decimal(0)) for entry in lines), Decimal(0)),
        "cause": words.cause(moved.cause),
        "receipt": papers.of_transfer(moved.pk),
        "who": acted,
        "reference": about,
        "reference_page": about_page,
    }
    return render(request, "payments/transfer.html", context)


def _about(request: Request, moved: Transfer) -> tuple[str, str, str]:
    """What a transfer was about, the page of that, and who posted it."""
    page = words.page(moved.reference, department=request.actor.of("department"))
    return words.reference(moved.reference), page, who(request.actor, moved)


def _owner(request: Request) -> Organisation | None:
    """Whose books: one's own; supervisors choose (?owner=), or read the whole (None)."""
    if not request.actor.of(*SUPERVISORS):
        return request.actor.organisation
    asked = request.GET.get("owner", "")
    if not asked:
        return None
    try:
        return identities.organisation(int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0)
    except Organisation.DoesNotExist as missing:
        raise Http404 from missing


def _account(request: Request, pk: int) -> Account:
    try:
        row = books.account(pk)
    except Account.DoesNotExist as missing:
        raise Http404 from missing
    if not request.actor.acts_for(row.owner_id) and not request.actor.of(*SUPERVISORS):
        raise NOT_YOURS()
    return row


def _format(ending: str) -> str:
    if ending not in tables.FORMATS:
        raise Http404
    return ending


def who(reader: Actor, moved: Transfer) -> str:
    """Who posted it: the person to the own organisation and to supervisors, to others the organisation."""
    if reader.of(*SUPERVISORS) or reader.acts_for(moved.by_org_id):
        return str(moved.by_user or moved.by_org or _("系统"))
    return str(moved.by_org or _("系统"))


def _entries_file(reader: Actor, entries: Any, *, name: str, ending: str) -> HttpResponse:
    columns = [_("时间"), _("凭证号"), _("单位"), _("科目"), _("账户"), _("事由"), _("关联"), _("说明"), _("借方"),
               _("贷方"), _("余额"), _("经办"), _("规则版本"), _("唯一键")]  # fmt: skip
    rows = (_entry_cells(reader, entry) for entry in entries[:EXPORTED].iterator(chunk_size=2000))
    return tables.respond(rows, columns=columns, name=name, kind=_format(ending))


def _entry_cells(reader: Actor, entry: Entry) -> list[Any]:
    row, moved = entry.account, entry.transfer
    return [
        f"{entry.at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}", moved.pk, row.owner or "", words.KINDS[row.kind],
        row.name, words.cause(moved.cause), words.reference(moved.reference), moved.note, entry.debit, entry.credit,
        entry.standing, who(reader, moved), moved.rules_ref, moved.key,
    ]  # fmt: skip
