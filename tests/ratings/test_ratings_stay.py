"""Past the services: a revealed rating, its reply and its window stay as they were; a sealed one keeps its place."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from core import clock
from ratings import services
from ratings.models import RatingWindow
from ratings.steps import move
from tests.contracts.world import completed
from tests.ratings.test_rating import rate

pytestmark = pytest.mark.django_db


def refused(sql):
    with pytest.raises(DatabaseError, match=r"stays|closed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def sealed():
    w, contract = completed()
    return w, contract, rate(w, contract, "buyer", stars=2, text="一再延误。")


def revealed():
    w, contract, rating = sealed()
    rate(w, contract, "supplier")
    return w, rating


def test_a_sealed_rating_is_edited_by_its_writer_and_keeps_whose_it_is():
    w, contract, rating = sealed()
    rate(w, contract, "buyer", stars=4)
    rating.refresh_from_db()
    assert rating.quality == 4
    for change in ("ratee_id = rater_id", "submitted_at = submitted_at - interval '1 day'", "reply = '抢先答复'"):
        refused(f"UPDATE ratings_rating SET {change} WHERE id = {rating.pk}")
    refused(f"DELETE FROM ratings_rating WHERE id = {rating.pk}")


@pytest.mark.parametrize("change", [
    "quality = 5", "text = '很好'", "submitted_at = now()", "side = 'supplier'", "edited_at = now()",
])  # fmt: skip
def test_a_revealed_rating_is_not_rewritten(change):
    _w, rating = revealed()
    refused(f"UPDATE ratings_rating SET {change} WHERE id = {rating.pk}")


def test_a_reply_comes_once_and_stays():
    w, rating = revealed()
    services.reply(rating_id=rating.pk, text="已改进。", by=w.as_agency)
    for change in ("reply = ''", "reply = '别的话'", "replied_at = NULL, reply = ''"):
        refused(f"UPDATE ratings_rating SET {change} WHERE id = {rating.pk}")


def test_no_rating_comes_into_a_window_that_was_revealed():
    _w, rating = revealed()
    columns = "side, rater_id, ratee_id, quality, timeliness, attitude, fees, compliance, text, submitted_at, reply"
    rows = f"SELECT {columns}, window_id FROM ratings_rating WHERE id = {rating.pk}"
    refused(f"INSERT INTO ratings_rating ({columns}, window_id) {rows}")


def test_a_window_moves_while_it_is_open_and_never_after():
    _w, contract, _rating = sealed()
    window = RatingWindow.objects.get(contract=contract)
    assert move(f"window:{window.pk}:buyer", window.ends_at + timedelta(days=1))
    refused(f"UPDATE ratings_ratingwindow SET opened_at = opened_at - interval '1 day' WHERE id = {window.pk}")
    refused(f"UPDATE ratings_ratingwindow SET rules_ref = 'ratings@9' WHERE id = {window.pk}")
    with clock.at(window.ends_at + timedelta(days=2)):
        assert services.reveal(window_id=window.pk)
    refused(f"UPDATE ratings_ratingwindow SET revealed_at = NULL WHERE id = {window.pk}")
    refused(f"UPDATE ratings_ratingwindow SET ends_at = now() WHERE id = {window.pk}")
    refused(f"DELETE FROM ratings_ratingwindow WHERE id = {window.pk}")
