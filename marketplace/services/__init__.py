"""What may be done to the catalogue, to needs and to questions. One verb, one transaction each."""

from marketplace.services.drafts import copy_need, discard, keep_typed, save_step, start_need
from marketplace.services.items import cancel_item, new_version
from marketplace.services.progress import (
    mark_awarded,
    mark_closed,
    mark_completed,
    mark_contracted,
    mark_failed,
    mark_selected,
    take_award_back,
)
from marketplace.services.publication import cancel, publish, publish_notice
from marketplace.services.questions import answer, ask
from marketplace.services.suspension import resume, suspend

__all__ = [
    "answer",
    "ask",
    "cancel",
    "cancel_item",
    "copy_need",
    "discard",
    "keep_typed",
    "mark_awarded",
    "mark_closed",
    "mark_completed",
    "mark_contracted",
    "mark_failed",
    "mark_selected",
    "new_version",
    "publish",
    "publish_notice",
    "resume",
    "save_step",
    "start_need",
    "suspend",
    "take_award_back",
]
