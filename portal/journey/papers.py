"""What people of the walk bring along: valid credit codes, a scan, a result."""

import io
import secrets

from PIL import Image, ImageDraw

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(start: str = "91131003MA") -> str:
    """A valid unified social credit code (GB 32100-2015) of an invented organisation."""
    body = start + "".join(secrets.choice(ALPHABET) for _ in range(17 - len(start)))
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + ALPHABET[-total % 31]


def wrong_code(code: str) -> str:
    """The same code with another check character."""
    return code[:-1] + next(char for char in ALPHABET if char != code[-1])


def scan() -> bytes:
    """A picture of a certificate, with metadata that must not survive."""
    picture = Image.new("RGB", (900, 640), "#fbf8ef")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, 880, 620), outline="#a33", width=5)
    draw.text((360, 300), "CERTIFICATE (SAMPLE)", fill="#333")
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def result(words: str) -> bytes:
    """A one-page PDF; different words make different bytes."""
    buffer = io.BytesIO()
    Image.new("RGB", (420, 594), "white").save(buffer, "PDF", title=words)
    return buffer.getvalue()
