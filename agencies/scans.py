"""Certificates from pictures: check, keep the original privately, show a watermarked copy without its metadata."""

from datetime import date
from functools import partial
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.rules.names import tidy
from agencies import errors
from agencies.models import Agency, Qualification, Scan
from agencies.texts import filled
from core import audit, clock, files, images
from core.audit import SYSTEM, By
from core.models import StoredFile

PLATFORM = "开放中介服务市场"
PURPOSE = "仅供公示"
PUBLIC_EDGE = 1800
THUMBNAIL_EDGE = 320


@transaction.atomic
def drop_scan(*, agency: Agency, upload: "UploadedFile[Any]", by: By) -> Scan:
    """Take in one picture of a certificate, to be described later.

    Raises file.empty, file.too_large, scan.type, image.broken or image.too_large; then nothing is kept.
    """
    name = tidy(upload.name or "")[-200:] or "scan"
    content, media_type = files.checked(upload)
    if media_type not in files.IMAGES:
        raise errors.NOT_A_SCAN(name=name)
    picture = images.scaled(images.clean(content), PUBLIC_EDGE)
    marked = images.watermarked(picture, f"{PLATFORM} · {agency.organisation.name} · {PURPOSE}")
    scan = Scan.objects.create(
        agency=agency,
        name=name,
        original=files.keep(content, name=name, media_type=media_type),
        public_image=_jpeg(images.jpeg(marked), f"{PurePath(name).stem}-{PURPOSE}"),
        thumbnail=_jpeg(images.jpeg(images.scaled(marked, THUMBNAIL_EDGE)), "thumbnail"),
        dropped_at=clock.now(),
    )
    _record(agency, "scan_dropped", by, scan=scan.pk, sha256=scan.original.sha256)
    return scan


@transaction.atomic
def add_qualification(
    *,
    agency: Agency,
    kind: str,
    grade: str,
    number: str,
    issuer: str,
    valid_from: date,
    valid_until: date,
    scan: "UploadedFile[Any] | Scan",
    by: By,
) -> Qualification:
    """Show a certificate. `scan`: a picture, or one dropped before.

    Raises qualification.period, profile.blank, scan.gone, and what `drop_scan` refuses.
    """
    if valid_until < valid_from:
        raise errors.PERIOD()
    words = {"kind": kind, "number": number, "issuer": issuer}
    shown = {name: filled(Qualification, name, typed) for name, typed in words.items()}
    held = _waiting(agency, scan) if isinstance(scan, Scan) else drop_scan(agency=agency, upload=scan, by=by)
    qualification = Qualification.objects.create(
        agency=agency,
        **shown,
        grade=tidy(grade)[:40],
        valid_from=valid_from,
        valid_until=valid_until,
        scan=held,
        added_at=clock.now(),
    )
    _record(agency, "qualification_added", by, qualification=qualification.pk, kind=kind, until=str(valid_until))
    return qualification


@transaction.atomic
def discard_scan(*, scan_id: int, agency: Agency, by: By) -> None:
    """Put aside a picture nobody described; one in use or discarded already stays as it is."""
    rows = Scan.objects.filter(pk=scan_id, agency=agency, discarded_at=None, qualification=None)
    if rows.update(discarded_at=clock.now()):
        _record(agency, "scan_discarded", by, scan=scan_id)


@transaction.atomic
def withdraw_qualification(*, qualification_id: int, agency: Agency, by: By) -> None:
    """Stop showing a certificate; what it was stays on record. Withdrawing twice changes nothing."""
    rows = Qualification.objects.filter(pk=qualification_id, agency=agency, withdrawn_at=None)
    if rows.update(withdrawn_at=clock.now()):
        _record(agency, "qualification_withdrawn", by, qualification=qualification_id)


@transaction.atomic
def erase_loose(*, agency_id: int, by: By = SYSTEM) -> int:
    """Delete the pictures that are part of no certificate, discarded ones too; says how many.

    For whoever leaves: what a certificate was shown with belongs to the record, nobody needs the others.
    """
    rows = list(Scan.objects.filter(agency_id=agency_id, qualification=None))
    for row in rows:
        kept = [row.original, row.public_image, row.thumbnail]
        row.delete()
        for one in kept:
            one.delete()
            transaction.on_commit(partial(one.content.storage.delete, str(one.content.name)))
    if rows:
        audit.record(stream=f"agency:{agency_id}", action="pictures_erased", by=by, data={"n": len(rows)})
    return len(rows)


def _waiting(agency: Agency, scan: Scan) -> Scan:
    """The same scan, locked, if it still waits to be described."""
    held = Scan.objects.select_for_update().filter(pk=scan.pk, agency=agency, discarded_at=None).first()
    if held is None or Qualification.objects.filter(scan=held).exists():
        raise errors.SCAN_GONE()
    return held


def _jpeg(content: bytes, stem: str) -> StoredFile:
    return files.keep(content, name=f"{stem}.jpg", media_type="image/jpeg")


def _record(agency: Agency, action: str, by: By, **data: object) -> None:
    audit.record(stream=f"agency:{agency.pk}", action=action, by=by, data=data)
