"""Telling people: the inbox of each, e-mail and text messages with their attempts, and who may read what."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core import mail
from django.utils.translation import gettext_noop, override

from accounts.actor import actor_for
from accounts.models import Membership
from core import clock, jobs, rulesets
from core.audit import By
from core.errors import Refusal
from core.models import Job
from supervision import gateway
from supervision.models import Delivery, Notice
from supervision.selectors import notices as seen
from supervision.services import notices
from supervision.services.notices import tell
from tests.accounts import people
from tests.supervision.clockwork import department

pytestmark = pytest.mark.django_db
TEXT = gettext_noop("黄牌提醒：{kind}（{title}）应在 {due} 前办结。")


@pytest.fixture(autouse=True)
def memory(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def body():
    return department()


def told(organisation, **more):
    values = {"kind": "支付款项", "title": "某项目", "due": "2026-03-02 10:00"}
    return tell(organisation_id=organisation.pk, sentence=TEXT, values=values, path="/inbox/", **more)


def test_a_notice_is_in_the_inbox_of_every_member_until_each_has_read_it(body, client):
    organisation, dora = body
    colleague = people.user("dirk@example.com")
    Membership.objects.create(user=colleague, organisation=organisation, role="member")
    notice = told(organisation)
    assert seen.unread(actor_for(dora)) == seen.unread(actor_for(colleague)) == 1
    client.force_login(dora)
    page = client.get("/inbox/").content.decode()
    assert "某项目" in page
    assert client.get(f"/inbox/{notice.pk}/").url == "/inbox/"
    assert (seen.unread(actor_for(dora)), seen.unread(actor_for(colleague))) == (0, 1)
    client.post("/inbox/read/")
    assert seen.unread(actor_for(colleague)) == 1


def test_a_notice_to_one_person_is_nobody_elses(body, client):
    organisation, dora = body
    colleague = people.user("dirk@example.com")
    Membership.objects.create(user=colleague, organisation=organisation, role="member")
    notice = told(organisation, user_id=dora.pk)
    assert seen.unread(actor_for(colleague)) == 0
    for stranger in (colleague, people.user("nora@example.com")):
        client.force_login(stranger)
        assert client.get(f"/inbox/{notice.pk}/").status_code == 404
        with pytest.raises(Refusal):
            notices.read(notice_id=notice.pk, by=actor_for(stranger).by)
        assert notices.read_all(by=actor_for(stranger).by, notice_ids=[notice.pk]) == 0
    assert seen.unread(actor_for(dora)) == 1


def test_a_notice_speaks_the_readers_language_whatever_was_spoken_when_it_was_written(body):
    with override("en"):
        notice = Notice.objects.get(pk=told(body[0]).pk)
    with override("zh-hans"):
        assert str(notice) == "黄牌提醒：支付款项（某项目）应在 2026-03-02 10:00 前办结。"


def test_braces_in_a_title_are_only_braces(body):
    notice = tell(organisation_id=body[0].pk, sentence="收到：{title}", values={"title": "{0} {x} %s"}, path="/")
    assert str(notice) == "收到：{0} {x} %s"


def test_members_get_an_e_mail_and_what_is_urgent_a_text_message(body, caplog):
    organisation, dora = body
    told(organisation)
    told(organisation, urgent=True)
    with caplog.at_level("INFO", logger="market.sms"):
        jobs.drain()
    assert [letter.to for letter in mail.outbox] == [[dora.email], [dora.email]]
    assert "http://localhost" in mail.outbox[0].body
    assert [line for line in caplog.messages if organisation.contact_phone in line]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert Delivery.objects.filter(channel="sms").count() == 1


def test_a_gateway_in_trouble_is_tried_again_and_given_up_visibly(body, settings, client):
    settings.SMS_DRIVER, settings.SMS_URL = "http", "http://127.0.0.1:9/sms"  # nobody listens
    told(body[0], urgent=True)
    moment, most = clock.now(), rulesets.current("notices")["attempts_most"]
    waits = []
    for _try in range(most + 2):
        with clock.at(moment):
            jobs.drain()
        row = Delivery.objects.get(channel="sms")
        waits.append(row.next_at - moment)
        moment += timedelta(hours=1)
    assert (row.state, row.attempts) == ("failed", most)
    assert waits[1] == waits[0] * 2
    assert row.trouble == "ConnectError"
    assert not Job.objects.filter(state="dead").exists()
    olga = people.user("olga@example.com")
    by = By(olga.pk, people.organisation("operator", 9801, olga, name="运营").pk)
    client.force_login(olga)
    assert "ConnectError" in client.get("/supervision/deliveries/?state=failed").content.decode()
    settings.SMS_DRIVER = "console"
    client.post(f"/supervision/deliveries/{row.pk}/again/")
    with clock.at(moment):
        jobs.drain()
    row.refresh_from_db()
    assert row.state == "sent"
    with pytest.raises(Refusal):
        notices.send_again(delivery_id=row.pk, by=by)


class Gateway(BaseHTTPRequestHandler):
    """A carrier: remembers what came, answers as told."""

    heard: list = []
    status = 200

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.heard.append((self.headers["Authorization"], body))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def test_the_http_driver_posts_the_message_with_its_key(settings):
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        settings.SMS_DRIVER, settings.SMS_TOKEN = "http", "secret"
        settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/sms"
        gateway.driver().send(to="13800000000", text="红牌警告", key="notice-1-1")
        assert Gateway.heard == [("Bearer secret", {"to": "13800000000", "text": "红牌警告", "key": "notice-1-1"})]
        Gateway.status = 503
        with pytest.raises(gateway.Trouble, match="HTTP 503"):
            gateway.driver().send(to="13800000000", text="红牌警告", key="notice-1-1")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_driver_there_is_not_is_trouble_not_silence(settings):
    settings.SMS_DRIVER = "pigeon"
    with pytest.raises(gateway.Trouble, match="pigeon"):
        gateway.driver()


def test_the_bell_counts_what_is_unread(body, client):
    told(body[0])
    client.force_login(body[1])
    page = client.get("/inbox/").content.decode()
    assert '<span class="top-count">1</span>' in page
    client.post("/inbox/read/")
    assert "top-count" not in client.get("/inbox/").content.decode()
