"""Pictures people drop: what is refused, what is kept, what the public gets."""

import io
import struct
import zlib
from datetime import UTC, date, datetime

import pytest
from PIL import Image, PngImagePlugin

from agencies import selectors, services
from agencies.models import Scan
from core import audit
from core.errors import Refusal
from core.models import StoredFile
from tests.accounts import people
from tests.agencies.conftest import picture, upload

pytestmark = pytest.mark.django_db
GPS = 0x8825
SECRET = "机密备注SECRET"


def bomb():
    """88 megapixels in a few kilobytes: a header that promises them and a stream that would deliver."""
    header = struct.pack(">IIBBBBB", 11000, 8000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((11000 // 8 + 1) * 8000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_text_and_gps(kind):
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif.get_ifd(GPS)[2] = (39.0, 31.0, 0.0)
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", SECRET)
        notes.add_itxt("XML:com.adobe.xmp", SECRET)
        return picture("PNG", pnginfo=notes, exif=exif, icc_profile=SECRET.encode())
    extra = {"comment": SECRET.encode()} if kind == "JPEG" else {}
    return picture(kind, exif=exif, icc_profile=SECRET.encode(), **extra)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.png", "file.empty"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (20 * 2**20 + 1), "大.png", "file.too_large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "图.png", "scan.type"),
        (b"<!doctype html><script>alert(1)</script>", "页.png", "scan.type"),
        (b"%PDF-1.7 ...", "证书.png", "scan.type"),
        (b"GIF89a" + b"\0" * 64, "动.png", "scan.type"),
        (picture()[: len(picture()) // 2], "半.png", "image.broken"),
        (picture("JPEG")[:400], "半.jpg", "image.broken"),
        (picture("WEBP")[:60], "半.webp", "image.broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "坏.png", "image.broken"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, "坏.jpg", "image.broken"),
        (bomb(), "炸.png", "image.too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",
)
def test_what_is_not_a_sound_picture_is_refused_and_nothing_is_kept(content, name, code):
    agency = people.agency()
    with pytest.raises(Refusal) as refusal:
        services.drop_scan(agency=agency, upload=upload(content, name), by=audit.SYSTEM)
    assert refusal.value.code == code
    assert not Scan.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_public_copies_hold_pixels_and_nothing_else(kind):
    content = with_text_and_gps(kind)
    assert SECRET.encode() in content or kind == "PNG"
    scan = drop(content)
    for file in (scan.public_image, scan.thumbnail):
        kept = content_of(file)
        copy = Image.open(io.BytesIO(kept))
        assert SECRET.encode() not in kept
        assert SECRET.encode("utf-16-le") not in kept
        assert (copy.format, dict(copy.getexif())) == ("JPEG", {})
        assert not {"exif", "xmp", "icc_profile", "comment", "Comment"} & set(copy.info)
    assert content_of(scan.original) == content


def test_the_public_copy_is_marked_and_the_thumbnail_small():
    scan = drop(picture(size=(3000, 2000), colour=(255, 255, 255)))
    copy = shown(scan.public_image)
    assert max(copy.size) == 1800
    assert len(copy.getcolors(2**20)) > 1
    assert max(shown(scan.thumbnail).size) <= 320


def test_a_transparent_scan_becomes_black_on_white():
    buffer = io.BytesIO()
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(buffer, "PNG")
    grey = shown(drop(buffer.getvalue()).public_image).convert("L")
    assert grey.getpixel((2, 2)) > 150


def test_a_turned_photo_is_shown_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    scan = drop(picture("JPEG", size=(600, 300), exif=exif))
    assert shown(scan.public_image).size == (300, 600)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("证书\u202egnp.exe.png", "证书gnp.exe.png"),
        ("a" * 240 + ".png", None),
        ("<img src=x>.png", "<img src=x>.png"),
    ],
)
def test_a_file_name_is_only_a_name(name, kept):
    scan = drop(picture(), name=name)
    assert len(scan.name) <= 200
    assert scan.name == (kept or scan.name)
    assert "passwd" not in scan.original.content.name


def test_a_certificate_counts_from_its_first_to_its_last_day():
    agency = people.agency()
    add(agency, "测绘资质证书", date(2026, 1, 10), date(2026, 3, 31))
    # Beijing days: 16:00 UTC is already tomorrow there.
    held = {
        moment: selectors.facts(agency.pk, moment).licence_kinds
        for moment in (
            datetime(2026, 1, 9, 15, 59, tzinfo=UTC),
            datetime(2026, 1, 9, 16, 0, tzinfo=UTC),
            datetime(2026, 3, 31, 15, 59, tzinfo=UTC),
            datetime(2026, 3, 31, 16, 0, tzinfo=UTC),
        )
    }
    assert list(held.values()) == [frozenset(), {"测绘资质证书"}, {"测绘资质证书"}, frozenset()]


def test_a_withdrawn_certificate_never_counts_and_stays_on_record():
    agency = people.agency()
    paper = add(agency, "测绘资质证书", date(2020, 1, 1), date(2090, 1, 1))
    services.withdraw_qualification(qualification_id=paper.pk, agency=agency, by=audit.SYSTEM)
    assert selectors.facts(agency.pk).licence_kinds == frozenset()
    assert agency.qualifications.count() == 1


def test_a_period_that_ends_before_it_starts_is_refused():
    with pytest.raises(Refusal) as refusal:
        add(people.agency(), "测绘资质证书", date(2026, 2, 1), date(2026, 1, 1))
    assert refusal.value.code == "qualification.period"
    assert not StoredFile.objects.exists()


def test_one_scan_is_described_once():
    agency = people.agency()
    scan = services.drop_scan(agency=agency, upload=upload(), by=audit.SYSTEM)
    add(agency, "测绘资质证书", date(2026, 1, 1), date(2027, 1, 1), scan)
    with pytest.raises(Refusal) as refusal:
        add(agency, "工程设计资质", date(2026, 1, 1), date(2027, 1, 1), scan)
    assert refusal.value.code == "scan.gone"


def test_a_scan_of_another_agency_is_none_of_ours():
    theirs = services.drop_scan(agency=people.agency(2), upload=upload(), by=audit.SYSTEM)
    with pytest.raises(Refusal) as refusal:
        add(people.agency(1), "测绘资质证书", date(2026, 1, 1), date(2027, 1, 1), theirs)
    assert refusal.value.code == "scan.gone"


def content_of(file):
    with file.content.open("rb") as opened:
        return opened.read()


def shown(file):
    return Image.open(io.BytesIO(content_of(file)))


def drop(content, name="证书.png"):
    return services.drop_scan(agency=people.agency(), upload=upload(content, name), by=audit.SYSTEM)


def add(agency, kind, valid_from, valid_until, scan=None):
    return services.add_qualification(
        agency=agency, kind=kind, grade="甲级", number="甲测资字13100001", issuer="自然资源部",
        valid_from=valid_from, valid_until=valid_until, scan=scan or upload(), by=audit.SYSTEM,
    )  # fmt: skip
