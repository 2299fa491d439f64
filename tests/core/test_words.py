"""Lengths of time, as people say them."""

import pytest
from django.utils import translation

from core.words import length


@pytest.mark.parametrize(
    ("n", "unit", "chinese", "english"),
    [
        (1, "working_days", "1 个工作日", "1 working day"), (3, "working_days", "3 个工作日", "3 working days"),
        (1, "days", "1 天", "1 day"), (1, "hours", "1 小时", "1 hour"), (30, "minutes", "30 分钟", "30 minutes"),
        (1, "seconds", "1 秒", "1 second"),
    ],
)  # fmt: skip
def test_one_day_is_no_days(n, unit, chinese, english):
    assert length(n, unit) == chinese
    with translation.override("en"):
        assert length(n, unit) == english
