"""Ratings, appeals against them, and the uses of reports."""

from ratings.texts import DIMENSIONS
from tests.site.answers import (
    DONE,
    MISSING,
    NO_GET,
    NO_POST,
    OK,
    OTHER_BUYERS,
    PARTIES,
    READERS,
    SUPERVISORS,
    Row,
    everybody,
    only,
    those,
)

HEARING = ("department", "supplier", *SUPERVISORS)
STARS = dict.fromkeys(DIMENSIONS, "4") | {"text": "按时完成。"}
GROUNDS = {"grounds": "评价所说的情况与往来函件不符，请核实。"}
ROWS = [
    Row("ratings:credit", "pk=bidder", everybody(), everybody(), names=True),
    Row("ratings:credit_csv", "pk=bidder", everybody(), everybody(), names=True),
    Row("ratings:certify", "pk=supplier", NO_GET, only("supplier", answer=DONE)),
    Row("ratings:rate", "pk=completed", only(*READERS), only(*PARTIES, answer=DONE), STARS),
    Row("ratings:rate", "pk=signed", only(*READERS, answer="409 rating.not_open"),
        only(*READERS, answer="409 rating.not_open"), STARS),
    Row("ratings:rate", "pk=rated", only(*READERS),
        only(*PARTIES, answer="409 rating.window_over"), STARS),
    Row("ratings:reply", "pk=rating", NO_GET, only("supplier", answer=DONE), {"reply": "谢谢。"}),
    Row("ratings:credit_json", "pk=bidder", everybody(), NO_POST, names=True),
    Row("ratings:appeal_rating", "pk=rating", only("supplier"), only("supplier", answer=DONE), GROUNDS),
    Row("ratings:object_to", "pk=event", only("supplier"), only("supplier", answer=DONE), GROUNDS),
    Row("ratings:appeal", "pk=appeal", everybody(), NO_POST),
    Row("ratings:appeal", "pk=objection", everybody(), NO_POST),
    Row("ratings:appeal_answer", "pk=appeal", NO_GET, only("supplier", answer=DONE),
        {"text": "往来函件和签收记录都已附上。"}),
    Row("ratings:appeal_evidence", "pk=appeal",
        only(*READERS, **those((*OTHER_BUYERS, "bidder", "agency"), MISSING)), NO_POST),
    Row("supervision:uses", "", only("department", *SUPERVISORS), NO_POST),
    Row("supervision:new_use", "", only("department", "regulator"), only("department", "regulator", answer=DONE),
        {"contract_number": "=rated_number", "approval_number": "廊审〔2026〕8号", "outcome": "accepted"}),
    Row("supervision:use", "pk=use", everybody(), NO_POST),
    Row("supervision:use", "pk=report", everybody(MISSING, **those(HEARING, OK)), NO_POST),
    Row("supervision:use_rate", "pk=use", NO_GET, only("regulator", answer=DONE),
        {"quality": "5", "compliance": "4", "text": "数据可靠，程序完备，结论清楚。"}),
    Row("supervision:use_answer", "pk=report", NO_GET,
        only("supplier", answer=DONE, bidder=MISSING, agency=MISSING), {"text": "监测数据由委托方提供，附交接单。"}),
    Row("supervision:use_evidence", "pk=heard_report", everybody(MISSING, **those(HEARING, OK)), NO_POST),
    Row("supervision:use_decide", "pk=report", NO_GET, only("regulator", answer="409 quality.not_heard"),
        {"outcome": "confirmed", "reasons": "核对原始记录，登记属实。"}),
    Row("supervision:use_decide", "pk=heard_report", NO_GET, only("regulator", answer=DONE),
        {"outcome": "dropped", "reasons": "核对原始记录，登记不实。"}),
]  # fmt: skip
