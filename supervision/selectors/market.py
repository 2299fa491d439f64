"""The market as red flag rules look at it: needs with who took part, and ratings both ways."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts import selectors as accounts
from agencies import selectors as agencies
from bidding import selectors as bidding
from bidding.models import Award
from contracts import selectors as contracts
from marketplace import selectors as marketplace
from marketplace.models import Need
from ratings import selectors as ratings
from supervision.flags.base import Bidder, Market, NeedFacts, Praise
from supervision.models import Turnout

Traces = Mapping[int, frozenset[str]]


@dataclass(frozen=True)
class Known:
    """What is known of the needs in the window, by need; and of everybody in it."""

    bidders: Mapping[int, list[dict[str, Any]]]
    awards: Mapping[int, list[Award]]
    ends: Mapping[int, datetime]
    versions: Mapping[int, int]
    traces: Traces


def market(since: datetime) -> Market:
    """Everything published since then, oldest first, and every pair of ratings revealed since then."""
    needs, given = list(marketplace.published_since(since)), ratings.both_ways(since)
    ids = [need.pk for need in needs]
    turnouts = Turnout.objects.filter(competition__need__in=ids).values_list("competition__need_id", "bidders")
    bidders = dict(turnouts)
    involved = {row["agency"] for rows in bidders.values() for row in rows}
    involved |= {one for pair in given for one in (pair.buyer, pair.agency)}
    awards = _awards(ids)
    involved |= {need.buyer_id for need in needs} | {award.agency_id for rows in awards.values() for award in rows}
    known = Known(bidders, awards, bidding.ends_of(ids), contracts.versions_of_needs(ids), _traces(involved))
    praise = [_praise(pair, known.traces) for pair in given]
    return Market([_facts(need, known) for need in needs], praise, known.traces)


def _awards(need_ids: Collection[int]) -> dict[int, list[Award]]:
    found: dict[int, list[Award]] = {}
    for award in bidding.awards().filter(need__in=need_ids):
        found.setdefault(award.need_id, []).append(award)
    return found


def _facts(need: Need, known: Known) -> NeedFacts:
    awards = known.awards.get(need.pk, [])
    declined = {award.agency_id for award in awards if award.outcome == Award.Outcome.DECLINED}
    standing = next((award for award in awards if award.outcome not in Award.OVER), None)
    return NeedFacts(
        need=need.pk,
        buyer=need.buyer_id,
        department=need.buyer_kind == "department",
        item=need.item.code if need.item else "",
        ceiling=need.ceiling.amount if need.ceiling else Decimal(0),
        method=need.method,
        published_at=need.published_at or need.created_at,
        closes_at=need.entry_closes_at or need.created_at,
        ends_at=known.ends.get(need.pk),
        bidders=tuple(_bidder(row, declined, known.traces) for row in known.bidders.get(need.pk, [])),
        winner=standing.agency_id if standing else None,
        amount=standing.amount.amount if standing else None,
        failed=need.failed_at is not None,
        versions=known.versions.get(need.pk, 0),
        same=_same(need, known),
    )


def _same(need: Need, known: Known) -> dict[int, frozenset[str]]:
    """What ties those who took part or were awarded to the buyer itself."""
    agencies_in = {row["agency"] for row in known.bidders.get(need.pk, [])}
    agencies_in |= {award.agency_id for award in known.awards.get(need.pk, [])}
    own = known.traces.get(need.buyer_id, frozenset())
    common = {agency: own & known.traces.get(agency, frozenset()) for agency in agencies_in}
    return {agency: traces for agency, traces in common.items() if traces}


def _bidder(row: Mapping[str, Any], declined: set[int], traces: Traces) -> Bidder:
    agency = row["agency"]
    return Bidder(
        agency=agency,
        lowest=Decimal(row["lowest"]) if row["lowest"] else None,
        bids=row["bids"],
        last_at=datetime.fromisoformat(row["last_at"]) if row["last_at"] else None,
        excluded=row["excluded"],
        declined=agency in declined,
        traces=traces.get(agency, frozenset()),
    )


def _traces(organisation_ids: Collection[int]) -> Traces:
    """What ties organisations to people and places: "person:7", "phone:…", "address:…"."""
    addresses = agencies.addresses(organisation_ids)
    return {
        key: ties | ({f"address:{addresses[key]}"} if addresses.get(key) else frozenset())
        for key, ties in accounts.ties(organisation_ids).items()
    }


def _praise(pair: ratings.Pair, traces: Traces) -> Praise:
    shared = bool(traces.get(pair.buyer, frozenset()) & traces.get(pair.agency, frozenset()))
    return Praise(pair.need, pair.buyer, pair.agency, pair.given, pair.returned, pair.at, shared)
