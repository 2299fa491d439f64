"""What every part of the double works with: its shelf, its clock, its refusals, and the news it sends."""

import copy
from dataclasses import dataclass
from typing import Any

from core import chance
from payments.stripe_double.shelf import Shelf, Thing

API_VERSION = "2026-10-28.endive"
CURRENCY = "cny"


class Refused(Exception):  # noqa: N818 - an answer of the API, not a fault
    """An error answer. `executed`: the request got as far as being carried out, so its key remembers the answer."""

    def __init__(self, message: str, *, status: int = 400, executed: bool = False, **more: Any) -> None:
        super().__init__(message)
        self.status, self.executed = status, executed
        self.body = {"error": {"type": "invalid_request_error", "message": message, **more}}


@dataclass
class World:
    """One request's view. `now`: seconds since 1970."""

    shelf: Shelf
    now: int

    def new(self, prefix: str, kind: str, **fields: Any) -> Thing:
        """An object with an id of its own; not kept until `keep`."""
        number = f"{chance.source().getrandbits(96):024x}"
        name = f"{prefix}_{number}"
        return {"id": name, "object": kind, "created": self.now, "livemode": False, **fields}

    def keep(self, thing: Thing) -> Thing:
        self.shelf.put(thing)
        return thing

    def find(self, name: Any, kind: str) -> Thing:
        thing = self.shelf.get(str(name))
        if thing is None or thing["object"] != kind:
            raise Refused(
                f"No such {kind.rpartition('.')[2]}: '{name}'", status=404, code="resource_missing", param="id"
            )
        return thing

    def tell(self, kind: str, thing: Thing) -> None:
        """Write an event with the object as it is now; the courier brings it."""
        event = self.new("evt", "event", type=kind, api_version=API_VERSION, data={"object": copy.deepcopy(thing)})
        self.keep(event)


def amount_of(params: dict[str, Any], name: str = "amount") -> int:
    """A positive whole number of fen."""
    text = str(params.get(name, ""))
    if not (text.isascii() and text.isdigit()):
        raise Refused(f"Invalid integer: {text}", param=name, code="parameter_invalid_integer")
    if int(text) < 1:
        raise Refused("This value must be greater than or equal to 1.", param=name, code="parameter_invalid_integer")
    return int(text)


def in_currency(params: dict[str, Any]) -> str:
    currency = str(params.get("currency", ""))
    if not currency:
        raise Refused("Missing required param: currency.", code="parameter_missing", param="currency")
    return currency


def yuan(fen: int) -> str:
    return f"¥{fen / 100:,.2f}"
