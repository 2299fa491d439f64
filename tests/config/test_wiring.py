"""Everything that is named in a table of strings exists."""

from celery import current_app
from django.conf import settings

from config.reactions import REACTIONS
from config.schedule import PERIODIC, SIMULATED
from config.shipping import ship


def test_every_reaction_is_a_task():
    named = {task for tasks in REACTIONS.values() for task in tasks}
    assert named - set(current_app.tasks) == set()


def test_everything_by_the_clock_is_a_task():
    assert set(PERIODIC | SIMULATED) - set(current_app.tasks) == set()


def test_the_clock_of_production_runs_the_same_schedule():
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} == set(PERIODIC)


def test_shipping_again_adds_nothing(db):
    ship()
    assert sum(ship().values()) == 0
