"""Both sides rate without seeing the other's words; a window that ends reveals what there is."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from core import clock, jobs
from marketplace.models import Need
from ratings import selectors, services, tasks
from ratings.models import CreditEvent, Rating, RatingWindow
from ratings.texts import DIMENSIONS
from tests.contracts.test_award import refused
from tests.contracts.world import completed, signed

pytestmark = pytest.mark.django_db
FIVE = dict.fromkeys(DIMENSIONS, 5)


def rate(w, contract, side, stars=5, text="沟通顺畅"):
    by = w.as_buyer if side == "buyer" else w.as_agency
    scores = dict.fromkeys(DIMENSIONS, stars)
    return services.rate(contract_id=contract.pk, side=side, scores=scores, text=text, by=by)


def window(contract):
    return RatingWindow.objects.get(contract=contract)


def test_completion_opens_one_window():
    _w, contract = completed()
    services.open_window(contract_id=contract.pk)
    assert window(contract).ends_at > contract.completed_at


def test_a_contract_at_work_is_not_rated():
    w, contract = signed()
    refused("rating.not_open", rate, w=w, contract=contract, side="buyer")


def test_one_rating_stays_sealed_and_the_second_reveals_both():
    w, contract = completed()
    rate(w, contract, "buyer")
    assert selectors.revealed(window(contract)) == []
    assert selectors.credit_file(w.agency.pk, clock.now()).ratings == ()
    rate(w, contract, "supplier")
    assert len(selectors.revealed(window(contract))) == 2
    assert Need.objects.get(pk=w.need.pk).closed_at


def test_a_sealed_rating_moves_no_score_and_leaves_no_row():
    w, contract = completed()
    before = CreditEvent.objects.count()
    rate(w, contract, "buyer", stars=1)
    jobs.drain()
    assert CreditEvent.objects.count() == before


def test_the_window_that_ends_reveals_what_there_is_and_counts_the_missing():
    w, contract = completed()
    rate(w, contract, "supplier")
    with clock.at(window(contract).ends_at):
        tasks.reveal_due_ratings.run()
        tasks.reveal_due_ratings.run()
        jobs.drain()
        file = selectors.credit_file(w.agency.pk, clock.now())
    assert file.missed == 1
    assert CreditEvent.objects.get(kind="rating_missed").points == 0


def test_after_the_end_nothing_is_written_any_more():
    w, contract = completed()
    with clock.at(window(contract).ends_at):
        refused("rating.window_over", rate, w=w, contract=contract, side="buyer")
    rate(w, contract, "buyer")
    rate(w, contract, "supplier")
    refused("rating.window_over", rate, w=w, contract=contract, side="buyer")


def test_a_sealed_rating_may_be_changed_for_a_while():
    w, contract = completed()
    first = rate(w, contract, "buyer", stars=2)
    again = rate(w, contract, "buyer", stars=4)
    assert (again.pk, again.quality) == (first.pk, 4)
    with clock.at(first.submitted_at + timedelta(days=10)):
        refused("rating.edit_over", rate, w=w, contract=contract, side="buyer")


@pytest.mark.parametrize("side", ["buyer", "supplier"])
def test_nobody_rates_for_the_other(side):
    w, contract = completed()
    other = w.as_agency if side == "buyer" else w.as_buyer
    call = {"contract_id": contract.pk, "side": side, "scores": FIVE, "text": "", "by": other}
    refused("access.not_yours", services.rate, **call)


@pytest.mark.parametrize("scores", [{}, {**FIVE, "fees": 0}, {**FIVE, "fees": 6}])
def test_every_dimension_needs_one_to_five(scores):
    w, contract = completed()
    call = {"contract_id": contract.pk, "side": "buyer", "scores": scores, "text": "", "by": w.as_buyer}
    refused("rating.stars", services.rate, **call)


def test_a_text_has_its_limit():
    w, contract = completed()
    refused("rating.text_long", rate, w=w, contract=contract, side="buyer", text="好" * 1001)


def test_the_database_refuses_a_sixth_star():
    w, contract = completed()
    rate(w, contract, "buyer")
    with pytest.raises(DatabaseError, match="stars_fees"), transaction.atomic():
        Rating.objects.update(fees=6)


def test_the_rated_side_replies_once_and_in_time():
    w, contract = completed()
    rating = rate(w, contract, "buyer", stars=2)
    call = {"rating_id": rating.pk, "by": w.as_agency}
    refused("access.not_yours", services.reply, text="x", **call)
    rate(w, contract, "supplier")
    refused("access.not_yours", services.reply, text="x", rating_id=rating.pk, by=w.as_buyer)
    refused("rating.reply_empty", services.reply, text=" ", **call)
    with clock.at(clock.now() + timedelta(days=30)):
        refused("rating.reply_over", services.reply, text="x", **call)
    services.reply(text="已改进。", **call)
    refused("rating.reply_once", services.reply, text="再说", **call)
