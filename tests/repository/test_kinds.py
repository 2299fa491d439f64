"""Every step somebody waits for can be given more time where it is enforced, or says here why it never is."""

import tomllib

from supervision.kinds import KINDS
from supervision.sources import SOURCES, mover
from tests.repository.files import BASE

# Steps whose end follows from an event and is no limit of a rule set that a stop or a calendar could move.
KEPT_BY_EVENT = {
    "need.choose": "the close of the need that was announced",
    "agency.check": "counted from the entry each time it is read; nobody may stop it",
    "agency.renew": "the last day of the certificate",
    "grade.propose": "counted from the new year each time it is read; nobody may stop it",
    "grade.publish": "counted from the last decision each time it is read; nobody may stop it",
    "clause.fix": "counted from the report each time it is read; nobody may stop it",
    "consultation.answer": "counted from the close of comments each time it is read; nobody may stop it",
    "consultation.decide": "counted from the close of comments each time it is read; nobody may stop it",
}
STOPS = [
    (code, pattern)
    for version in tomllib.loads((BASE / "supervision/rulesets.toml").read_text())["clocks"]
    for code, rule in version["parameters"]["stops"].items()
    for pattern in rule["kinds"]
]


def test_every_kind_of_step_has_a_mover_or_is_kept_by_an_event():
    assert {kind for kind in KINDS if mover(kind) is None} == set(KEPT_BY_EVENT)


def test_every_mover_is_of_a_kind_that_has_a_name():
    assert {kind for source in SOURCES for kind in source.movers} <= set(KINDS)


def test_what_may_be_stopped_and_is_no_right_has_a_mover():
    named = {kind for kind in KINDS for _code, pattern in STOPS if kind == pattern or kind.startswith(pattern)}
    rights = {"need.choose"}  # nobody stops the clock of a right
    assert "contract.file" in named
    assert {kind for kind in named if mover(kind) is None} <= rights
