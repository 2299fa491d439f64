"""What the public finds: the directory with its filters and exports, an agency's page, scans by role."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from accounts.models import Region
from agencies import selectors, services
from agencies.facts import CatalogueRef
from core import audit, clock
from tests.accounts import people
from tests.agencies.conftest import upload

pytestmark = pytest.mark.django_db
EIA = CatalogueRef("02010", "环境影响报告书编制", "EIA report", "")
CMA = "检验检测机构资质认定（CMA）"
TEST = CatalogueRef("02014", "竣工环保验收监测", "Environmental acceptance monitoring", CMA)


def offer(agency, item=EIA):
    return services.offer_service(
        agency=agency, item=item, fee_note="2 万元起", days=20, conditions="", by=audit.SYSTEM
    )


def certify(agency, kind=CMA, days=400):
    today = selectors.local_day()
    return services.add_qualification(
        agency=agency, kind=kind, grade="甲级", number="180312341234", issuer="河北省市场监督管理局",
        valid_from=date(2020, 1, 1), valid_until=today + timedelta(days=days), scan=upload(), by=audit.SYSTEM,
    )  # fmt: skip


def names(client, query=""):
    page = client.get(f"/agencies/{query}")
    assert page.status_code == 200
    return [row.organisation.name for row in page.context["page_obj"]]


def test_an_empty_directory_opens_the_door(client):
    assert "登记第一家机构" in client.get("/agencies/").text


@pytest.fixture
def three():
    first = people.agency(1, name="廊坊清源环境咨询有限公司", region="131003")
    second = people.agency(2, name="济南岱岳检测有限公司", region="370100")
    third = people.agency(3, name="固安恒测绘有限公司", region="131022")
    offer(first)
    offer(second, TEST)
    certify(second)
    certify(third, "测绘资质证书", days=-1)
    for agency, score, grade in ((first, "81.00", "B"), (second, "96.50", "A")):
        services.set_score(agency_id=agency.pk, score=score, grade=grade, rules_ref="ratings@1", at=clock.now())
    return first, second, third


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "济清固"), ("?sort=name", "固济清"), ("?sort=newest", "固济清"), ("?q=清源", "清"), ("?item=02010", "清"),
        ("?region=131000", "清固"), ("?region=130000", "清固"), ("?region=370100", "济"), ("?grade=A", "济"),
        ("?grade=none", "固"), ("?licensed=on", "济"), ("?q=没有这样的", ""), ("?region=131000&grade=B", "清"),
        ("?page=99", "济清固"), ("?page=x", "济清固"), ("?sort=evil;drop", "济清固"), ("?region=' OR 1=1", "济清固"),
        ("?item=99999", "济清固"), ("?grade=Z", "济清固"), ("?q=%00", "济清固"), ("?licensed=maybe", "济"),
    ],
)  # fmt: skip
def test_filters_live_in_the_address(client, three, query, found):
    short = dict(zip((a.organisation.name for a in three), "清济固", strict=True))
    assert "".join(sorted(short[name] for name in names(client, query))) == "".join(sorted(found))


def test_the_best_score_comes_first_and_the_unrated_last(client, three):
    assert [name[:2] for name in names(client)] == ["济南", "廊坊", "固安"]


def test_a_code_finds_its_agency(client, three):
    assert names(client, f"?q={people.code(2).lower()}") == ["济南岱岳检测有限公司"]


def test_the_list_is_taken_along_as_filtered(client, three):
    lines = client.get("/agencies/?region=131000&export=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "廊坊市广阳区" in lines[1]
    sheet = load_workbook(io.BytesIO(client.get("/agencies/?export=xlsx").content)).active
    assert sheet.max_row == 4


@pytest.mark.parametrize("path", ["/agencies/", "/agencies/?export=csv"])
def test_the_directory_asks_the_database_as_often_for_one_row_as_for_twenty(
    client, django_assert_max_num_queries, path
):
    counts = []
    for numbers in (range(1, 2), range(2, 21)):
        for number in numbers:
            offer(people.agency(number))
        with django_assert_max_num_queries(12) as seen:
            client.get(path)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_agencys_page_asks_as_often_with_much_as_with_little(client, django_assert_max_num_queries):
    counts = []
    agency = people.agency()
    for number in (1, 12):
        for n in range(number):
            offer(agency, CatalogueRef(f"0{number}{n:03}", "事项", "item", CMA))
            certify(agency, f"{CMA}{n}")
            services.add_practitioner(
                agency=agency, name="赵工", certificate="工程师", certificate_number="1", by=audit.SYSTEM
            )
        with django_assert_max_num_queries(12) as seen:
            client.get(f"/agencies/{agency.pk}/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_new_agency_is_shown_as_registered_and_unscored(client):
    page = client.get(f"/agencies/{people.agency().pk}/").text
    for words in ("已登记", "新入驻，暂无评分", "承诺", people.code(1), "/credit/"):
        assert words in page
    assert "0316" not in page
    assert "王安娜" not in page


def test_a_service_without_its_licence_says_so_until_the_licence_is_there(client):
    agency = people.agency()
    offer(agency, TEST)
    assert "需要资质" in client.get(f"/agencies/{agency.pk}/").text
    certify(agency)
    page = client.get(f"/agencies/{agency.pk}/").text
    assert "需要资质" not in page
    assert "资质有效" in page


@pytest.mark.parametrize(("days", "words"), [(61, "有效期内"), (60, "即将到期"), (0, "即将到期"), (-1, "已过期")])
def test_two_months_before_its_end_a_certificate_is_shown_as_expiring(client, days, words):
    agency = people.agency()
    certify(agency, days=days)
    shown = client.get(f"/agencies/{agency.pk}/").context["qualifications"]
    assert [str(paper.validity_label) for paper in shown] == [words]


def test_a_restriction_in_force_is_shown_with_its_ground_and_end(client):
    agency = people.agency()
    now = clock.now()
    services.restrict(agency_id=agency.pk, kind="suspended", starts_at=now - timedelta(days=1),
                      ends_at=now + timedelta(days=90), ground="逾期未整改", source="/notices/7/")  # fmt: skip
    page = client.get(f"/agencies/{agency.pk}/").text
    assert "已暂停" in page
    assert "逾期未整改" in page
    assert "/notices/7/" in page


def test_what_an_agency_writes_is_words_and_never_markup(client):
    agency = people.agency(name="<script>alert(1)</script>公司")
    services.update_profile(
        agency=agency, introduction="<img src=x onerror=alert(1)>", website="", address="<b>", by=audit.SYSTEM
    )
    page = client.get(f"/agencies/{agency.pk}/").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("path", ["/agencies/999999/", "/agencies/1/qualifications/1/image/"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


ROLES = {
    "stranger": (200, 200, 404), "nora": (200, 200, 404), "enterprise": (200, 200, 404), "department": (200, 200, 404),
    "other agency": (200, 200, 404), "own agency": (200, 200, 200), "regulator": (200, 200, 200),
    "operator": (200, 200, 200),
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_which_copy_of_a_scan(client, settings, role):
    settings.DEMO = True
    ana = people.user("ana@example.com")
    paper = certify(people.agency(1, owner=ana))
    sign_in(client, role, ana)
    base = f"/agencies/{paper.agency_id}/qualifications/{paper.pk}"
    answers = [fetched(client, f"{base}/{copy}/") for copy in ("image", "thumbnail", "original")]
    assert tuple(answer.status_code for answer in answers) == ROLES[role]
    for answer in answers[:2]:
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
    if ROLES[role][2] == 200:
        assert answers[2]["Cache-Control"] == "private, no-store"


def test_a_withdrawn_certificate_is_gone_for_the_public_and_kept_for_its_people(client):
    ana = people.user("ana@example.com")
    paper = certify(agency := people.agency(1, owner=ana))
    services.withdraw_qualification(qualification_id=paper.pk, agency=agency, by=audit.SYSTEM)
    base = f"/agencies/{agency.pk}/qualifications/{paper.pk}"
    assert client.get(f"{base}/image/").status_code == 404
    client.force_login(ana)
    assert fetched(client, f"{base}/original/").status_code == 200


def test_a_scan_is_not_found_under_another_agencys_address(client):
    ana = people.user("ana@example.com")
    mine = people.agency(1, owner=ana)
    theirs = certify(people.agency(2))
    client.force_login(ana)
    for copy in ("image", "original"):
        assert client.get(f"/agencies/{mine.pk}/qualifications/{theirs.pk}/{copy}/").status_code == 404


def sign_in(client, role, ana):
    if role == "own agency":
        client.force_login(ana)
    elif role != "stranger":
        person = people.user("someone@example.com")
        client.force_login(person)
        if role == "other agency":
            people.agency(2, owner=person)
        elif role != "nora":
            people.organisation(role, 3, owner=person)


def fetched(client, path):
    return client.get(path)


def test_every_region_shipped_stands_under_its_parent():
    assert Region.objects.get(pk="131003").place == "廊坊市广阳区"
    assert Region.objects.get(pk="131000").reach == "1310"
    assert not [r for r in Region.objects.exclude(parent=None) if not r.code.startswith(r.parent.reach)]
