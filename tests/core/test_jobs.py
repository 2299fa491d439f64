"""Jobs: what a failure leaves behind, and what a broker that is gone must not break."""

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError as BrokerGoneError

from core import jobs
from core.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting():
    with transaction.atomic():
        jobs.enqueue("core.sweep_jobs")
    return Job.objects.get()


def test_a_failure_noted_late_does_not_wake_a_job_that_is_done(waiting):
    """Another runner may have taken the job up between the failure and the note of it."""
    Job.objects.update(state=Job.State.DONE)
    jobs._failed(waiting.pk, "too late")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (Job.State.DONE, 0)


def test_a_failed_job_is_tried_again_later_and_given_up_in_the_end(waiting):
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs._failed(waiting.pk, "fault")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (Job.State.DEAD, jobs.MAX_ATTEMPTS)


def test_a_broker_that_is_gone_does_not_undo_what_was_done(monkeypatch, settings):
    def gone(*_args, **_kwargs):
        raise BrokerGoneError

    settings.CELERY_BROKER_URL = "redis://nowhere"
    monkeypatch.setattr(jobs.run_job, "apply_async", gone)
    with transaction.atomic():
        jobs.enqueue("core.sweep_jobs")
    assert Job.objects.get().state == Job.State.WAITING
