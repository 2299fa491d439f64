"""The walk as a list of steps: each is announced, timed, and ends the walk when something is wrong."""

import secrets
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from portal.journey.browser import Browser, Wrong

WIDTH = 92


@dataclass
class Walk:
    """What the parts of the walk share: browsers by name, and what was learnt on the way."""

    url: str
    say: Callable[[str], None] = print
    browsers: dict[str, Browser] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    tag: str = field(default_factory=lambda: secrets.token_hex(3))
    steps: int = 0

    def browser(self, name: str) -> Browser:
        """The browser of a person; "anyone" never signs in."""
        return self.browsers.setdefault(name, Browser(self.url))

    @contextmanager
    def step(self, chinese: str, english: str) -> Iterator[None]:
        """One line of the report."""
        self.steps += 1
        label = f"{self.steps:>3}  {chinese} · {english}"
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self.say(f"{_padded(label)} ✗ {time.monotonic() - began:6.1f} s")
            raise
        self.say(f"{_padded(label)} ✓ {time.monotonic() - began:6.1f} s")

    def wait(self, ready: Callable[[], Any], what: str, *, patience: float = 60.0, every: float = 0.5) -> Any:
        """Ask again until there is an answer."""
        end = time.monotonic() + patience
        while not (answer := ready()):
            if time.monotonic() > end:
                raise Wrong(f"waited {patience:.0f} s for {what}")
            time.sleep(every)
        return answer

    def close(self) -> None:
        for browser in self.browsers.values():
            browser.close()


def expect(seen: object, wanted: object, what: str) -> None:
    """Stop the walk unless two things are equal."""
    if seen != wanted:
        raise Wrong(f"{what}: expected {wanted!r}, saw {seen!r}")


def _padded(text: str) -> str:
    """To the same width on screen, counting Chinese characters as two."""
    wide = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(0, WIDTH - wide)
