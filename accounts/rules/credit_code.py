"""The unified social credit code of GB 32100-2015: 18 characters, the last a check character.

Letters are allowed in every place that the standard allows them, also in the first two (N2..., Y1...).
"""

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
DIVISION = slice(2, 8)


def check_character(body: str) -> str:
    """The 18th character for the first 17."""
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def fault(code: str) -> str | None:
    """What is wrong with a code: "length", "characters", "division", "check", or None when it is valid."""
    if len(code) != 18:
        return "length"
    if any(char not in ALPHABET for char in code):
        return "characters"
    if not code[DIVISION].isdigit():
        return "division"
    return None if code[17] == check_character(code[:17]) else "check"


def normalise(typed: str) -> str:
    """Upper case and half width, without the spaces and hyphens people copy along."""
    half_width = unicodedata.normalize("NFKC", typed)
    return "".join(char for char in half_width if not char.isspace() and char != "-").upper()
