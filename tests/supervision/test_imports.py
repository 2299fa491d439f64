"""The authority's list: looked at first, taken whole or not at all, felt and released by itself."""

import io
import json
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from openpyxl import Workbook

from agencies import selectors as agencies
from core import clock
from core.audit import SYSTEM
from core.errors import Refusal
from supervision.models import ImportedEntry, ListImport
from supervision.services import imports
from supervision.services.notices import Notice
from tests.accounts import people
from tests.supervision.listing import NOW, later

pytestmark = pytest.mark.django_db
HEAD = ["名称", "统一社会信用代码", "列入事由", "决定机关", "法律依据", "列入日期", "截止日期"]
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def row(number=1, ends="", **but):
    usual = {"名称": f"廊坊某{number}公司", "统一社会信用代码": people.code(number), "列入事由": "拖欠工资",
             "决定机关": "人社局", "法律依据": "《条例》", "列入日期": "2026-01-05", "截止日期": ends}  # fmt: skip
    return {**usual, **but}


def csv_of(*rows, encoding="utf-8-sig"):
    lines = [HEAD, *([one[name] for name in HEAD] for one in rows)]
    return "\r\n".join(",".join(line) for line in lines).encode(encoding)


def xlsx_of(*rows):
    book = Workbook()
    for line in [HEAD, *([one[name] for name in HEAD] for one in rows)]:
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def looked(content, as_of=TODAY):
    return imports.look(content=content, name="名单.csv", as_of=as_of, by=SYSTEM)


def taken(*rows, as_of=TODAY, **more):
    return imports.take(import_id=looked(csv_of(*rows), as_of).pk, by=SYSTEM, **more)


def kinds(agency):
    return agencies.facts(agency.pk).restrictions


@pytest.mark.parametrize(
    "content",
    [
        csv_of(row()),
        csv_of(row(), encoding="gb18030"),
        xlsx_of(row()),
        json.dumps([row()], ensure_ascii=False).encode(),
        json.dumps({"rows": [row()]}).encode(),
    ],
)
def test_a_preview_changes_nothing_in_every_format_a_list_comes_in(content):
    found = looked(content)
    assert (found.state, found.rows, found.added, found.faults) == ("preview", 1, 1, [])
    assert not ImportedEntry.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x00\x01\x02\xff", "import.unreadable"),
        (b"PK\x03\x04broken", "import.unreadable"),
        (b"[1, 2]", "import.unreadable"),
        (b"{broken", "import.unreadable"),
        ("名称,列入事由\r\n甲,乙".encode(), "import.columns"),
        (csv_of(), "import.empty"),
    ],
)
def test_what_is_no_list_is_refused_whole(content, code):
    with pytest.raises(Refusal) as refused:
        looked(content)
    assert refused.value.code in {code, "import.columns"}


def test_one_wrong_row_keeps_all_out():
    agency = people.agency(1)
    found = looked(csv_of(row(1), row(2, 列入日期="去年")))
    assert found.state == "refused"
    assert [(fault["row"], fault["column"], fault["code"]) for fault in found.faults] == [(3, "listed_on", "date")]
    with pytest.raises(Refusal) as refused:
        imports.take(import_id=found.pk, by=SYSTEM)
    assert refused.value.code == "import.settled"
    assert kinds(agency) == ()
    with pytest.raises(DatabaseError), transaction.atomic():
        ListImport.objects.filter(pk=found.pk).update(state="applied", settled_at=NOW)


def test_an_entry_is_felt_at_once_and_released_when_the_authority_takes_it_off():
    agency, other = people.agency(1), people.agency(2, name="廊坊市他人咨询有限公司")
    taken(row(1), row(3))
    assert (kinds(agency), kinds(other)) == (("restricted",), ())
    entry = ImportedEntry.objects.get(credit_code=people.code(1))
    assert entry.agency_id == agency.pk
    assert Notice.objects.filter(organisation_id=agency.pk, path=entry.get_absolute_url()).exists()
    with later(1):
        change = taken(row(3), as_of=date(2026, 3, 3))
        assert (change.added, change.kept, change.gone) == (0, 1, 1)
        assert kinds(agency) == ()
    entry.refresh_from_db()
    assert entry.gone_at is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        ImportedEntry.objects.filter(pk=entry.pk).update(ground="改写")


def test_without_a_term_the_daily_list_moves_the_end_on_and_silence_lets_it_run_out():
    agency = people.agency(1)
    taken(row(1))
    first = agencies.restrictions(agency.pk)[0].ends_at
    with later(10):
        taken(row(1), as_of=date(2026, 3, 12))
        assert agencies.restrictions(agency.pk)[0].ends_at > first
    with later(41):
        assert kinds(agency) == ()


def test_the_authoritys_own_term_ends_it():
    agency = people.agency(1)
    taken(row(1, ends="2026-03-20"))
    with later(17):
        assert kinds(agency) == ("restricted",)
    with later(19):
        assert kinds(agency) == ()


def test_words_that_changed_make_a_new_entry_and_no_gap():
    agency = people.agency(1)
    taken(row(1))
    taken(row(1, 列入事由="拖欠工资，拒不改正"), shrink=True)
    assert ImportedEntry.objects.filter(credit_code=people.code(1)).count() == 2
    assert kinds(agency) == ("restricted",)


def test_a_list_that_shrinks_by_half_needs_a_person_who_confirms():
    taken(row(1), row(2), row(3))
    found = looked(csv_of(row(1)))
    with pytest.raises(Refusal) as refused:
        imports.take(import_id=found.pk, by=SYSTEM)
    assert refused.value.code == "import.shrunk"
    assert imports.take(import_id=found.pk, by=SYSTEM, shrink=True).gone == 2


def test_an_older_or_future_list_is_refused():
    taken(row(1))
    for day, code in ((date(2026, 3, 1), "import.older"), (date(2026, 3, 3), "import.future")):
        with pytest.raises(Refusal) as refused:
            looked(csv_of(row(1)), day)
        assert refused.value.code == code


def test_who_registers_later_meets_the_entry():
    taken(row(1))
    assert imports.meet_newcomers() == 0
    agency = people.agency(1)
    assert (imports.meet_newcomers(), imports.meet_newcomers()) == (1, 0)
    assert kinds(agency) == ("restricted",)


def test_the_daily_job_takes_a_source_once_a_day_and_keeps_what_went_wrong(settings, tmp_path):
    source = tmp_path / "list.csv"
    source.write_bytes(csv_of(row(1)))
    settings.LISTS_URL = str(source)
    assert imports.fetch_daily().state == "applied"
    assert imports.fetch_daily() is None
    with later(1):
        source.write_bytes("名称\r\n甲".encode())
        refused = imports.fetch_daily()
        assert (refused.state, refused.trouble) == ("refused", "import.columns")
        source.write_bytes(csv_of(row(1)))
        assert imports.fetch_daily().state == "applied"
    with later(2):
        source.unlink()
        with pytest.raises(Refusal) as away:
            imports.fetch_daily()
        assert away.value.code == "import.source"
