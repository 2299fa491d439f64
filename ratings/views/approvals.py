"""Results used in approvals: written down by departments and regulators, rated by regulators, readable by anyone."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import SUPERVISORS, requires
from accounts.errors import NOT_YOURS
from accounts.requests import Request
from core import clock
from core.errors import Refusal
from ratings import selectors, services
from ratings.forms import RegulatorForm, UseForm
from ratings.models import ApprovalUse

PER_PAGE = 30
USERS = ("department", "regulator")


@require_safe
@requires("department", *SUPERVISORS)
def index(request: Request) -> HttpResponse:
    """A department sees what it wrote down, supervisors see all."""
    own = request.actor.of("department")
    rows = selectors.uses_by(request.actor.org_id) if own else selectors.uses()
    now = clock.now()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [{"use": one, "rated": hasattr(one, "rating"), "over": now >= one.rate_by} for one in page.object_list],
        "waiting": selectors.unrated().count() if not own else 0,
        "may_write": request.actor.of(*USERS),
    }
    return render(request, "ratings/uses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*USERS)
def new(request: Request) -> HttpResponseBase:
    posted = request.method == "POST"
    form = UseForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            use = services.use_in_approval(**form.cleaned_data, by=request.actor.by)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记。监管部门将在期限内评价。"))
            return redirect(use)
    return render(request, "ratings/use_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, pk: int) -> HttpResponseBase:
    """What was used where and what came of it; a regulator who has no part in it rates here."""
    try:
        use = selectors.use(pk)
    except ApprovalUse.DoesNotExist as missing:
        raise Http404 from missing
    form = RegulatorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not request.actor.of("regulator"):
            raise NOT_YOURS()
        if form.is_valid() and _rated(request, use, form):
            return redirect(use)
    over, rating = clock.now() >= use.rate_by, getattr(use, "rating", None)
    may_rate = request.actor.of("regulator") and rating is None
    context = {"use": use, "rating": rating, "over": over, "form": form if may_rate else None}
    return render(request, "ratings/use.html", context, status=422 if form.errors else 200)


def _rated(request: Request, use: ApprovalUse, form: RegulatorForm) -> bool:
    data = form.cleaned_data
    marks = {name: int(data[name]) for name in ("quality", "compliance")}
    try:
        services.rate_result(use_id=use.pk, **marks, text=data["text"], by=request.actor.by)
    except Refusal as refusal:
        if refusal.code != "appeal.reasons_short":
            raise
        form.refuse(refusal)
        return False
    messages.success(request, _("监管评价已公开，记入诚信档案。"))
    return True
