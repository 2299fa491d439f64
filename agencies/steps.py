"""What an agency should do by when: renew a certificate before it runs out. Letting it run out is no fault."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q

from agencies.models import Qualification
from agencies.selectors import expiry_notice_days
from core import clock
from core.steps import Step
from core.workdays import LOCAL


def open_steps(since: datetime) -> Iterator[Step]:
    """Certificates that end within the rules' notice and have no successor, and those that ended after `since`."""
    now, ahead = clock.now(), timedelta(days=expiry_notice_days())
    today, past = now.astimezone(LOCAL).date(), since.astimezone(LOCAL).date()
    newer = Qualification.objects.filter(
        agency=OuterRef("agency"), kind=OuterRef("kind"), withdrawn_at=None, valid_until__gt=OuterRef("valid_until")
    )
    rows = Qualification.objects.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=since))
    rows = rows.filter(valid_until__lte=today + ahead, valid_until__gte=past - timedelta(days=1))
    for row in rows.filter(~Exists(newer), valid_until__gt=F("valid_from")).order_by("pk"):
        due = datetime.combine(row.valid_until + timedelta(days=1), time(), LOCAL)
        yield Step(
            kind="agency.renew",
            reference=f"qualification:{row.pk}",
            owner_org=row.agency_id,
            title=row.kind,
            path="/agency/qualifications/",
            started_at=due - ahead,
            due_at=due,
            yellow_at=due - ahead,
            right=True,
            closed_at=row.withdrawn_at or (due if now >= due else None),
        )
