"""What a listing stands on: a published case, a ground and a measure that the scale marks, and the head's approval.

The scale is the one of the case: a later version opens no way onto the list for a matter that was judged under another.
"""

from dataclasses import dataclass

from accounts.models import Organisation
from core import rulesets
from core.audit import By
from core.errors import RefusalKind
from core.rulesets import Rules, Versions
from supervision.errors import lists as errors
from supervision.models import Case, Listing
from supervision.rules.discretion import Ground, scale
from supervision.rules.listings import Terms, terms
from supervision.selectors.offices import heads

GROUNDLESS = frozenset({"dropped", "stayed", "revoked"})  # states of a case that carry no listing


@dataclass(frozen=True)
class Footing:
    """The ground a listing stands on and what its severity allows."""

    ground: Ground
    terms: Terms


def why_not(case: Case, versions: Versions | None = None) -> RefusalKind | None:
    """Why a case carries no listing; None when it does. `versions`: for a look over many cases."""
    if case.published_at is None or case.state in GROUNDLESS:
        return errors.LISTING_CASE
    if case.subject.kind != Organisation.Kind.AGENCY:
        return errors.NOT_AGENCY
    ground = _ground(case, versions)
    if not ground.listing:
        return errors.LISTING_GROUND
    return None if case.measure in ground.listed_by else errors.LISTING_MEASURE


def refuse_unfounded(case: Case) -> None:
    """Raises listing.case, listing.not_agency, listing.ground or listing.measure."""
    if refused := why_not(case):
        raise refused()


def footing(case: Case, used: Rules | None = None) -> Footing:
    """`used`: the version of the listing's rules; the current one for a listing that is not there yet."""
    ground = _ground(case)
    return Footing(ground, terms((used or rulesets.current("listings")).parameters, ground.severity))


def may_approve(listing: Listing, by: By) -> bool:
    """A head of the regulator that proposed it; where posts are not filled, anybody of a regulator. Never who did."""
    named = heads(listing.opened_org_id)
    headed = not named or (by.org_id == listing.opened_org_id and by.user_id in named)
    return headed and by.user_id != listing.opened_user_id


def _ground(case: Case, versions: Versions | None = None) -> Ground:
    used = versions[case.rules_ref] if versions else rulesets.by_ref(case.rules_ref)
    return scale(used.parameters)[case.ground]
