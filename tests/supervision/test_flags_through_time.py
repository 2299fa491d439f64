"""One matter through a moving window: the same key while evidence goes, raised again only on what is new and enough."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock, rulesets
from core.audit import By
from supervision import services
from supervision.flags import RULES
from supervision.flags.base import Judged, Market, raised
from supervision.models import FlagHit
from supervision.selectors import flags as seen
from supervision.services import flags
from tests.accounts import people
from tests.bidding import world
from tests.bidding.test_competition import NOW
from tests.supervision.test_flag_rules import PARAMETERS

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
lasting = pytest.mark.parametrize("rule", [rule for rule in RULES if rule.repeats], ids=lambda rule: rule.code)
BY_MANY = [rule for rule in RULES if rule.repeats and len(rule.fires.needs) + len(rule.fires.praise) > 1]
MUCH = timedelta(days=200)


def moved(market, by=MUCH, number=1000):
    """The same conduct, later: other needs, other contracts."""

    def bidder(one):
        return replace(one, last_at=one.last_at + by if one.last_at else None)

    def need(one):
        return replace(
            one,
            need=one.need + number,
            published_at=one.published_at + by,
            closes_at=one.closes_at + by,
            ends_at=one.ends_at + by if one.ends_at else None,
            bidders=tuple(map(bidder, one.bidders)),
        )

    def record(one):
        return replace(
            one,
            steps=tuple(replace(step, key=f"{number}{step.key}") for step in one.steps),
            upheld=tuple(replace(each, complaint=each.complaint + number, at=each.at + 2 * by) for each in one.upheld),
        )

    praise = [replace(one, need=one.need + number, at=one.at + by) for one in market.praise]
    return Market([need(one) for one in market.needs], praise, market.traces, list(map(record, market.records)))


def both(first, second):
    return Market(
        [*first.needs, *second.needs], [*first.praise, *second.praise], first.traces, [*first.records, *second.records]
    )


def without_oldest(market):
    return Market(market.needs[1:], market.praise[1:], market.traces, market.records)


def look(rule, market, judged=None):
    return raised(rule, market, PARAMETERS[rule.code], judged or {})


def judge(hits, before=None):
    """Everything raised is judged."""
    said = dict(before or {})
    for place, hit in hits:
        needs = said[hit.key].needs if hit.key in said else frozenset()
        said[hit.key] = Judged(place, needs | set(hit.needs), hit.organisations)
    return said


@every_rule
def test_what_was_judged_is_not_raised_again_as_its_evidence_leaves_the_window(rule):
    judged = judge(look(rule, rule.fires))
    window = rule.fires
    while window.needs or window.praise:
        assert look(rule, window, judged) == []
        window = without_oldest(window)
    assert look(rule, window, judged) == []


@every_rule
def test_what_goes_on_after_a_verdict_is_raised_once_more_and_only_on_what_is_new(rule):
    judged = judge(look(rule, rule.fires))
    market = both(rule.fires, moved(rule.fires))
    again = look(rule, market, judged)
    assert again
    old = {one.need for one in (*rule.fires.needs, *rule.fires.praise)}
    assert not any(old & set(hit.needs) for _place, hit in again)
    assert look(rule, market, judge(again, judged)) == []


@lasting
def test_a_matter_keeps_its_key_and_counts_its_rounds(rule):
    (first, hit), *_rest = look(rule, rule.fires)
    judged = judge(look(rule, rule.fires))
    rounds = [(place, one.key) for place, one in look(rule, both(rule.fires, moved(rule.fires)), judged)]
    assert first == 1
    assert (2, hit.key) in rounds


@pytest.mark.parametrize("rule", BY_MANY, ids=lambda rule: rule.code)
def test_less_than_enough_after_a_verdict_is_not_raised(rule):
    judged = judge(look(rule, rule.fires))
    later = moved(rule.fires)
    assert look(rule, both(rule.fires, Market(later.needs[:1], later.praise[:1], later.traces)), judged) == []


@lasting
def test_while_nobody_has_judged_it_the_key_does_not_follow_the_oldest_need(rule):
    keys = {hit.key for _place, hit in look(rule, rule.fires)}
    window = both(rule.fires, moved(rule.fires, timedelta(days=30)))
    for _step in range(2):
        found = {hit.key for _place, hit in look(rule, window)}
        assert found <= keys
        window = without_oldest(window)


@pytest.mark.django_db
def test_a_judged_matter_comes_back_as_a_round_of_its_own_with_what_was_said_before(client):
    with clock.at(NOW):
        place = world.competition(now=NOW)
        hit = next(iter(look(next(rule for rule in RULES if rule.code == "repeated_supplier"),
                             next(rule for rule in RULES if rule.code == "repeated_supplier").fires)))[1]  # fmt: skip
        hit = replace(hit, needs=(place.need.pk,), organisations=(place.buyer.pk, place.agencies[0].pk))
        rule, rules = next(rule for rule in RULES if rule.code == "repeated_supplier"), rulesets.current("flags")
        assert flags._keep(rule, 1, hit, rules)
        assert not flags._keep(rule, 1, hit, rules)
        user = people.user("sol@example.com")
        sol = By(user.pk, people.organisation("regulator", 9500, user, name="廊坊市市场监督管理局").pk)
        first = FlagHit.objects.get()
        services.judge(hit_id=first.pk, verdict="explained", reasons="本地只有三家机构，重复中选有合理原因。", by=sol)
        assert flags._judged("repeated_supplier")[hit.key].rounds == 1
        assert flags._keep(rule, 2, hit, rules)
        second = FlagHit.objects.get(round=2)
        assert list(seen.earlier(second)) == [first]
        client.force_login(user)
        page = client.get(second.get_absolute_url()).content.decode()
        assert first.get_absolute_url() in page
        assert "有合理解释" in page
