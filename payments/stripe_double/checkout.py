"""Checkout sessions: the page hosted by Stripe, here by the demo. Its payment intent comes with the first attempt."""

from payments.stripe_double import charging
from payments.stripe_double.form import Params
from payments.stripe_double.shelf import Thing
from payments.stripe_double.world import Refused, World

LEAST, MOST = 30 * 60, 24 * 3600  # how long a session may stay open
PAGE = "{site}/money/demo/checkout/{name}/"


def create(world: World, params: Params, site: str) -> Thing:
    if params.get("mode") != "payment":
        raise Refused("mode must be payment here", param="mode")
    items = params.get("line_items") or []
    if not items:
        raise Refused("Missing required param: line_items.", code="parameter_missing", param="line_items")
    if not params.get("success_url"):
        raise Refused("Missing required param: success_url.", code="parameter_missing", param="success_url")
    methods = params.get("payment_method_types") or ["card"]
    options = params.get("payment_method_options", {})
    if "wechat_pay" in methods and options.get("wechat_pay", {}).get("client") != "web":
        raise Refused(
            "You must provide payment_method_options[wechat_pay][client].", param="payment_method_options[wechat_pay]"
        )
    expires_at = _expiry(world, params)
    prices = [(int(one["price_data"]["unit_amount"]), int(one.get("quantity", 1))) for one in items]
    session = world.new(
        "cs_test",
        "checkout.session",
        mode="payment",
        status="open",
        payment_status="unpaid",
        amount_total=sum(price * quantity for price, quantity in prices),
        currency=items[0]["price_data"]["currency"],
        client_reference_id=params.get("client_reference_id"),
        metadata=params.get("metadata") or {},
        payment_intent=None,
        payment_intent_data=params.get("payment_intent_data") or {},
        payment_method_types=methods,
        success_url=params["success_url"],
        cancel_url=params.get("cancel_url"),
        expires_at=expires_at,
        named=items[0]["price_data"]["product_data"]["name"],
    )
    session["url"] = PAGE.format(site=site, name=session["id"])
    return world.keep(session)


def _expiry(world: World, params: Params) -> int:
    expires_at = int(params.get("expires_at", world.now + MOST))
    if not world.now + LEAST - 60 <= expires_at <= world.now + MOST + 60:
        raise Refused(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return expires_at


def retrieve(world: World, _params: Params, name: str) -> Thing:
    return fresh(world, world.find(name, "checkout.session"))


def fresh(world: World, session: Thing) -> Thing:
    """The session, expired if its time is over."""
    if session["status"] == "open" and session["expires_at"] <= world.now:
        return _expired(world, session)
    return session


def expire(world: World, _params: Params, name: str) -> Thing:
    session = fresh(world, world.find(name, "checkout.session"))
    if session["status"] != "open":
        raise Refused(
            f'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status '
            f"of `{session['status']}`.",
            executed=True,
        )
    return _expired(world, session)


def _expired(world: World, session: Thing) -> Thing:
    session |= {"status": "expired", "url": None}
    world.keep(session)
    if session["payment_intent"]:
        intent = world.find(session["payment_intent"], "payment_intent")
        if intent["status"] in charging.CANCELLABLE:
            charging.cancel(world, {"cancellation_reason": "automatic"}, intent["id"])
    world.tell("checkout.session.expired", session)
    return session


def pay(world: World, name: str, *, method: str, number: str = "") -> Thing:
    """What the person does on the hosted page; returns the payment intent."""
    session = fresh(world, world.find(name, "checkout.session"))
    if session["status"] != "open":
        raise Refused("This Checkout Session is no longer open.", executed=True)
    if method not in session["payment_method_types"]:
        raise Refused("This payment method is not offered.", executed=True)
    intent = charging.attempt(world, _intent(world, session), method, number)
    return _settled(world, session, intent)


def authenticate(world: World, name: str, *, passed: bool) -> Thing:
    session = world.find(name, "checkout.session")
    intent = charging.authenticate(world, world.find(session["payment_intent"], "payment_intent"), passed=passed)
    return _settled(world, session, intent)


def _intent(world: World, session: Thing) -> Thing:
    if session["payment_intent"]:
        return world.find(session["payment_intent"], "payment_intent")
    intent = charging.new_intent(
        world,
        {
            **session["payment_intent_data"],
            "amount": str(session["amount_total"]),
            "currency": session["currency"],
            "payment_method_types": session["payment_method_types"],
        },
    )
    session["payment_intent"] = intent["id"]
    world.keep(session)
    return intent


def _settled(world: World, session: Thing, intent: Thing) -> Thing:
    if intent["status"] == "succeeded":
        session |= {"status": "complete", "payment_status": "paid", "url": None}
        world.keep(session)
        world.tell("checkout.session.completed", session)
    return intent
