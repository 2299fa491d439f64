"""Rating each other, double-blind: nothing is readable before both have rated or the window is over."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.errors import NOT_YOURS
from contracts import selectors as contracts
from contracts.models import Contract, Side
from core import clock, outbox, rulesets, workdays
from core.audit import SYSTEM, By, record
from marketplace import services as marketplace
from ratings import errors
from ratings.events import RatingsRevealed
from ratings.models import Rating, RatingWindow
from ratings.texts import DIMENSIONS, LABELS


@transaction.atomic
def open_window(*, contract_id: int) -> RatingWindow:
    """Invite both sides of a completed contract to rate; opening again changes nothing."""
    rules, now = rulesets.current("ratings"), clock.now()
    ends_at = workdays.Limit.of(rules["window"]).end(now, workdays.load())
    defaults = {"opened_at": now, "ends_at": ends_at, "rules_ref": rules.ref}
    window, new = RatingWindow.objects.get_or_create(contract_id=contract_id, defaults=defaults)
    if new:
        record(stream=f"contract:{contract_id}", action="rating_opened", by=SYSTEM, data={"rules": rules.ref})
    return window


@transaction.atomic
def rate(*, contract_id: int, side: str, scores: Mapping[str, int], text: str, by: By) -> Rating:
    """Rate the other side, or change what was written while that is allowed. The second rating reveals both.

    `scores`: 1 to 5 for each of texts.DIMENSIONS. Raises access.not_yours, rating.not_open, .window_over,
    .edit_over, .stars, .text_long.
    """
    contract = contracts.contract(contract_id)
    if contract.side_of(by.org_id) != Side(side):
        raise NOT_YOURS()
    window = _open(contract_id)
    rules = rulesets.by_ref(window.rules_ref)
    if len(text) > rules["text_most"]:
        raise errors.TEXT_LONG(most=rules["text_most"])
    stars = _whole(scores, side)
    rating = _sheet(window, contract, Side(side))
    for name, value in stars.items():
        setattr(rating, name, value)
    rating.text, rating.submitted_by_id = text.strip(), by.user_id
    rating.save()
    # What was given stays out of the audit line: those who may read it early are nobody.
    record(stream=f"contract:{contract_id}", action="rated", by=by, data={"side": side})
    reveal(window_id=window.pk)
    return rating


@transaction.atomic
def reveal(*, window_id: int) -> bool:
    """Make the ratings readable once both are in or the window is over; says whether it did."""
    window = RatingWindow.objects.select_for_update(of=("self",)).select_related("contract__award").get(pk=window_id)
    both = window.ratings.count() == len(Side)
    if window.revealed_at or not (both or clock.now() >= window.ends_at):
        return False
    window.revealed_at = clock.now()
    window.save(update_fields=["revealed_at"])
    for rating in window.ratings.select_related("window"):
        rating.reply_by, rating.appeal_by = reply_until(rating), appeal_until(rating)
        rating.save(update_fields=["reply_by", "appeal_by"])
    facts = {"rated_by": sorted(window.ratings.values_list("side", flat=True))}
    record(stream=f"contract:{window.contract_id}", action="ratings_revealed", by=SYSTEM, data=facts)
    marketplace.mark_closed(need_id=window.contract.award.need_id)
    outbox.emit(RatingsRevealed(window.pk, window.contract_id))
    return True


@transaction.atomic
def reply(*, rating_id: int, text: str, by: By) -> Rating:
    """The rated side answers a revealed rating, once. Raises rating.reply_empty, .reply_once, .reply_over."""
    rating = Rating.objects.select_for_update(of=("self",)).select_related("window").get(pk=rating_id)
    if by.org_id != rating.ratee_id or rating.window.revealed_at is None:
        raise NOT_YOURS()
    if not text.strip():
        raise errors.REPLY_EMPTY()
    if rating.replied_at:
        raise errors.REPLY_ONCE()
    if clock.now() >= reply_until(rating):
        raise errors.REPLY_OVER(limit=rulesets.by_ref(rating.window.rules_ref)["reply"]["n"])
    rating.reply, rating.replied_at = text.strip()[:1000], clock.now()
    rating.save(update_fields=["reply", "replied_at"])
    record(stream=f"contract:{rating.window.contract_id}", action="replied", by=by, data={"rating": rating.pk})
    return rating


def _open(contract_id: int) -> RatingWindow:
    """The contract's window, locked and still open."""
    window = RatingWindow.objects.select_for_update().filter(contract_id=contract_id).first()
    if window is None:
        raise errors.NOT_OPEN()
    if window.revealed_at or clock.now() >= window.ends_at:
        raise errors.WINDOW_OVER()
    return window


def _whole(scores: Mapping[str, int], side: str) -> dict[str, int]:
    stars = {name: scores.get(name, 0) for name in DIMENSIONS}
    missing = [str(LABELS[side][name]) for name, value in stars.items() if value not in range(1, 6)]
    if missing:
        raise errors.STARS(missing="、".join(missing))
    return stars


def _sheet(window: RatingWindow, contract: Contract, side: Side) -> Rating:
    """A new rating, or the one this side may still change."""
    rating, now = Rating.objects.filter(window=window, side=side).first(), clock.now()
    if rating is None:
        rater, ratee = contract.buyer_id, contract.supplier_id
        if side == Side.SUPPLIER:
            rater, ratee = ratee, rater
        return Rating(window=window, side=side, rater_id=rater, ratee_id=ratee, submitted_at=now)
    if now >= edit_until(rating):
        raise errors.EDIT_OVER()
    rating.edited_at = now
    return rating


def reply_until(rating: Rating) -> datetime:
    """Until when the rated side may answer a revealed rating in public."""
    if rating.reply_by:
        return rating.reply_by
    limit = workdays.Limit.of(rulesets.by_ref(rating.window.rules_ref)["reply"])
    return limit.end(rating.window.revealed_at or rating.submitted_at, workdays.load())


def appeal_until(rating: Rating) -> datetime:
    """Until when the rated side may appeal; the rules in force when it was revealed decide."""
    if rating.appeal_by:
        return rating.appeal_by
    revealed = rating.window.revealed_at or rating.submitted_at
    return workdays.Limit.of(rulesets.current("appeals", revealed)["file"]).end(revealed, workdays.load())


def edit_until(rating: Rating) -> datetime:
    """Until when its writer may change a rating that is still sealed."""
    limit = workdays.Limit.of(rulesets.by_ref(rating.window.rules_ref)["edit"])
    return min(limit.end(rating.submitted_at, workdays.load()), rating.window.ends_at)
