"""Telephone numbers people can be reached at: mobile, landline with area code, service numbers, or international."""

import re
import unicodedata

MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}(?:-[0-9]{1,6})?", re.ASCII)
SERVICE = re.compile(r"(?:400|800)[0-9]{7}", re.ASCII)
INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
EXTENSION = re.compile(r"(?:转|ext\.?|x|#)", re.IGNORECASE)


def normalise(typed: str) -> str:
    """Digits in half width, one hyphen before an extension, no spaces, brackets or +86."""
    text = EXTENSION.sub("~", unicodedata.normalize("NFKC", typed))
    main, _, extension = text.partition("~")
    main = re.sub(r"[\s().]", "", main).removeprefix("+86").removeprefix("0086")
    return _joined(main, extension)


def _joined(main: str, extension: str) -> str:
    """Hyphens inside the number go; the last part of "0316-2051234-8001" is an extension."""
    parts = [part for part in main.split("-") if part]
    if not extension and len(parts) == 3 and main.startswith("0"):
        extension = parts.pop()
    number = "".join(parts)
    inner = re.sub(r"[\s()-]", "", extension)
    return f"{number}-{inner}" if inner else number


def valid(number: str) -> bool:
    """Is a normalised number one that can be dialled?"""
    return any(pattern.fullmatch(number) for pattern in (MOBILE, LANDLINE, SERVICE, INTERNATIONAL))
