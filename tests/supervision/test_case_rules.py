"""The state machines of cases and complaints: whatever is tried in whatever order, there is no way around the law."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from core import rulesets
from supervision.rules import cases, complaints
from supervision.rules.cases import BY_TWO, Sanction, State
from supervision.rules.discretion import scale
from supervision.rules.process import SYSTEM, Happening, Who, Wrong

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PEOPLE = [SYSTEM, *[Who(number, 100 + number, kind) for number, kind in
                    enumerate(("regulator", "regulator", "regulator", "operator", "agency"), start=1)]]  # fmt: skip
KINDS = ["opened", *cases.MAY]
MEASURES = [*cases.WEIGHT, "fine"]
OUTCOMES = ["upheld", "changed", "revoked", "other", "partly", "dismissed", "kept", "reopened"]
# Walks that get far: the acts a real matter is made of, and who should do each; mixed with anybody doing anything.
WALK = [("opened", 1), ("noticed", 1), ("defended", 5), ("proposed", 2), ("decided", 3), ("published", 3),
        ("enforced", 3), ("review_asked", 5), ("review_decided", 4), ("enforced", 4), ("lifted", 0), ("restored", 0),
        ("enforced", 0), ("ended", 0)]  # fmt: skip
COMPLAINT_WALK = [("filed", 0), ("accepted", 1), ("notified", 1), ("replied", 5), ("decided", 1), ("review_asked", 0),
                  ("review_decided", 2), ("malicious", 3)]  # fmt: skip


def attempts(rules, kinds, walk):
    """Lists of happenings. Each comes from one number, so that thousands of them cost little; the walk goes on where
    the rules let it, and in between anybody tries anything.
    """

    def tried(numbers):
        place, moment, made, matter = 0, START, [], None
        for number in numbers:
            fair, rest = number % 16, number // 16
            skipped = fair in (3, 4)  # a step left out, by who would be right for it
            kind, person = walk[min(place + skipped, len(walk) - 1)]
            pick = [rest >> shift & 0xFF for shift in (0, 8, 16, 24, 32, 40)]
            if fair < 3:
                kind = kinds[pick[0] % len(kinds)]
            moment += timedelta(hours=pick[1] - (40 if pick[5] < 10 else 0))
            ordinary = {"measure": "suspension", "days": 30, "outcome": "upheld"}
            odd = {"measure": MEASURES[pick[2] % 5], "days": pick[3], "outcome": OUTCOMES[pick[4] % 8]}
            data = odd if fair < 3 or kind == "review_decided" else ordinary
            data["reply_until"] = moment + timedelta(hours=pick[3] - 20)
            data["office"] = pick[2] % 4
            data["pause_until"] = moment + timedelta(hours=pick[3] - 20)
            by = PEOPLE[pick[4] % len(PEOPLE) if fair < 3 or fair == 5 else person]
            until = moment + timedelta(hours=pick[2] * 2 - 10) if pick[5] < 245 else None
            made.append(Happening(kind, moment, by, until, data))
            with contextlib.suppress(Wrong):
                matter = rules.follow(matter, made[-1])
                place += kind == walk[min(place, len(walk) - 1)][0]
        return made

    return st.lists(st.integers(0, 2**52 - 1), min_size=12, max_size=40).map(tried)


def accepted(follow, tried):
    """What the rules let happen of what was tried, and the matter after each."""
    matter, happened = None, []
    for one in tried:
        try:
            matter = follow(matter, one)
        except Wrong:
            continue
        happened.append((one, matter))
    return happened


@given(attempts(cases, KINDS, WALK))
def test_nothing_is_decided_before_notice_and_defence(tried):
    past = accepted(cases.follow, tried)
    for place, (one, _) in enumerate(past):
        if one.kind not in ("proposed", "decided"):
            continue
        before = [each for each, _ in past[:place]]
        notices = [number for number, each in enumerate(before) if each.kind == "noticed"]
        assert notices, "decided without notice"
        notice = before[notices[-1]]
        spoke = any(each.kind in ("defended", "waived") for each in before[notices[-1] :])
        assert spoke or one.at >= notice.until
        announced = Sanction(notice.data["measure"], notice.data["days"])
        assert Sanction(one.data["measure"], one.data["days"]).within(announced)


@given(attempts(cases, KINDS, WALK))
def test_nobody_decides_what_they_reported_proposed_or_decided(tried):
    past = accepted(cases.follow, tried)
    for place, (one, matter) in enumerate(past):
        before = [each for each, _ in past[:place]]
        if one.kind in ("decided", "review_decided", "proposed", "dropped", "sent_back"):
            assert one.by.user is not None
            assert not one.by.is_person(before[0].by)
        if one.kind == "decided" and one.data["measure"] in BY_TWO:
            proposal = next(each for each in reversed(before) if each.kind == "proposed")
            assert proposal.by.user != one.by.user
            assert "regulator" in (proposal.by.kind, one.by.kind)
        if one.kind == "review_decided":
            assert not one.by.is_person(matter.decider)
            assert not one.by.is_person(matter.proposer)


@given(attempts(cases, KINDS, WALK))
def test_nothing_is_in_force_unpublished_or_without_an_end(tried):
    for one, matter in accepted(cases.follow, tried):
        assert (matter.state == State.IN_FORCE) == (matter.ends is not None)
        if one.kind == "enforced":
            assert matter.published_at is not None
            assert matter.ends is not None
            assert matter.served + (matter.ends - one.at) <= timedelta(days=matter.decided.days)


@given(attempts(cases, KINDS, WALK))
def test_a_case_is_never_backdated_and_published_once(tried):
    past = accepted(cases.follow, tried)
    moments = [one.at for one, _ in past]
    assert moments == sorted(moments)
    assert sum(one.kind == "published" for one, _ in past) <= 1
    assert sum(one.kind == "review_asked" for one, _ in past) <= 1


@given(attempts(complaints, ["filed", *complaints.MAY], COMPLAINT_WALK))
def test_no_complaint_is_upheld_unheard_and_no_review_is_by_the_same_person(tried):
    past = accepted(complaints.follow, tried)
    assert [one.at for one, _ in past] == sorted(one.at for one, _ in past)
    assert sum(one.kind == "missing_asked" for one, _ in past) <= 1
    for place, (one, _) in enumerate(past):
        before = [each for each, _ in past[:place]]
        if one.kind in ("decided", "review_decided") and one.data["outcome"] in ("upheld", "partly"):
            asked = next(each for each in reversed(before) if each.kind == "notified")
            replied = any(each.kind == "replied" for each in before)
            assert replied or one.at >= asked.data["reply_until"]
        if one.kind == "passed":
            assert one.data["office"] not in past[place - 1][1].offices
        if one.kind == "pause_agreed":
            asked = next(each for each in reversed(before) if each.kind.startswith("pause_"))
            assert asked.kind == "pause_asked"
            assert one.by.user != asked.by.user
            assert one.by.kind == "regulator"
        if one.kind == "review_decided":
            first = next(each for each in reversed(before) if each.kind in ("decided", "rejected"))
            assert one.by.user != first.by.user


@pytest.mark.parametrize("state", ["decided", "in_force"])
def test_the_walks_above_get_far_enough_to_prove_something(state):
    """A machine that refuses everything would pass every property."""
    far = attempts(cases, KINDS, WALK).filter(
        lambda tried: any(m.state == state for _, m in accepted(cases.follow, tried))
    )
    assert find(far, lambda _tried: True, settings=settings(phases=[Phase.generate]))


def to(*steps):
    """A case through these steps, one day apart."""
    matter = None
    for day, (kind, who, more) in enumerate(steps):
        at = START + timedelta(days=day)
        matter = cases.follow(matter, Happening(kind, at, PEOPLE[who], at + timedelta(days=3), more))
    return matter


SUSPENSION = {"measure": "suspension", "days": 30}


def test_the_whole_way_is_open_to_those_who_keep_to_it():
    matter = to(("opened", 1, {}), ("noticed", 1, SUSPENSION), ("defended", 5, {}), ("proposed", 2, SUSPENSION),
                ("decided", 3, SUSPENSION), ("published", 3, {}), ("enforced", 3, {}), ("review_asked", 5, {}),
                ("review_decided", 4, {"outcome": "upheld"}))  # fmt: skip
    assert matter.state == State.DECIDED
    assert matter.remaining == timedelta(days=29)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([("opened", 1, {}), ("decided", 2, SUSPENSION)], "order"),
        ([("opened", 1, {}), ("noticed", 1, SUSPENSION), ("proposed", 2, SUSPENSION)], "unheard"),
        ([("opened", 1, {}), ("noticed", 1, SUSPENSION), ("waived", 5, {}), ("proposed", 1, SUSPENSION)], "reporter"),
        ([("opened", 1, {}), ("noticed", 1, SUSPENSION), ("waived", 5, {}), ("decided", 2, SUSPENSION)], "second"),
        ([("opened", 1, {}), ("noticed", 1, SUSPENSION), ("waived", 5, {}),
          ("proposed", 2, {"measure": "removal", "days": 30})], "heavier"),
        ([("opened", 1, {}), ("noticed", 1, SUSPENSION), ("waived", 5, {}), ("proposed", 2, SUSPENSION),
          ("decided", 2, SUSPENSION)], "second"),
        ([("opened", 1, {}), ("noticed", 1, SUSPENSION), ("waived", 5, {}), ("proposed", 4, SUSPENSION),
          ("decided", 3, SUSPENSION), ("enforced", 3, {})], "unpublished"),
        ([("opened", 1, {}), ("noticed", 1, SUSPENSION), ("waived", 5, {}), ("proposed", 2, SUSPENSION),
          ("decided", 3, SUSPENSION), ("published", 3, {}), ("enforced", 3, {}), ("review_asked", 5, {}),
          ("review_decided", 2, {"outcome": "upheld"})], "same_officer"),
    ],
)  # fmt: skip
def test_a_short_cut_is_refused_with_its_reason(steps, code):
    with pytest.raises(Wrong) as caught:
        to(*steps)
    assert caught.value.code == code


@pytest.mark.django_db
def test_the_published_scale_gives_every_measure_an_end_and_a_listing_only_to_more_than_a_warning():
    grounds = scale(rulesets.current("discretion").parameters)
    assert all(0 < one.fewest <= one.most <= 1095 for ground in grounds.values() for one in ground.options)
    assert all(ground.severity != "minor" for ground in grounds.values() if ground.listing)
    assert all(ground.listed_by <= BY_TWO for ground in grounds.values())
    assert {"refused_contract", "collusion", "false_entry", "subcontracting"} <= {
        code for code, ground in grounds.items() if ground.listing
    }
    with pytest.raises(Wrong, match="off_scale"):
        grounds["late_delivery"].check(Sanction("removal", 400))
    with pytest.raises(Wrong, match="off_scale"):
        grounds["service_complaint"].check(Sanction("suspension", 181))
