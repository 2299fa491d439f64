"""The one door to Stripe. Asks what a ProviderCall says, gives back plain dictionaries, and sorts troubles into those
worth another try and those that are an answer.

With a key it is the real Stripe; in the demo and in tests the SDK talks to the double (payments/stripe_double); in
production without a key there is none, and `available()` says so.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import stripe
from django.conf import settings
from django.utils.module_loading import import_string

from core.money import FEN
from payments.stripe_double.client import Double
from payments.stripe_double.desk import Desk

CURRENCY = "cny"
NETWORK_RETRIES = 2  # within one attempt; further attempts are the ProviderCall's
Thing = dict[str, Any]
T = TypeVar("T")


class Trouble(Exception):  # noqa: N818 - told to people, not a fault of ours
    """The provider did not do it. `again`: worth another try; `unsure`: it may have been done all the same;
    `remembered`: the key will bring the same trouble for a day.
    """

    def __init__(self, code: str, message: str, *, again: bool, unsure: bool = False, remembered: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.again, self.unsure, self.remembered = code, message, again, unsure, remembered


def available() -> bool:
    return bool(settings.STRIPE_SECRET_KEY or settings.STRIPE_DOUBLE)


def real() -> bool:
    """Is it Stripe itself?"""
    return bool(settings.STRIPE_SECRET_KEY)


def secrets() -> list[str]:
    """What webhooks are signed with; several while one replaces another."""
    if settings.STRIPE_SECRET_KEY:
        return list(settings.STRIPE_WEBHOOK_SECRETS)
    digest = hmac.new(settings.SECRET_KEY.encode(), b"stripe double", hashlib.sha256).hexdigest()
    return [f"whsec_{digest}"] if settings.STRIPE_DOUBLE else []


def double() -> Double:
    """The Stripe of demo and tests, one per process; its store may be shared by several. Raises Trouble without one."""
    if not settings.STRIPE_DOUBLE:
        raise Trouble("provider.none", "", again=False)
    return _double(settings.STRIPE_DOUBLE, settings.SITE_URL)


@cache
def _double(store: str, site: str) -> Double:
    return Double(import_string(store)(), site)


def desk() -> Desk:
    return Desk(double(), secrets()[0])


@cache
def _real() -> stripe.StripeClient:
    client = stripe.RequestsClient(timeout=settings.STRIPE_TIMEOUT)
    return stripe.StripeClient(settings.STRIPE_SECRET_KEY, http_client=client, max_network_retries=NETWORK_RETRIES)


def _client() -> stripe.StripeClient:
    if settings.STRIPE_SECRET_KEY:
        return _real()
    return stripe.StripeClient("sk_test_double", http_client=double(), max_network_retries=NETWORK_RETRIES)


Ask = Callable[[stripe.StripeClient, Any, Any], Any]
ASKS: dict[str, Ask] = {
    "checkout": lambda client, params, options: client.v1.checkout.sessions.create(params, options),
    "expire": lambda client, params, options: client.v1.checkout.sessions.expire(params["session"], {}, options),
    "transfer": lambda client, params, options: client.v1.transfers.create(params, options),
    "refund": lambda client, params, options: client.v1.refunds.create(params, options),
    "account": lambda client, params, options: client.v1.accounts.create(params, options),
}


def ask(kind: str, params: Thing, *, key: str) -> Thing:
    """Have something done. The same key with the same params is done once. Raises Trouble."""
    return _tried(lambda: ASKS[kind](_client(), params, {"idempotency_key": key}))


def checkout(session_id: str) -> Thing:
    """A Checkout session as it is now, with its payment intent, charge and balance transaction."""
    expand = ["payment_intent.latest_charge.balance_transaction"]
    return _tried(lambda: _client().v1.checkout.sessions.retrieve(session_id, {"expand": expand}))


def charge(charge_id: str) -> Thing:
    """A charge with its balance transaction."""
    return _tried(lambda: _client().v1.charges.retrieve(charge_id, {"expand": ["balance_transaction"]}))


def dispute(dispute_id: str) -> Thing:
    return _tried(lambda: _client().v1.disputes.retrieve(dispute_id))


def account(account_id: str) -> Thing:
    return _tried(lambda: _client().v1.accounts.retrieve(account_id))


def onboarding_link(account_id: str, *, return_url: str, refresh_url: str) -> str:
    """A fresh link to the provider's onboarding pages; it lives for minutes and is used once."""
    params: Any = {
        "account": account_id,
        "type": "account_onboarding",
        "return_url": return_url,
        "refresh_url": refresh_url,
    }
    return str(_tried(lambda: _client().v1.account_links.create(params))["url"])


def done_before(kind: str, params: Thing, mark: str) -> Thing | None:
    """What an earlier attempt may have made: the transfer or refund that carries the call's mark. Raises Trouble."""
    if kind == "transfer":
        rows = _listed(lambda c: c.v1.transfers.list({"transfer_group": params["transfer_group"], "limit": 100}))
    elif kind == "refund":
        rows = _listed(lambda c: c.v1.refunds.list({"charge": params["charge"], "limit": 100}))
    else:
        return None
    done = (row for row in rows if row.get("status") not in ("failed", "canceled"))
    return next((row for row in done if (row.get("metadata") or {}).get("call") == mark), None)


def movements(since: datetime, until: datetime) -> list[Thing]:
    """The balance transactions of a period, newest first."""
    span: Any = {"gte": int(since.timestamp()), "lt": int(until.timestamp())}
    return _listed(lambda client: client.v1.balance_transactions.list({"created": span, "limit": 100}))


def movements_of(source: str) -> list[Thing]:
    """The balance transactions of one object."""
    return _listed(lambda client: client.v1.balance_transactions.list({"source": source, "limit": 100}))


def balance() -> Decimal:
    """All the platform has at the provider in CNY, available or pending."""
    told = _tried(_client().v1.balance.retrieve)
    parts = [*told["available"], *told["pending"]]
    return yuan(sum(part["amount"] for part in parts if part["currency"] == CURRENCY))


def verified(payload: bytes, signature: str) -> bool:
    """Does a webhook's signature fit one of our secrets, and is it fresh?"""
    for secret in secrets():
        try:
            stripe.WebhookSignature.verify_header(payload, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError):
            continue
        return True
    return False


def fen(amount: Decimal) -> int:
    return int(amount / FEN)


def yuan(amount: int) -> Decimal:
    return (Decimal(amount) * FEN).quantize(FEN)


def _listed(ask_for: Callable[[stripe.StripeClient], Any]) -> list[Thing]:
    def rows() -> Iterator[Thing]:
        for row in ask_for(_client()).auto_paging_iter():
            yield row.to_dict()

    return _sorted(lambda: list(rows()))


def _tried(call: Callable[[], Any]) -> Thing:
    return dict(_sorted(lambda: call().to_dict()))


def _sorted(call: Callable[[], T]) -> T:
    """Run a call; its errors become Trouble."""
    if not available():
        raise Trouble("provider.none", "", again=False)
    try:
        return call()
    except stripe.StripeError as error:
        raise _trouble(error) from error


def _trouble(error: stripe.StripeError) -> Trouble:
    status, message = error.http_status or 0, error.user_message or str(error)
    code = getattr(error, "code", None) or type(error).__name__
    if isinstance(error, stripe.APIConnectionError):
        return Trouble("connection", message, again=True, unsure=True)
    if status >= 500:
        replayed = str((error.headers or {}).get("Idempotent-Replayed", "")) == "true"
        return Trouble(f"http_{status}", message, again=True, unsure=True, remembered=replayed)
    again = status in (409, 429) or isinstance(error, stripe.RateLimitError)
    # A wrong key is ours to mend: what waits, waits until it is.
    again = again or isinstance(error, (stripe.AuthenticationError, stripe.PermissionError))
    return Trouble(str(code)[:80], message, again=again)
