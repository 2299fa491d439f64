"""Stripe down, slow, forgetful or confused: nothing is lost, nothing is done twice, and retries have an end."""

import json
import random
from datetime import timedelta

import pytest
from django.urls import reverse

from core import chance, clock, rulesets
from core.audit import SYSTEM
from core.errors import Refusal
from payments import gateway
from payments.models import Funding, ProviderCall, ProviderEvent, Reconciliation
from payments.services.escrow import arrivals, calls, disputes, events, moving, reconciling
from tests.payments.deals import deal, later, money, tell
from tests.payments.test_escrow import agrees

pytestmark = pytest.mark.django_db
DOWN = ["timeout"] * 3  # one attempt with the library's two retries


def transfers():
    with gateway.double().store.session() as shelf:
        return shelf.all("transfer")


def refunds():
    with gateway.double().store.session() as shelf:
        return shelf.all("refund")


def ready():
    d = deal()
    d.paid()
    return d


@pytest.mark.parametrize(
    "trouble", [["timeout"] * 3, [500] * 3, [503] * 3, [429], ["lost"] * 3, ["lost", 500, "timeout"]]
)
def test_a_release_survives_any_trouble_and_happens_once(trouble):
    d = ready()
    gateway.double().troubles.extend(trouble)
    moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    tell()
    call = d.call("transfer")
    assert d.books()["held"] == "29100.00"
    if call.state != "done":  # a lost answer may have been told by the webhook already
        assert (call.state, call.attempts, call.next_at > clock.now()) == ("waiting", 1, True)
        assert d.books()["agency_due"] == "19400.00"
        later(minutes=2)
    call.refresh_from_db()
    assert (call.state, d.books(), len(transfers())) == ("done", {"held": "29100.00"}, 1)
    agrees()


def test_a_lost_answer_is_found_even_after_stripe_forgot_the_key():
    d = ready()
    gateway.double().troubles.extend(["lost"] * 3)
    moving.give_back(escrow_id=d.escrow.pk, amount=money("100"), reason="x", by=d.as_agency)
    from core import jobs

    jobs.drain()  # and no webhook comes
    assert d.call("refund").state == "waiting"
    with clock.at(clock.now() + timedelta(hours=30)):
        calls.perform(d.call("refund").pk)
    assert (d.call("refund").state, len(refunds())) == ("done", 1)
    agrees()


def test_an_error_stripe_remembers_is_asked_with_a_new_key_once_it_is_sure_nothing_was_done():
    d = ready()
    double = gateway.double()
    moving.give_back(escrow_id=d.escrow.pk, amount=money("100"), reason="x", by=d.as_agency)
    call = d.call("refund")
    with double.store.session() as shelf:  # a 500 that was stored under the key
        body = {"error": {"type": "api_error", "message": "boom"}}
        import hashlib

        print_ = hashlib.sha256(json.dumps(["refunds", _as_sent(call.params)], sort_keys=True).encode()).hexdigest()
        now = int(clock.now().timestamp())
        shelf.put(
            {"id": f"key:{call.key}", "object": "key", "print": print_, "created": now, "status": 500, "body": body}
        )
    tell()
    call.refresh_from_db()
    assert (call.state, call.trouble, call.generation) == ("waiting", "http_500", 1)
    later(minutes=5)
    call.refresh_from_db()
    assert (call.state, len(refunds())) == ("done", 1)
    agrees()


def _as_sent(params):
    return {name: str(value) if isinstance(value, int) else value for name, value in params.items()}


def test_retries_slow_down_and_end_with_an_operator():
    d = ready()
    moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    call, waits = d.call("transfer"), []
    rules = rulesets.current("escrow")
    for _attempt in range(rules["retry_most"]):
        gateway.double().troubles.extend(DOWN)
        with clock.at(call.next_at + timedelta(seconds=1)):
            calls.perform(call.pk)
            call.refresh_from_db()
            waits.append((call.next_at - clock.now()).total_seconds())
    assert (call.state, call.attempts) == ("stuck", rules["retry_most"])
    assert waits[:4] == [30, 60, 120, 240]
    assert max(waits) == 3600
    assert d.books() == {"held": "29100.00", "agency_due": "19400.00"}
    gateway.double().troubles.clear()
    with clock.at(clock.now() + timedelta(days=2)):
        calls.retry(call_id=call.pk, by=SYSTEM)
        tell()
    assert d.books() == {"held": "29100.00"}
    assert len(transfers()) == 1


def test_only_stuck_calls_are_retried_by_hand():
    d = ready()
    with pytest.raises(Refusal) as refusal:
        calls.retry(call_id=d.call("checkout").pk, by=SYSTEM)
    assert refusal.value.code == "provider.not_stuck"


def test_an_account_that_lost_its_permission_makes_transfers_wait_again():
    d = ready()
    double = gateway.double()
    account = d.supplier_account = d.onboarded()
    with double.store.session() as shelf:
        row = shelf.get(account.account_id)
        shelf.put(row | {"capabilities": {"transfers": "inactive"}})
    moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    tell()
    assert d.call("transfer").state == "blocked"
    d.desk.onboard(account.account_id)
    tell()
    assert (d.call("transfer").state, len(transfers())) == ("done", 1)
    agrees()


# Webhooks


def letters(d):
    return [d.desk.letter(event) for event in d.desk.events(undelivered=False)]


def post(client, payload, signature):
    return client.post(
        reverse("payments:webhook"), payload, content_type="application/json", HTTP_STRIPE_SIGNATURE=signature
    )


def test_a_webhook_is_taken_by_its_signature_only(client):
    d = deal()
    funding = d.page()
    d.desk.pay(funding.session_id)
    payload, signature = letters(d)[-1]
    assert post(client, payload, "").status_code == 400
    assert post(client, payload, signature.replace("v1=", "v1=0")).status_code == 400
    assert post(client, payload.replace(b"4850000", b"4850001"), signature).status_code == 400
    before = ProviderEvent.objects.count()
    assert post(client, payload, signature).status_code == 200
    assert ProviderEvent.objects.count() == before + 1


def test_an_old_letter_is_refused(client):
    import stripe

    d = deal()
    d.page()
    payload = b'{"id": "evt_1", "type": "x", "created": 1, "data": {"object": {}}}'
    old = stripe.WebhookSignature.generate_signature_header(payload.decode(), gateway.secrets()[0], timestamp=1)
    assert post(client, payload, old).status_code == 400


def test_an_event_is_stored_once_however_often_it_comes(client):
    d = deal()
    funding = d.page()
    d.desk.pay(funding.session_id)
    for _time in range(3):
        for payload, signature in letters(d):
            assert post(client, payload, signature).status_code == 200
    tell()
    row = ProviderEvent.objects.filter(kind="payment_intent.succeeded").get()
    assert row.deliveries >= 3
    assert d.books() == {"held": "48500.00"}
    agrees()


@pytest.mark.parametrize("seed", range(12))
def test_any_order_of_events_ends_in_the_same_books(seed):
    """The provider does everything first; then all its news comes shuffled, twice, with jobs in between."""
    d = deal()
    funding = d.page()
    d.desk.pay(funding.session_id, method="alipay")
    arrivals.refresh(funding)
    moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    moving.give_back(escrow_id=d.escrow.pk, amount=money("9100"), reason="x", by=d.as_agency)
    for call in ProviderCall.objects.filter(state="waiting"):
        calls.perform(call.pk)
    d.desk.settle_refund(d.desk.pending_refunds()[0], arrived=seed % 2 == 0)
    opened = d.desk.dispute(Funding.objects.get(pk=funding.pk).charge_id)
    d.desk.close_dispute(opened["id"], won=seed % 3 == 0)
    letters_ = letters(d) * 2
    random.Random(seed).shuffle(letters_)
    for place, letter in enumerate(letters_):
        events.receive(*letter)
        if place % 3 == 0:
            tell()
    tell()
    later(minutes=10)
    assert not ProviderEvent.objects.filter(state__in=("waiting", "stuck")).exists()
    won, arrived = seed % 3 == 0, seed % 2 == 0
    expected = {"held": "20000.00"} if won else {}
    books = d.books()
    if not arrived:
        owed = books.pop("refund_due", "0")
        assert owed == ("9100.00" if won else "0") or not won
    assert books == expected
    agrees()


def test_replaying_everything_changes_nothing(client):
    d = ready()
    moving.part_accepted(reference=d.refs[0], by=SYSTEM)
    tell()
    disputes.stop(escrow_id=d.escrow.pk, reason="x", by=d.as_buyer)
    before = d.books()
    for row in ProviderEvent.objects.all():
        events.replay(event_pk=row.pk, by=SYSTEM)
    tell()
    assert d.books() == before
    assert set(ProviderEvent.objects.values_list("state", flat=True)) <= {"done", "ignored"}
    agrees()


def test_news_that_comes_too_early_waits_for_what_it_needs():
    d = deal()
    funding = d.page()
    d.desk.pay(funding.session_id)
    charge = gateway.checkout(funding.session_id)["payment_intent"]["latest_charge"]["id"]
    d.desk.dispute(charge)
    early = [one for one in d.desk.events() if one["type"] == "charge.dispute.created"]
    events.receive(*d.desk.letter(early[0]))
    from core import jobs

    jobs.drain()
    row = ProviderEvent.objects.get(kind="charge.dispute.created")
    assert (row.state, row.attempts) == ("waiting", 1)
    tell()
    later(minutes=1)
    row.refresh_from_db()
    assert row.state == "done"
    assert d.books() == {"frozen": "48500.00", "disputed": "48500.00"}


def test_what_belongs_to_another_site_is_left_alone():
    d = ready()
    with gateway.double().store.session() as shelf:
        intent = shelf.all("payment_intent")[0]
    foreign = intent | {"id": "pi_foreign", "metadata": {"market": "https://elsewhere.example", "funding": "1"}}
    assert arrivals.intent_told(foreign) is False
    assert d.books() == {"held": "48500.00"}


# Reconciliation


def test_every_difference_is_shown_and_none_is_put_right_silently():
    d = ready()
    client = gateway._client()
    client.v1.refunds.create({"charge": d.fresh().charge_id, "amount": 700})  # by hand, past the platform
    tell()
    now = clock.now()
    row = reconciling.reconcile(since=now - timedelta(days=1), until=now + timedelta(days=1), by=SYSTEM)
    assert row.state == "differs"
    assert [(one.kind, one.what, str(one.provider_amount)) for one in row.differences.all()] == [
        ("not_in_books", "refund", "-7.00")
    ]
    assert row.books_balance - row.provider_balance == money("7").amount
    assert d.books() == {"held": "48500.00"}


def test_what_only_the_books_have_is_shown():
    from payments import ledger
    from payments.services.escrow import pots

    d = ready()
    cash, held = pots.cash(), pots.Pots(d.escrow).held
    amount = money("5").amount
    ledger.post(
        key="stripe:ch_invented:paid",
        cause="test",
        reference="escrow:1",
        lines=[(cash, amount), (held, -amount)],
        by=SYSTEM,
    )
    now = clock.now()
    row = reconciling.reconcile(since=now - timedelta(days=1), until=now + timedelta(days=1), by=SYSTEM)
    assert [(one.kind, one.source) for one in row.differences.all()] == [("not_at_provider", "ch_invented")]


def test_a_reconciliation_that_cannot_be_ended_says_so_and_is_tried_again():
    ready()
    gateway.double().troubles.extend(DOWN)
    now = clock.now()
    since, until = reconciling.yesterday(now)
    row = reconciling.reconcile(since=since, until=until, by=SYSTEM)
    assert (row.state, row.trouble[:10]) == (Reconciliation.State.FAILED, "connection")
    assert not reconciling.due(now)
    assert reconciling.due(now + timedelta(hours=1, minutes=1)) or now.hour == 15  # unless a new day has begun
    with chance.seeded(1):
        agrees()
