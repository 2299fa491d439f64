"""What templates of needs ask for: words for codes, limits, and the questions a reader may see."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.actor import Actor
from core.words import length
from core.workdays import Limit
from marketplace import selectors
from marketplace.models import Need
from marketplace.rules import lifecycle
from marketplace.wording import METHOD_NOTES, STATE_TONES, STATES

register = template.Library()


@register.filter
def limit(value: Limit) -> str:
    """3 个工作日"""
    return length(value.n, value.unit)


@register.filter
def method_note(method: str) -> Any:
    """One sentence on how a method works."""
    return METHOD_NOTES.get(method, "")


@register.filter
def state_label(state: str) -> Any:
    return STATES.get(state, state)


@register.filter
def state_tone(state: str) -> str:
    return STATE_TONES.get(state, "neutral")


@register.filter
def paragraphs(text: str) -> SafeString:
    """What a person typed, in its own lines, as text and nothing else."""
    lines = ((line.strip(),) for line in text.splitlines() if line.strip())
    return format_html('<div class="long-text">{}</div>', format_html_join("", "<p>{}</p>", lines))


@register.simple_tag
def questions_of(need: Need, actor: Actor | None) -> list[selectors.AskedQuestion]:
    return selectors.questions(need.pk, actor.org_id if actor else None)


@register.simple_tag
def may_ask(need: Need, actor: Actor | None) -> bool:
    return actor is not None and actor.of("agency") and selectors.state_of(need) == lifecycle.PUBLISHED


@register.simple_tag
def owner_state(need: Need, actor: Actor | None) -> str:
    """The need's state for a member of its buyer; empty for everybody else."""
    return selectors.state_of(need) if actor is not None and actor.acts_for(need.buyer_id) else ""
