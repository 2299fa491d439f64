"""Files of a form that came back: kept for a day, so that nobody has to choose them again.

A file lies here encrypted with a token that stands in the form and nowhere else, and is found only together with a
cookie of the browser that sent it. Nothing tells whose it is, signed in or not. `bring` before a form is checked,
`leave` when it goes back, `clear` when it was taken.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict

from core import addresses, chance, clock, files
from core.errors import Refusal
from core.models import HeldFile

COOKIE = "held"
BROWSER = re.compile(r"[0-9a-f]{64}")
KEPT = timedelta(days=1)
MOST, MOST_BYTES = 20, 100 * 2**20  # of one browser
MOST_OF_ADDRESS = 400 * 2**20  # bytes a day from one network address, however many browsers it says it has
MOST_IN_ALL = 4 * 2**30  # bytes; beyond that nothing is kept, and files are chosen again
ONCE = bytes(12)  # a key encrypts one file only, so its nonce may be the same


class HeldUpload(SimpleUploadedFile):
    """A file that was kept; `token` finds it again."""

    def __init__(self, name: str, content: bytes, token: str) -> None:
        super().__init__(name, content, "application/octet-stream")
        self.token = token


@dataclass(frozen=True)
class Held:
    """As the form shows it."""

    token: str
    name: str
    size: int


class Shelf:
    """What one browser has left with its forms."""

    def __init__(self, request: HttpRequest) -> None:
        self._known = request.COOKIES.get(COOKIE, "")
        self._browser = self._known if BROWSER.fullmatch(self._known) else chance.token()
        self._address = addresses.counted(request.META.get("REMOTE_ADDR", ""))

    def get(self, token: str) -> HeldUpload | None:
        row = HeldFile.objects.filter(place=self._place(token), held_at__gt=clock.now() - KEPT).first()
        if row is None:
            return None
        try:
            with row.content.open("rb") as stored:
                sealed = stored.read()
            name, _line, content = _cipher(token).decrypt(ONCE, sealed, None).partition(b"\n")
        except (InvalidTag, FileNotFoundError):  # damaged, or swept at this moment
            return None
        return HeldUpload(json.loads(name), content, token)

    def put(self, upload: "UploadedFile[Any]") -> Held | None:
        """None when it is nothing the platform takes, or too much."""
        if isinstance(upload, HeldUpload):
            return Held(upload.token, upload.name or "", upload.size or 0)
        upload.seek(0)
        try:
            content, media_type = files.checked(upload)
        except Refusal:
            return None
        if media_type not in files.DOCUMENTS or not self._has_room(len(content)):
            return None
        token, name = chance.token(), (upload.name or "file")[-200:]
        sealed = _cipher(token).encrypt(ONCE, json.dumps(name).encode() + b"\n" + content, None)
        row = HeldFile(place=self._place(token), browser=_hash(self._browser), size=len(content), held_at=clock.now())
        row.content.save(chance.token(), ContentFile(sealed))
        return Held(token, name, len(content))

    def drop(self, token: str) -> None:
        _delete(HeldFile.objects.filter(place=self._place(token)))

    def remember(self, answer: HttpResponse) -> HttpResponse:
        """The browser finds its files by this cookie, which says nothing else."""
        if self._browser != self._known and HeldFile.objects.filter(browser=_hash(self._browser)).exists():
            answer.set_cookie(
                COOKIE,
                self._browser,
                max_age=KEPT,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return answer

    def _has_room(self, size: int) -> bool:
        own = HeldFile.objects.filter(browser=_hash(self._browser)).aggregate(n=Count("pk"), bytes=Sum("size"))
        everybody = HeldFile.objects.aggregate(bytes=Sum("size"))["bytes"] or 0
        fits = own["n"] < MOST and (own["bytes"] or 0) + size <= MOST_BYTES and everybody + size <= MOST_IN_ALL
        return fits and (not self._address or _counted(self._address, size) <= MOST_OF_ADDRESS)

    def _place(self, token: str) -> str:
        return _hash(f"{self._browser}:{token}")


def bring(form: forms.BaseForm, shelf: Shelf) -> None:
    """Beside what a form came with: what was kept of it before and is still wanted."""
    sent = MultiValueDict({name: form.files.getlist(name) for name in form.files})
    for name, _field in _fields(form):
        found = [shelf.get(token) for token in _ticked(form, name)]
        sent.setlist(name, [*(one for one in found if one), *sent.getlist(name)])
    form.files = sent


def leave(form: forms.BaseForm, shelf: Shelf) -> None:
    """The form goes back: its files stay here, and it shows which."""
    for name, field in _fields(form):
        kept = [shelf.put(upload) for upload in form.files.getlist(name)]
        field.widget.held = [one for one in kept if one]
        if field.widget.held:
            form.use_required_attribute = False


def clear(form: forms.BaseForm, shelf: Shelf) -> None:
    """The form was taken: nothing of it has to be kept any more."""
    for name, _field in _fields(form):
        for upload in form.files.getlist(name):
            if isinstance(upload, HeldUpload):
                shelf.drop(upload.token)


def _ticked(form: forms.BaseForm, name: str) -> list[str]:
    return form.data.getlist(f"{name}-held")[:MOST] if isinstance(form.data, QueryDict) else []


def _fields(form: forms.BaseForm) -> Iterator[tuple[str, forms.FileField]]:
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            yield form.add_prefix(name), field


def _cipher(token: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hashlib.sha256(f"held file:{token}".encode()).digest())


def _counted(address: str, size: int) -> int:
    """Bytes of a network address today, these among them, in the cache and under a keyed fingerprint."""
    mark = salted_hmac("held", address, algorithm="sha256").hexdigest()
    key = f"held:{mark}:{int(clock.now().timestamp() // KEPT.total_seconds())}"
    cache.add(key, 0, timeout=KEPT.total_seconds())
    try:
        return int(cache.incr(key, size))
    except ValueError:  # forgotten just now
        return size


def _hash(text: str) -> str:
    return hashlib.sha256(f"held place:{text}".encode()).hexdigest()


def _delete(rows: Any) -> None:
    for row in rows:
        row.content.delete(save=False)
        row.delete()


def sweep() -> None:
    """What is older than a day."""
    _delete(HeldFile.objects.filter(held_at__lte=clock.now() - KEPT))
