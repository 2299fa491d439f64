"""What every field of a record, a head and a receipt looks like: one way to write each value, so that no byte is free.

A form takes a value as JSON gives it and says whether it is written the one way. `fault(form, value)` names the place.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Form = Callable[[Any], bool] | Mapping[str, Any]
LARGEST = 2**53 - 1  # what every language's JSON reads without loss


def written(pattern: str) -> Callable[[Any], bool]:
    shape = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and shape.fullmatch(value) is not None


def text(value: Any) -> bool:
    return isinstance(value, str)


def count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST


def moment(value: Any) -> bool:
    """2026-11-22T18:00:00.123456Z, and a day the calendar has."""
    if not _MOMENT(value):
        return False
    try:
        datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: DTZ007 - only whether it exists
    except ValueError:
        return False
    return True


def one_of(*values: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in values


def many(form: Form) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and not any(fault(form, item) for item in value)


def named(key: Callable[[Any], bool], form: Form) -> Callable[[Any], bool]:
    """An object whose names have one form and whose values another."""
    return lambda value: isinstance(value, dict) and all(key(name) and not fault(form, value[name]) for name in value)


_MOMENT = written(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
amount = written(r"(0|[1-9][0-9]{0,9})\.[0-9]{2}")
price = lambda value: amount(value) and value != "0.00"  # noqa: E731
floor = written(r"(0|[1-9][0-9]{0,9})\.[0-9]{2}|taken_back|restricted")
hash_ = written(r"[0-9a-f]{64}")
number = written(r"[1-9][0-9]{0,15}")
key_id = written(r"[0-9a-f]{16}")
signature = written(r"[0-9a-f]{128}")
step = written(r"[LR]:[0-9a-f]{64}")

TERMS: Form = {
    "method": one_of("live_auction", "random_draw"),
    "ceiling": amount,
    "step": amount,
    "starts_at": moment,
    "ends_at": moment,
    "hard_ends_at": moment,
    "soft_close_seconds": count,
    "extension_seconds": count,
    "min_entrants": count,
    "rules": written(r"[a-z_]+@[1-9][0-9]*"),
    "rules_digest?": hash_,
    "draw_commitment": hash_,
}
SEAL: Form = {"seq": count, "by": text, "cover": hash_, "amount?": floor, "salt?": hash_}
FRAME: Mapping[str, Form] = {"v": count, "competition": count, "seq": count, "at": moment, "kind": text, "prev": hash_}
KINDS: dict[str, Mapping[str, Form]] = {
    "opened": {"need": text, "terms": TERMS},
    "entered": {"by": text, "commitment": hash_},
    "withdrawn": {"by": text},
    "bid": {"by": text, "amount": price, "ref": text, "auto?": lambda value: value is True},
    "extended": {"ends_at": moment},
    "floor_sealed": {"commitment": hash_},
    "closed": {"reason": one_of("time", "too_few_entrants", "cancelled")},
    "floors_opened": {"floors": many(SEAL)},
    "draw": {"secret": hash_, "entrants": many(text), "winner": text},
    "revealed": {"names": named(text, {"agency": number, "name": text, "salt": text})},
    "excluded": {"by": text, "reason": text},
    "awarded": {"by": text, "amount": amount, "rank": count},
    "failed": {"reason": one_of("too_few_entrants", "no_bid", "none_left", "cancelled")},
}
HEAD: Form = {"first_seq": count, "last_seq": count, "root": hash_, "key_id": key_id, "signature": signature}
RULES: Form = {"ref": text, "parameters": lambda value: isinstance(value, dict)}
FILE: Form = {
    "format": one_of("open-market-record"),
    "version": lambda value: value == 1 and count(value),
    "competition": count,
    "records": many(text),
    "heads": many(HEAD),
    "keys": named(key_id, hash_),
    "rules?": RULES,
}
RECEIPT: Mapping[str, Form] = {
    "format": one_of("open-market-receipt"),
    "version": lambda value: value == 1 and count(value),
    "competition": count,
    "seq": count,
    "at": moment,
    "amount": amount,
    "ref": text,
    "body": text,
    "hash": hash_,
    "first": count,
    "last": count,
    "root": hash_,
    "path": many(step),
    "key_id": key_id,
    "signature": signature,
}
FLOOR_RECEIPT: Form = {name: form for name, form in RECEIPT.items() if name not in ("amount", "ref")} | {
    "opening": {"by": text, "amount": floor, "salt": hash_}
}


def fault(form: Form, value: Any) -> str:
    """The first place where a value is not as its form demands; "" when it is. A name ending in "?" may be missing."""
    if callable(form):
        return "" if form(value) else "is not written as it should be"
    if not isinstance(value, dict):
        return "is not an object"
    known = {name.rstrip("?") for name in form}
    if extra := sorted(value.keys() - known):
        return f"has the unknown field {extra[0]}"
    for name, part in form.items():
        if name.rstrip("?") not in value:
            if not name.endswith("?"):
                return f"lacks {name}"
        elif trouble := fault(part, value[name.rstrip("?")]):
            return f"{name.rstrip('?')} {trouble}"
    return ""
