"""The services an agency offers: the catalogue above, the agency's own terms below, on one page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.actor import Kind, requires
from accounts.forms import RefusableForm
from accounts.requests import Request
from agencies import face
from agencies import services as agency_services
from agencies.facts import CatalogueRef
from agencies.models import Agency
from agencies.views.own import acting_agency
from core.errors import Refusal
from marketplace import selectors as catalogue
from marketplace.models import ServiceItem
from marketplace.rules import fairness
from marketplace.wording import FAIRNESS

VAGUE = "vague."


def _choices() -> list[tuple[str, Any]]:
    """Every item that may be offered now, under its category."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in catalogue.items():
        groups.setdefault(_category(item), []).append((item.code, f"{item.code} {_name(item)}"))
    return [("", gettext_lazy("请选择")), *groups.items()]


def _name(item: ServiceItem) -> str:
    return _ref(item).name


def _category(item: ServiceItem) -> str:
    return CatalogueRef("", item.category_zh, item.category_en, "").name


def _ref(item: ServiceItem) -> CatalogueRef:
    return CatalogueRef(item.code, item.name_zh, item.name_en, item.licence_kind)


class ServiceForm(RefusableForm):
    """What is offered, for how much, how fast. Words that bind nobody ("等相关材料") are pointed out."""

    refusal_fields = {"service.days": "days"}

    item = forms.ChoiceField(label=gettext_lazy("服务事项"), choices=lazy(_choices, list))
    fee_note = forms.CharField(
        label=gettext_lazy("收费说明"),
        max_length=200,
        help_text=gettext_lazy("写清计价方式和起步价，例如“报告书 3 万元起，按投资额分档”。"),
    )
    days = forms.IntegerField(
        label=gettext_lazy("服务时限（工作日）"),
        min_value=1,
        max_value=365,
        help_text=gettext_lazy("从签约到交付成果。"),
    )
    conditions = forms.CharField(
        label=gettext_lazy("受理条件"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("需要委托方提供什么，逐项写明；不写“其他材料”。"),
    )

    def clean_fee_note(self) -> str:
        return _definite(self.cleaned_data["fee_note"])

    def clean_conditions(self) -> str:
        return _definite(self.cleaned_data["conditions"])


def _definite(text: str) -> str:
    """The text, unless it holds words that could mean anything."""
    for finding in fairness.check(text):
        if finding.rule_code.startswith(VAGUE) and finding.severity == fairness.BLOCK:
            words = FAIRNESS[finding.rule_code]
            raise forms.ValidationError(f"{words.sentence} {words.advice}", code=finding.rule_code)
    return text


@requires(Kind.AGENCY)
def my_services(request: Request) -> HttpResponse:
    agency = acting_agency(request)
    form = ServiceForm(request.POST or None, initial=_initial(request, agency))
    if request.method == "POST" and form.is_valid() and _offered(request, agency, form):
        return redirect("portal:my_services")
    context = {**face.own(agency), "form": form, "tab": "services", "licences": _licences()}
    return render(request, "portal/my_services.html", context, status=422 if form.errors else 200)


def _initial(request: Request, agency: Agency) -> dict[str, Any]:
    """The terms in force of the service to change, or the item that a link elsewhere named."""
    code = request.GET.get("item", "")
    offer = agency.services.filter(item_code=code, withdrawn_at=None).first()
    if offer is None:
        return {"item": code}
    return {"item": code, "fee_note": offer.fee_note, "days": offer.days, "conditions": offer.conditions}


def _offered(request: Request, agency: Agency, form: ServiceForm) -> bool:
    data = form.cleaned_data
    item = catalogue.items().get(code=data.pop("item"))
    try:
        agency_services.offer_service(agency=agency, item=_ref(item), by=request.actor.by, **data)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("“{name}”已公示。").format(name=_name(item)))
    return True


def _licences() -> list[ServiceItem]:
    """Items with a licence that the law requires, for the note under the form."""
    return list(catalogue.items().exclude(licence_kind=""))


@require_POST
@requires(Kind.AGENCY)
def withdraw_service(request: Request, pk: int) -> HttpResponse:
    agency_services.withdraw_service(service_id=pk, agency=acting_agency(request), by=request.actor.by)
    messages.success(request, _("已停止提供，记录保留。"))
    return redirect("portal:my_services")
