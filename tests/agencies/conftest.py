"""A Chinese font for the watermark where set-up has not put one: any will do for a test."""

import io

import pytest
from PIL import Image


@pytest.fixture
def picture():
    """Bytes of a picture: `picture("PNG", (60, 40))`; further arguments go to Pillow's save."""

    def make(kind="PNG", size=(640, 480), colour=(200, 210, 220), **options):
        buffer = io.BytesIO()
        Image.new("RGB", size, colour).save(buffer, kind, **options)
        return buffer.getvalue()

    return make
