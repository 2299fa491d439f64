"""A refusal raised while a form is carried out belongs on the form, with nothing typed lost."""

from django.forms import Form

from core.errors import Refusal


def refuse(form: Form, refusal: Refusal) -> bool:
    """Put a refusal on the form; always False, the form was not carried out."""
    form.add_error(None, f"{refusal.sentence} {refusal.way_out}")
    return False
