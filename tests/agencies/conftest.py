"""Pictures of certificates, and a font for the watermark where set-up has not put one."""

import io
import warnings
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from core import images


@pytest.fixture(autouse=True)
def no_rate_limits_left_over():
    cache.clear()


@pytest.fixture(autouse=True)
def some_font(monkeypatch):
    """Tests of what a picture may hold don't need the Chinese glyphs, only a font that can be drawn with."""
    if not Path(images.font_path()).exists():
        monkeypatch.setattr(images.ImageFont, "truetype", lambda _path, size: ImageFont.load_default(size))
        monkeypatch.setattr(images.ImageDraw.ImageDraw, "text", _drawn(ImageDraw.ImageDraw.text))


def _drawn(text):
    """Some fonts lack the glyphs: draw as many plain letters instead."""
    return lambda self, xy, words, **options: text(self, xy, "x" * len(words), **options)


def picture(kind="PNG", size=(640, 480), colour=(200, 210, 220), **options):
    """Bytes of a picture."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        Image.new("RGB", size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def upload(content=None, name="证书.png", media_type="image/png"):
    return SimpleUploadedFile(name, picture() if content is None else content, media_type)
