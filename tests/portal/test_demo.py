"""The demo's seed and the market that goes on by itself, step by step under a chosen clock."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Organisation
from accounts.rules.credit_code import fault
from agencies.models import Agency, ServiceOffered
from bidding import services as bidding
from bidding.models import Award, Competition
from core import clock, jobs, rulesets
from marketplace import selectors as marketplace
from marketplace.models import Need
from portal.demo import cast, market, work
from portal.demo.players import players
from tests import database
from tests.accounts import people
from tests.bidding import world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The cast without its past, once for all tests that ask for it; the moment it stood."""
    with django_db_blocker.unblock():
        call_command("seed_demo", "--no-history", verbosity=0)
        yield clock.now()
        database.restore()


def live(start, seconds, every=2):
    """The simulated market's heartbeat for a while, with everything else the clock does."""
    for second in range(0, seconds, every):
        with clock.at(start + timedelta(seconds=second)):
            market.step()
            if second % 10 == 0:
                work.step()
            jobs.drain()
            jobs.enqueue("bidding.close_due_competitions")
            jobs.enqueue("contracts.watch_deadlines")


# Before anybody asks for the cast:


def test_outside_the_demo_there_is_no_seed(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("seed_demo")


def test_without_players_nothing_happens():
    market.step()
    work.step()
    assert not Need.objects.exists()


# With it:


def test_every_invented_code_is_valid_and_its_own():
    codes = [party.credit_code for party in [*cast.personas(), *cast.extras()]]
    assert [code for code in codes if fault(code)] == []
    assert len(set(codes)) == len(codes)


def test_the_cast_covers_the_whole_catalogue(seeded):
    offered = set(ServiceOffered.objects.values_list("item_code", flat=True))
    assert {item.code for item in marketplace.items()} - offered == set()
    assert Agency.objects.filter(services=None).exists(), "newcomers have nothing yet"
    assert Organisation.objects.filter(kind="department").count() == 6


def test_seeding_again_changes_nothing(seeded):
    before = Membership.objects.count()
    call_command("seed_demo", verbosity=0)
    assert (Membership.objects.count(), Need.objects.count()) == (before, 0)


def test_limits_are_short_from_now_on_and_the_originals_stay(seeded):
    assert rulesets.current("marketplace").ref == "marketplace@2"
    assert rulesets.by_ref("marketplace@1")["auction_minutes"][0] == 10


def test_an_auction_starts_gathers_bidders_and_is_bid_in(seeded):
    live(seeded, 150)
    competition = Competition.objects.get()
    assert competition.entrant_count >= 3
    assert competition.bid_count >= 2
    names = competition.entries.values_list("agency__organisation__name", flat=True)
    assert cast.ANA.name in names, "a visitor who becomes Ana can bid at once"


def test_winners_confirm_and_work_goes_on(seeded):
    live(seeded, 900, every=10)
    assert Award.objects.filter(outcome="confirmed").exists()
    assert Competition.objects.count() <= 4, "at most one auction in five minutes"


@pytest.mark.parametrize(("title", "joined"), [("老厂区土壤调查", True), ("旅程a1老厂区土壤调查", False)])
def test_a_visitors_need_gets_entrants_and_a_rehearsal_is_left_alone(seeded, monkeypatch, title, joined):
    monkeypatch.setattr(market, "_publish", lambda *_: None)
    owner = people.user("visitor@example.com")
    buyer = people.organisation("enterprise", 950, owner)
    with clock.at(seeded):
        need = world.need(buyer, owner, starts=seeded + timedelta(hours=1), title=title)
    competition = bidding.open_competition(need_id=need.pk)
    live(seeded, 120)
    assert (competition.entries.exists(), bool(marketplace.questions(need.pk))) == (joined, joined)


def test_drafts_of_visitors_are_left_alone(seeded):
    bea = Membership.objects.get(user__email=cast.BEA.email)
    assert players().own(bea.organisation_id) is None
    assert players().everyone[bea.organisation_id].user != bea.user
