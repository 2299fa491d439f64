"""The clock looks every minute: however much there is to look at, it asks the database as often."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.audit import By
from marketplace.models import Question
from supervision.selectors import complaints as matters
from supervision.services import complaints, consultations, listings, questions, repairs
from supervision.services.consultations import Draft
from supervision.sources import SOURCES, since_ever
from tests.accounts import people
from tests.contracts import world as contracts
from tests.ratings.test_appeals import appealed
from tests.supervision import hearing, inspecting, listing

pytestmark = pytest.mark.django_db
WORDS = "需求里的工期要求只有一家机构能做到，请核查是否有倾向性。"


class Place:
    """A market in which one more of everything can happen."""

    def __init__(self):
        self.world, self.bureau = listing.world(), inspecting.bureau()
        reporter, first, second, third, _last = self.world.officers
        self.hearing = hearing.Hearing(self.world.agency, reporter, first, second, third, self.world.ana)
        hearing.officer("operator", 9504, "third@example.com")
        self.numbers = iter(range(20, 40))
        inspecting.agencies("DD", first=15)

    def more(self):
        self._case()
        self._complaint()
        self._listing()
        self._inspections()
        self._public()
        self._rooms()

    def _case(self):
        self.hearing.now = clock.now()
        self.hearing.noticed()
        self.hearing.proposed("warning", 180)

    def _complaint(self):
        agency = people.agency(next(self.numbers))
        file = {"statement": WORDS, "hidden": True, "contact": {}, "by": By()}
        for taken in (False, True):
            row = complaints.file(matter=matters.matter(f"agency:{agency.pk}"), **file).complaint
            if taken:
                complaints.accept(complaint_id=row.pk, by=self.hearing.first)
                complaints.notify(complaint_id=row.pk, summary=WORDS, by=self.hearing.first)

    def _listing(self):
        listing.candidate(self.world)
        on = listing.listed(self.world)
        people.organisation("department", 9600 + next(self.numbers), people.user(f"d{on.pk}@example.com"))
        measure = listing.published_case(self.world, measure="warning", ground="service_complaint").measures.get()
        with clock.at(clock.now() + timedelta(days=95)):
            asked = {"kind": "measure", "target_id": measure.pk, "commitment": True, "text": WORDS}
            row = repairs.apply(**asked, by=self.world.ana)
            repairs.accept(repair_id=row.pk, by=self.world.officers[4])
        listings.give_notice(listing_id=listing.candidate(self.world).pk, text=WORDS, by=self.world.officers[0])

    def _inspections(self):
        for row in inspecting.drawn(self.bureau, now=clock.now()).inspections.all():
            inspecting.published(self.bureau, row, "fix", failing=[0], now=clock.now())

    def _public(self):
        with clock.at(clock.now() - timedelta(days=40)):
            row = consultations.open_on_text(
                text=WORDS, replaces_id=None, draft=Draft("公开征求意见", WORDS, 15), by=self.hearing.first
            )
            consultations.speak(consultation_id=row.pk, text=WORDS, named=False, by=By())
        questions.ask(office_id=self.hearing.first.org_id, title="这一条怎么理解", text=WORDS, public=True)

    def _rooms(self):
        made = contracts.world()
        matter = matters.matter(f"clause:{made.need.pk}")
        complaints.file(matter=matter, statement=WORDS, hidden=True, contact={}, by=By(), clause=WORDS)
        asker = people.agency(next(self.numbers))
        Question.objects.create(need=made.need, text=WORDS, asked_by=asker.organisation, asked_at=clock.now())
        contracts.delivered(*contracts.signed())
        contracts.completed(kind="department")
        appealed()


def queries(read):
    cache.clear()
    with CaptureQueriesContext(connection) as caught:
        assert read(), "nothing is open, so nothing was counted"
    return len(caught)


def test_the_number_of_queries_does_not_grow_with_what_is_open(client):
    place = Place()
    client.force_login(place.bureau.people[next(iter(place.bureau.people))])
    reads = {source.name: lambda source=source: list(source.read(since_ever())) for source in SOURCES}
    del reads["agencies"]  # certificates alone, in one query
    reads["worklist"] = lambda: client.get("/desk/").content
    place.more()
    few = {name: queries(read) for name, read in reads.items()}
    place.more()
    place.more()
    assert {name: queries(read) for name, read in reads.items()} == few
