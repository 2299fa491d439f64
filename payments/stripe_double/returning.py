"""Money going back: refunds, and disputes that take it back."""

from payments.stripe_double import balance
from payments.stripe_double.form import Params
from payments.stripe_double.shelf import Thing
from payments.stripe_double.world import Refused, World, amount_of, yuan


def create_refund(world: World, params: Params) -> Thing:
    charge = _charge(world, params)
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] and world.find(charge["dispute"], "dispute")["status"] != "won":
        raise Refused(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
            executed=True,
        )
    if not left:
        raise Refused(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded", executed=True
        )
    amount = amount_of(params) if "amount" in params else left
    if amount > left:
        raise Refused(
            f"Refund amount ({yuan(amount)}) is greater than unrefunded amount on charge ({yuan(left)})",
            param="amount",
            executed=True,
        )
    card = charge["payment_method_details"]["type"] == "card"
    refund = world.new(
        "re",
        "refund",
        amount=amount,
        charge=charge["id"],
        payment_intent=charge["payment_intent"],
        currency=charge["currency"],
        metadata=params.get("metadata") or {},
        reason=params.get("reason"),
        status="succeeded" if card else "pending",
    )
    kind = "refund" if card else "payment_refund"
    movement = balance.move(world, amount=-amount, kind=kind, category="refund", source=refund["id"])
    refund["balance_transaction"] = movement["id"]
    world.keep(refund)
    total = charge["amount_refunded"] + amount
    world.keep(charge | {"amount_refunded": total, "refunded": total == charge["amount"]})
    world.tell("refund.created", refund)
    world.tell("charge.refunded", world.find(charge["id"], "charge"))
    return refund


def _charge(world: World, params: Params) -> Thing:
    if params.get("charge"):
        return world.find(params["charge"], "charge")
    intent = world.find(params.get("payment_intent"), "payment_intent")
    if intent["status"] != "succeeded":
        raise Refused(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.", executed=True
        )
    return world.find(intent["latest_charge"], "charge")


def refund(world: World, _params: Params, name: str) -> Thing:
    return world.find(name, "refund")


def refunds(world: World, params: Params) -> list[Thing]:
    rows = world.shelf.all("refund")
    return [
        row
        for row in rows
        if params.get("charge") in (None, row["charge"])
        and params.get("payment_intent") in (None, row["payment_intent"])
    ]


def settle_refund(world: World, name: str, *, arrived: bool) -> Thing:
    """A wallet's or bank's late answer to a pending refund."""
    refund_ = world.find(name, "refund")
    if refund_["status"] == "failed":
        return refund_
    refund_["status"] = "succeeded" if arrived else "failed"
    if not arrived:
        refund_["failure_reason"] = "expired_or_canceled_card"
        charge = world.find(refund_["charge"], "charge")
        world.keep(charge | {"amount_refunded": charge["amount_refunded"] - refund_["amount"], "refunded": False})
        back = balance.move(
            world, amount=refund_["amount"], kind="refund_failure", category="refund_failure", source=name
        )
        refund_["failure_balance_transaction"] = back["id"]
    world.keep(refund_)
    world.tell("refund.updated", refund_)
    if not arrived:
        world.tell("refund.failed", refund_)
    return refund_


def open_dispute(world: World, charge_id: str, reason: str = "product_not_received") -> Thing:
    """The payer's bank takes the money back while it looks into a complaint."""
    charge = world.find(charge_id, "charge")
    amount = charge["amount"] - charge["amount_refunded"]
    dispute_ = world.new(
        "du",
        "dispute",
        amount=amount,
        charge=charge_id,
        payment_intent=charge["payment_intent"],
        currency=charge["currency"],
        reason=reason,
        status="needs_response",
        is_charge_refundable=False,
        evidence_details={"due_by": world.now + 7 * 86400},
        metadata={},
    )
    movement = balance.move(
        world,
        amount=-amount,
        kind="adjustment",
        category="dispute",
        source=dispute_["id"],
        fee=balance.DISPUTE_FEE,
    )
    dispute_["balance_transactions"] = [movement]
    world.keep(dispute_)
    world.keep(charge | {"disputed": True, "dispute": dispute_["id"]})
    world.tell("charge.dispute.created", dispute_)
    world.tell("charge.dispute.funds_withdrawn", dispute_)
    return dispute_


def close_dispute(world: World, name: str, *, won: bool) -> Thing:
    dispute_ = world.find(name, "dispute")
    if dispute_["status"] in ("won", "lost"):
        return dispute_
    dispute_["status"] = "won" if won else "lost"
    if won:
        movement = balance.move(
            world, amount=dispute_["amount"], kind="adjustment", category="dispute_reversal", source=name
        )
        dispute_["balance_transactions"] = [*dispute_["balance_transactions"], movement]
    world.keep(dispute_)
    if won:
        world.tell("charge.dispute.funds_reinstated", dispute_)
    world.tell("charge.dispute.closed", dispute_)
    return dispute_


def dispute(world: World, _params: Params, name: str) -> Thing:
    return world.find(name, "dispute")


def accept_dispute(world: World, _params: Params, name: str) -> Thing:
    return close_dispute(world, name, won=False)
