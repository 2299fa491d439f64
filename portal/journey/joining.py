"""Part 1: two agencies, a newcomer without services, and an enterprise come through the public doors."""

from portal.journey import papers
from portal.journey.browser import Browser, Page, Wrong
from portal.journey.walk import Walk, expect

PASSWORD = "correct horse battery 9"  # noqa: S105 - of people invented for this walk
ITEM = "02015"  # no licence needed


def join(walk: Walk) -> None:
    with walk.step("服务正常", "the server is up and ready"):
        walk.browser("anyone").get("/healthz")
        walk.browser("anyone").get("/readyz")
        walk.browser("anyone").get("/")
    _first_agency(walk)
    with walk.step("第二、三家机构登记", "two more agencies join"):
        _register(walk, "tom", "agency", name=_named("北京旅程工程咨询", walk), start="91110000MA", region="110000")
        _register(walk, "cat", "agency", name=_named("天津旅程技术服务", walk), start="Y1120000MA", region="120000")
        _offer(walk.browser("tom"))
    with walk.step("企业登记", "an enterprise joins"):
        _register(walk, "bea", "enterprise", name=_named("廊坊旅程制造", walk), start="91131003MA", region="131003")


def _first_agency(walk: Walk) -> None:
    ana, name = walk.browser("ana"), f"廊坊旅程环境咨询{walk.tag}有限公司"
    with walk.step("信用代码写错一位：拒绝且不丢内容", "a wrong credit code is refused, nothing typed is lost"):
        page = ana.get("/join/agency/")
        code = papers.wrong_code(papers.credit_code("N2131003MA"))
        values = _identity(walk, "ana", name=name, code=code, region="131003")
        page = ana.submit(page, page.form(having="credit_code"), values, status=422)
        page.must_say(name, "校验码")
    with walk.step("机构登记，代码含字母，即时生效", "an agency joins, letters in its code, live at once"):
        _register(walk, "ana", "agency", name=name, start="N2131003MA", region="131003")
        walk.browser("anyone").get(f"/agencies/?q={name}").must_say(name)
    with walk.step("完善简介与服务", "profile and a service from the catalogue"):
        page = ana.get("/agency/profile/")
        values = {"introduction": "从事土壤与环境调查二十年。", "address": "广阳区和平路 12 号"}
        ana.submit(page, page.form(action="/agency/profile/", having="introduction"), values)
        _offer(ana)
    with walk.step("拖放证书扫描件并公示", "a certificate scan is dropped and shown"):
        _certify(walk, ana)
    with walk.step("添加执业人员", "a practitioner is added"):
        page = ana.get("/agency/practitioners/")
        values = {"name": "沈明远", "certificate": "环境影响评价工程师", "certificate_number": "0035001"}
        ana.submit(page, page.form(having="certificate"), values).must_say("沈明远")


def _register(walk: Walk, who: str, kind: str, *, name: str, start: str, region: str) -> Page:
    browser = walk.browser(who)
    page = browser.get(f"/join/{kind}/")
    code = papers.credit_code(start)
    done = browser.submit(
        page, page.form(having="credit_code"), _identity(walk, who, name=name, code=code, region=region)
    )
    expect(done.path, "/agency/profile/" if kind == "agency" else "/desk/", "where registration ends")
    walk.known[f"{who}.name"] = name
    return done


def _named(stem: str, walk: Walk) -> str:
    return f"{stem}{walk.tag}有限公司"


def _identity(walk: Walk, who: str, *, name: str, code: str, region: str) -> dict[str, str]:
    return {
        "email": f"{who}.{walk.tag}@journey.example",
        "password": PASSWORD,
        "name": name,
        "credit_code": code,
        "region": region,
        "contact_name": "旅程联系人",
        "contact_phone": "0316-2051234",
        "commitment": "on",
    }


def _offer(browser: Browser) -> None:
    page = browser.get("/agency/services/")
    values = {"item": ITEM, "fee_note": "1.5 万元起，按点位计价", "days": "20", "conditions": "提供总平面图。"}
    browser.submit(page, page.form(having="fee_note"), values).must_say("1.5 万元起")


def _certify(walk: Walk, browser: Browser) -> None:
    page = browser.get("/agency/qualifications/")
    upload = {"scans": ("证书.jpg", papers.scan(), "image/jpeg")}
    page = browser.submit(page, page.form(action="/agency/qualifications/"), files=upload)
    form = page.form(action="/complete/")
    prefix = next(name for name in form.names() if name.endswith("-kind")).removesuffix("-kind")
    words = {"kind": "检验检测机构资质认定（CMA）", "grade": "", "number": "CMA-0001", "issuer": "河北省市场监督管理局",
             "valid_from": "2025-01-01", "valid_until": "2035-12-31"}  # fmt: skip
    page = browser.submit(page, form, {f"{prefix}-{name}": value for name, value in words.items()})
    image = page.find(r'"(/agencies/\d+/qualifications/\d+/)(?:image|thumbnail)/')
    walk.known["ana.pk"] = image.split("/")[2]
    anyone = walk.browser("anyone")
    shown = anyone.raw(f"{image}image/")
    expect(shown.headers["content-type"], "image/jpeg", "the public picture")
    if b"SECRET-PLACE" in shown.content:
        raise Wrong("the public picture still carries metadata")
    anyone.raw(f"{image}thumbnail/")
    anyone.raw(f"{image}original/", status=404)
    browser.raw(f"{image}original/")
