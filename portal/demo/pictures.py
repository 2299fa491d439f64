"""Drawn papers of the demo: a certificate to scan, a result to hand in. Plain on purpose, and marked as samples."""

import io
from datetime import date
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from core.assets import font_path

PAPER, INK, SEAL = (252, 250, 244), (40, 44, 52), (178, 58, 52)
SIZE = (1000, 700)


def certificate(kind: str, holder: str, number: str, until: date) -> SimpleUploadedFile:
    """A certificate as a PNG upload."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((24, 24, SIZE[0] - 24, SIZE[1] - 24), outline=SEAL, width=4)
    draw.rectangle((36, 36, SIZE[0] - 36, SIZE[1] - 36), outline=SEAL, width=1)
    draw.text((SIZE[0] / 2, 130), f"{kind}证书", font=_font(44), fill=INK, anchor="mm")
    lines = (
        f"持证单位：{holder}",
        f"证书编号：{number}",
        f"有效期至：{until:%Y年%m月%d日}",
        "（演示样张，机构与证书均为虚构）",
    )
    for place, line in enumerate(lines):
        draw.text((120, 250 + place * 70), line, font=_font(28), fill=INK)
    draw.ellipse((720, 450, 900, 630), outline=SEAL, width=5)
    draw.text((810, 540), "样张", font=_font(40), fill=SEAL, anchor="mm")
    return SimpleUploadedFile(f"{kind}.png", _saved(picture, "PNG"), "image/png")


def result(name: str) -> SimpleUploadedFile:
    """A delivered report as a PDF upload."""
    return SimpleUploadedFile(f"{name}.pdf", _report(), "application/pdf")


def slip(payee: str, amount: str) -> SimpleUploadedFile:
    """A bank's slip as a PNG upload."""
    picture = Image.new("RGB", (900, 420), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((16, 16, 884, 404), outline=INK, width=2)
    draw.text((450, 60), "电子银行业务回单", font=_font(34), fill=INK, anchor="mm")
    for place, line in enumerate((f"收款人：{payee}", f"金额：人民币 {amount} 元", "摘要：技术服务费", "（演示样张）")):
        draw.text((80, 120 + place * 60), line, font=_font(26), fill=INK)
    return SimpleUploadedFile("银行回单.png", _saved(picture, "PNG"), "image/png")


@cache
def _report() -> bytes:
    page = Image.new("RGB", (620, 877), "white")
    draw = ImageDraw.Draw(page)
    draw.text((310, 260), "技术服务成果报告", font=_font(40), fill=INK, anchor="mm")
    draw.text((310, 340), "（演示文件）", font=_font(22), fill=INK, anchor="mm")
    return _saved(page, "PDF")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_path()), size)


def _saved(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def on_site(words: str) -> SimpleUploadedFile:
    """A photo of an inspection as a JPEG upload."""
    picture = Image.new("RGB", (1200, 800), (206, 211, 205))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((120, 180, 1080, 700), fill=(236, 234, 226), outline=INK, width=3)
    draw.text((600, 330), "现场检查照片", font=_font(52), fill=INK, anchor="mm")
    draw.text((600, 430), words, font=_font(34), fill=INK, anchor="mm")
    draw.text((600, 620), "（演示样张）", font=_font(26), fill=SEAL, anchor="mm")
    return SimpleUploadedFile("现场.jpg", _saved(picture, "JPEG"), "image/jpeg")
