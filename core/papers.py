"""Issuing papers: a number, a page, and a PDF made with Typst from a template in templates/papers/.

A template reads `sys.inputs.data` (JSON): the paper's own data plus number, title, issued_at, url, site, whether it is
public, and `qr`, an SVG of the address. Data is never code: Typst sees it as text only.
"""

import io
import json
from typing import Any

import segno
import typst
from django.conf import settings

from core import clock, files
from core.assets import fonts_folder
from core.models import Paper
from core.numbering import next_number
from core.workdays import LOCAL

LANGUAGE = "zh-hans"  # papers speak the language of the place, whoever causes them


def issue(*, prefix: str, kind: str, title: str, page: str, data: dict[str, Any], public: bool = True) -> Paper:
    """Give a paper its number, inside the caller's transaction. The PDF is made when first asked for."""
    return Paper.objects.create(
        number=next_number(prefix),
        kind=kind,
        title=title,
        issued_at=clock.now(),
        page=page,
        public=public,
        data=data,
    )


def pdf(paper: Paper) -> Any:
    """The paper's PDF as a StoredFile, made once; the same paper always has the same bytes."""
    if paper.pdf is None:
        content = render(paper)
        made = files.keep(content, name=f"{paper.number}.pdf", media_type="application/pdf")
        if not Paper.objects.filter(pk=paper.pk, pdf=None).update(pdf=made):
            made.delete()  # somebody else asked first at the same moment: theirs is the paper's
        paper.refresh_from_db(fields=["pdf"])
    return paper.pdf


def render(paper: Paper) -> bytes:
    address = f"{settings.SITE_URL}{paper.page}"
    data = {
        **paper.data,
        "number": paper.number,
        "title": paper.title,
        "issued_at": f"{paper.issued_at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
        "url": address,
        "site": settings.SITE_URL,
        "public": paper.public,
        "qr": qr_svg(address),
    }
    compiled = typst.compile(
        str(settings.BASE / "templates" / "papers" / f"{paper.kind}.typ"),
        root=str(settings.BASE / "templates" / "papers"),
        font_paths=[str(fonts_folder())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(paper.issued_at.timestamp()),
    )
    return bytes(compiled)


def qr_svg(text: str, *, scale: int = 4) -> str:
    """A QR code as an inline SVG that scales with its box."""
    buffer = io.BytesIO()
    segno.make(text, error="m").save(buffer, kind="svg", xmldecl=False, scale=scale, border=2, omitsize=True)
    return buffer.getvalue().decode()
