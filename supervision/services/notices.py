"""Telling people: into the inbox at once; outside by e-mail, and by text message when it is urgent.

What goes outside is a row with its attempts. A failure is tried again, each time after twice the wait, until the rule
set's number of attempts; then it stays "failed" where operators see it. The inbox has it in any case.
"""

from collections.abc import Mapping
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import override

from accounts import selectors as accounts
from accounts.errors import NOT_YOURS
from core import clock, jobs, rulesets
from core.audit import By, record
from supervision import gateway
from supervision.errors import clocks as errors
from supervision.models import Delivery, Notice, NoticeRead

LANGUAGES = ("zh-hans", "en")


@transaction.atomic
def tell(
    *,
    organisation_id: int,
    sentence: str | Promise,
    path: str,
    user_id: int | None = None,
    phone: str = "",
    urgent: bool = False,
    values: Mapping[str, Any] | None = None,
) -> Notice:
    """Put a notice into the inbox of an organisation, or of one of its people, and send it outside.

    What is urgent goes by text message too: to the organisation's phone, or to the person's own `phone` if given.

    `sentence`: a translatable text (Chinese, marked for extraction, or lazy) with named places that `values` fill.
    """
    with override("zh-hans"):
        text = str(sentence)
        filled = {key: str(value) for key, value in (values or {}).items()}
    notice = Notice.objects.create(
        organisation_id=organisation_id,
        user_id=user_id,
        sentence=text[:300],
        values=filled,
        path=path[:200],
        urgent=urgent,
        at=clock.now(),
    )
    _send_outside(notice, phone)
    return notice


def _send_outside(notice: Notice, phone: str) -> None:
    members = accounts.members(notice.organisation_id).filter(user__is_active=True)
    if notice.user_id:
        members = members.filter(user_id=notice.user_id)
    ways = [(Delivery.Channel.EMAIL, member.user.email) for member in members]
    if notice.urgent:
        number = phone or accounts.organisation(notice.organisation_id).contact_phone
        ways.append((Delivery.Channel.SMS, number))
    rows = [Delivery(notice=notice, channel=way, address=address, next_at=notice.at) for way, address in ways]
    for row in Delivery.objects.bulk_create(rows):
        jobs.enqueue("supervision.deliver", delivery_id=row.pk)


@transaction.atomic
def deliver(delivery_id: int) -> None:
    """Try once. What goes wrong at the other end is noted and tried again later, a fault of ours is raised."""
    row = Delivery.objects.select_for_update(of=("self",)).select_related("notice").get(pk=delivery_id)
    if row.state != Delivery.State.WAITING:
        return
    row.attempts += 1
    try:
        _hand_over(row)
    except (gateway.Trouble, SMTPException, OSError) as trouble:
        _missed(row, str(trouble) or type(trouble).__name__)
    else:
        row.state, row.sent_at, row.trouble = Delivery.State.SENT, clock.now(), ""
    row.save()


def _hand_over(row: Delivery) -> None:
    url = f"{settings.SITE_URL}{row.notice.path}"
    if row.channel == Delivery.Channel.SMS:
        with override("zh-hans"):
            text = translated("【开放中介服务市场】{notice} {url}").format(notice=row.notice, url=url)
        gateway.driver().send(to=row.address, text=text, key=f"notice-{row.notice_id}-{row.pk}")
        return
    lines = []
    for language in LANGUAGES:
        with override(language):
            lines.append(str(row.notice))
    subject = " ".join(lines[0].split())[:120]
    send_mail(subject, "\n\n".join([*lines, url]), None, [row.address])


def _missed(row: Delivery, trouble: str) -> None:
    rules = rulesets.current("notices")
    row.trouble = trouble[:300]
    if row.attempts >= rules["attempts_most"]:
        row.state = Delivery.State.FAILED
        return
    row.next_at = clock.now() + timedelta(seconds=rules["retry_first_seconds"] * 2 ** (row.attempts - 1))
    jobs.enqueue("supervision.deliver", run_at=row.next_at, delivery_id=row.pk)


@transaction.atomic
def send_again(*, delivery_id: int, by: By) -> Delivery:
    """An operator lets a delivery that was given up be tried anew. Raises delivery.not_failed."""
    if by.user_id is None:
        raise NOT_YOURS()
    row = Delivery.objects.select_for_update().get(pk=delivery_id)
    if row.state != Delivery.State.FAILED:
        raise errors.DELIVERY_NOT_FAILED()
    row.state, row.attempts, row.next_at = Delivery.State.WAITING, 0, clock.now()
    row.save()
    record(stream=f"delivery:{row.pk}", action="sent_again", by=by)
    jobs.enqueue("supervision.deliver", delivery_id=row.pk)
    return row


@transaction.atomic
def read(*, notice_id: int, by: By) -> Notice:
    """Mark a notice as read by this person. Raises access.not_yours for somebody else's."""
    notice = Notice.objects.get(pk=notice_id)
    if by.user_id is None or notice.organisation_id != by.org_id or notice.user_id not in (None, by.user_id):
        raise NOT_YOURS()
    NoticeRead.objects.bulk_create(
        [NoticeRead(notice=notice, user_id=by.user_id, at=clock.now())], ignore_conflicts=True
    )
    return notice


@transaction.atomic
def read_all(*, by: By, notice_ids: list[int]) -> int:
    """Mark these as read; others' are passed over. Says how many there were."""
    if by.user_id is None or by.org_id is None:
        return 0
    mine = Notice.objects.filter(organisation_id=by.org_id, pk__in=notice_ids)
    ids = [pk for pk, user in mine.values_list("pk", "user_id") if user in (None, by.user_id)]
    rows = [NoticeRead(notice_id=pk, user_id=by.user_id, at=clock.now()) for pk in ids]
    NoticeRead.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
