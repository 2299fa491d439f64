"""How the market rates, day by day: written once for every day that is over, never changed."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from django.db import connection, transaction

from core import clock
from core.workdays import LOCAL
from ratings.models import MarketScale

# A mark is the mean of the five dimensions; ratings of agencies only, from the day everybody may read them to the day
# an appeal takes them out.
DAILY = """
WITH marks AS (
  SELECT (quality + timeliness + attitude + fees + compliance) / 5.0 AS mark, w.revealed_at, d.decided_at
  FROM ratings_rating r JOIN ratings_ratingwindow w ON w.id = r.window_id
  LEFT JOIN ratings_appeal a ON a.rating_id = r.id
  LEFT JOIN ratings_appealdecision d ON d.appeal_id = a.id AND d.upheld
  WHERE r.side = 'buyer'
), moves AS (
  SELECT revealed_at AS at, mark, 1 AS sign FROM marks UNION ALL SELECT decided_at, mark, -1 FROM marks
)
SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, sum(sign), sum(sign * mark), sum(sign * mark * mark)
FROM moves WHERE at < %s GROUP BY day ORDER BY day
"""


@transaction.atomic
def measure_market() -> int:
    """Write the scale of every day that is over and has revealed ratings; returns how many days were new."""
    today = clock.now().astimezone(LOCAL).date()
    known = set(MarketScale.objects.values_list("day", flat=True))
    missing = [scale for scale in _scales(datetime.combine(today, time(), LOCAL)) if scale.day not in known]
    return len(MarketScale.objects.bulk_create(missing, ignore_conflicts=True))


def _scales(before: datetime) -> Iterator[MarketScale]:
    """Each day's scale over all marks up to that day."""
    marks, total, squares = 0, Decimal(0), Decimal(0)
    for day, count, added, squared in _days(before):
        marks, total, squares = marks + count, total + added, squares + squared
        mean = total / marks if marks else Decimal(0)
        variance = max(squares / marks - mean * mean, Decimal(0)) if marks else Decimal(0)
        yield MarketScale(day=day, mean=mean, variance=variance, marks=marks)


def _days(before: datetime) -> list[tuple[date, int, Decimal, Decimal]]:
    with connection.cursor() as cursor:
        cursor.execute(DAILY, [before])
        return list(cursor.fetchall())
