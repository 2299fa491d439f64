"""Names as people type them, without what cannot be seen.

Control characters and direction marks (a right-to-left override turns "gnp.exe" around) have no place in a name
that others read, compare and print.
"""

import unicodedata


def tidy(typed: str) -> str:
    """The same words in composed form: no invisible characters, single spaces, nothing around them."""
    composed = unicodedata.normalize("NFC", typed)
    return " ".join("".join(_seen(char) for char in composed).split())


def _seen(char: str) -> str:
    """The character itself; a blank for a control character; nothing for a mark without width."""
    category = unicodedata.category(char)
    return " " if category == "Cc" else "" if category in {"Cf", "Cs"} else char
