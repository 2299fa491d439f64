"""The agency's own pages: what is typed is kept, what is dropped becomes a certificate, others stay out."""

import pytest

from agencies import selectors, services
from agencies.models import Qualification, Scan
from core import audit
from tests.accounts import people
from tests.agencies.conftest import picture, upload

pytestmark = pytest.mark.django_db
PAGES = ["/agency/profile/", "/agency/qualifications/", "/agency/practitioners/", "/agency/services/"]


@pytest.fixture
def ana():
    return people.user("ana@example.com", name="王安娜")


@pytest.fixture
def agency(client, ana):
    client.force_login(ana)
    return people.agency(1, owner=ana)


def described(scan, **changes):
    words = {"kind": "测绘资质证书", "grade": "乙级", "number": "乙测资字13500123", "issuer": "河北省自然资源厅",
             "valid_from": "2024-01-01", "valid_until": "2029-12-31"}  # fmt: skip
    return {f"scan{scan.pk}-{name}": value for name, value in {**words, **changes}.items()}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("kind", [None, "enterprise", "department", "regulator", "operator"])
def test_only_an_agency_has_these_pages(client, settings, path, kind):
    settings.DEMO = True
    person = people.user()
    if kind:
        people.organisation(kind, 4, owner=person)
    client.force_login(person)
    assert client.get(path).status_code == 403
    assert client.post(path, {}).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_each_page_shows_what_is_missing_beside_the_form(client, agency, path):
    page = client.get(path)
    assert page.status_code == 200
    assert "让档案更完整" in page.text
    assert page.context["complete"] < 100


def test_the_profile_is_public_as_soon_as_it_is_saved(client, agency):
    client.post(
        "/agency/profile/", {"introduction": "专做环评。", "address": "新华路 88 号", "website": "qy.example.cn"}
    )
    page = client.get(f"/agencies/{agency.pk}/").text
    assert "专做环评。" in page
    assert "https://qy.example.cn" in page


@pytest.mark.parametrize("website", ["javascript:alert(1)", "data:text/html,x", "ftp://x.example", "h t t p"])
def test_a_website_is_a_web_address(client, agency, website):
    answer = client.post("/agency/profile/", {"introduction": "专做环评。", "address": "", "website": website})
    if answer.status_code != 422:
        agency.refresh_from_db()
        assert agency.website.startswith(("http://", "https://", "ftp://"))
    else:
        assert "专做环评。" in answer.text


def test_several_scans_dropped_at_once_wait_to_be_described(client, agency):
    client.post("/agency/qualifications/", {"scans": [upload(name="一.png"), upload(picture("JPEG"), "二.jpg")]})
    assert [scan.name for scan in selectors.waiting_scans(agency.pk)] == ["一.png", "二.jpg"]
    assert not Qualification.objects.exists()
    assert client.get("/agency/qualifications/").text.count("scan-card") >= 2


def test_a_bad_file_among_good_ones_costs_only_itself(client, agency):
    answer = client.post("/agency/qualifications/", {"scans": [upload(), upload(b"<svg/>", "坏.png")]})
    assert answer.status_code == 422
    assert "坏.png" in answer.text
    assert selectors.waiting_scans(agency.pk).count() == 1


def test_no_file_and_too_many_files_are_said(client, agency):
    assert "请先选择" in client.post("/agency/qualifications/", {}).text
    tiny = picture(size=(8, 8))
    answer = client.post("/agency/qualifications/", {"scans": [upload(tiny, f"{n}.png") for n in range(11)]})
    assert "一次最多拖放 10 个文件" in answer.text
    assert Scan.objects.count() == 10


def test_a_described_scan_is_public_at_once(client, agency):
    scan = dropped(agency)
    assert client.post(f"/agency/scans/{scan.pk}/complete/", described(scan)).status_code == 302
    assert "乙测资字13500123" in client.get(f"/agencies/{agency.pk}/").text
    assert selectors.facts(agency.pk).licence_kinds == {"测绘资质证书"}


@pytest.mark.parametrize(
    "changes", [{"valid_until": "2020-01-01"}, {"issuer": ""}, {"number": "\u200b"}, {"valid_from": "昨天"}]
)
def test_a_refused_description_keeps_the_scan_and_every_word(client, agency, changes):
    scan = dropped(agency)
    answer = client.post(f"/agency/scans/{scan.pk}/complete/", described(scan, **changes))
    assert answer.status_code == 422
    assert "测绘资质证书" in answer.text
    assert "乙级" in answer.text
    assert selectors.waiting_scans(agency.pk).count() == 1


def test_a_double_click_makes_one_certificate(client, agency):
    scan = dropped(agency)
    answers = [client.post(f"/agency/scans/{scan.pk}/complete/", described(scan)).status_code for _ in range(2)]
    assert answers == [302, 404]
    assert Qualification.objects.count() == 1


def test_a_discarded_scan_waits_no_longer(client, agency):
    client.post(f"/agency/scans/{dropped(agency).pk}/discard/")
    assert not selectors.waiting_scans(agency.pk).exists()


def test_another_agency_reaches_none_of_it(client, agency):
    theirs = people.agency(2)
    scan = dropped(theirs)
    person = services.add_practitioner(
        agency=theirs, name="赵工", certificate="工程师", certificate_number="1", by=audit.SYSTEM
    )
    assert client.get(f"/agency/scans/{scan.pk}/thumbnail/").status_code == 404
    assert client.post(f"/agency/scans/{scan.pk}/complete/", described(scan)).status_code == 404
    client.post(f"/agency/scans/{scan.pk}/discard/")
    client.post(f"/agency/practitioners/{person.pk}/withdraw/")
    assert selectors.waiting_scans(theirs.pk).exists()
    assert selectors.practitioners(theirs.pk).exists()


def test_a_practitioner_is_shown_without_any_identity_number(client, agency):
    words = {"name": "欧阳晓燕", "certificate": "环境影响评价工程师", "certificate_number": "HP0001", "valid_until": ""}
    client.post("/agency/practitioners/", words)
    assert "欧阳晓燕" in client.get(f"/agencies/{agency.pk}/").text
    person = selectors.practitioners(agency.pk).get()
    client.post(f"/agency/practitioners/{person.pk}/withdraw/")
    assert "欧阳晓燕" not in client.get(f"/agencies/{agency.pk}/").text


def test_a_service_is_offered_from_the_catalogue(client, agency):
    filled = {"item": "02010", "fee_note": "报告书 3 万元起", "days": "30", "conditions": "可行性研究报告"}
    assert client.post("/agency/services/", filled).status_code == 302
    (offered,) = selectors.services(agency.pk)
    assert (offered.name_zh, offered.days) == ("环境影响报告书编制", 30)
    client.post(f"/agency/services/{offered.pk}/withdraw/")
    assert not selectors.services(agency.pk).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"item": "99999"}, "99999"), ({"days": "0"}, "1"), ({"days": "１０天"}, "整数"), ({"fee_note": ""}, "必填"),
     ({"conditions": "营业执照等其他材料"}, "其他材料"), ({"fee_note": "很" * 201}, "200")],
)  # fmt: skip
def test_a_refused_service_keeps_every_word(client, agency, changes, words):
    filled = {"item": "02010", "fee_note": "报告书 3 万元起", "days": "30", "conditions": "可行性研究报告", **changes}
    answer = client.post("/agency/services/", filled)
    assert answer.status_code == 422
    assert words in answer.text
    assert not selectors.services(agency.pk).exists()


def dropped(agency):
    return services.drop_scan(agency=agency, upload=upload(picture(size=(80, 60))), by=audit.SYSTEM)
