"""Words of department money in templates."""

from typing import Any

from django import template

from core.words import length
from core.workdays import Limit
from payments import budget_words as words
from payments.rules.budget import STAGES

register = template.Library()


@register.filter
def stage_word(stage: str) -> str:
    return str(words.STAGES[stage])


@register.filter
def stage_note(stage: str) -> str:
    return str(words.STAGE_NOTES[stage])


@register.filter
def order_word(state: str) -> str:
    return str(words.ORDER_STATES[state])


@register.filter
def order_kind(state: str) -> str:
    """How components/state.html shows it."""
    return words.ORDER_KINDS[state]


@register.filter
def card_word(colour: str) -> str:
    return str(words.CARDS[colour])


@register.filter
def by_stage(stages: dict[str, Any]) -> list[tuple[str, Any]]:
    """Amounts in the order of life, paid first and free last, as the bar shows them."""
    return [(stage, stages[stage]) for stage in reversed(STAGES)]


@register.filter
def limit_words(limit: Limit) -> str:
    """ "15 个工作日" """
    return length(limit.n, limit.unit)
