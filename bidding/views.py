"""Pages of the competition: the live room and what one can do there without a socket.

The room is public; who may enter, bid or read what is decided by the services and by `access.visitor_for`.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import condition, require_GET, require_POST

from accounts.actor import requires
from accounts.requests import Request
from bidding import committer, errors, floors, frames, keyring, pictures, selectors, services
from bidding.access import Visitor, visitor_for
from bidding.allowance import allowances
from bidding.consumers import REF
from bidding.models import Competition
from bidding.rules.auction import Offer
from bidding.rules.proxy import TAKEN_BACK, Deposit, Seal
from bidding.rules.record import digest, stamp
from bidding.texts import spoken
from core import clock
from core.errors import Refusal
from core.money import Money
from core.templatetags.ui import exact
from marketplace.models import Method

RENDERED = "1"  # of how replay and record are written: another number makes every reader fetch them again
GUARD_PERCENT = 10  # a bid this far below the best is asked about once before it goes out


def _competition(pk: int) -> Competition:
    try:
        return selectors.competition(pk)
    except Competition.DoesNotExist as missing:
        raise Http404 from missing


@never_cache
@require_GET
def room(request: Request, pk: int) -> HttpResponse:
    return _page(request, _competition(pk))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asked for and why it was refused: shown beside its field, with nothing typed lost."""

    typed: str = ""
    refusal: Refusal | None = None
    ref: str = ""


def _page(request: Request, competition: Competition, bid: Asked = Asked(), floor: Asked = Asked()) -> HttpResponse:
    """The room; after a refused bid or floor with what was typed and why it was refused."""
    visitor = visitor_for(request.actor, competition)
    snapshot = selectors.snapshot(competition.pk)
    seen = pictures.seen(snapshot, visitor.pseudonym)
    own_floor, refusal = _own_floor(competition, visitor), bid.refusal or floor.refusal
    context = {
        "competition": competition,
        "need": competition.need,
        "need_url": reverse("portal:need", args=[competition.need_id]),
        "role": visitor.role,
        "you": visitor.pseudonym,
        "entry": visitor.pseudonym is not None,
        "seen": seen,
        "entrants": pictures.entrants(competition.pk) if competition.method == Method.RANDOM_DRAW else [],
        "can_bid": _may_bid(competition, visitor, seen),
        "typed": bid.typed,
        "refusal": bid.refusal,
        "ref": bid.ref or str(uuid.uuid4()),
        "floor": floor,
        "floor_ref": floor.ref or str(uuid.uuid4()),
        "own_floor": own_floor,
        "terms": _terms(competition, snapshot),
        "owner_facts": _owner_facts(competition, seen),
        "config": _config(request, competition, visitor, snapshot) | {"floor": frames.floor(own_floor)},
        **_entering(request, competition, visitor, seen),
        **(pictures.result(competition) if seen.over else {}),
    }
    return render(request, "bidding/room.html", context, status=refusal.kind.status if refusal else 200)


def _own_floor(competition: Competition, visitor: Visitor) -> Seal | None:
    """The floor in force, for its owner's page alone."""
    if visitor.pseudonym is None or competition.method != Method.LIVE_AUCTION:
        return None
    try:
        own = floors.own(competition.pk, visitor.pseudonym)
    except floors.FloorKeyError:  # the room stays to be watched; who bids is told why that does not go on
        return None
    return own if own is not None and own.amount is not None else None


def _may_bid(competition: Competition, visitor: Visitor, seen: pictures.Seen) -> bool:
    return competition.method == Method.LIVE_AUCTION and visitor.role == "bidder" and not seen.over


def _entering(request: Request, competition: Competition, visitor: Visitor, seen: pictures.Seen) -> dict[str, Any]:
    """Whether this agency may enter, and every reason when it may not."""
    if not request.actor.of("agency") or visitor.role != "watcher" or seen.phase != "scheduled":
        return {"can_enter": False, "reasons": []}
    reasons = services.eligibility(competition_id=competition.pk, agency_id=_agency(request))
    return {"can_enter": not reasons, "reasons": reasons}


def _agency(request: Request) -> int:
    """The acting agency. Raises entry.not_agency."""
    if not request.actor.of("agency") or request.actor.org_id is None:
        raise errors.ENTRY_NOT_AGENCY()
    return request.actor.org_id


def _terms(competition: Competition, snapshot: dict[str, Any]) -> list[tuple[str, Any]]:
    """The conditions as they were fixed at opening, in words."""
    rows = [
        (_("采购人"), competition.need.buyer),
        (_("选取方式"), competition.get_method_display()),
        (_("最高限价"), _("{amount} 元").format(amount=Money.of(snapshot["ceiling"]))),
        (_("开始"), exact(competition.starts_at)),
    ]
    if competition.method == Method.LIVE_AUCTION:
        rows += _auction_terms(snapshot)
    else:
        rows.append((_("抽取种子的摘要（报名前公布）"), pictures.commitment(competition.pk)))
    published = reverse("portal:published_rules", args=competition.rules_ref.split("@"))
    return [*rows, (_("规则版本"), format_html('<a href="{}">{}</a>', published, competition.rules_ref))]


def _auction_terms(snapshot: dict[str, Any]) -> list[tuple[str, Any]]:
    soft, extend = snapshot["soft_close_seconds"], snapshot["extend_seconds"]
    rule = _("最后 {soft} 秒内有新报价，截止时间顺延到该报价之后 {extend} 秒").format(soft=soft, extend=extend)
    return [
        (_("最小降幅"), _("{amount} 元").format(amount=Money.of(snapshot["step"]))),
        (_("顺延"), rule),
        (_("最晚结束"), exact(pictures.moment(snapshot["hard_ends_at"]))),
    ]


def _owner_facts(competition: Competition, seen: pictures.Seen) -> list[tuple[str, Any]]:
    return [
        (_("报名机构"), _("{n} 家").format(n=seen.bidders)),
        (_("资格核对"), _("报名时由系统逐项核对，全部符合")),
        (_("最高限价"), _("{amount} 元").format(amount=competition.need.ceiling)),
    ]


def _config(request: Request, competition: Competition, visitor: Visitor, snapshot: dict[str, Any]) -> dict[str, Any]:
    """Everything the room's modules need to begin: the picture, the addresses, the words."""
    address = {
        name: reverse(f"bidding:{name}", args=[competition.pk])
        for name in ("bid", "floor", "snapshot", "result", "replay")
    }
    return {
        "role": visitor.role,
        "you": {"pseudonym": visitor.pseudonym} if visitor.pseudonym else None,
        "server_time": stamp(clock.now()),
        "snapshot": snapshot,
        "hashes": pictures.hashes(snapshot, visitor.pseudonym),
        "guard_percent": GUARD_PERCENT,
        "lang": get_language(),
        "texts": spoken(),
        "urls": {
            **address,
            "socket": f"/ws/competitions/{competition.pk}/",
            "receipt": reverse("bidding:receipt", args=[competition.pk, 0]),
            "login": f"{reverse('account_login')}?next={request.path}",
        },
    }


@require_POST
@requires()
def enter(request: Request, pk: int) -> HttpResponseRedirect:
    entry = services.enter(competition_id=_competition(pk).pk, agency_id=_agency(request), by=request.actor.by)
    messages.success(request, _("报名成功，您的代号是 {name}。").format(name=entry.pseudonym))
    return redirect("bidding:room", pk)


@require_POST
@requires()
def withdraw(request: Request, pk: int) -> HttpResponseRedirect:
    services.withdraw(competition_id=_competition(pk).pk, agency_id=_agency(request), by=request.actor.by)
    messages.success(request, _("已撤回报名。"))
    return redirect("bidding:room", pk)


@require_POST
async def bid(request: Request, pk: int) -> HttpResponseBase:
    """The socket's way for those without one: the same committer, the same receipt, the same refusals."""
    return await _ask(request, pk, _offer)


@sensitive_post_parameters("amount")
@require_POST
async def floor(request: Request, pk: int) -> HttpResponseBase:
    """The same for a floor: `amount` deposits or replaces it, `take_back` takes it back."""
    return await _ask(request, pk, _deposit)


async def _ask(request: Request, pk: int, read: Callable[[Request, Competition], committer.Asked]) -> HttpResponseBase:
    received_at = getattr(request, "scope", {}).get("arrived_at") or clock.now()  # the first from config.arrivals
    competition = await sync_to_async(_competition)(pk)
    try:
        asked = await sync_to_async(read)(request, competition)
        if not allowances.of_bidder(pk, asked.by).take():
            raise errors.FRAME_TOO_FAST()
        receipt = await committer.place_bid(competition_id=pk, offer=asked, received_at=received_at)
    except Refusal as refusal:
        return await sync_to_async(_refused)(request, competition, refusal)
    if _wants_json(request):
        return JsonResponse({"type": "receipt", **receipt, "ref": asked.ref})
    await sync_to_async(messages.success)(request, _said(receipt))
    return redirect("bidding:room", pk)


def _said(receipt: dict[str, Any]) -> str:
    amount = receipt["opening"]["amount"] if "opening" in receipt else receipt["amount"]
    if "opening" not in receipt:
        said = _("{amount} 已计入，回执第 {seq} 号。")
    elif amount == TAKEN_BACK:
        said, amount = _("底价已撤回，回执第 {seq} 号。"), "0"
    else:
        said = _("底价 {amount} 已密封，回执第 {seq} 号。")
    return said.format(amount=Money.of(amount), seq=receipt["seq"])


def _offer(request: Request, competition: Competition) -> Offer:
    """The bid in a request. Raises like `_bidder`, and amount.*."""
    pseudonym, ref = _bidder(request, competition)
    return Offer(pseudonym, Money.parse(request.POST.get("amount", "")).amount, ref)


def _deposit(request: Request, competition: Competition) -> Deposit:
    """The floor in a request. Raises like `_bidder`, and amount.*."""
    pseudonym, ref = _bidder(request, competition)
    taken_back = "take_back" in request.POST
    return Deposit(pseudonym, None if taken_back else Money.parse(request.POST.get("amount", "")).amount, ref)


def _bidder(request: Request, competition: Competition) -> tuple[str, str]:
    """Who asks, under which reference. Raises session.ended, bid.not_entered, bid.not_live or bid.ref."""
    if request.actor.user is None:
        raise errors.SESSION_ENDED()
    visitor = visitor_for(request.actor, competition)
    if request.POST.get("by", visitor.pseudonym) != visitor.pseudonym:  # somebody else is signed in by now
        raise errors.SESSION_ENDED()
    if visitor.pseudonym is None:
        raise errors.BID_NOT_ENTERED()
    if competition.method != Method.LIVE_AUCTION:
        raise errors.BID_NOT_LIVE()
    ref = request.POST.get("ref", "")
    if not REF.fullmatch(ref):
        raise errors.BID_REF()
    return visitor.pseudonym, ref


def _refused(request: Request, competition: Competition, refusal: Refusal) -> HttpResponse:
    if _wants_json(request):
        body = {"type": "refused", "code": refusal.code, "texts": refusal.both()}
        return JsonResponse(body, status=refusal.kind.status)
    keep = request.POST.get("ref", "") if refusal.kind in errors.AGAIN else ""
    asked = Asked(request.POST.get("amount", "")[:40], refusal, keep)
    about = "floor" if request.resolver_match and request.resolver_match.url_name == "floor" else "bid"
    return _page(request, competition, **{about: asked})


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@never_cache
@require_GET
def snapshot(request: Request, pk: int) -> JsonResponse:
    """The picture for a page whose socket does not come back; shaped like the socket's "hello"."""
    competition = _competition(pk)
    visitor = visitor_for(request.actor, competition)
    you = {"pseudonym": visitor.pseudonym} if visitor.pseudonym else None
    hello = {"type": "hello", "protocol": 1, "role": visitor.role, "you": you, "server_time": stamp(clock.now())}
    own = {"floor": frames.floor(_own_floor(competition, visitor))} if you else {}
    return JsonResponse({**hello, **own, "snapshot": selectors.snapshot(competition.pk)})


@never_cache
@require_GET
def result(request: Request, pk: int) -> HttpResponse:
    """How it ended, as a part of the page."""
    return render(request, "bidding/_result.html", pictures.result(_closed(pk)))


def _version(_request: Request, pk: int) -> str:
    """The file of a closed competition is another one only when something was added: an award, a key."""
    return f'"{digest(" ".join([RENDERED, _closed(pk).head_hash, *sorted(keyring.trusted())]))[:32]}"'


@require_GET
@cache_control(no_cache=True)
@condition(etag_func=_version)
def replay(request: Request, pk: int) -> JsonResponse:  # noqa: ARG001
    """All events of a closed competition as watchers saw them, and when it would have ended at first."""
    competition = _closed(pk)
    first_end = stamp(selectors.terms(competition.pk).ends_at)
    return JsonResponse({"ends_at": first_end, "events": list(selectors.public_events(competition.pk))})


@require_GET
@cache_control(no_cache=True)
@condition(etag_func=_version)
def record(request: Request, pk: int) -> JsonResponse:  # noqa: ARG001
    """The whole record as one file, to be verified by anyone."""
    return _file(selectors.record_file(_closed(pk).pk), f"record-{pk}.json")


@require_GET
@requires("agency")
def receipt(request: Request, pk: int, seq: int) -> JsonResponse:
    """My receipt again, made from the log; somebody else's does not exist here."""
    visitor = visitor_for(request.actor, _competition(pk))
    if visitor.pseudonym is None or not _is_mine(pk, seq, visitor.pseudonym):
        raise Http404
    about = {"format": "open-market-receipt", "version": 1, "competition": pk}
    return _file({**about, **committer.stored_receipt(pk, seq)}, f"receipt-{pk}-{seq}.json")


def _is_mine(pk: int, seq: int, pseudonym: str) -> bool:
    """A bid, by hand or automatic, or the seal of a floor. Raises floor.unreadable."""
    if selectors.is_bid_of(pk, seq, pseudonym):
        return True
    try:
        seal = floors.seal(pk, seq)
    except floors.FloorKeyError as sealed:
        raise errors.FLOOR_UNREADABLE() from sealed
    return seal is not None and seal.by == pseudonym


def _closed(pk: int) -> Competition:
    """A competition that is over. Raises record.sealed before."""
    competition = _competition(pk)
    if competition.closed_at is None:
        raise errors.RECORD_SEALED()
    return competition


def _file(content: dict[str, Any], name: str) -> JsonResponse:
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
