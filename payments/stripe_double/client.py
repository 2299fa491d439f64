"""The SDK's HTTP client, answered here. Keys are remembered, lists are paged, troubles can be ordered for a test."""

import hashlib
import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import stripe

from core import clock
from payments.stripe_double import balance, charging, checkout, connect, returning
from payments.stripe_double.form import Params, decoded
from payments.stripe_double.shelf import Store, Thing
from payments.stripe_double.world import Refused, World

Answer = tuple[int, Any, dict[str, str]]
Handler = Callable[..., Any]
KEY_LIFE = 24 * 3600  # Stripe forgets keys once they are a day old
ROUTES: dict[tuple[str, str], Handler] = {
    ("get", "balance"): balance.retrieve,
    ("get", "balance_transactions"): balance.transactions,
    ("get", "balance_transactions/*"): balance.transaction,
    ("post", "payment_intents"): charging.create,
    ("get", "payment_intents/*"): charging.retrieve,
    ("post", "payment_intents/*/confirm"): charging.confirm,
    ("post", "payment_intents/*/cancel"): charging.cancel,
    ("get", "charges/*"): charging.charge,
    ("get", "checkout/sessions/*"): checkout.retrieve,
    ("post", "checkout/sessions/*/expire"): checkout.expire,
    ("post", "refunds"): returning.create_refund,
    ("get", "refunds"): returning.refunds,
    ("get", "refunds/*"): returning.refund,
    ("post", "accounts"): connect.create_account,
    ("get", "accounts/*"): connect.account,
    ("post", "transfers"): connect.create_transfer,
    ("get", "transfers"): connect.transfers,
    ("get", "transfers/*"): connect.transfer,
    ("post", "transfers/*/reversals"): connect.reverse,
    ("get", "disputes/*"): returning.dispute,
    ("post", "disputes/*/close"): returning.accept_dispute,
}
WITH_SITE: dict[tuple[str, str], Handler] = {
    ("post", "checkout/sessions"): checkout.create,
    ("post", "account_links"): connect.create_link,
}
EXPANDED = ("payment_intent", "latest_charge", "balance_transaction", "charge", "dispute")


@dataclass
class Double(stripe.HTTPClient):
    """`troubles`: what goes wrong with the next requests, first come: a status, "timeout" (nothing happened) or
    "lost" (it happened, the answer got lost). `calls`: method and path of everything that was asked.
    """

    store: Store
    site: str
    troubles: deque[int | str] = field(default_factory=deque)
    calls: list[str] = field(default_factory=list)
    name = "double"

    def __post_init__(self) -> None:
        super().__init__()

    def __hash__(self) -> int:
        return id(self)

    def _sleep_time_seconds(self, num_retries: int) -> float:  # noqa: ARG002 - nobody is spared by waiting here
        return 0.0

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_usage: Any,
    ) -> tuple[str, int, Mapping[str, str]]:
        parts = urlsplit(url)
        path = parts.path.removeprefix("/v1/").strip("/")
        self.calls.append(f"{method} {path}")
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble == "timeout":
            raise _cut_off("Request timed out.")
        if isinstance(trouble, int):
            return _sent(trouble, _trouble(trouble), {})
        params = decoded(post_data if method == "post" else parts.query) if (post_data or parts.query) else {}
        answer = self._answered(method, path, params, dict(headers or {}))
        if trouble == "lost":
            raise _cut_off("Connection reset by peer.")
        return _sent(*answer)

    def close(self) -> None:
        """Nothing to close."""

    def _answered(self, method: str, path: str, params: Params, headers: dict[str, str]) -> Answer:
        key = headers.get("Idempotency-Key", "") if method == "post" else ""
        print_ = hashlib.sha256(json.dumps([path, params], sort_keys=True).encode()).hexdigest()
        now = int(clock.now().timestamp())
        with self.store.session() as shelf:
            known = shelf.get(f"key:{key}") if key else None
            if known and now - known["created"] < KEY_LIFE:
                return _repeated(known, print_)
        try:
            with self.store.session() as shelf:
                status, body = self._done(World(shelf, now), method, path, params)
                if key:
                    shelf.put(_memory(key, print_, now, status, body))
        except Refused as no:
            if key and no.executed:
                with self.store.session() as shelf:
                    shelf.put(_memory(key, print_, now, no.status, no.body))
            return no.status, no.body, {}
        return status, body, {}

    def _done(self, world: World, method: str, path: str, params: Params) -> tuple[int, Any]:
        for (verb, pattern), handler in {**ROUTES, **WITH_SITE}.items():
            found = re.fullmatch(pattern.replace("*", "([^/]+)"), path)
            if found is None or verb != method:
                continue
            more = (self.site,) if (verb, pattern) in WITH_SITE else found.groups()
            done = handler(world, params, *more)
            if isinstance(done, tuple):
                return done
            return 200, _paged(done, params, path) if isinstance(done, list) else _expanded(world, done, params)
        raise Refused(f"Unrecognized request URL ({method.upper()}: /v1/{path}).", status=404)


def _cut_off(message: str) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(message, should_retry=True)  # type: ignore[no-untyped-call]


def _memory(key: str, print_: str, now: int, status: int, body: Any) -> Thing:
    return {"id": f"key:{key}", "object": "key", "print": print_, "created": now, "status": status, "body": body}


def _repeated(known: Thing, print_: str) -> Answer:
    if known["print"] != print_:
        message = "Keys for idempotent requests can only be used with the same parameters they were first used with."
        return 400, {"error": {"type": "idempotency_error", "message": message}}, {}
    return known["status"], known["body"], {"Idempotent-Replayed": "true"}


def _trouble(status: int) -> Any:
    if status == 429:
        return {"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."}}
    return {"error": {"type": "api_error", "message": "An unknown error occurred."}}


def _sent(status: int, body: Any, headers: dict[str, str]) -> tuple[str, int, Mapping[str, str]]:
    return json.dumps(body), status, {"Request-Id": "req_double", **headers}


def _paged(rows: list[Thing], params: Params, path: str) -> Thing:
    """Newest first, at most `limit` (10, up to 100), after `starting_after`."""
    rows = list(reversed(rows))
    if after := params.get("starting_after"):
        ids = [row["id"] for row in rows]
        rows = rows[ids.index(after) + 1 :] if after in ids else []
    limit = min(int(params.get("limit", 10)), 100)
    return {"object": "list", "url": f"/v1/{path}", "has_more": len(rows) > limit, "data": rows[:limit]}


def _expanded(world: World, thing: Thing, params: Params) -> Thing:
    for path in params.get("expand", []):
        _expand(world, thing, path.split("."))
    return thing


def _expand(world: World, thing: Thing, path: list[str]) -> None:
    head, *rest = path
    if head not in EXPANDED:
        raise Refused(f"This property cannot be expanded ({head}).")
    if isinstance(thing.get(head), str):
        thing[head] = world.shelf.get(thing[head])
    if rest and isinstance(thing.get(head), dict):
        _expand(world, thing[head], rest)
