"""The lists as everybody reads them: the platform's own, the authority's, repairs that were granted, the red list."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import Request
from core import rulesets, tables
from core.workdays import LOCAL
from supervision import list_words as words
from supervision.models import Honour, ImportedEntry, Listing, Repair
from supervision.selectors import letters
from supervision.selectors import listings as seen
from supervision.selectors import repairs as mended
from supervision.services import repair_targets as targets
from supervision.views.list_steps import told

PER_PAGE = 30


@require_safe
def own(request: Request) -> HttpResponse:
    """The platform's own list; `past`: those that ended."""
    past, q = _asked(request)
    rows = seen.published(past=past, q=q)
    if (kind := request.GET.get("export", "")) in tables.FORMATS:
        columns = [_("编号"), _("名称"), _("统一社会信用代码"), _("列入事由"), _("决定机关"), _("法律依据"),
                   _("列入日期"), _("截止日期"), _("状态")]  # fmt: skip
        return tables.respond(_own_rows(rows), columns=columns, name=_("平台黑名单"), kind=kind)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "past": past, "q": q, "tab": "own", **_counts(), "states": words.KINDS}
    return render(request, "supervision/blacklist.html", context)


@require_safe
def imported(request: Request) -> HttpResponse:
    """The authority's list as it was imported, with its source and day."""
    past, q = _asked(request)
    rows = seen.imported(past=past, q=q)
    if (kind := request.GET.get("export", "")) in tables.FORMATS:
        columns = [*map(str, words.COLUMNS.values()), _("来源"), _("名单日期")]
        return tables.respond(_imported_rows(rows), columns=columns, name=_("严重失信主体名单"), kind=kind)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "past": past, "q": q, "tab": "imported", **_counts(), "last": seen.last_import()}
    return render(request, "supervision/blacklist_imported.html", context)


def _asked(request: Request) -> tuple[bool, str]:
    return request.GET.get("state") == "past", request.GET.get("q", "").strip()[:60]


def _counts() -> dict[str, int]:
    return {"own_count": seen.published().count(), "imported_count": seen.imported().count()}


def _own_rows(rows: Iterable[Listing]) -> Iterator[list[Any]]:
    for row in rows:
        yield [row.number, row.subject.name, row.subject.credit_code, row.ground, row.authority, row.legal_basis,
               _day(row.listed_at), _day(row.ends_at), row.get_state_display()]  # fmt: skip


def _day(moment: Any) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d}" if moment else ""


def _imported_rows(rows: Iterable[ImportedEntry]) -> Iterator[list[Any]]:
    for row in rows:
        yield [row.name, row.credit_code, row.ground, row.authority, row.legal_basis, row.listed_on, row.ends_on,
               row.last_seen.source, row.last_seen.as_of]  # fmt: skip


@require_safe
def listing(request: Request, number: str) -> HttpResponse:
    """One published listing: facts, basis, way there, who was told and what they did, and how it ended."""
    try:
        row = seen.public_listing(number)
    except Listing.DoesNotExist as missing:
        raise Http404 from missing
    events = [event for event in seen.history(row) if event.kind not in {"defended", "proposed"}]
    shared = list(seen.shares_of_listing(row))
    context = {
        "row": row,
        "kind": words.KINDS[row.state],
        "events": told(events, words.LISTING_EVENTS, public=True),
        "note": next((event for event in reversed(events) if event.kind == "corrected"), None),
        "letters": letters.public_of(f"listing:{row.pk}"),
        "shares": shared,
        "received": sum(hasattr(share, "receipt") for share in shared),
        "used": rulesets.by_ref(row.rules_ref),
    }
    return render(request, "supervision/blacklist_entry.html", context)


@require_safe
def imported_entry(request: Request, pk: int) -> HttpResponse:
    """One entry of the authority's list, with the file it came and went with."""
    try:
        row = seen.imported_entry(pk)
    except ImportedEntry.DoesNotExist as missing:
        raise Http404 from missing
    return render(request, "supervision/imported_entry.html", {"row": row})


@require_safe
def repair(request: Request, number: str) -> HttpResponse:
    """A granted repair: what it was about, why, and whether its promise was kept."""
    try:
        row = mended.public_repair(number)
    except Repair.DoesNotExist as missing:
        raise Http404 from missing
    events = [event for event in mended.history(row) if event.kind in {"applied", "granted", "broken"}]
    context = {
        "row": row,
        "target": targets.of_repair(row),
        "kind": words.KINDS[row.state],
        "events": told(events, words.REPAIR_EVENTS, public=True),
        "letters": letters.public_of(f"repair:{row.pk}"),
        "severity": words.SEVERITY[row.severity],
    }
    return render(request, "supervision/repair_public.html", context)


@require_safe
def redlist(request: Request) -> HttpResponse:
    """Who has a good record, by which figures; and who was on the list."""
    past = request.GET.get("state") == "past"
    rows = seen.honours(past=past)
    used = rulesets.current("redlist")
    if (kind := request.GET.get("export", "")) in tables.FORMATS:
        columns = [_("名称"), _("统一社会信用代码"), _("列入日期"), _("信用评分"), _("完成合同"), _("按时率（%）")]
        return tables.respond(_honour_rows(rows), columns=columns, name=_("红名单"), kind=kind)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "past": past, "used": used, "wanted": used.parameters, "lacks": words.LACKS}
    return render(request, "supervision/redlist.html", context)


def _honour_rows(rows: Iterable[Honour]) -> Iterator[list[Any]]:
    for row in rows:
        organisation = row.agency.organisation
        figures = row.figures
        yield [organisation.name, organisation.credit_code, _day(row.since), figures["score"], figures["contracts"],
               figures["on_time"]]  # fmt: skip
