"""Where the double keeps its objects: everything a request changes is kept, or nothing is."""

import copy
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

Thing = dict[str, Any]


class Shelf(Protocol):
    """Objects by id, and by kind in the order in which they came."""

    def get(self, name: str) -> Thing | None: ...
    def put(self, thing: Thing) -> None: ...
    def all(self, kind: str) -> list[Thing]: ...


class Store(Protocol):
    def session(self) -> AbstractContextManager[Shelf]:
        """One request at a time."""


class _Pages:
    def __init__(self, things: dict[str, Thing]) -> None:
        self.things = things

    def get(self, name: str) -> Thing | None:
        return copy.deepcopy(self.things.get(name))

    def put(self, thing: Thing) -> None:
        self.things[thing["id"]] = copy.deepcopy(thing)

    def all(self, kind: str) -> list[Thing]:
        return [copy.deepcopy(one) for one in self.things.values() if one["object"] == kind]


class Memory:
    """For tests."""

    def __init__(self) -> None:
        self._things: dict[str, Thing] = {}
        self._turn = threading.Lock()

    @contextmanager
    def session(self) -> Iterator[Shelf]:
        with self._turn:
            pages = _Pages(dict(self._things))
            yield pages
            self._things = pages.things
