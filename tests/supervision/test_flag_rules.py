"""Every rule of the registry fires on its example, keeps still on the other, and explains itself."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import translation

import supervision
from supervision.flags import BY_CODE, RULES
from supervision.flags.base import Market

HOME = Path(supervision.__file__).parent
FILES = [HOME / "rulesets.toml", *sorted((HOME / "rulesets").glob("*.toml"))]
VERSIONS = [one for path in FILES for one in tomllib.loads(path.read_text()).get("flags", [])]
PARAMETERS = max(VERSIONS, key=lambda one: one["version"])["parameters"]
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


@every_rule
def test_it_fires_on_its_example_and_not_on_the_other(rule):
    assert rule.check(rule.fires, PARAMETERS[rule.code])
    assert rule.check(rule.silent, PARAMETERS[rule.code]) == []
    assert rule.check(Market(), PARAMETERS[rule.code]) == []


@every_rule
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_its_sentence_is_filled_by_its_evidence(rule, language):
    hit = rule.check(rule.fires, PARAMETERS[rule.code])[0]
    with translation.override(language):
        said = str(rule.says).format(**hit.evidence)
        assert "{" not in said
        assert str(rule.title)
        assert str(rule.text)
    assert rule.basis


@every_rule
def test_the_same_matter_has_the_same_key_and_names_whom_it_concerns(rule):
    first, again = (rule.check(rule.fires, PARAMETERS[rule.code]) for _ in range(2))
    assert [hit.key for hit in first] == [hit.key for hit in again]
    assert len({hit.key for hit in first}) == len(first)
    assert all(hit.organisations and len(hit.key) <= 200 for hit in first)
    assert all(hit.needs or rule.fires.records for hit in first)


def test_every_file_is_registered_and_every_rule_has_its_parameters():
    files = {path.stem for path in (HOME / "flags").glob("*.py")} - {"__init__", "base"}
    assert files == set(BY_CODE)
    assert set(PARAMETERS) - {"window_days"} == set(BY_CODE)


def test_a_rule_runs_between_its_dates():
    rule = RULES[0]
    assert rule.runs(rule.since)
    assert not rule.runs(rule.since - timedelta(days=1))
    ended = type(rule)(**{**vars(rule), "until": date(2026, 1, 1)})
    assert ended.runs(date(2025, 12, 31))
    assert not ended.runs(date(2026, 1, 1))
