"""Connected accounts, their onboarding links, transfers to them and reversals."""

from payments.stripe_double import balance
from payments.stripe_double.form import Params
from payments.stripe_double.shelf import Thing
from payments.stripe_double.world import Refused, World, amount_of, in_currency, yuan

NEEDED = ["business_profile.url", "external_account", "representative.first_name"]
LINK_LIFE = 300
PAGE = "{site}/money/demo/onboarding/{name}/"


def create_account(world: World, params: Params) -> Thing:
    account = world.new(
        "acct",
        "account",
        type=params.get("type", "express"),
        country=params.get("country"),
        email=params.get("email"),
        metadata=params.get("metadata") or {},
        business_profile=params.get("business_profile") or {},
        charges_enabled=False,
        payouts_enabled=False,
        details_submitted=False,
        capabilities={"transfers": "inactive"},
        requirements={"currently_due": NEEDED, "disabled_reason": "requirements.past_due"},
    )
    world.keep(account)
    return account


def account(world: World, _params: Params, name: str) -> Thing:
    return world.find(name, "account")


def create_link(world: World, params: Params, site: str) -> Thing:
    account_ = world.find(params.get("account"), "account")
    for name in ("refresh_url", "return_url", "type"):
        if not params.get(name):
            raise Refused(f"Missing required param: {name}.", code="parameter_missing", param=name)
    world.keep(account_ | {"return_url": params["return_url"]})
    url = PAGE.format(site=site, name=account_["id"])
    return {"object": "account_link", "created": world.now, "expires_at": world.now + LINK_LIFE, "url": url}


def onboard(world: World, name: str, *, complete: bool) -> Thing:
    """What the agency does on the hosted pages."""
    account_ = world.find(name, "account")
    account_ |= {
        "details_submitted": True,
        "charges_enabled": complete,
        "payouts_enabled": complete,
        "capabilities": {"transfers": "active" if complete else "pending"},
        "requirements": {"currently_due": [] if complete else NEEDED[:1], "disabled_reason": None},
    }
    world.keep(account_)
    world.tell("account.updated", account_)
    return account_


def create_transfer(world: World, params: Params) -> Thing:
    amount, currency = amount_of(params), in_currency(params)
    destination = world.find(params.get("destination"), "account")
    if destination["capabilities"]["transfers"] != "active":
        raise Refused(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
            executed=True,
        )
    source = params.get("source_transaction")
    if source:
        _within(world, str(source), amount)
    elif amount > balance.held(world):
        raise Refused(
            "You have insufficient available funds in your Stripe account.", code="balance_insufficient", executed=True
        )
    group = params.get("transfer_group") or (world.find(source, "charge")["transfer_group"] if source else None)
    transfer = world.new(
        "tr",
        "transfer",
        amount=amount,
        amount_reversed=0,
        currency=currency,
        destination=destination["id"],
        source_transaction=source,
        transfer_group=group,
        metadata=params.get("metadata") or {},
        description=params.get("description"),
        reversed=False,
    )
    movement = balance.move(world, amount=-amount, kind="transfer", category="transfer", source=transfer["id"])
    world.keep(transfer | {"balance_transaction": movement["id"]})
    world.tell("transfer.created", transfer)
    return world.find(transfer["id"], "transfer")


def _within(world: World, source: str, amount: int) -> None:
    """All transfers that draw on a charge stay within its amount."""
    charge = world.find(source, "charge")
    if charge["status"] != "succeeded":
        raise Refused("source_transaction has not succeeded", param="source_transaction", executed=True)
    drawn = sum(
        one["amount"] - one["amount_reversed"]
        for one in world.shelf.all("transfer")
        if one["source_transaction"] == source
    )
    if drawn + amount > charge["amount"]:
        raise Refused(
            f"Transfers using this transaction as a source must not exceed the source amount of "
            f"{yuan(charge['amount'])}. (There is already a transfer using this source, amounting to {yuan(drawn)})",
            param="amount",
            executed=True,
        )


def transfer(world: World, _params: Params, name: str) -> Thing:
    return world.find(name, "transfer")


def transfers(world: World, params: Params) -> list[Thing]:
    rows = world.shelf.all("transfer")
    return [
        row
        for row in rows
        if params.get("transfer_group") in (None, row["transfer_group"])
        and params.get("destination") in (None, row["destination"])
    ]


def reverse(world: World, params: Params, name: str) -> Thing:
    transfer_ = world.find(name, "transfer")
    left = transfer_["amount"] - transfer_["amount_reversed"]
    amount = amount_of(params) if "amount" in params else left
    if amount > left or not left:
        raise Refused(
            f"Transfer reversal amount ({yuan(amount)}) is greater than the unreversed amount ({yuan(left)}).",
            param="amount",
            executed=True,
        )
    reversal = world.new(
        "trr",
        "transfer_reversal",
        amount=amount,
        currency=transfer_["currency"],
        transfer=name,
        metadata=params.get("metadata") or {},
    )
    movement = balance.move(
        world, amount=amount, kind="transfer_refund", category="transfer_reversal", source=reversal["id"]
    )
    reversal["balance_transaction"] = movement["id"]
    world.keep(reversal)
    total = transfer_["amount_reversed"] + amount
    world.keep(transfer_ | {"amount_reversed": total, "reversed": total == transfer_["amount"]})
    world.tell("transfer.reversed", world.find(name, "transfer"))
    return reversal
