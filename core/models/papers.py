"""Papers the platform issues: each has a number, a page and a PDF with a QR code that leads to the page."""

from django.db import models

from core.models.files import StoredFile


class NumberSeries(models.Model):
    """The last number given in a series such as "ZX-2026"; its row lock keeps numbers gapless."""

    series = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Paper(models.Model):
    number = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=30, help_text="names the Typst template in core/papers")
    title = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    page = models.CharField(max_length=200, help_text="path of the page it belongs to")
    public = models.BooleanField(help_text="anyone may read it; otherwise only through the page's own room")
    data = models.JSONField()
    pdf = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT)
