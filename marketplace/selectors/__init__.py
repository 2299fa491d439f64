"""Reading the catalogue, needs and questions."""

from marketplace.selectors.board import BoardRow, board
from marketplace.selectors.items import CatalogueFilters, catalogue, categories, item, items, open_counts, versions
from marketplace.selectors.needs import (
    NeedFilters,
    agency_names_in,
    agency_names_in_text,
    dates_of,
    draft_of,
    failure_text,
    get_need,
    in_state,
    is_agency,
    needs_of,
    notices,
    open_needs,
    published_since,
    search,
    state_of,
    track,
)
from marketplace.selectors.questions import AskedQuestion, questions, waiting_for
from marketplace.selectors.suspensions import held, held_by, suspension, suspensions_over

__all__ = [
    "AskedQuestion",
    "BoardRow",
    "CatalogueFilters",
    "NeedFilters",
    "agency_names_in",
    "agency_names_in_text",
    "board",
    "catalogue",
    "categories",
    "dates_of",
    "draft_of",
    "failure_text",
    "get_need",
    "held",
    "held_by",
    "in_state",
    "is_agency",
    "item",
    "items",
    "needs_of",
    "notices",
    "open_counts",
    "open_needs",
    "published_since",
    "questions",
    "search",
    "state_of",
    "suspension",
    "suspensions_over",
    "track",
    "versions",
    "waiting_for",
]
