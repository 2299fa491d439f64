"""Red flags on the real market: raised once, judged by a regulator with reasons, read by supervisors only."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Organisation, User
from core import clock
from core.audit import By
from core.errors import Refusal
from core.models import AuditEntry
from supervision import services, tasks
from supervision.models import FlagHit, FlagVerdict, Turnout
from supervision.selectors import flags
from supervision.selectors.market import market
from tests.accounts import people
from tests.bidding import world
from tests.bidding.test_competition import NOW, bid, closed
from tests.contracts.conftest import everybody  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
REASONS = "核对了报名记录和通话，机构临时缺人，没有发现串通。"


def lonely():
    """A closed competition in which three entered and one bid; its flags looked for."""
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "49000.00")
    closed(place)
    with clock.at(NOW + timedelta(hours=4)):
        services.look()
    return place


def only_hit(rule="single_bid"):
    return FlagHit.objects.get(rule=rule)


def judged(hit, verdict="explained", reasons=REASONS, by=None):
    return services.judge(hit_id=hit.pk, verdict=verdict, reasons=reasons, by=by or a_regulator())


def a_regulator():
    user = people.user("sol@example.com")
    return By(user.pk, people.organisation("regulator", 9500, user, name="廊坊市市场监督管理局").pk)


def code_of(work, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        work(*args, **kwargs)
    return caught.value.code


def test_a_single_bid_is_raised_once_with_its_evidence():
    place = lonely()
    with clock.at(NOW + timedelta(hours=5)):
        tasks.look_for_flags.run()
    hit = only_hit()
    assert hit.organisations == [place.buyer.pk, place.agencies[0].pk]
    assert list(hit.needs.values_list("pk", flat=True)) == [place.need.pk]
    assert "98.0%" in flags.sentence(hit)
    assert hit.rules_ref.startswith("flags@")


def test_two_who_fight_raise_nothing_of_the_kind():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "49000.00")
    bid(place, place.entries[1], "48000.00")
    closed(place)
    with clock.at(NOW + timedelta(hours=4)):
        services.look()
    assert not FlagHit.objects.filter(rule="single_bid").exists()


def test_what_a_log_says_is_read_once_and_again_when_it_went_on():
    place = lonely()
    row = Turnout.objects.get(competition_id=place.pk)
    assert [one["bids"] for one in row.bidders] == [1, 0, 0]
    assert services.flags.note_turnouts() == 0
    Turnout.objects.filter(pk=place.pk).update(seq=row.seq - 1)
    assert services.flags.note_turnouts() == 1


def test_competitors_with_one_telephone_are_raised():
    place = world.competition(now=NOW)
    same = Organisation.objects.filter(pk__in=[place.agencies[0].pk, place.agencies[1].pk])
    same.update(contact_phone="0316-2339999")
    bid(place, place.entries[0], "49000.00")
    closed(place)
    with clock.at(NOW + timedelta(hours=4)):
        services.look()
    hits = FlagHit.objects.filter(rule="shared_traces")
    assert any(hit.evidence["kinds"] == "phone" for hit in hits)


def test_sealed_facts_are_not_read_before_the_close():
    place = world.competition(now=NOW)
    bid(place, place.entries[0], "49000.00")
    with clock.at(NOW):
        services.look()
        facts = market(NOW - timedelta(days=30)).needs
    assert facts[0].bidders == ()
    assert not FlagHit.objects.exists()
    assert place.reload().closed_at is None


def test_a_verdict_has_reasons_a_line_in_the_audit_and_stays():
    lonely()
    hit = only_hit()
    first = judged(hit)
    assert AuditEntry.objects.filter(stream=f"flag:{hit.pk}", action="judged").exists()
    assert flags.waiting() == FlagHit.objects.exclude(pk=hit.pk).count()
    second = judged(hit, "confirmed", by=By(first.by_user_id, first.by_org_id))
    assert flags.hits(state="confirmed").get() == hit
    assert list(hit.verdicts.all()) == [second, first]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        FlagVerdict.objects.update(reasons="别的")


def test_a_judged_matter_keeps_the_evidence_it_was_judged_on():
    lonely()
    hit = only_hit()
    judged(hit)
    FlagHit.objects.filter(pk=hit.pk).update(evidence={"share": "1.0%"})
    with clock.at(NOW + timedelta(hours=6)):
        services.look()
    hit.refresh_from_db()
    assert hit.evidence == {"share": "1.0%"}


@pytest.mark.parametrize(
    ("verdict", "reasons", "code"),
    [("explained", "太短", "verdict.reasons_short"), ("perhaps", REASONS, "verdict.unknown")],
)
def test_a_verdict_without_reasons_or_sense_is_refused(verdict, reasons, code):
    lonely()
    assert code_of(judged, only_hit(), verdict, reasons) == code
    assert not FlagVerdict.objects.exists()


def test_nobody_judges_a_matter_of_their_own():
    place = lonely()
    assert code_of(judged, only_hit(), by=By(place.owner.pk, place.buyer.pk)) == "verdict.own_matter"


def test_hit_rates_are_counted_by_the_newest_verdict():
    lonely()
    first = judged(only_hit())
    judged(only_hit(), "confirmed", by=By(first.by_user_id, first.by_org_id))
    _rules, standings = flags.standings(clock.now())
    one = next(standing for standing in standings if standing.rule.code == "single_bid")
    assert (one.hits, one.judged, one.confirmed) == (1, 1, 1)


PAGES = ("/supervision/flags/", "/supervision/flags/rules/", "hit")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("outsider", 302), ("nobody", 403), ("enterprise", 403), ("department", 403), ("agency", 403),
        ("regulator", 200), ("operator", 200),
    ],
)  # fmt: skip
def test_flags_are_for_supervisors(client, everybody, who, status, path):  # noqa: F811
    lonely()
    if everybody[who]:
        client.force_login(everybody[who])
    address = only_hit().get_absolute_url() if path == "hit" else path
    assert client.get(address).status_code == status


def test_a_regulator_judges_on_the_page_and_an_operator_cannot(client, everybody):  # noqa: F811
    lonely()
    path = only_hit().get_absolute_url()
    client.force_login(everybody["operator"])
    assert client.post(path, {"verdict": "explained", "reasons": REASONS}).status_code == 403
    client.force_login(everybody["regulator"])
    short = client.post(path, {"verdict": "explained", "reasons": "太短"})
    assert short.status_code == 422
    assert "太短" in short.content.decode()
    assert client.post(path, {"verdict": "explained", "reasons": REASONS}).status_code == 302
    assert REASONS in client.get(path).content.decode()


def test_the_list_filters_and_an_empty_one_says_so(client, everybody):  # noqa: F811
    lonely()
    client.force_login(everybody["regulator"])
    page = client.get("/supervision/flags/", {"rule": "single_bid"}).content.decode()
    assert only_hit().get_absolute_url() in page
    assert "没有符合条件的线索" in client.get("/supervision/flags/", {"state": "confirmed"}).content.decode()
    assert client.get("/supervision/flags/", {"rule": "x", "state": "y", "page": "z"}).status_code == 200
    assert client.get("/supervision/flags/999999/").status_code == 404


def test_the_list_asks_the_database_no_more_for_more(client, everybody, django_assert_max_num_queries):  # noqa: F811
    place = lonely()
    for n in range(20):
        FlagHit.objects.create(
            rule="single_bid", key=f"x{n}", about=place.buyer, organisations=[place.buyer.pk],
            evidence={"share": "99.0%"}, found_at=clock.now(), rules_ref="flags@1",
        )  # fmt: skip
    client.force_login(everybody["regulator"])
    with django_assert_max_num_queries(12):
        assert client.get("/supervision/flags/").status_code == 200


FACTS = "三家报名后只有一家报价，另两家与中选机构同址，往来邮件已经核对。"


def opened(hit, by, **more):
    given = {"subject_id": hit.organisations[1], "ground": "collusion", "facts": FACTS} | more
    return services.open_case_on(hit_id=hit.pk, **given, by=by)


def test_a_confirmed_flag_becomes_a_case_and_only_once_for_each():
    lonely()
    hit, sol = only_hit(), a_regulator()
    with clock.at(NOW + timedelta(hours=5)):
        assert code_of(opened, hit, sol) == "verdict.not_confirmed"
        judged(hit, verdict="explained", by=sol)
        assert code_of(opened, hit, sol) == "verdict.not_confirmed"
        judged(hit, verdict="confirmed", by=sol)
        case = opened(hit, sol)
        assert (case.origin_kind, case.origin_reference) == ("flag", f"flag:{hit.pk}")
        assert list(flags.cases_of(hit)) == [case]
        assert code_of(opened, hit, sol) == "verdict.case_open"
        assert code_of(opened, hit, sol, subject_id=sol.org_id) == "verdict.not_concerned"


def test_a_case_from_a_flag_is_opened_on_its_page_by_regulators_only(client):
    lonely()
    hit, sol = only_hit(), a_regulator()
    judged(hit, verdict="confirmed", by=sol)
    address = f"/supervision/flags/{hit.pk}/case/"
    form = {"subject": hit.organisations[1], "ground": "collusion", "facts": FACTS}
    client.force_login(people.user("bea.outside@example.com"))
    assert client.post(address, form).status_code == 403
    client.force_login(User.objects.get(pk=sol.user_id))
    assert client.post(address, form | {"ground": "whim"}).status_code == 422
    made = client.post(address, form)
    assert made.url == flags.cases_of(hit).get().get_absolute_url()
    assert flags.cases_of(hit).get().number in client.get(hit.get_absolute_url()).content.decode()
