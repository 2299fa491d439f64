"""What ends by itself: a licence and the service that needs it, and pictures nobody needs when an agency leaves."""

from datetime import timedelta

import pytest

from agencies import selectors, services
from agencies.facts import CatalogueRef
from agencies.steps import open_steps
from core import clock, images, rulesets
from core.audit import By
from core.models import StoredFile
from core.workdays import LOCAL
from supervision.services import exits, lapses
from supervision.services.notices import Notice
from tests.accounts import people
from tests.agencies.conftest import upload
from tests.supervision.listing import NOW, later

pytestmark = pytest.mark.django_db
LICENCE = "建设工程质量检测机构资质证书"
TEST = CatalogueRef("08055", "工程质量检测", "Construction quality testing", LICENCE)
FREE = CatalogueRef("02010", "环境影响报告书编制", "Environmental impact report", "")
TODAY = NOW.astimezone(LOCAL).date()


@pytest.fixture(autouse=True)
def monday(monkeypatch):
    monkeypatch.setattr(images, "watermarked", lambda picture, _words: picture)
    with clock.at(NOW):
        yield


@pytest.fixture
def agency():
    row = people.agency(1)
    for item in (TEST, FREE):
        offer(row, item)
    return row


def offer(agency, item):
    services.offer_service(agency=agency, item=item, fee_note="按面积", days=20, conditions="", by=By())


def certify(agency, days):
    services.add_qualification(
        agency=agency, kind=LICENCE, grade="", number="冀建检字第 1 号", issuer="省厅", valid_from=TODAY,
        valid_until=TODAY + timedelta(days=days), scan=upload(), by=By(),
    )  # fmt: skip


def offered(agency):
    return set(selectors.services(agency.pk).values_list("item_code", flat=True))


def test_its_service_is_withdrawn_the_day_after_and_the_agency_is_told(agency):
    certify(agency, 10)
    with later(10):
        assert lapses.withdraw() == 0, "the last day counts"
    with later(11):
        assert (lapses.withdraw(), lapses.withdraw()) == (1, 0)
        assert offered(agency) == {FREE.code}
        notice = Notice.objects.get(path="/agency/services/")
        assert notice.values == {"licence": LICENCE, "service": TEST.name_zh}


def test_a_renewed_licence_keeps_its_service(agency):
    certify(agency, 10)
    certify(agency, 400)
    with later(11):
        assert lapses.withdraw() == 0


def test_what_was_never_licensed_or_was_offered_again_afterwards_stays(agency):
    with later(11):
        assert lapses.withdraw() == 0
    certify(agency, 10)
    with later(12):
        lapses.withdraw()
        offer(agency, TEST)
        assert lapses.withdraw() == 0
        assert offered(agency) == {FREE.code, TEST.code}


def test_the_reminder_comes_as_long_before_as_the_rules_say(agency):
    certify(agency, 100)
    notice = timedelta(days=rulesets.current("agencies")["expiry_notice_days"])
    (step,) = _steps(100 - notice.days)
    assert step.due_at - step.started_at == notice
    assert _steps(100 - notice.days - 1) == []


def _steps(days):
    with later(days):
        return list(open_steps(NOW))


def test_a_new_address_is_open_to_objections_anew_and_other_words_are_not(agency):
    with later(20):
        now = clock.now()
        same = {"agency": agency, "website": "", "by": By()}
        services.update_profile(**same, introduction="做检测。", address="")
        assert selectors.publicity(selectors.get(agency.pk)).since < now
        services.update_profile(**same, introduction="做检测。", address="新华路 8 号")
        assert selectors.publicity(selectors.get(agency.pk)).since == now


def test_who_leaves_leaves_no_picture_behind_that_is_part_of_no_certificate(agency, django_capture_on_commit_callbacks):
    certify(agency, 10)
    waiting, discarded = (services.drop_scan(agency=agency, upload=upload(), by=By()) for _ in range(2))
    services.discard_scan(scan_id=discarded.pk, agency=agency, by=By())
    shown = agency.qualifications.get().scan
    with django_capture_on_commit_callbacks(execute=True):
        assert exits.ask(agency=agency, by=By()).left_at is not None
    assert list(agency.scans.all()) == [shown]
    for scan in (waiting, discarded):
        for one in (scan.original, scan.public_image, scan.thumbnail):
            assert not StoredFile.objects.filter(pk=one.pk).exists()
            assert not one.content.storage.exists(one.content.name)
    assert shown.original.content.storage.exists(shown.original.content.name), "the record is kept"
