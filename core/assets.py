"""Where set-up put the fonts that papers and pictures are drawn with."""

from pathlib import Path

from django.conf import settings


def fonts_folder() -> Path:
    return Path(settings.FONTS_FOLDER)


def font_path() -> Path:
    """The regular weight of the Chinese font, subset at set-up."""
    return fonts_folder() / "NotoSansSC-Regular.ttf"
