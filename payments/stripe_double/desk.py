"""The other side of the counter: what payers, agencies and banks do on Stripe's pages, and the courier who brings
events, signed, in any order and as often as it takes.
"""

import json
from collections.abc import Callable

import stripe

from core import chance, clock
from payments.stripe_double import charging, checkout, connect, returning
from payments.stripe_double.client import Double
from payments.stripe_double.shelf import Thing
from payments.stripe_double.world import World

ARCHIVED = "event.delivered"  # put aside, so that the courier need not look through what is done
Receive = Callable[[bytes, str], int]  # payload and signature -> the status of the answer


class Desk:
    def __init__(self, double: Double, secret: str) -> None:
        self._double, self._secret = double, secret

    def session(self, name: str) -> Thing:
        """The Checkout session with its latest error. Raises Refused."""
        return self._act(_seen, name)

    def account(self, name: str) -> Thing:
        return self._act(lambda world: world.find(name, "account"))

    def pay(self, name: str, *, method: str = "card", number: str = charging.APPROVED) -> Thing:
        return self._act(checkout.pay, name, method=method, number=number)

    def authenticate(self, name: str, *, passed: bool) -> Thing:
        return self._act(checkout.authenticate, name, passed=passed)

    def onboard(self, name: str, *, complete: bool = True) -> Thing:
        return self._act(connect.onboard, name, complete=complete)

    def dispute(self, charge: str) -> Thing:
        return self._act(returning.open_dispute, charge)

    def close_dispute(self, name: str, *, won: bool) -> Thing:
        return self._act(returning.close_dispute, name, won=won)

    def settle_refund(self, name: str, *, arrived: bool) -> Thing:
        return self._act(returning.settle_refund, name, arrived=arrived)

    def pending_refunds(self) -> list[str]:
        rows = self._act(lambda world: {"rows": world.shelf.all("refund")})["rows"]
        return [row["id"] for row in rows if row["status"] == "pending"]

    def events(self, *, undelivered: bool = True) -> list[Thing]:
        """Events, oldest first."""
        waiting: list[Thing] = self._act(lambda world: {"rows": world.shelf.all("event")})["rows"]
        done: list[Thing] = [] if undelivered else self._act(lambda world: {"rows": world.shelf.all(ARCHIVED)})["rows"]
        return [*done, *waiting]

    def letter(self, event: Thing) -> tuple[bytes, str]:
        """An event as it is sent: payload and signature header."""
        payload = json.dumps(event | {"object": "event"}, ensure_ascii=False)
        return payload.encode(), stripe.WebhookSignature.generate_signature_header(payload, self._secret)

    def deliver(self, receive: Receive) -> int:
        """Bring what waits, in any order; what is not taken with 2xx waits on. Returns how many were taken."""
        waiting = self.events()
        chance.source().shuffle(waiting)
        taken = [event for event in waiting if 200 <= receive(*self.letter(event)) < 300]
        if taken:
            self._act(lambda world: {"rows": [world.keep(one | {"object": ARCHIVED}) for one in taken]})
        return len(taken)

    def _act(self, act: Callable[..., Thing], *args: object, **more: object) -> Thing:
        with self._double.store.session() as shelf:
            return act(World(shelf, int(clock.now().timestamp())), *args, **more)


def _seen(world: World, name: str) -> Thing:
    session = checkout.retrieve(world, {}, name)
    intent = world.shelf.get(session["payment_intent"] or "")
    return session | {
        "intent_status": intent["status"] if intent else "",
        "error": intent["last_payment_error"] if intent else None,
    }
