"""Pictures people upload: checked before they are decoded, stripped of everything but pixels, made again."""

import io
import warnings

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageDraw, ImageFont, ImageOps

from core.assets import font_path
from core.errors import define

MAX_PIXELS = 40_000_000
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
FORMATS = ("JPEG", "PNG", "WEBP")

IMAGE_BROKEN = define("image.broken", _("这张图片打不开。"), _("请上传完好的 JPG、PNG 或 WebP 图片。"))
IMAGE_TOO_LARGE = define("image.too_large", _("这张图片的像素太多。"), _("请缩小到 4000 万像素以内再上传。"))


def clean(content: bytes) -> Image.Image:
    """Decode a picture safely: upright, RGB, no metadata. Raises image.broken or image.too_large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise IMAGE_TOO_LARGE()
            return _on_white(ImageOps.exif_transpose(picture))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise IMAGE_TOO_LARGE() from bomb
    except (OSError, ValueError, SyntaxError) as broken:
        raise IMAGE_BROKEN() from broken


def _on_white(picture: Image.Image) -> Image.Image:
    """Only the pixels, in RGB; what is transparent becomes paper, not soot."""
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture)
        picture = paper
    picture.info.clear()
    return picture.convert("RGB")


def scaled(picture: Image.Image, longest: int) -> Image.Image:
    """A copy whose longer side is at most `longest` pixels."""
    copy = picture.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return copy


def watermarked(picture: Image.Image, text: str) -> Image.Image:
    """A copy with the text repeated across it, slanted, so that a copied scan says where it came from."""
    size = max(16, min(picture.size) // 22)
    font = ImageFont.truetype(str(font_path()), size)
    reach = int((picture.width**2 + picture.height**2) ** 0.5)
    layer = Image.new("L", (reach, reach), 0)
    draw = ImageDraw.Draw(layer)
    step = int(draw.textlength(text, font=font)) + size * 3
    for row, y in enumerate(range(0, reach, size * 6)):
        for x in range(-step * (row % 2) // 2, reach, step):
            draw.text((x, y), text, fill=70, font=font)
    layer = layer.rotate(28)
    left, top = (reach - picture.width) // 2, (reach - picture.height) // 2
    mask = layer.crop((left, top, left + picture.width, top + picture.height))
    marked = picture.copy()
    marked.paste((110, 120, 135), mask=mask)
    return marked


def jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
