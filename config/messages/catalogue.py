"""The English catalogues: brought up to date with the sources, checked, compiled.

A catalogue's text depends on nothing but its messages (sorted, no dates, no line numbers), so that two people who
translate different things rarely meet in a merge.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import polib

from config.messages.extract import Message

METADATA = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "en",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
PLACES = re.compile(r"\{[a-z_][a-z0-9_]*\}|%\([^)]+\)[a-z]")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
ENDONYMS = frozenset({"简体中文", "中文"})

Found = Mapping[Message, set[str]]


def path_of(base: Path, room: str) -> Path:
    return base / "locale" / room / "en" / "LC_MESSAGES" / "django.po"


def read(path: Path) -> polib.POFile:
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def merged(found: Found, old: polib.POFile) -> polib.POFile:
    """A catalogue of what was found, with the translations the old one has."""
    known = {(entry.msgid, entry.msgctxt or ""): entry for entry in old}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = METADATA
    for message, files in _unique(found):
        entry = polib.POEntry(
            msgid=message.msgid,
            msgctxt=message.context or None,
            msgid_plural=message.plural,
            occurrences=[(name, "") for name in sorted(files)],
        )
        _carry_over(entry, known.get((message.msgid, message.context)))
        catalogue.append(entry)
    return catalogue


def _unique(found: Found) -> list[tuple[Message, set[str]]]:
    """Sorted; a string that stands with and without a plural is one entry, with it."""
    by_key: dict[tuple[str, str], tuple[Message, set[str]]] = {}
    for message, files in sorted(found.items()):
        _, before = by_key.get((message.msgid, message.context), (message, set()))
        by_key[message.msgid, message.context] = (message, before | files)
    return [by_key[key] for key in sorted(by_key)]


def _carry_over(entry: polib.POEntry, old: polib.POEntry | None) -> None:
    if entry.msgid_plural:
        forms = old.msgstr_plural if old else {}
        entry.msgstr_plural = {0: forms.get(0, ""), 1: forms.get(1, "")}
    elif old:
        entry.msgstr = old.msgstr
    if old and old.fuzzy:
        entry.flags = ["fuzzy"]
    if old:
        entry.tcomment = old.tcomment


def text_of(catalogue: polib.POFile) -> str:
    return str(catalogue).rstrip() + "\n" if len(catalogue) else ""


def problems(catalogue: polib.POFile) -> Iterator[str]:
    """What keeps the catalogue from being complete, one line each."""
    for entry in catalogue:
        forms = _forms(entry)
        if not all(forms):
            yield f"no English: {entry.msgid!r}"
        elif entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif _places(forms[-1]) != _places(entry.msgid_plural or entry.msgid):
            yield f"different places: {entry.msgid!r} -> {forms[-1]!r}"
        elif entry.msgid not in ENDONYMS and any(CHINESE.search(PLACES.sub("", form)) for form in forms):
            yield f"still Chinese: {entry.msgid!r} -> {forms[-1]!r}"


def disagreements(catalogues: Mapping[str, polib.POFile]) -> Iterator[str]:
    """The same Chinese, different English in two rooms: only one of them would ever be shown.

    Django keeps plurals apart from single strings, so those may differ.
    """
    seen: dict[tuple[str, str | None, bool], tuple[str, list[str]]] = {}
    for room, catalogue in catalogues.items():
        for entry in catalogue:
            other, forms = seen.setdefault(
                (entry.msgid, entry.msgctxt, bool(entry.msgid_plural)), (room, _forms(entry))
            )
            if all(forms) and all(_forms(entry)) and forms != _forms(entry):
                yield f"{entry.msgid!r} is {forms[-1]!r} in {other}, {_forms(entry)[-1]!r} in {room}"


def _forms(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr_plural[0], entry.msgstr_plural[1]] if entry.msgid_plural else [entry.msgstr]


def _places(text: str) -> set[str]:
    return set(PLACES.findall(text))


def compile_all(base: Path) -> int:
    """Write the .mo beside every .po that is newer; returns how many were written."""
    written = 0
    for source in sorted((base / "locale").glob("*/en/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            half = target.with_suffix(".mo.new")
            read(source).save_as_mofile(str(half))
            half.replace(target)
            written += 1
    return written
