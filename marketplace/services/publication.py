"""Publishing a need, ending it, and the notices that go with it."""

from typing import Any

from django.db import transaction
from django.utils.translation import override

from accounts.errors import NOT_YOURS
from core import audit, clock, papers, workdays
from core.audit import By
from core.models import Paper
from core.outbox import emit
from core.workdays import LOCAL
from marketplace import errors, schedule, selectors
from marketplace.events import NeedCancelled, NeedPublished
from marketplace.models import Method, Need, Notice, ServiceItem
from marketplace.rules import fairness, lifecycle, publication
from payments.services import budgets

NUMBER_PREFIX = "XQ"
NOTICE_PREFIX = "GG"
ONCE = (Notice.Kind.NEED, Notice.Kind.CANCELLED, Notice.Kind.FAILED)


@transaction.atomic
def publish(*, need_id: int, by: By) -> Need:
    """Publish a draft: number, notice, paper, news. Publishing twice changes nothing.

    Raises need.not_ready with all issues at once in params["issues"] (list of rules.publication.Issue), and
    budget.short when another need took the money a moment ago.
    """
    need = _lock(need_id, by)
    if need.published_at:
        return need
    _pin_item(need)
    now = clock.now()
    terms = schedule.terms(need, now)
    found = publication.issues(selectors.draft_of(need), terms.bounds, selectors.agency_names_in(need))
    if publication.blocks(found):
        stopping = [issue for issue in found if issue.severity == fairness.BLOCK]
        raise errors.NOT_READY(count=len(stopping), issues=found)
    if need.method == Method.DIRECT or need.entry_closes_at is None:
        need.entry_closes_at = terms.bounds.earliest_close
    need.published_at, need.rules_ref, need.typed = now, terms.rules.ref, {}
    _reserve_money(need, by)
    paper = _issue_need_paper(need)
    need.number = paper.number
    need.save()
    publish_notice(need_id=need.pk, kind=Notice.Kind.NEED, title=paper.title, data={}, paper=paper)
    data = {"number": need.number, "rules": need.rules_ref, "ceiling": str(need.ceiling), "method": need.method}
    audit.record(stream=f"need:{need.pk}", action="published", by=by, data=data)
    emit(NeedPublished(need.pk))
    return need


def _reserve_money(need: Need, by: By) -> None:
    """A department's ceiling is set aside on its budget line. Raises budget.short when somebody was faster."""
    if need.budget_line is None or need.ceiling is None:
        return
    line = need.budget_line
    need.budget_reference = f"{line.fiscal_year.year} · {line}"
    budgets.reserve(
        line_id=line.pk,
        reference=f"need:{need.pk}",
        amount=need.ceiling,
        title=need.title,
        page=need.get_absolute_url(),
        by=by,
    )


def _lock(need_id: int, by: By) -> Need:
    need = Need.objects.select_for_update(no_key=True).get(pk=need_id)
    if need.buyer_id != by.org_id:
        raise NOT_YOURS()
    return need


def _pin_item(need: Need) -> None:
    """Bind the need to the version in force, and keep a cancellation from slipping in between."""
    if need.item is None:
        return
    current = selectors.item(need.item.code) or need.item
    need.item = ServiceItem.objects.select_for_update(no_key=True).get(pk=current.pk)


@transaction.atomic
def cancel(*, need_id: int, reason: str, by: By) -> Need:
    """End a published need before anyone is selected. The reason is published. Raises need.reason, need.ended."""
    need = _lock(need_id, by)
    if need.cancelled_at:
        return need
    reason = reason.strip()
    if not reason:
        raise errors.REASON_MISSING()
    if not lifecycle.may_set(selectors.dates_of(need), "cancelled_at"):
        raise errors.ALREADY_ENDED()
    need.cancelled_at, need.end_reason = clock.now(), reason[:300]
    need.save(update_fields=["cancelled_at", "end_reason"])
    audit.record(stream=f"need:{need.pk}", action="cancelled", by=by, reason=reason)
    budgets.release(reference=f"need:{need.pk}", reason=need.end_reason, by=by)
    announce(need_id=need.pk, kind=Notice.Kind.CANCELLED, reason=need.end_reason)
    emit(NeedCancelled(need.pk, need.end_reason))
    return need


def announce(*, need_id: int, kind: Notice.Kind, reason: str) -> Notice:
    """Publish the end of a need: a notice with a paper that names the reason."""
    need = Need.objects.select_related("item", "buyer", "region").get(pk=need_id)
    with override(papers.LANGUAGE):
        title = f"{kind.label}：{need.title}"[:200]
    data = {**paper_data(need), "kind": kind.value, "reason": reason}
    paper = papers.issue(prefix=NOTICE_PREFIX, kind="notice", title=title, page=need.get_absolute_url(), data=data)
    return publish_notice(need_id=need_id, kind=kind, title=title, data={"reason": reason}, paper=paper)


@transaction.atomic
def publish_notice(*, need_id: int, kind: str, title: str, data: dict[str, Any], paper: Paper | None = None) -> Notice:
    """A public announcement about a need. Of the kinds in ONCE there is one; asking again returns it."""
    values = {"title": title[:200], "published_at": clock.now(), "paper": paper, "data": data}
    if kind in ONCE:
        return Notice.objects.get_or_create(need_id=need_id, kind=kind, defaults=values)[0]
    return Notice.objects.create(need_id=need_id, kind=kind, **values)


def _issue_need_paper(need: Need) -> Paper:
    with override(papers.LANGUAGE):
        title = f"{Notice.Kind.NEED.label}：{need.title}"[:200]
    return papers.issue(
        prefix=NUMBER_PREFIX,
        kind="notice",
        title=title,
        page=need.get_absolute_url(),
        data={**paper_data(need), "kind": Notice.Kind.NEED.value},
    )


def paper_data(need: Need) -> dict[str, Any]:
    """What the paper of a need says, in Chinese, amounts as plain decimals and times as Beijing time."""
    item, closes = need.item, need.entry_closes_at
    provisional = bool(closes and workdays.load().provisional(closes))
    with override(papers.LANGUAGE):
        method = str(Method(need.method).label)
    return {
        "need": need.title,
        "buyer": need.buyer.name,
        "item": f"{item.code} {item.name_zh}" if item else "",
        "licence": item.licence_kind if item else "",
        "scope": need.scope,
        "region": need.region.name if need.region else "",
        "place": need.place,
        "ceiling": str(need.ceiling.amount) if need.ceiling else "",
        "budget_reference": need.budget_reference,
        "method": need.method,
        "method_label": method,
        "urgent_reason": need.urgent_reason,
        "entry_closes_at": f"{closes.astimezone(LOCAL):%Y-%m-%d %H:%M}" if closes else "",
        "calendar_provisional": provisional,
        "auction_minutes": need.auction_minutes,
        "delivery_days": need.delivery_days,
        "rules": need.rules_ref,
    }
