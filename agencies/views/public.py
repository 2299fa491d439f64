"""What everybody may see: the directory, an agency's face, the commitment, and the door for newcomers."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.joining import join as join_with
from accounts.models import Organisation
from accounts.requests import Request
from agencies import commitment, face, selectors, services
from agencies.forms import DirectoryForm
from agencies.models import Agency
from core import tables

PER_PAGE = 20


def directory(request: Request) -> HttpResponse:
    form = DirectoryForm(request.GET)
    filters = form.filters()
    agencies = selectors.directory(filters)
    if (kind := request.GET.get("export", "")) in tables.FORMATS:
        return tables.respond(_rows(agencies), columns=_columns(), name=_("机构名录"), kind=kind)
    page = Paginator(agencies, PER_PAGE).get_page(request.GET.get("page"))
    narrowed = any(value for name, value in form.cleaned_data.items() if name != "sort")
    context = {"form": form, "page_obj": page, "filters": filters, "narrowed": narrowed}
    return render(request, "agencies/directory.html", context)


def _columns() -> list[str]:
    return [
        _("名称"),
        _("统一社会信用代码"),
        _("所在地区"),
        _("信用等级"),
        _("信用评分"),
        _("服务事项"),
        _("入驻日期"),
        _("限制措施"),
        _("异议核查中，自"),
    ]


def _rows(agencies: Iterable[Any]) -> Iterator[list[Any]]:
    for agency in agencies:
        yield [
            agency.organisation.name,
            agency.organisation.credit_code,
            agency.organisation.region.place,
            agency.grade or _("暂无评级"),
            agency.score,
            "；".join(offer.name for offer in agency.offered),
            selectors.local_day(agency.committed_at),
            "；".join(str(limit.get_kind_display()) for limit in agency.in_force),
            selectors.local_day(agency.objected_at) if agency.objected_at else "",
        ]


def profile(request: Request, pk: int) -> HttpResponse:
    agency = selectors.find(pk)
    if agency is None:
        raise Http404
    return render(request, "agencies/profile.html", {**face.public(agency), "mine": request.actor.acts_for(pk)})


def commitment_text(request: Request, version: str) -> HttpResponse:
    if version not in commitment.VERSIONS:
        raise Http404
    return render(request, "agencies/commitment.html", {"version": version, "text": commitment.template(version)})


def join(request: Request) -> HttpResponse:
    """An identity and a commitment; the rest can follow."""
    context = {"commitment_template": commitment.template(commitment.VERSION)}
    return join_with(
        request, template="agencies/join.html", register=_register, done="/agency/profile/", context=context
    )


def _register(**identity: Any) -> Organisation:
    agency: Agency = services.register_agency(commitment=True, **identity)
    return agency.organisation
