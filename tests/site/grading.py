"""A list of yearly grades in its publicity, with two agencies of the city on it."""

from datetime import timedelta
from typing import Any

from agencies.models import Agency
from core import jobs
from core.workdays import LOCAL
from ratings import services
from ratings.selectors import grades


def settle(city: Any) -> None:
    year = city.now.astimezone(LOCAL).year - 1
    here = [city.ids["supplier"], city.ids["bidder"]]
    Agency.objects.filter(pk__in=here).update(committed_at=grades.end_of(year) - timedelta(days=60))
    with city.ago(hours=2):
        services.propose_grades(year=year, by=city.actors["operator"].by)
        jobs.drain()
    city.ids["graded_year"] = year
