"""Verbs of this room: rating each other without seeing the other's words, keeping the credit file, yearly grades."""

from ratings.services.appeals import appeal, decide_appeal, object_to, object_to_grade, state_on_appeal
from ratings.services.approvals import rate_result, use_in_approval
from ratings.services.certificate import certify, end_of, lines_hash
from ratings.services.credit import correct, record_credit, repair
from ratings.services.grades import compute_grades, propose_grades, publish_grades
from ratings.services.quality import answer_report, decide_report
from ratings.services.rating import open_window, rate, reply, reveal
from ratings.services.scale import measure_market
from ratings.services.tally import rescore, rescore_all

__all__ = [
    "answer_report",
    "appeal",
    "certify",
    "compute_grades",
    "correct",
    "decide_appeal",
    "decide_report",
    "end_of",
    "lines_hash",
    "measure_market",
    "object_to",
    "object_to_grade",
    "open_window",
    "propose_grades",
    "publish_grades",
    "rate",
    "rate_result",
    "record_credit",
    "repair",
    "reply",
    "rescore",
    "rescore_all",
    "reveal",
    "state_on_appeal",
    "use_in_approval",
]
