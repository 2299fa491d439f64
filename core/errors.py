"""Refusals: every "no" has a stable code, a sentence, and the way out, in both languages.

An app's errors.py defines its own with `define`; services raise them; the edge (middleware, forms, sockets, API)
translates them once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import override

Text = str | Promise
REGISTRY: dict[str, "RefusalKind"] = {}


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A rule said no. `code` is stable; `sentence` says what and `way_out` what to do, in the active language."""

    def __init__(self, kind: "RefusalKind", params: dict[str, Any]) -> None:
        super().__init__(kind.code)
        self.kind, self.params = kind, params

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def sentence(self) -> str:
        return str(self.kind.sentence).format(**self.params)

    @property
    def way_out(self) -> str:
        return str(self.kind.way_out).format(**self.params)

    def both(self) -> dict[str, dict[str, str]]:
        """Sentence and way out in each language, for those who answer without one: sockets and the API."""
        answer = {}
        for language in ("zh-hans", "en"):
            with override(language):
                answer[language] = {"sentence": self.sentence, "way_out": self.way_out}
        return answer


@dataclass(frozen=True)
class RefusalKind:
    code: str
    sentence: Text
    way_out: Text
    status: int

    def __call__(self, **params: Any) -> Refusal:
        return Refusal(self, params)


def define(code: str, sentence: Text, way_out: Text, status: int = 422) -> RefusalKind:
    """Declare a kind of refusal. Texts may hold `{named}` places, filled when it is raised."""
    if code in REGISTRY:
        raise ValueError(f"refusal {code} is defined twice")
    kind = REGISTRY[code] = RefusalKind(code, sentence, way_out, status)
    return kind


RefusalFactory = Callable[..., Refusal]
