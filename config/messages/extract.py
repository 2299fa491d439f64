"""Finds every translatable string of the sources, as Django would look it up when it runs."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import block_re, constant_re, endblock_re, inline_re, plural_re

FRAME = "site"
NO_ROOMS = frozenset({"tests", "bench", "node_modules", "var"})

# Function -> positions of (context, singular, plural) among its arguments.
SIGNATURES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}


@dataclass(frozen=True, order=True)
class Message:
    """One string to translate. `plural` and `context` are empty when it has none."""

    msgid: str
    context: str = ""
    plural: str = ""


def rooms(base: Path) -> list[str]:
    """Every package at the top of the project, and the frame around them."""
    packages = {path.parent.name for path in base.glob("*/__init__.py")} - NO_ROOMS
    return sorted(packages | {FRAME})


def collect(base: Path) -> dict[str, dict[Message, set[str]]]:
    """Room -> message -> files it stands in (relative to the project)."""
    found: dict[str, dict[Message, set[str]]] = {room: {} for room in rooms(base)}
    for room, path in _sources(base, list(found)):
        text = path.read_text(encoding="utf-8")
        messages = from_python(text) if path.suffix == ".py" else from_template(text)
        for message in messages:
            found[room].setdefault(message, set()).add(path.relative_to(base).as_posix())
    return found


def _sources(base: Path, names: list[str]) -> Iterator[tuple[str, Path]]:
    for room in names:
        for path in sorted((base / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield room, path
    for path in sorted((base / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            folder = path.relative_to(base / "templates").parts[0]
            yield folder if folder in names else FRAME, path


def from_python(text: str) -> Iterator[Message]:
    """Messages in calls of Django's translation functions, under whatever name they were imported."""
    tree = ast.parse(text)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in SIGNATURES
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (function := _called(node.func, names)):
            yield from _from_call(node, function)


def _called(function: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(function, ast.Name):
        return names.get(function.id)
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr if function.value.id == "translation" and function.attr in SIGNATURES else None
    return None


def _from_call(call: ast.Call, function: str) -> Iterator[Message]:
    context, singular, plural = (None if at is None else _constant(call, at) for at in SIGNATURES[function])
    if singular:
        yield Message(singular, context or "", plural or "")


def _constant(call: ast.Call, position: int) -> str | None:
    if position >= len(call.args):
        return None
    argument = call.args[position]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def from_template(text: str) -> Iterator[Message]:
    """Messages of a Django template: translate, blocktranslate and _("…"); percent signs doubled as Django does."""
    tokens = iter(Lexer(text).tokenize())
    for token in tokens:
        if token.token_type == TokenType.BLOCK and token.contents == "comment":
            _skip_comment(tokens)
        elif token.token_type == TokenType.BLOCK and (opened := block_re.match(token.contents)):
            yield from _constants(token)
            yield _block(opened, token.contents, tokens)
        elif token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            yield from _inline(token)


def _skip_comment(tokens: Iterator[Token]) -> None:
    for token in tokens:
        if token.token_type == TokenType.BLOCK and token.contents == "endcomment":
            return


def _inline(token: Token) -> Iterator[Message]:
    yield from _constants(token)
    if token.token_type == TokenType.BLOCK and (matched := inline_re.match(token.contents)):
        yield Message(_escaped(_unquoted(matched[1])), _unquoted(matched[3] or ""))


def _constants(token: Token) -> Iterator[Message]:
    for quoted in constant_re.findall(token.contents):
        yield Message(_escaped(_unquoted(quoted)))


def _block(opened: re.Match[str], contents: str, tokens: Iterator[Token]) -> Message:
    """The message of a blocktranslate whose opening tag was just read; reads up to its end."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.BLOCK and endblock_re.match(token.contents):
            break
        if token.token_type == TokenType.BLOCK and plural_re.match(token.contents):
            parts.append([])
        elif token.token_type == TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.token_type == TokenType.TEXT:
            parts[-1].append(_escaped(token.contents))
    trim = trim_whitespace if " trimmed" in contents else str
    singular, *plural = (trim("".join(part)) for part in parts)
    return Message(singular, _unquoted(opened[2] or ""), plural[0] if plural else "")


def _unquoted(text: str) -> str:
    return text[1:-1]


def _escaped(text: str) -> str:
    return text.replace("%", "%%")
