"""Lists, repairs and exits as people meet them: no accessibility violation, nothing wider than a phone."""

from datetime import timedelta

import pytest

from accounts.models import User
from core import clock
from core.audit import SYSTEM
from core.workdays import LOCAL
from supervision import services
from supervision.models import FlagHit, ImportedEntry
from supervision.services import entrance, imports, repairs
from tests.accounts import people
from tests.site.looks import troubles
from tests.supervision.listing import WORDS, listed, published_case, world
from tests.supervision.test_imports import csv_of, row

pytestmark = [pytest.mark.browser]


@pytest.fixture
def place(transactional_db):
    """An agency listed, another heard, one on the authority's list, a repair asked for, a file with faults."""
    now = clock.now()
    with clock.at(now - timedelta(days=100)):
        made = world()
        held = listed(made)
        free = published_case(made, "suspension", 120, "refused_contract")
        published_case(made, "reminder", 60, "late_step")
        entrance.check_new()
    with clock.at(now - timedelta(hours=20)):
        people.agency(2, people.user("paul@example.com"), name="固安县拖欠工程咨询有限公司")
        today = clock.now().astimezone(LOCAL).date()
        taken = imports.look(content=csv_of(row(2), row(3)), name="信用中国（河北）", as_of=today, by=SYSTEM)
        imports.take(import_id=taken.pk, by=SYSTEM)
        wrong = csv_of(row(1, 列入日期="去年", 名称=""), row(4, 统一社会信用代码="91131000MA"))
        faulty = imports.look(content=wrong, name="信用中国（河北）", as_of=today, by=SYSTEM)
        case = held.case
        asked = repairs.apply(
            kind="measure", target_id=case.measures.get().pk, commitment=True, text=WORDS, by=made.ana
        )
        repairs.accept(repair_id=asked.pk, by=made.officers[4])
    entry = ImportedEntry.objects.get(credit_code=people.code(2))
    services.look()
    flag = FlagHit.objects.filter(needs=None).latest("pk")
    public = ["/discretion/", "/blacklist/", held.public_path, "/blacklist/imported/", entry.get_absolute_url(),
              "/redlist/", f"/agencies/{made.agency.pk}/"]  # fmt: skip
    visits = {
        made.officers[3]: ["/supervision/listings/", held.get_absolute_url(), "/supervision/repairs/",
                           asked.get_absolute_url(), "/supervision/lists/", faulty.get_absolute_url(),
                           "/supervision/listings/new/", f"/supervision/listings/new/?case={free.number}",
                           free.get_absolute_url(), flag.get_absolute_url()],
        made.ana: [f"/agency/listings/{held.number}/", "/agency/repairs/", f"/agency/repairs/{asked.number}/",
                   "/agency/exit/", "/agency/check/"],
        made.department: ["/department/lists/"],
    }  # fmt: skip
    return {None: public} | {User.objects.get(pk=by.user_id): paths for by, paths in visits.items()}


def test_pages_of_lists_are_open_to_everybody_and_fit_their_window(place, browser_page):
    assert troubles(browser_page, place) == []
