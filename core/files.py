"""Taking in and giving out files. Its bytes decide what a file is; the room that owns it decides who may read it."""

import hashlib
import io
import zipfile
from typing import Any
from urllib.parse import quote

import filetype
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.errors import define
from core.models import StoredFile

MAX_BYTES = 20 * 2**20
OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
DOCUMENTS = IMAGES | {"application/pdf", "application/zip", *OFFICE.values()}

FILE_EMPTY = define("file.empty", _("这个文件是空的。"), _("请重新选择文件。"))
FILE_TOO_LARGE = define("file.too_large", _("文件超过了 20 MB。"), _("请压缩后再上传，或分成几个文件。"))
FILE_TYPE = define("file.type", _("不接受这种文件。"), _("请上传 {accepted} 格式的文件。"))


def store(upload: "UploadedFile[Any]", *, accept: frozenset[str] = DOCUMENTS) -> StoredFile:
    """Keep an upload privately. Raises file.empty, file.too_large or file.type."""
    content, media_type = checked(upload)
    if media_type not in accept:
        raise FILE_TYPE(accepted=_names(accept))
    return keep(content, name=upload.name or "file", media_type=media_type)


def checked(upload: "UploadedFile[Any]") -> tuple[bytes, str]:
    """An upload's bytes and the media type they tell. Raises file.empty or file.too_large before reading."""
    if not upload.size:
        raise FILE_EMPTY()
    if upload.size > MAX_BYTES:
        raise FILE_TOO_LARGE()
    content = upload.read()
    return content, sniff(content)


def keep(content: bytes, *, name: str, media_type: str) -> StoredFile:
    """Keep bytes the platform made itself or has already checked."""
    row = StoredFile(
        name=name[-200:],
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        stored_at=clock.now(),
    )
    row.content.save(str(row.id), ContentFile(content), save=False)
    row.save(force_insert=True)
    return row


def sniff(content: bytes) -> str:
    """Media type by content; "" when unknown. Office files are told from plain zips by their members."""
    kind = filetype.guess_mime(content) or ""
    if kind == "application/zip" or kind in OFFICE.values():
        return _zip_kind(content)
    return str(kind)


def _zip_kind(content: bytes) -> str:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except zipfile.BadZipFile:
        return ""
    for prefix, kind in (("word/", "docx"), ("xl/", "xlsx")):
        if "[Content_Types].xml" in names and any(name.startswith(prefix) for name in names):
            return OFFICE[kind]
    return "application/zip"


def _names(accept: frozenset[str]) -> str:
    short = {media: ending for ending, media in OFFICE.items()}
    return "、".join(sorted(short.get(kind, kind.rpartition("/")[2]) for kind in accept))


def respond(file: StoredFile, *, inline: bool = False) -> HttpResponse:
    """Give a file out. Only images and PDFs may open in the browser, and never as a page of ours."""
    inline = inline and (file.media_type in IMAGES or file.media_type == "application/pdf")
    with file.content.open("rb") as stored:
        answer = HttpResponse(stored.read(), content_type=file.media_type)
    disposition = "inline" if inline else "attachment"
    answer["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(file.name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
