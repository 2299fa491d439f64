"""What happens to needs by the clock."""

from celery import shared_task

from core import clock
from marketplace import selectors
from marketplace.models import RUNNING, Method, Need
from marketplace.services import mark_failed, resume


@shared_task(name="marketplace.advance_needs")
def advance_needs() -> None:
    """A private buyer who chose nobody in time: the need fails and may be published again. What was held long enough
    goes on.
    """
    over = Need.objects.filter(RUNNING, method=Method.DIRECT, entry_closes_at__lte=clock.now())
    for need_id in over.values_list("pk", flat=True)[:100]:
        mark_failed(need_id=need_id, reason="not_chosen")
    for need_id, source in selectors.suspensions_over(clock.now()):
        resume(need_id=need_id, source=source, reason="暂停期满，自动恢复")
