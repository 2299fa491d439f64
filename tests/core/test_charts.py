"""Charts by month: an honest axis, and boxes that add up to what is counted."""

from datetime import UTC, date, datetime

from core.charts import columns, year_before

NOW = datetime(2026, 2, 28, 17, 30, tzinfo=UTC)  # the first of March here


def test_the_axis_has_every_month_of_the_year_before_in_local_time_with_or_without_numbers():
    drawn = columns([(date(2025, 6, 1), {"case": 2}), (date(2026, 3, 1), {"case": 1})], ["case"], NOW)
    months = [column.month for column in drawn]
    assert (months[0], months[-1], len(months)) == (date(2025, 4, 1), date(2026, 3, 1), 12)
    assert [column.total for column in drawn] == [0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert year_before(NOW).isoformat() == "2025-04-01T00:00:00+08:00"


def test_the_parts_of_a_month_stand_on_each_other_and_the_largest_month_fills_the_height():
    drawn = columns([(date(2026, 1, 1), {"a": 3, "b": 1}), (date(2026, 2, 1), {"b": 2})], ["a", "b"], NOW)
    low, high = drawn[9].boxes
    assert (low.y + low.height, high.y + high.height, high.y) == (220, low.y, 0)
    assert (drawn[10].boxes[0].height, drawn[10].counts) == (110, [("a", 0), ("b", 2)])
    assert [box.x for box in drawn[10].boxes] > [box.x for box in drawn[9].boxes]


def test_nothing_is_drawn_of_nothing():
    assert columns([], ["a"], NOW) == []
    assert columns([(date(2026, 1, 1), {"a": 0}), (date(2020, 1, 1), {"a": 5})], ["a"], NOW) == []
