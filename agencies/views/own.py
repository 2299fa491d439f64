"""The agency's own pages: profile, certificates, people; each shows beside it what the public sees."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.actor import Kind, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from agencies import errors, face, selectors, services
from agencies.forms import DropForm, PractitionerForm, ProfileForm, QualificationForm
from agencies.models import Agency
from core import rulesets
from core.errors import Refusal


def acting_agency(request: Request) -> Agency:
    """The agency acted for. Raises access.not_yours for anybody else."""
    agency = selectors.find(request.actor.org_id) if request.actor.of(Kind.AGENCY) else None
    if agency is None:
        raise NOT_YOURS()
    return agency


@requires(Kind.AGENCY)
def edit_profile(request: Request) -> HttpResponse:
    agency = acting_agency(request)
    form = ProfileForm(request.POST or None, instance=selectors.get(agency.pk))
    if request.method == "POST" and form.is_valid():
        services.update_profile(agency=agency, by=request.actor.by, **form.cleaned_data)
        messages.success(request, _("已保存，公众现在就能看到。"))
        return redirect("agencies:edit_profile")
    return _page(request, "agencies/edit_profile.html", agency, refused=bool(form.errors), form=form)


@requires(Kind.AGENCY)
def edit_qualifications(request: Request) -> HttpResponse:
    """Drop pictures here; each becomes a certificate to complete."""
    agency = acting_agency(request)
    if request.method != "POST":
        return _qualifications_page(request, agency)
    uploads = request.FILES.getlist("scans")
    refusals = _dropped(request, agency, uploads)
    form = DropForm()
    if not uploads:
        refusals = [_("请先选择扫描件。")]
    if not refusals:
        return redirect("agencies:edit_qualifications")
    return _qualifications_page(request, agency, drop_form=form, refusals=refusals)


def _dropped(request: Request, agency: Agency, uploads: list[Any]) -> list[str]:
    """Take each picture on its own: a bad one doesn't cost the good ones. Answers with what was refused."""
    limit = int(rulesets.current("agencies")["scans_at_once"])
    refusals = [_words("", errors.TOO_MANY_SCANS(limit=limit))] if len(uploads) > limit else []
    taken = 0
    for upload in uploads[:limit]:
        try:
            services.drop_scan(agency=agency, upload=upload, by=request.actor.by)
            taken += 1
        except Refusal as refusal:
            refusals.append(_words(upload.name, refusal))
    if taken:
        messages.success(
            request,
            ngettext("已收到 {n} 份扫描件，请补全证书信息。", "已收到 {n} 份扫描件，请补全证书信息。", taken).format(
                n=taken
            ),
        )
    return refusals


def _words(name: str, refusal: Refusal) -> str:
    where = _("“{name}”：").format(name=name) if name and name not in refusal.sentence else ""
    return f"{where}{refusal.sentence} {refusal.way_out}"


@require_POST
@requires(Kind.AGENCY)
def complete_scan(request: Request, scan_id: int) -> HttpResponse:
    agency = acting_agency(request)
    scan = get_object_or_404(selectors.waiting_scans(agency.pk), pk=scan_id)
    form = QualificationForm(request.POST, prefix=f"scan{scan_id}")
    if form.is_valid() and _done(form, services.add_qualification, agency=agency, scan=scan, by=request.actor.by):
        messages.success(request, _("证书已公示。"))
        return redirect("agencies:edit_qualifications")
    return _qualifications_page(request, agency, forms={scan_id: form})


@require_POST
@requires(Kind.AGENCY)
def discard_scan(request: Request, scan_id: int) -> HttpResponse:
    services.discard_scan(scan_id=scan_id, agency=acting_agency(request), by=request.actor.by)
    return redirect("agencies:edit_qualifications")


@require_POST
@requires(Kind.AGENCY)
def withdraw_qualification(request: Request, pk: int) -> HttpResponse:
    services.withdraw_qualification(qualification_id=pk, agency=acting_agency(request), by=request.actor.by)
    messages.success(request, _("证书已撤下，记录保留。"))
    return redirect("agencies:edit_qualifications")


@requires(Kind.AGENCY)
def edit_practitioners(request: Request) -> HttpResponse:
    agency = acting_agency(request)
    form = PractitionerForm(request.POST or None)
    valid = request.method == "POST" and form.is_valid()
    if valid and _done(form, services.add_practitioner, agency=agency, by=request.actor.by):
        messages.success(request, _("已添加执业人员。"))
        return redirect("agencies:edit_practitioners")
    return _page(request, "agencies/edit_practitioners.html", agency, refused=bool(form.errors), form=form)


@require_POST
@requires(Kind.AGENCY)
def withdraw_practitioner(request: Request, pk: int) -> HttpResponse:
    services.withdraw_practitioner(practitioner_id=pk, agency=acting_agency(request), by=request.actor.by)
    messages.success(request, _("已撤下，记录保留。"))
    return redirect("agencies:edit_practitioners")


def _qualifications_page(
    request: Request,
    agency: Agency,
    *,
    forms: dict[int, QualificationForm] | None = None,
    drop_form: DropForm | None = None,
    refusals: list[str] | None = None,
) -> HttpResponse:
    known = forms or {}
    context = face.own(agency)
    cards = [(scan, known.get(scan.pk) or QualificationForm(prefix=f"scan{scan.pk}")) for scan in context["waiting"]]
    context |= {
        "drop_form": drop_form or DropForm(),
        "refusals": refusals or [],
        "cards": cards,
        "licence_kinds": _suggestions(context),
        "tab": "qualifications",
    }
    status = 422 if refusals or known else 200
    return render(request, "agencies/edit_qualifications.html", context, status=status)


def _suggestions(context: dict[str, Any]) -> list[str]:
    """Licences the own services lack first, then every other known name."""
    lacking = sorted({offer.licence_kind for offer in context["services"] if not offer.licensed})
    others = [kind for kind in selectors.known_licence_kinds() if kind not in lacking]
    return [*lacking, *others]


def _page(request: Request, template: str, agency: Agency, *, refused: bool, form: Any) -> HttpResponse:
    tab = template.removeprefix("agencies/edit_").removesuffix(".html")
    context = {**face.own(agency), "form": form, "tab": tab}
    return render(request, template, context, status=422 if refused else 200)


def _done(form: Any, verb: Callable[..., Any], **given: Any) -> bool:
    """Run a verb with the form's words; a refusal goes back into the form."""
    try:
        verb(**form.cleaned_data, **given)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True
