"""The market that goes on by itself: publishes, enters, asks, answers and bids through the same services as people.

Everything is decided from the database and the clock. Needs of visitors get entrants and one question; what visitors
have to decide is left to them.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from agencies import selectors as agencies
from bidding import floors
from bidding import selectors as bidding
from bidding import services as competitions
from bidding.committer import place_all
from bidding.log import board as log_of
from bidding.models import Competition
from bidding.rules.auction import Offer
from bidding.rules.proxy import Deposit
from core import clock
from core.errors import Refusal
from marketplace import selectors as marketplace
from marketplace import services as needs
from marketplace.models import Method
from portal.demo import wares
from portal.demo.lives import Plan, draft
from portal.demo.organisations import Member
from portal.demo.players import Players, players
from portal.rules import simulated

log = logging.getLogger("market.demo")
NEAR = timedelta(minutes=2)
REHEARSAL = "旅程"  # needs whose title begins so are played by bin/journey alone
PUBLISHED_WARES = tuple(ware for ware in wares.ENTERPRISE_WARES if ware.item[:2] in ("01", "02", "03"))
AT_ONCE = 20
LATE_BIDS = 0.35  # share of moments in the soft close in which a simulated agency still bids


def step() -> None:
    """One look at the market; does what is due, one thing of each kind."""
    cast, now = players(), clock.now()
    if not cast.everyone:
        return
    tried(partial(_publish, cast, now))
    gathering = bidding.upcoming(now).filter(need__cancelled_at=None).exclude(need__title__startswith=REHEARSAL)
    for competition in gathering[:AT_ONCE]:
        tried(partial(_gather, cast, competition, now))
    for competition in bidding.live(now).filter(method=Method.LIVE_AUCTION)[:AT_ONCE]:
        tried(partial(_bid, cast, competition, now))


def tried(move: Callable[[], object]) -> None:
    """A refusal is a normal answer: somebody was faster, or the rules said no."""
    try:
        move()
    except Refusal as refusal:
        log.debug("not done: %s", refusal.code)


def _publish(cast: Players, now: datetime) -> None:
    """Keep an auction running: publish the next one in time."""
    rows = Competition.objects.filter(method=Method.LIVE_AUCTION, starts_at__lte=now + NEAR)
    recent = rows.filter(starts_at__gt=now - timedelta(days=1)).count()
    rhythm = simulated.rhythm(recent)
    last = rows.order_by("starts_at").values_list("starts_at", flat=True).last()
    if last and now < last + rhythm.every - timedelta(seconds=50):
        return
    number = rows.count()
    buyer = _buyer(cast, number)
    ware = PUBLISHED_WARES[number * 5 % len(PUBLISHED_WARES)]
    project = wares.ENTERPRISE_PROJECTS[number * 7 % len(wares.ENTERPRISE_PROJECTS)]
    plan = Plan(buyer, ware, project, Method.LIVE_AUCTION, (), minutes=rhythm.minutes, soon=True)
    needs.publish(need_id=draft(plan).pk, by=buyer.by)


def _buyer(cast: Players, number: int) -> Member:
    """Every third need is Bea's organisation's, so that the persona has something to look after."""
    own, shared = cast.of("enterprise"), cast.of("enterprise", shared=True)
    return shared[0] if shared and number % 3 == 2 else own[number % len(own)]


def _gather(cast: Players, competition: Competition, now: datetime) -> None:
    """One more agency enters; a visitor's need also gets a question, a simulated buyer answers what visitors ask."""
    need = competition.need
    age = now - (need.published_at or now)
    visitor = need.buyer_id not in cast.everyone
    if visitor and age > timedelta(seconds=12):
        tried(partial(_ask, cast, competition))
    if buyer := cast.own(need.buyer_id):
        _reply(buyer, need.pk, now)
    entered = set(bidding.entries(competition.pk).values_list("agency_id", flat=True))
    if not visitor:
        for persona in cast.of("agency", shared=True):
            if persona.pk not in entered:
                tried(partial(_enter, competition, persona))
    if len(entered & cast.everyone.keys()) < simulated.entrants_due(age, competition.pk):
        _enter_one(cast, competition, entered)


def _enter(competition: Competition, member: Member) -> None:
    competitions.enter(competition_id=competition.pk, agency_id=member.pk, by=member.by)


def _enter_one(cast: Players, competition: Competition, entered: set[int]) -> None:
    member = next(
        (
            one
            for one in _able(cast, competition)
            if one.pk not in entered and not competitions.eligibility(competition_id=competition.pk, agency_id=one.pk)
        ),
        None,
    )
    if member:
        _enter(competition, member)


def _able(cast: Players, competition: Competition) -> list[Member]:
    """The market's agencies that offer the item, in an order of the competition's own."""
    item = competition.need.item
    offering = agencies.directory(agencies.Filters(item=item.code if item else ""))
    found = [member for row in offering if (member := cast.own(row.pk))]
    return sorted(found, key=lambda one: simulated.luck(competition.pk, one.pk))


def _ask(cast: Players, competition: Competition) -> None:
    """One question of a simulated agency about a visitor's need."""
    if marketplace.questions(competition.need_id):
        return
    for member in _able(cast, competition)[:1]:
        text = wares.QUESTIONS[competition.pk % len(wares.QUESTIONS)][0]
        needs.ask(need_id=competition.need_id, organisation_id=member.pk, text=text, by=member.by)


def _reply(buyer: Member, need_id: int, now: datetime) -> None:
    for question in marketplace.questions(need_id):
        if question.answered_at is None and now - question.asked_at > timedelta(seconds=10):
            needs.answer(question_id=question.pk, text=wares.USUAL_ANSWER, by=buyer.by)


def _bid(cast: Players, competition: Competition, now: datetime) -> None:
    """Let one simulated bidder answer the last bid, after a while; some seal their floor once and for all instead."""
    board = log_of(competition.pk)
    if board.state(now) != "open" or board.next_max is None:
        return
    last = board.bids[-1].at if board.bids else board.fixed.starts_at
    length = board.fixed.ends_at - board.fixed.starts_at
    if now - last < simulated.pause(length, competition.pk, board.seq):
        return
    if board.end - now < board.fixed.soft_close and simulated.luck("late", competition.pk, board.seq) > LATE_BIDS:
        return
    best = board.best.by if board.best else ""
    for entry in bidding.entries(competition.pk).order_by("?"):
        if entry.pseudonym == best or cast.own(entry.agency_id) is None:
            continue
        lowest = simulated.floor(board.fixed.ceiling, competition.pk, entry.agency_id)
        ref = f"market-{competition.pk}-{board.seq:06d}"
        if simulated.seals(competition.pk, entry.agency_id):
            if lowest <= board.next_max and floors.own(competition.pk, entry.pseudonym) is None:
                place_all(competition_id=competition.pk, offers=[(Deposit(entry.pseudonym, lowest, ref), now)])
                return
            continue
        amount = simulated.offer(board.next_max, board.fixed.step, lowest, competition.pk, board.seq)
        if amount is not None:
            place_all(competition_id=competition.pk, offers=[(Offer(entry.pseudonym, amount, ref), now)])
            return
