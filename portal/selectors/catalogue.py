"""The catalogue as the operator keeps it."""

from marketplace.models import ServiceItem
from marketplace.selectors import CatalogueFilters, catalogue


def catalogue_lines() -> list[ServiceItem]:
    """The version in force of every item, cancelled ones too."""
    return list(catalogue(CatalogueFilters(shows="all")))
