"""What ships meets what an operator put in force: neither is lost, and no parameter that ships is missing."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core import clock, rulesets, upkeep
from core.audit import SYSTEM
from core.models import AuditEntry, RuleSet
from core.parameters import merge

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
FIRST = """
[[sample]]
version = 1
effective_from = 2025-01-01T00:00:00+08:00
draft = true
note = "first"
[sample.parameters]
days = 3
most = 10
[sample.parameters.limit]
n = 5
unit = "days"
"""
SECOND = """
[[sample]]
version = 2
effective_from = 2025-06-01T00:00:00+08:00
draft = true
note = "second"
[sample.parameters]
days = 4
most = { n = 10, unit = "days" }
brand_new = true
[sample.parameters.limit]
n = 6
unit = "days"
also_new = 1
"""
LEAVES = st.integers() | st.text(max_size=5)
TREES = st.dictionaries(st.text("abc", min_size=1, max_size=2), LEAVES | st.dictionaries(st.text("ab"), LEAVES))


@pytest.fixture
def files(tmp_path):
    """Two files with one rule set between them, the later version in the one that is read first."""
    early, late = tmp_path / "b.toml", tmp_path / "a.toml"
    early.write_text(FIRST)
    late.write_text(SECOND)
    return early, [late, early]


def own(days, starts=NOW):
    parameters = rulesets.current("sample", NOW).parameters | {"days": days}
    with clock.at(NOW):
        return upkeep.add_version(
            name="sample", effective_from=starts, parameters=parameters, draft=False, note="our own", by=SYSTEM
        )


@pytest.mark.django_db
def test_without_versions_of_ones_own_what_ships_keeps_its_number_and_its_date(files):
    _early, both = files
    assert rulesets.ship(both) == 2
    assert list(RuleSet.objects.filter(name="sample").values_list("version", "shipped")) == [(1, 1), (2, 2)]
    assert rulesets.current("sample", datetime(2025, 7, 1, tzinfo=UTC)).version == 2


@pytest.mark.django_db
def test_an_own_version_with_the_number_of_a_shipped_one_keeps_what_was_changed_and_gets_what_is_new(files):
    early, both = files
    rulesets.ship([early])
    own(days=9)
    with clock.at(NOW + timedelta(days=1)):
        assert rulesets.ship(both) == 1
        assert rulesets.ship(both) == 0
        used = rulesets.current("sample")
    assert used.ref == "sample@3"
    assert used["days"] == 9  # ours
    assert used["limit"] == {"n": 6, "unit": "days", "also_new": 1}  # theirs: we had not touched it
    assert used["most"] == {"n": 10, "unit": "days"}  # another shape: code reads the new one
    assert used["brand_new"] is True
    assert rulesets.current("sample", NOW + timedelta(hours=1)).ref == "sample@2"  # nothing changes for the past
    assert AuditEntry.objects.get(stream="rules:sample", action="version_merged").data["versions"] == [3]


@pytest.mark.django_db
def test_an_own_version_that_is_still_to_come_comes_completed(files):
    early, both = files
    rulesets.ship([early])
    own(days=9, starts=NOW + timedelta(days=30))
    with clock.at(NOW + timedelta(days=1)):
        assert rulesets.ship(both) == 2
        now, then = rulesets.current("sample"), rulesets.current("sample", NOW + timedelta(days=31))
    assert (now["days"], now["brand_new"]) == (4, True)
    assert (then["days"], then["brand_new"]) == (9, True)


@given(TREES, TREES)
def test_merging_what_nobody_changed_changes_nothing(base, other):
    assert merge(base, base, other) == other
    assert set(merge(base, other, other)) == set(other)


@pytest.mark.django_db
def test_a_database_from_before_learns_which_versions_came_with_the_software(files):
    early, _both = files
    rulesets.ship([early])
    own(days=9)
    marking = import_module("core.migrations.0005_shipped_versions").MARK
    disable, _mark, enable, _end = marking.split(";")
    forgetting = f"{disable}; UPDATE core_ruleset SET shipped = NULL; {enable}"
    with connection.cursor() as cursor:
        cursor.execute(forgetting)
        assert not RuleSet.objects.exclude(shipped=None).exists()
        cursor.execute(marking)
    assert list(RuleSet.objects.filter(name="sample").values_list("version", "shipped")) == [(1, 1), (2, None)]
    assert not RuleSet.objects.exclude(name="sample").filter(shipped=None).exists()
