"""Who asked to be hidden, through a whole procedure: in no table, file, log line, message, paper or page."""

import io
import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models.fields.files import FieldFile
from django.test import Client
from PIL import Image

from accounts.models import Membership, Organisation, User
from core import clock, jobs
from core.models import HeldFile, StoredFile
from supervision.models import Complaint
from supervision.services import (
    cases,
    clocks,
    complaint_offices,
    complaint_pauses,
    complaints,
    listings,
)
from tests.accounts import people
from tests.supervision.listing import NOW, WORDS, World, world

pytestmark = pytest.mark.django_db
USER, ORG = 987654321, 876543210  # numbers nothing else has
CONTACT = {"name": "张隐名", "phone": "13912345678", "email": "hidden-nora@example.com"}
FIRM = "隐名举报贸易有限公司"
NEEDLES = (str(USER), str(ORG), FIRM, *CONTACT.values(), "Zhang-Yinming")
OWN = ("accounts_", "account_", "mfa_", "socialaccount_", "django_admin_log", "auth_")  # where an account itself lies


def nora() -> Client:
    user = people.user(CONTACT["email"], id=USER, name=CONTACT["name"])
    row = people.organisation("enterprise", 9700, name=FIRM)
    Organisation.objects.filter(pk=row.pk).update(id=ORG)
    Membership.objects.create(user=user, organisation_id=ORG, role=Membership.Role.OWNER)
    browser = Client()
    browser.force_login(user)
    return browser


def photo() -> SimpleUploadedFile:
    content, marks = io.BytesIO(), Image.Exif()
    marks[0x013B] = "Zhang-Yinming"  # the artist, as cameras write it
    Image.new("RGB", (64, 64), "grey").save(content, "JPEG", exif=marks)
    return SimpleUploadedFile("Zhang-Yinming.jpg", content.getvalue(), "image/jpeg")


def filed(browser: Client, agency_id: int) -> Complaint:
    """First refused, with its file, then taken in."""
    address = f"/complaints/new/?about=agency:{agency_id}"
    sent = {"hidden": "on", **CONTACT}
    assert browser.post(address, {**sent, "statement": "太短", "evidence": photo()}).status_code == 422
    answer = browser.post(address, {**sent, "statement": f"{WORDS}请核查。", "evidence": photo()})
    row = Complaint.objects.get()
    assert answer.url == f"/complaints/{row.number}/"
    browser.get(answer.url)
    browser.post(answer.url, {"act": "complete", "complete-text": "补充一张照片。", "complete-files": photo()})
    return row


def whole_procedure(made: World, browser: Client) -> Complaint:
    row = filed(browser, made.agency.pk)
    sol, sue, tom, una, _val = made.officers
    about = {"complaint_id": row.pk}
    complaint_offices.take(**about, by=sol)
    complaints.accept(**about, by=sol)
    complaints.notify(**about, summary=WORDS, by=sol)
    complaints.reply(**about, text=WORDS, by=made.ana)
    complaint_pauses.ask_pause(**about, reasons=WORDS, by=sol)
    complaint_pauses.answer_pause(**about, agreed=True, reasons=WORDS, by=sue)
    clocks.watch()
    complaint_pauses.go_on(**about, reasons=WORDS, by=sol)
    case = complaints.open_case_from(**about, ground="collusion", facts=WORDS, by=sol)
    complaints.decide(**about, outcome="upheld", reasons=WORDS, by=sol)
    complaints.ask_review(**about, reasons=WORDS)
    complaints.decide_review(**about, outcome="kept", reasons=WORDS, by=sue)
    heavy = {"case_id": case.pk, "measure": "suspension", "days": 180, "reasons": WORDS}
    cases.give_notice(**heavy, by=sol)
    cases.waive(case_id=case.pk, by=made.ana)
    cases.propose(**heavy, by=sue)
    cases.decide(**heavy, by=tom)
    cases.publish(case_id=case.pk, by=tom)
    given = {"case_number": case.number, "ground": "串通投标", "months": 12}
    entry = listings.propose_listing(**given, by=sue)
    listings.give_notice(listing_id=entry.pk, text=WORDS, by=sue)
    listings.waive(listing_id=entry.pk, by=made.ana)
    listings.approve(listing_id=entry.pk, reason=WORDS, by=una)
    clocks.watch()
    jobs.drain()
    return row


def told_by(text: str) -> list[str]:
    return [needle for needle in NEEDLES if needle in text]


def tables() -> dict[str, list[str]]:
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(OWN):
                cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
                found[table] = told_by(cursor.fetchone()[0] or "")
    return {table: needles for table, needles in found.items() if needles}


def stored() -> list[str]:
    """Files that tell, of those that came in."""
    files = [row.content for model in (StoredFile, HeldFile) for row in model.objects.all()]
    assert files
    return [one.name for one in files if told_by(one.name + content_of(one))]


def content_of(file: FieldFile) -> str:
    with file.open() as stored:
        return str(stored.read(), errors="replace")


def test_a_hidden_complainant_is_told_by_nothing_the_platform_keeps_or_says(caplog):
    with clock.at(NOW), caplog.at_level(logging.INFO):
        made, browser = world(), nora()
        row = whole_procedure(made, browser)
        assert tables() == {}
        assert stored() == []
        assert told_by(caplog.text) == []
        assert [told_by(f"{one.subject}{one.body}{one.to}") for one in mail.outbox if told_by(str(one.message()))] == []
        for by, addresses in readers(made, row).items():
            client = Client()
            if by:
                client.force_login(User.objects.get(pk=by))
            for address in addresses:
                answer = client.get(address)
                content = b"".join(answer) if answer.streaming else answer.content
                assert answer.status_code == 200, (by, address)
                assert told_by(content.decode(errors="replace")) == [], (by, address)


def readers(made: World, row: Complaint) -> dict[int | None, list[str]]:
    """Everybody who reads about it and where."""
    case = row.events.get(kind="case_opened").data["case"]
    return {
        made.officers[0].user_id: [
            "/desk/", "/supervision/complaints/", row.get_absolute_url(), f"/supervision/cases/{case}/",
            "/supervision/cards/?state=", "/supervision/cards/data.csv?state=",
        ],
        made.ana.user_id: ["/desk/", f"/cases/complaints/{row.number}/", f"/cases/{case}/", "/cases/"],
        None: [f"/decisions/{case}/", "/decisions/", "/promises/", "/exposure/"],
    }  # fmt: skip


def test_the_sweep_would_find_what_leaks():
    assert told_by(photo().read().decode(errors="replace")) == ["Zhang-Yinming"]
    with clock.at(NOW + timedelta(hours=1)):
        nora()
        made = world()
        row = complaints.file(
            matter=complaints.Matter("agency", f"agency:{made.agency.pk}", "x", "/x/", made.agency.pk),
            statement=f"我是{CONTACT['name']}，电话 {CONTACT['phone']}，请核查这家机构。", hidden=True, contact={},
            by=made.department,
        ).complaint  # fmt: skip
        assert row.pk
        assert tables() == {"supervision_complaint": [CONTACT["name"], CONTACT["phone"]]}
