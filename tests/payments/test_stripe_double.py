"""The double keeps to what Stripe documents, seen through the SDK's own client."""

from datetime import timedelta

import pytest
import stripe
from django.db import connection, transaction

from core import clock
from payments import gateway
from payments.stripe_double.client import Double
from payments.stripe_double.database import Database
from payments.stripe_double.desk import Desk
from payments.stripe_double.form import decoded
from payments.stripe_double.shelf import Memory

ITEM = {"price_data": {"currency": "cny", "unit_amount": 10000, "product_data": {"name": "x"}}, "quantity": 1}
SESSION = {"mode": "payment", "success_url": "http://x/", "line_items": [ITEM]}


class Bench:
    def __init__(self, store=None):
        self.double = Double(store or Memory(), "http://x")
        self.api = stripe.StripeClient("sk_test_x", http_client=self.double, max_network_retries=2).v1
        self.desk = Desk(self.double, "whsec_x")

    def charge(self, token="pm_card_visa", **more):
        params = {"amount": 10000, "currency": "cny", "payment_method": token, "confirm": "true", **more}
        return self.api.payment_intents.create(params).latest_charge

    def account(self):
        account = self.api.accounts.create({"type": "express", "country": "HK"})
        self.desk.onboard(account.id)
        return account.id


@pytest.fixture
def bench():
    return Bench()


def refused(error, act, *args):
    with pytest.raises(error) as fault:
        act(*args)
    return fault.value


def test_forms_are_read_as_nested():
    body = "a=1&b[c]=2&d[0]=x&d[1]=y&e[0][f][g]=3"
    assert decoded(body) == {"a": "1", "b": {"c": "2"}, "d": ["x", "y"], "e": [{"f": {"g": "3"}}]}


def test_the_same_key_gives_the_same_answer_and_other_words_are_refused(bench):
    key = {"idempotency_key": "k"}
    first = bench.api.payment_intents.create({"amount": 100, "currency": "cny"}, key)
    assert bench.api.payment_intents.create({"amount": 100, "currency": "cny"}, key).id == first.id
    fault = refused(stripe.IdempotencyError, bench.api.payment_intents.create, {"amount": 101, "currency": "cny"}, key)
    assert fault.http_status == 400


def test_a_key_is_forgotten_after_a_day(bench):
    key = {"idempotency_key": "k"}
    first = bench.api.payment_intents.create({"amount": 100, "currency": "cny"}, key)
    with clock.at(clock.now() + timedelta(hours=25)):
        assert bench.api.payment_intents.create({"amount": 100, "currency": "cny"}, key).id != first.id


def test_a_request_that_was_wrong_in_itself_is_not_remembered(bench):
    key = {"idempotency_key": "k"}
    refused(stripe.InvalidRequestError, bench.api.payment_intents.create, {"amount": 0, "currency": "cny"}, key)
    assert bench.api.payment_intents.create({"amount": 5, "currency": "cny"}, key).amount == 5


def test_a_refusal_that_was_carried_out_is_remembered(bench):
    key, charge = {"idempotency_key": "k"}, bench.charge()
    account = bench.api.accounts.create({"type": "express"}).id
    params = {"amount": 1, "currency": "cny", "destination": account, "source_transaction": charge}
    for _time in range(2):
        fault = refused(stripe.InvalidRequestError, bench.api.transfers.create, params, key)
        assert fault.code == "insufficient_capabilities_for_transfer"
        bench.desk.onboard(account)


@pytest.mark.parametrize(
    ("token", "code", "decline"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ],
)
def test_cards_are_declined_as_stripe_s_test_cards_are(bench, token, code, decline):
    fault = refused(stripe.CardError, bench.charge, token)
    assert (fault.http_status, fault.code, fault.error.decline_code) == (402, code, decline)
    assert [one["type"] for one in bench.desk.events()][-2:] == ["charge.failed", "payment_intent.payment_failed"]


def test_a_secure_card_asks_for_authentication(bench):
    params = {"amount": 1, "currency": "cny", "payment_method": "pm_card_authenticationRequired", "confirm": "true"}
    intent = bench.api.payment_intents.create(params)
    assert intent.status == "requires_action"
    cancelled = bench.api.payment_intents.cancel(intent.id)
    assert cancelled.status == "canceled"
    fault = refused(stripe.InvalidRequestError, bench.api.payment_intents.cancel, intent.id)
    assert fault.code == "payment_intent_unexpected_state"


def test_no_more_is_refunded_than_was_paid(bench):
    charge = bench.charge()
    bench.api.refunds.create({"charge": charge, "amount": 9999})
    assert "greater than unrefunded" in str(
        refused(stripe.InvalidRequestError, bench.api.refunds.create, {"charge": charge, "amount": 2})
    )
    bench.api.refunds.create({"charge": charge})
    fault = refused(stripe.InvalidRequestError, bench.api.refunds.create, {"charge": charge})
    assert fault.code == "charge_already_refunded"


def test_transfers_stay_within_their_charge_or_the_balance(bench):
    charge, account = bench.charge(), bench.account()
    base = {"currency": "cny", "destination": account}
    first = bench.api.transfers.create({**base, "amount": 6000, "source_transaction": charge})
    over = {**base, "amount": 4001, "source_transaction": charge}
    assert "must not exceed" in str(refused(stripe.InvalidRequestError, bench.api.transfers.create, over))
    fault = refused(stripe.InvalidRequestError, bench.api.transfers.create, {**base, "amount": 9000})
    assert fault.code == "balance_insufficient"
    bench.api.transfers.reversals.create(first.id, {"amount": 6000})
    refused(stripe.InvalidRequestError, bench.api.transfers.reversals.create, first.id, {"amount": 1})
    assert bench.api.transfers.retrieve(first.id).reversed is True


def test_a_disputed_charge_cannot_be_refunded(bench):
    charge = bench.charge()
    dispute = bench.desk.dispute(charge)
    assert refused(stripe.InvalidRequestError, bench.api.refunds.create, {"charge": charge}).code == "charge_disputed"
    bench.desk.close_dispute(dispute["id"], won=True)
    bench.api.refunds.create({"charge": charge})


def test_balance_transactions_add_up_and_come_in_pages(bench):
    charge = bench.charge()
    for _time in range(11):
        bench.api.refunds.create({"charge": charge, "amount": 10})
    rows = list(bench.api.balance_transactions.list({"limit": 5}).auto_paging_iter())
    assert len(rows) == 12
    assert sum(row.net for row in rows) == 10000 - 290 - 110
    assert [row.type for row in rows][-1] == "charge"
    balance = bench.api.balance.retrieve()
    assert balance.available[0].amount == sum(row.net for row in rows)
    assert [row.source for row in bench.api.balance_transactions.list({"source": charge}).data] == [charge]


def test_a_session_expires_and_is_paid_once(bench):
    session = bench.api.checkout.sessions.create(SESSION)
    assert session.payment_intent is None
    bench.desk.pay(session.id)
    told = bench.api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (told.status, told.payment_status, told.payment_intent.latest_charge.paid) == ("complete", "paid", True)
    refused(stripe.InvalidRequestError, bench.api.checkout.sessions.expire, session.id)
    other = bench.api.checkout.sessions.create(SESSION)
    with clock.at(clock.now() + timedelta(hours=25)):
        assert bench.api.checkout.sessions.retrieve(other.id).status == "expired"


def test_what_it_does_not_know_it_refuses(bench):
    assert refused(stripe.InvalidRequestError, bench.api.customers.create, {}).http_status == 404
    refused(stripe.InvalidRequestError, bench.api.charges.retrieve, "ch_none")


def test_the_library_tries_again_and_gives_up(bench):
    bench.double.troubles.extend([500, "timeout"])
    assert bench.api.balance.retrieve().livemode is False
    bench.double.troubles.extend(["timeout"] * 3)
    refused(stripe.APIConnectionError, bench.api.balance.retrieve)


@pytest.mark.django_db(transaction=True)
def test_in_the_demo_it_remembers_what_we_roll_back_and_survives_a_restart():
    bench = Bench(Database())
    with transaction.atomic():
        session = bench.api.checkout.sessions.create(SESSION)
        transaction.set_rollback(True)
    again = Bench(Database())
    assert again.api.checkout.sessions.retrieve(session.id).status == "open"
    again.desk.pay(session.id)
    assert [one["type"] for one in bench.desk.events()][-1] == "checkout.session.completed"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM payments_doublerecord")
        assert cursor.fetchone()[0] > 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("store", [Memory, Database])
def test_the_courier_leaves_alone_what_was_taken(store):
    bench = Bench(store())
    bench.charge()
    brought = []
    answers = iter([500])
    first = bench.desk.deliver(lambda payload, _signature: brought.append(payload) or next(answers, 200))
    assert first == len(brought) - 1
    assert bench.desk.deliver(lambda _payload, _signature: 200) == 1
    assert bench.desk.deliver(lambda _payload, _signature: 200) == 0
    assert len(bench.desk.events(undelivered=False)) == len(brought)


def test_without_a_key_outside_the_demo_there_is_no_provider(settings):
    settings.STRIPE_DOUBLE = ""
    assert (gateway.available(), gateway.secrets()) == (False, [])
    with pytest.raises(gateway.Trouble):
        gateway.balance()
