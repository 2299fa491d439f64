"""The platform's balance at Stripe: one balance transaction per movement."""

from payments.stripe_double.form import Params
from payments.stripe_double.shelf import Thing
from payments.stripe_double.world import CURRENCY, World

CARD_SHARE, WALLET_SHARE = 290, 220  # of 10,000
DISPUTE_FEE = 10000


def fee_of(amount: int, method: str) -> int:
    """What processing a payment costs, in fen, rounded half up."""
    share = CARD_SHARE if method == "card" else WALLET_SHARE
    return (amount * share + 5000) // 10000


def move(world: World, *, amount: int, kind: str, category: str, source: str, fee: int = 0) -> Thing:
    """Write down one movement. `amount` signed, in fen; `fee` is taken from it."""
    details = [{"amount": fee, "currency": CURRENCY, "type": "stripe_fee", "description": "Stripe processing fees"}]
    movement = world.new(
        "txn",
        "balance_transaction",
        amount=amount,
        fee=fee,
        net=amount - fee,
        currency=CURRENCY,
        type=kind,
        reporting_category=category,
        source=source,
        status="available",
        available_on=world.now,
        exchange_rate=None,
        fee_details=details if fee else [],
    )
    return world.keep(movement)


def held(world: World) -> int:
    return sum(one["net"] for one in world.shelf.all("balance_transaction"))


def retrieve(world: World, _params: Params) -> Thing:
    parts = [{"amount": held(world), "currency": CURRENCY, "source_types": {"card": held(world)}}]
    none = [{"amount": 0, "currency": CURRENCY, "source_types": {}}]
    return {"object": "balance", "livemode": False, "available": parts, "pending": none}


def transaction(world: World, _params: Params, name: str) -> Thing:
    return world.find(name, "balance_transaction")


def transactions(world: World, params: Params) -> list[Thing]:
    """Newest first; filters: created[gte|lt], source, type."""
    rows = world.shelf.all("balance_transaction")
    created = params.get("created", {})
    after, before = int(created.get("gte", 0)), int(created.get("lt", 2**40))
    return [
        row
        for row in rows
        if after <= row["created"] < before
        and params.get("source") in (None, row["source"])
        and params.get("type") in (None, row["type"])
    ]
