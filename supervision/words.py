"""Words for what rules store as codes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TRACES: dict[str, Promise] = {"person": _("成员"), "phone": _("电话"), "address": _("地址")}


def evidence(stored: Mapping[str, str]) -> dict[str, str]:
    """Evidence as people read it: figures stay, kinds of traces get their names."""
    return {key: _kinds(value) if key == "kinds" else value for key, value in stored.items()}


def _kinds(codes: str) -> str:
    return " / ".join(str(TRACES.get(code, code)) for code in codes.split(","))
