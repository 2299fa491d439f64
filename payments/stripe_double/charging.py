"""Payment intents and their charges. Cards by their test numbers behave as Stripe's test cards do."""

from typing import Any

from payments.stripe_double import balance
from payments.stripe_double.form import Params
from payments.stripe_double.shelf import Thing
from payments.stripe_double.world import Refused, World, amount_of, in_currency

APPROVED, DECLINED, POOR, SECURE = "4242424242424242", "4000000000000002", "4000000000009995", "4000002760003184"
DISPUTED = "4000000000000259"
DECLINES = {
    DECLINED: ("card_declined", "generic_decline", "Your card was declined."),
    POOR: ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
}
METHODS = ("card", "alipay", "wechat_pay")
TOKENS = {
    "pm_card_visa": APPROVED,
    "pm_card_visa_chargeDeclined": DECLINED,
    "pm_card_chargeDeclinedInsufficientFunds": POOR,
    "pm_card_authenticationRequired": SECURE,
    "pm_card_createDispute": DISPUTED,
}
CANCELLABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def new_intent(world: World, params: Params) -> Thing:
    methods = params.get("payment_method_types") or ["card"]
    if unknown := [one for one in methods if one not in METHODS]:
        raise Refused(f"The payment method type provided: {unknown[0]} is invalid.", param="payment_method_types")
    intent = world.new(
        "pi",
        "payment_intent",
        amount=amount_of(params),
        amount_received=0,
        amount_capturable=0,
        currency=in_currency(params),
        status="requires_payment_method",
        payment_method_types=methods,
        transfer_group=params.get("transfer_group"),
        metadata=params.get("metadata") or {},
        description=params.get("description"),
        latest_charge=None,
        last_payment_error=None,
        next_action=None,
        canceled_at=None,
        capture_method="automatic",
    )
    world.keep(intent)
    world.tell("payment_intent.created", intent)
    return intent


def create(world: World, params: Params) -> Any:
    intent = new_intent(world, params)
    return confirm(world, params, intent["id"]) if params.get("confirm") == "true" else intent


def retrieve(world: World, _params: Params, name: str) -> Thing:
    return world.find(name, "payment_intent")


def confirm(world: World, params: Params, name: str) -> Any:
    """Over the API the method is one of Stripe's test tokens. A decline is an answer with status 402."""
    number = TOKENS.get(str(params.get("payment_method")), "")
    if not number:
        raise Refused(f"No such PaymentMethod: '{params.get('payment_method')}'", code="resource_missing")
    intent = attempt(world, world.find(name, "payment_intent"), "card", number)
    error = intent["last_payment_error"]
    return (402, {"error": {**error, "payment_intent": intent}}) if error else intent


def cancel(world: World, params: Params, name: str) -> Thing:
    intent = world.find(name, "payment_intent")
    if intent["status"] not in CANCELLABLE:
        raise _unexpected(intent, "canceled")
    intent |= {
        "status": "canceled",
        "canceled_at": world.now,
        "cancellation_reason": params.get("cancellation_reason"),
        "next_action": None,
    }
    world.keep(intent)
    world.tell("payment_intent.canceled", intent)
    return intent


def attempt(world: World, intent: Thing, method: str, number: str = "") -> Thing:
    """Somebody pays: it succeeds, is declined, or asks for authentication first."""
    if intent["status"] not in CANCELLABLE:
        raise _unexpected(intent, "confirmed")
    if number in DECLINES:
        return _declined(world, intent, *DECLINES[number])
    if number == SECURE:
        intent |= {"status": "requires_action", "next_action": {"type": "redirect_to_url"}, "last_payment_error": None}
        world.keep(intent)
        world.tell("payment_intent.requires_action", intent)
        return intent
    return succeed(world, intent, method, number)


def authenticate(world: World, intent: Thing, *, passed: bool) -> Thing:
    """The answer to 3-D Secure."""
    if intent["status"] != "requires_action":
        raise _unexpected(intent, "authenticated")
    if passed:
        return succeed(world, intent, "card", SECURE)
    code = "payment_intent_authentication_failure"
    return _declined(world, intent, code, "", "We are unable to authenticate your payment method.")


def _declined(world: World, intent: Thing, code: str, decline: str, message: str) -> Thing:
    error = {"type": "card_error", "code": code, "message": message}
    error |= {"decline_code": decline} if decline else {}
    charge = _charge(world, intent, "card", "failed", failure_code=code, failure_message=message)
    intent |= {
        "status": "requires_payment_method",
        "last_payment_error": error,
        "next_action": None,
        "latest_charge": charge["id"],
    }
    world.keep(intent)
    world.tell("charge.failed", charge)
    world.tell("payment_intent.payment_failed", intent)
    return intent


def succeed(world: World, intent: Thing, method: str, number: str) -> Thing:
    charge = _charge(world, intent, method, "succeeded", failure_code=None, failure_message=None)
    kind = "charge" if method == "card" else "payment"
    fee = balance.fee_of(intent["amount"], method)
    movement = balance.move(world, amount=intent["amount"], kind=kind, category="charge", source=charge["id"], fee=fee)
    charge["balance_transaction"] = movement["id"]
    intent |= {
        "status": "succeeded",
        "amount_received": intent["amount"],
        "latest_charge": charge["id"],
        "last_payment_error": None,
        "next_action": None,
    }
    world.keep(charge)
    world.keep(intent)
    world.tell("charge.succeeded", charge)
    world.tell("payment_intent.succeeded", intent)
    if number == DISPUTED:
        world.keep(charge | {"to_be_disputed": True})
    return intent


def _charge(world: World, intent: Thing, method: str, status: str, **more: Any) -> Thing:
    charge = world.new(
        "ch" if method == "card" else "py",
        "charge",
        amount=intent["amount"],
        amount_refunded=0,
        currency=intent["currency"],
        payment_intent=intent["id"],
        transfer_group=intent["transfer_group"],
        metadata=intent["metadata"],
        status=status,
        paid=status == "succeeded",
        captured=status == "succeeded",
        refunded=False,
        disputed=False,
        dispute=None,
        balance_transaction=None,
        payment_method_details={"type": method},
        **more,
    )
    return world.keep(charge)


def charge(world: World, _params: Params, name: str) -> Thing:
    return world.find(name, "charge")


def _unexpected(intent: Thing, verb: str) -> Refused:
    return Refused(
        f"This PaymentIntent's status is {intent['status']}; it cannot be {verb}.",
        code="payment_intent_unexpected_state",
        executed=True,
    )
