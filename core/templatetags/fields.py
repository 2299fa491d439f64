"""Form controls with the house's classes and what assistive technology needs, whatever the form's own widgets say."""

from django import template
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
    Widget,
)
from django.utils.safestring import SafeString

register = template.Library()

CLASSES = {"check": "form-check-input", "select": "form-select", "choices": "form-check-input"}
KINDS: tuple[tuple[type[Widget], str], ...] = (
    (CheckboxSelectMultiple, "choices"),
    (RadioSelect, "choices"),
    (CheckboxInput, "check"),
    (Select, "select"),
    (FileInput, "file"),
    (Textarea, "long"),
)


@register.simple_tag
def control_kind(field: BoundField) -> str:
    """check, choices, select, file, long or text: how the field component lays a field out."""
    widget = field.field.widget
    return next((kind for widget_class, kind in KINDS if isinstance(widget, widget_class)), "text")


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's control. Django adds aria-invalid and aria-describedby; long texts are kept while typing."""
    kind = control_kind(field)
    own = field.field.widget.attrs
    attrs: dict[str, str | bool] = {"class": f"{own.get('class', '')} {CLASSES.get(kind, 'form-control')}".strip()}
    if kind == "long":
        attrs["data-keep"] = ""
    if str(own.get("placeholder", "")).startswith(str(field.label)):
        attrs["placeholder"] = False  # a placeholder that repeats the label says nothing and vanishes when needed
    return field.as_widget(attrs=attrs)


@register.simple_tag
def wrong_fields(form: BaseForm) -> list[BoundField]:
    """The visible fields with errors, in the form's order."""
    return [field for field in form.visible_fields() if field.errors]
