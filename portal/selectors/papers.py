"""Papers anyone may look up: by number, or by the hash of the PDF they hold."""

import re

from core.models import Paper

NUMBER = re.compile(r"[A-Z]{1,6}-[0-9]{4}-[0-9]{6,9}", re.ASCII)
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def public_paper(number: str) -> Paper | None:
    """A public paper, or None: whether a private one exists is nobody's business."""
    return Paper.objects.select_related("pdf").filter(number=number, public=True).first()


def public_paper_with_hash(digest: str) -> Paper | None:
    """The public paper whose PDF has this SHA-256 (64 hex digits)."""
    return Paper.objects.select_related("pdf").filter(pdf__sha256=digest, public=True).first()


def number_in(text: str) -> str:
    """The paper number in what was typed or scanned: a bare number, or an address that holds one; else ""."""
    found = NUMBER.search(text.strip().upper().replace("－", "-").replace("—", "-"))
    return found.group() if found else ""


def hash_in(text: str) -> str:
    """The SHA-256 in what was pasted, lower case; else ""."""
    found = HASH.fullmatch(re.sub(r"\s", "", text).lower())
    return found.group() if found else ""
