"""The draw as a pure rule: shares by band, nobody inspects whom they are tied to, and no way to steer it unseen."""

import copy
import hashlib
import subprocess
import sys
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from supervision.rules import drawing

SOWN = hashlib.sha256(b"seed").hexdigest()


def pools(bands="AABBBCD", inspectors=5, avoid=(), ratios=None, team=2):
    return {
        "subjects": [{"id": n, "name": f"机构{n}", "code": "", "band": band} for n, band in enumerate(bands, 1)],
        "inspectors": [{"id": n, "badge": str(n), "name": "", "body": ""} for n in range(101, 101 + inspectors)],
        "avoid": [list(one) for one in avoid],
        "ratios": ratios or {"A": 1, "B": 5, "C": 20, "D": 100},
        "team": team,
    }


def seeds():
    return st.binary(min_size=32, max_size=32).map(bytes.hex)


@st.composite
def any_pools(draw):
    bands = draw(st.text("ABCD", min_size=1, max_size=30))
    count = draw(st.integers(3, 8))
    ties = st.tuples(st.integers(101, 100 + count), st.integers(1, len(bands)), st.just("declared"))
    ratios = sorted(draw(st.lists(st.integers(1, 100), min_size=4, max_size=4)))
    made = pools(bands, count, sorted(draw(st.sets(ties, max_size=10))), dict(zip("ABCD", ratios, strict=True)))
    short = set(drawing.short_of(made))
    made["subjects"] = [one for one in made["subjects"] if one["id"] not in short]
    return made


@given(any_pools(), seeds())
def test_each_band_gives_its_share_and_teams_have_no_ties(made, sown):
    drawn = drawing.draw(made, sown)
    there = Counter(one["band"] for one in made["subjects"])
    assert Counter(one.band for one in drawn) == Counter(
        {band: drawing.wanted(n, made["ratios"][band]) for band, n in there.items()}
    )
    assert len({one.subject for one in drawn}) == len(drawn)
    barred = {(inspector, subject) for inspector, subject, _ground in made["avoid"]}
    for one in drawn:
        assert len(set(one.inspectors)) == made["team"]
        assert not any((inspector, one.subject) in barred for inspector in one.inspectors)


@given(any_pools(), seeds())
def test_the_same_seed_draws_the_same_in_whatever_order_the_pools_are_told(made, sown):
    turned = copy.deepcopy(made)
    turned["subjects"].reverse()
    turned["avoid"].reverse()
    assert drawing.draw(made, sown) == drawing.draw(turned, sown)


def test_every_band_of_somebody_gives_one_at_least_and_the_riskiest_everybody():
    drawn = Counter(one.band for one in drawing.draw(pools("A" * 30 + "B" * 21 + "C" * 6 + "DDD"), SOWN))
    assert drawn == {"A": 1, "B": 2, "C": 2, "D": 3}


def test_work_is_spread_evenly_over_inspectors():
    drawn = drawing.draw(pools("D" * 20, inspectors=5), SOWN)
    load = Counter(inspector for one in drawn for inspector in one.inspectors)
    assert set(load.values()) == {8}


def test_everybody_of_a_band_is_drawn_about_as_often():
    """A thousand draws of one in four: each within what chance allows."""
    made = pools("C" * 4, ratios={"A": 1, "B": 5, "C": 25, "D": 100})
    seen = Counter(drawing.draw(made, hashlib.sha256(str(n).encode()).hexdigest())[0].subject for n in range(1000))
    assert set(seen) == {1, 2, 3, 4}
    assert all(190 <= count <= 310 for count in seen.values())


def test_one_more_word_changes_what_is_drawn():
    made = pools("C" * 200)
    first = drawing.word_hash("00" * 32, 1, 7, "春江")
    second = drawing.word_hash(first, 2, 8, "潮水")
    sown = [drawing.seed("11" * 32, drawing.pools_hash(made), head, "") for head in (first, second)]
    assert {one.subject for one in drawing.draw(made, sown[0])} != {one.subject for one in drawing.draw(made, sown[1])}


def test_a_worked_example_one_can_follow_with_sha256sum():
    """The figures of docs/inspections.md."""
    made = {
        "avoid": [[101, 2, "declared"]],
        "inspectors": [{"badge": "JC-01", "body": "甲局", "id": 101, "name": "赵一"},
                       {"badge": "JC-02", "body": "甲局", "id": 102, "name": "钱二"},
                       {"badge": "JC-03", "body": "甲局", "id": 103, "name": "孙三"}],
        "ratios": {"A": 1, "B": 5, "C": 20, "D": 100},
        "subjects": [{"band": "C", "code": "", "id": 1, "name": "松涛"},
                     {"band": "C", "code": "", "id": 2, "name": "竹影"}],
        "team": 2,
    }  # fmt: skip
    head = drawing.word_hash(hashlib.sha256(bytes.fromhex("11" * 32)).hexdigest(), 1, 7, "春江潮水")
    sown = drawing.seed("11" * 32, drawing.pools_hash(made), head, "3386.91")
    assert drawing.pools_hash(made) == "33ba710b84bd241f1fcc33e2dc9789ea000be2b4f190414b3792db333c64969b"
    assert head == "8ec3a6c5a4161785a0bf51dbd5952726bda88789518da6f23c92f866374c068f"
    assert sown == "14a02a2bbd9f3d6e644a0e11241fd0747309fa3cf8ff3202b8c8690cc484d177"
    assert drawing.ticket(sown, "subject:2") < drawing.ticket(sown, "subject:1")
    assert drawing.draw(made, sown) == [drawing.Drawn(2, "C", (102, 103))]


def test_grades_become_bands_and_a_warning_moves_them():
    grades = ("A", "B", "C", "D", "")
    assert [drawing.band(grade, steps=0, ungraded="B") for grade in grades] == ["A", "B", "C", "D", "B"]
    assert drawing.band("A", steps=1, ungraded="B") == "B"
    assert drawing.band("C", steps=3, ungraded="B") == "D"


def test_the_checker_knows_no_framework():
    code = "import sys, supervision.verify_draw; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
