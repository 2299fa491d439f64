"""Results handed in, looked at, accepted and returned."""

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actor import BUYERS, SUPERVISORS, requires
from accounts.requests import Request
from contracts import selectors, services
from contracts.forms import DeliverForm, ReturnForm
from contracts.models import Deliverable, Milestone
from contracts.views.contract import PARTIES, answered, party, readable
from core import files


@require_POST
@requires("agency")
def deliver(request: Request, pk: int) -> HttpResponseBase:
    milestone = milestone_of(pk)
    row, _side = party(request, milestone.contract_id)
    form = DeliverForm(request.POST, request.FILES, auto_id=f"deliver_{pk}_%s")
    by = request.actor.by
    form.attempt(lambda given: services.deliver(milestone_id=pk, upload=given["file"], note=given["note"], by=by))
    return answered(request, row, {f"deliver:{pk}": form}, _("成果已提交，等待委托方验收。"))


@require_POST
@requires(*BUYERS)
def accept(request: Request, pk: int) -> HttpResponseBase:
    deliverable = _deliverable(pk)
    row, _side = party(request, deliverable.milestone.contract_id)
    services.accept(deliverable_id=pk, by=request.actor.by)
    return answered(request, row, {}, _("已验收“{title}”。").format(title=deliverable.milestone.title))


@require_POST
@requires(*BUYERS)
def return_(request: Request, pk: int) -> HttpResponseBase:
    deliverable = _deliverable(pk)
    row, _side = party(request, deliverable.milestone.contract_id)
    form = ReturnForm(request.POST, auto_id=f"return_{deliverable.milestone_id}_%s")
    form.attempt(lambda _given: services.return_(deliverable_id=pk, defects=form.listed(), by=request.actor.by))
    said = _("已退回整改，服务机构会看到完整的问题清单。")
    return answered(request, row, {f"return:{deliverable.milestone_id}": form}, said)


@requires(*PARTIES, *SUPERVISORS)
def file(request: Request, pk: int) -> HttpResponseBase:
    """The result itself: for the parties and supervisors only."""
    deliverable = _deliverable(pk)
    readable(request, deliverable.milestone.contract_id)
    return files.respond(deliverable.file, inline="inline" in request.GET)


def milestone_of(pk: int) -> Milestone:
    try:
        return selectors.milestone(pk)
    except Milestone.DoesNotExist as missing:
        raise Http404 from missing


def _deliverable(pk: int) -> Deliverable:
    try:
        return selectors.deliverable(pk)
    except Deliverable.DoesNotExist as missing:
        raise Http404 from missing
