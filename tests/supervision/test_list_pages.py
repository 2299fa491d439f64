"""The pages of the lists walked by the people they are for; outsiders find nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from supervision.models import ListImport, Listing, Repair, Share
from tests.accounts import people
from tests.supervision.listing import NOW, WORDS, later, listed, published_case, world
from tests.supervision.test_imports import csv_of, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with clock.at(NOW):
        yield


def sign_in(client, by):
    client.logout()
    client.force_login(people.User.objects.get(pk=by.user_id))


def test_a_listing_walks_from_proposal_to_receipt_through_its_pages(client):
    made = world()
    case = published_case(made)
    sign_in(client, made.officers[0])
    assert client.get("/supervision/listings/").status_code == 200
    terms = {
        "case_number": case.number,
        "ground": "串通投标，情节严重",
        "authority": "局",
        "legal_basis": "法第七十七条",
    }
    assert client.post("/supervision/listings/new/", {**terms, "months": "40"}).status_code == 422
    assert client.post("/supervision/listings/new/", {**terms, "months": "12"}).status_code == 302
    made_row = Listing.objects.get()
    page, public = made_row.get_absolute_url(), made_row.public_path
    assert client.get(public).status_code == 404
    assert client.post(page, {"do": "notice", "notice-text": "短"}).status_code == 422
    assert client.post(page, {"do": "notice", "notice-text": WORDS}).status_code == 302
    assert client.post(page, {"do": "approve", "approve-text": WORDS}).status_code == 422
    sign_in(client, made.ana)
    mine = f"/agency/listings/{made_row.number}/"
    assert "陈述申辩" in client.get(mine).content.decode()
    proof = SimpleUploadedFile("说明.pdf", b"%PDF-1.4 1 0 obj", "application/pdf")
    assert client.post(mine, {"do": "defend", "text": WORDS, "uploads": proof}).status_code == 302
    sign_in(client, made.officers[3])
    assert WORDS in client.get(page).content.decode()
    assert client.get("/supervision/listings/files/1/").status_code in (200, 404)
    assert client.post(page, {"do": "approve", "approve-text": WORDS}).status_code == 302
    sign_in(client, made.department)
    assert made.agency.organisation.name in client.get("/department/lists/").content.decode()
    share = Share.objects.get()
    assert client.post(f"/department/lists/{share.pk}/receive/").status_code == 302
    taken = {f"m{share.pk}-text": "取消评优", f"m{share.pk}-legal_basis": "条例", f"m{share.pk}-until": "2026-12-31"}
    assert client.post(f"/department/lists/{share.pk}/measure/", taken).status_code == 302
    client.logout()
    for path in ("/blacklist/", public, "/blacklist/imported/", "/redlist/", "/blacklist/?state=past&q=x"):
        assert client.get(path).status_code == 200
    assert "取消评优" in client.get(public).content.decode()
    for kind in ("csv", "xlsx"):
        assert client.get(f"/blacklist/?export={kind}").status_code == 200
    assert WORDS not in client.get(public).content.decode().replace(WORDS, "", 2)


def test_a_repair_walks_through_its_pages(client):
    made = world()
    case = published_case(made)
    pk = case.measures.get().pk
    sign_in(client, made.ana)
    assert "最短公示期" in client.get("/agency/repairs/").content.decode()
    with later(95):
        sign_in(client, made.ana)
        assert client.get("/agency/repairs/").status_code == 200
        form = {"text": "已完成整改，制度见附件。"}
        assert client.post(f"/agency/repairs/new/measure/{pk}/", form).status_code == 422
        assert client.post(f"/agency/repairs/new/measure/{pk}/", {**form, "commitment": "on"}).status_code == 302
        made_row = Repair.objects.get()
        assert client.get(f"/agency/repairs/{made_row.number}/").status_code == 200
        assert client.get(made_row.public_path).status_code == 404
        sign_in(client, made.officers[4])
        assert client.get("/supervision/repairs/").status_code == 200
        page = made_row.get_absolute_url()
        assert client.get(page).status_code == 200
        assert client.post(page, {"do": "accept"}).status_code == 302
        assert client.post(page, {"do": "grant", "grant-text": WORDS}).status_code == 302
        client.logout()
        assert client.get(made_row.public_path).status_code == 200


def test_an_import_is_previewed_with_its_faults_and_taken(client):
    made = world()
    sign_in(client, made.officers[0])

    def upload(*rows):
        file = SimpleUploadedFile("名单.csv", csv_of(*rows), "text/csv")
        return client.post("/supervision/lists/", {"file": file, "as_of": "2026-03-02", "source": "信用中国"})

    answer = upload(row(1, 列入日期="去年"))
    assert answer.status_code == 302
    assert "不是有效日期" in client.get(answer.url).content.decode()
    assert upload().status_code == 422
    answer = upload(row(1))
    assert client.post(answer.url, {"do": "take"}).status_code == 302
    assert client.get(answer.url).status_code == 200
    assert client.get("/supervision/lists/").status_code == 200
    assert ListImport.objects.filter(state="applied").count() == 1
    assert client.get("/supervision/lists/template.csv").status_code == 200
    client.logout()
    assert "信用中国" in client.get("/blacklist/imported/").content.decode()
    assert client.get("/blacklist/imported/?export=xlsx").status_code == 200


def test_outsiders_find_nothing_of_others(client):
    made = world()
    held = listed(made)
    stranger = people.user("zoe@example.com")
    people.agency(2, stranger, name="廊坊市他人咨询有限公司")
    client.force_login(stranger)
    assert client.get(f"/agency/listings/{held.number}/").status_code == 404
    assert client.get(held.get_absolute_url()).status_code == 403
    assert client.post("/supervision/lists/").status_code == 403
    assert client.get(f"/agency/repairs/new/listing/{held.pk}/").status_code == 404
