"""What anyone may look up to verify it: papers by number or by the hash of their PDF, competitions by whatever leads
to them.
"""

import re

from bidding import selectors as bidding
from bidding.models import Competition
from core.models import Paper, RuleSet
from marketplace.models import Need

NUMBER = re.compile(r"[A-Z]{1,6}-[0-9]{4}-[0-9]{6,9}", re.ASCII)
ROOM = re.compile(r"competitions/([0-9]{1,9})(?:/|$)|competition=([0-9]{1,9})(?:[&#]|$)|^\s*([0-9]{1,9})\s*$", re.ASCII)
HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def public_paper(number: str) -> Paper | None:
    """A public paper, or None: whether a private one exists is nobody's business."""
    return Paper.objects.select_related("pdf").filter(number=number, public=True).first()


def public_paper_with_hash(digest: str) -> Paper | None:
    """The public paper whose PDF has this SHA-256 (64 hex digits), or the certificate with this hash of its lines."""
    if not digest:
        return None
    rows = Paper.objects.select_related("pdf").filter(public=True)
    return rows.filter(pdf__sha256=digest).first() or rows.filter(kind="credit", data__hash=digest).first()


def number_in(text: str) -> str:
    """The paper number in what was typed or scanned: a bare number, or an address that holds one; else ""."""
    found = NUMBER.search(text.strip().upper().replace("－", "-").replace("—", "-"))
    return found.group() if found else ""


def hash_in(text: str) -> str:
    """The SHA-256 in what was pasted, lower case; else ""."""
    found = HASH.fullmatch(re.sub(r"\s", "", text).lower())
    return found.group() if found else ""


def competition_in(text: str) -> int | None:
    """The competition that was meant: its number, an address of its room or of this page, or its need's number."""
    if found := ROOM.search(text):
        return int(next(part for part in found.groups() if part))
    need = Need.objects.filter(number=number_in(text), published_at__isnull=False).first() if number_in(text) else None
    opened = bidding.for_need(need.pk) if need else None
    return opened.pk if opened else None


def competition(pk: int) -> Competition | None:
    try:
        return bidding.competition(pk)
    except Competition.DoesNotExist:
        return None


def rule_set(name: str, version: int) -> RuleSet | None:
    return RuleSet.objects.filter(name=name, version=version).first()
