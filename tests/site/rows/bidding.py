"""Competitions: their rooms, bids, results, and choosing directly."""

from datetime import UTC, datetime

from tests.site.answers import AGENCIES, DONE, MISSING, NO_GET, NO_POST, OK, OWNER, Row, everybody, only, those


def a_bid() -> str:
    return f"bid-{datetime.now(UTC).timestamp():.6f}".replace(".", "-")


NOT_AGENCY, NOT_ENTERED, LATE = "403 entry.not_agency", "403 bid.not_entered", "409 entry.closed"
SEALED = everybody("409 record.sealed")
BID = {"amount": "=next_bid", "ref": a_bid}
FLOOR = {"amount": "45000.00", "ref": a_bid}
ROWS = [
    *[Row("bidding:room", f"pk={place}", everybody(), NO_POST) for place in ("entry", "live", "closed", "draw")],
    *[Row("bidding:snapshot", f"pk={place}", everybody(), NO_POST) for place in ("entry", "live", "closed", "draw")],
    *[Row(f"bidding:{page}", f"pk={place}", SEALED, NO_POST)
      for page in ("result", "replay", "record") for place in ("entry", "live", "draw")],
    *[Row(f"bidding:{page}", "pk=closed", everybody(), NO_POST) for page in ("result", "replay", "record")],
    Row("bidding:enter", "pk=entry", NO_GET, only(*AGENCIES, answer=DONE, others=NOT_AGENCY, bidder="409 entry.twice")),
    Row("bidding:enter", "pk=draw", NO_GET, only(*AGENCIES, answer=DONE, others=NOT_AGENCY, bidder="409 entry.twice")),
    *[Row("bidding:enter", f"pk={place}", NO_GET, only(*AGENCIES, answer=LATE, others=NOT_AGENCY))
      for place in ("live", "closed")],
    *[Row("bidding:withdraw", f"pk={place}", NO_GET,
          only(*AGENCIES, answer="409 entry.none", others=NOT_AGENCY, bidder=DONE)) for place in ("entry", "draw")],
    Row("bidding:withdraw", "pk=live", NO_GET,
        only(*AGENCIES, answer="409 entry.none", others=NOT_AGENCY, bidder=LATE)),
    Row("bidding:bid", "pk=live", NO_GET, everybody(NOT_ENTERED, outsider="401 session.ended", bidder=OK), BID),
    Row("bidding:bid", "pk=entry", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", bidder="409 bid.early"), BID),
    Row("bidding:bid", "pk=draw", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", bidder="409 bid.not_live"), BID),
    Row("bidding:bid", "pk=closed", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", **those(("supplier", "agency"), "409 bid.closed")), BID),
    Row("bidding:floor", "pk=live", NO_GET, everybody(NOT_ENTERED, outsider="401 session.ended", bidder=OK), FLOOR),
    Row("bidding:floor", "pk=entry", NO_GET, everybody(NOT_ENTERED, outsider="401 session.ended", bidder=OK), FLOOR),
    Row("bidding:floor", "pk=draw", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", bidder="409 bid.not_live"), FLOOR),
    Row("bidding:floor", "pk=closed", NO_GET,
        everybody(NOT_ENTERED, outsider="401 session.ended", **those(("supplier", "agency"), "409 bid.closed")), FLOOR),
    Row("bidding:receipt", "pk=live seq=seal", only(*AGENCIES, answer=MISSING, bidder=OK), NO_POST),
    Row("bidding:receipt", "pk=live seq=receipt", only(*AGENCIES, answer=MISSING, bidder=OK), NO_POST),
    Row("bidding:receipt", "pk=live seq=1", only(*AGENCIES, answer=MISSING), NO_POST),
    Row("bidding:choose", "pk=direct", only(*OWNER, other_enterprise=MISSING),
        only(*OWNER, answer=DONE, other_enterprise=MISSING),
        {"agency": "=agency", "amount": "30000", "reason": "熟悉现场"}, names=True),
    *[Row("bidding:choose", f"pk={place}", only(*OWNER, "other_enterprise", answer=MISSING),
          only(*OWNER, "other_enterprise", answer=MISSING)) for place in ("live_need", "dept_need", "draft")],
]  # fmt: skip
