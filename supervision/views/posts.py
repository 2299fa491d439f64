"""Who stands where in one's own organisation's line: the owner names section heads and leaders."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors as accounts
from accounts.actor import requires
from accounts.errors import OWNERS_ONLY
from accounts.requests import Request
from core import rulesets
from core.errors import Refusal
from supervision import kinds
from supervision.models import Post
from supervision.selectors.cards import PUBLIC_BODIES
from supervision.services import stops


@require_http_methods(["GET", "HEAD", "POST"])
@requires(*PUBLIC_BODIES)
def posts(request: Request) -> HttpResponseBase:
    if not request.actor.owner:
        raise OWNERS_ONLY()
    refusal = _fill(request) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        messages.success(request, _("岗位已更新。"))
        return redirect("supervision:posts")
    return _page(request, refusal)


def _fill(request: Request) -> Refusal | None:
    user = request.POST.get("user", "")
    try:
        stops.fill_post(
            organisation_id=request.actor.org_id or 0,
            level=request.POST.get("level", ""),
            user_id=int(user) if user.isdecimal() else 0,
            phone=request.POST.get("phone", ""),
            by=request.actor.by,
        )
    except Refusal as refusal:
        return refusal
    return None


def _page(request: Request, refusal: Refusal | None) -> HttpResponse:
    organisation = request.actor.org_id or 0
    ladder = rulesets.current("clocks")["ladder"]
    context = {
        "rows": Post.objects.filter(organisation=organisation).select_related("user"),
        "members": accounts.members(organisation),
        "levels": Post.Level.choices,
        "ladder": [(kinds.LEVELS.get(row["level"], row["level"]), kinds.limit_words(row["after"])) for row in ladder],
        "refusal": refusal,
        "typed": {key: request.POST.get(key, "") for key in ("level", "user", "phone")} if refusal else {},
    }
    return render(request, "supervision/posts.html", context, status=refusal.kind.status if refusal else 200)


@require_POST
@requires(*PUBLIC_BODIES)
def clear(request: Request, pk: int) -> HttpResponseBase:
    if not Post.objects.filter(pk=pk, organisation=request.actor.org_id).exists():
        raise Http404
    stops.clear_post(post_id=pk, by=request.actor.by)
    messages.success(request, _("岗位已更新。"))
    return redirect("supervision:posts")
