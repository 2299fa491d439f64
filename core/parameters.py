"""Rule-set parameters as a table: nested JSON to dotted rows and back, and what changed between two versions.

`{"limit": {"n": 3, "unit": "days"}}` is the rows `limit.n = 3` and `limit.unit = "days"`. Lists and empty objects
are one row, written as JSON. A new version keeps every row and the type of its value.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

UNITS = ("working_days", "days", "hours", "minutes", "seconds")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


class BadValue(ValueError):  # noqa: N818 - the answer to a wrong value
    """What was typed does not fit the row; `kind` is whole, number, unit, list or text."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True)
class Row:
    """One parameter: its dotted path and its value (str, int, float, bool, list or None)."""

    path: str
    value: Any

    @property
    def text(self) -> str:
        """The value as one types it."""
        if isinstance(self.value, str):
            return self.value
        return json.dumps(self.value, ensure_ascii=False)

    @property
    def kind(self) -> str:
        return kind_of(self.path, self.value)


@dataclass(frozen=True)
class Change:
    """One row of a diff; `before` or `after` is None where the row is new or gone."""

    path: str
    before: str | None
    after: str | None


def flatten(parameters: Mapping[str, Any], prefix: str = "") -> list[Row]:
    rows: list[Row] = []
    for key, value in parameters.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            rows.extend(flatten(value, f"{path}."))
        else:
            rows.append(Row(path, value))
    return rows


def kind_of(path: str, value: Any) -> str:
    """switch, unit, whole, number, list or text: which field the row gets and how it is checked."""
    if isinstance(value, bool):
        return "switch"
    if isinstance(value, int):
        return "whole"
    if isinstance(value, float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return "number"
    if isinstance(value, str):
        return "unit" if path.endswith(".unit") and value in UNITS else "text"
    return "list"


def parse(row: Row, typed: str) -> Any:
    """What was typed as a value of the row's own type. Raises BadValue."""
    typed = typed.strip()
    if typed == row.text:
        return row.value
    return _PARSERS[row.kind](row.value, typed)


def _switch(_old: Any, typed: str) -> bool:
    return typed == "true"


def _whole(old: int, typed: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", typed, re.ASCII) or (old >= 0 > int(typed)):
        raise BadValue("whole")
    return int(typed)


def _number(old: float | str, typed: str) -> float | str:
    if not _NUMBER.fullmatch(typed) or (Decimal(str(old)) >= 0 > Decimal(typed)):
        raise BadValue("number")
    return typed if isinstance(old, str) else float(typed)


def _unit(_old: str, typed: str) -> str:
    if typed not in UNITS:
        raise BadValue("unit")
    return typed


def _list(old: Any, typed: str) -> Any:
    try:
        value = json.loads(typed)
    except ValueError as fault:
        raise BadValue("list") from fault
    if type(value) is not type(old):
        raise BadValue("list")
    return value


def _text(_old: str, typed: str) -> str:
    if not typed or len(typed) > 2000:
        raise BadValue("text")
    return typed


_PARSERS: dict[str, Callable[[Any, str], Any]] = {
    "switch": _switch,
    "whole": _whole,
    "number": _number,
    "unit": _unit,
    "list": _list,
    "text": _text,
}


def rebuild(rows: list[Row]) -> dict[str, Any]:
    """The nested object of dotted rows."""
    result: dict[str, Any] = {}
    for row in rows:
        *parents, last = row.path.split(".")
        place = result
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = row.value
    return result


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Rows that differ, in the order of the older version, new rows last."""
    old = {row.path: row.text for row in flatten(before)}
    new = {row.path: row.text for row in flatten(after)}
    paths = [*old, *(path for path in new if path not in old)]
    return [Change(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]


def merge(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """What `ours` and `theirs` have each made of `base`, in one: ours where we changed something, theirs elsewhere.

    A row whose shape they changed (another type of value) is theirs: whoever reads it by now expects theirs.
    """
    result = {key: value for key, value in ours.items() if key not in base and key not in theirs}
    for key, value in theirs.items():
        mine, was = ours.get(key, value), base.get(key)
        if isinstance(value, Mapping) and isinstance(mine, Mapping):
            result[key] = merge(was if isinstance(was, Mapping) else {}, mine, value)
        else:
            result[key] = mine if mine != was and type(mine) is type(value) else value
    return result
