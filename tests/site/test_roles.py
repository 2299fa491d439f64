"""Who reaches what, everywhere: every address and every socket command with every role, against the table in roles.py;
and that nothing which leaves the platform before a close tells who takes part.
"""

import io
import json
import logging
import re
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from bidding import selectors as bidding
from bidding import threads
from bidding.consumers import _COMMANDS
from core.models import Job
from tests import database
from tests.bidding.sockets import Client as Socket
from tests.bidding.sockets import session_of
from tests.site import city as city_of
from tests.site.answers import ROLES, Row
from tests.site.city import City
from tests.site.roles import DOORS, PERSONAL, SOCKET, TABLE

pytestmark = pytest.mark.django_db  # the city is committed; what a test writes goes with the test
SIGN_IN = "/account/login/"
VERBS = ("get", "post")
# Lists what is live and, apart from it, whom the regulator inspects: neither says anything about the other.
APART = {("regulator", "get portal:desk")}
# Parts of addresses that are checked as a group.
ANYTHING = {"app_label": "accounts", "key": "a-b", "uidb36": "1", "url": "x"}


@dataclass(frozen=True)
class Seen:
    """What left the platform: to whom, from where, the bytes; and the answer as the table says it."""

    role: str
    place: str
    answer: str
    body: bytes
    names: bool = False


class Walk:
    """The city with everybody's session, and everything anybody was given while walking it."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.client = Client()
        self.sessions = {role: session_of(user) for role, user in city.users.items() if user}
        self.seen: dict[tuple[str, str, str], Seen] = {}
        self.lines: list[str] = []
        self.recorded = recorded()

    def client_of(self, role: str) -> Client:
        """The browser, fresh, as this role: what a page left in it is not taken to the next."""
        self.client.cookies.clear()
        if role in self.sessions:
            self.client.cookies[configured.SESSION_COOKIE_NAME] = self.sessions[role].session_key
        return self.client

    def address(self, row: Row) -> str:
        if row.path:
            return row.path
        parts = dict(part.split("=", 1) for part in row.place.split())
        return reverse(row.view, kwargs={name: self.city.ids.get(word, word) for name, word in parts.items()})

    def visit(self, row: Row, role: str, verb: str) -> str:
        """The answer in the table's words. What was written is taken back; nothing may be behind a refusal."""
        key = (str(row), role, verb)
        if key not in self.seen:
            self.seen[key] = self._visit(row, role, verb)
        return self.seen[key].answer

    def _visit(self, row: Row, role: str, verb: str) -> Seen:
        data = {self._word(name): self._value(value) for name, value in row.data.items()} if verb == "post" else {}
        with transaction.atomic():
            answer = getattr(self.client_of(role), verb)(self.address(row), data, HTTP_ACCEPT="application/json")
            body = answer.getvalue()  # reading a file to its end closes it
            changed = recorded() > self.recorded
            transaction.set_rollback(True)
        said = told(answer, body, changed=changed)
        assert not changed or said == "done", f"{role} was answered {said} at {row}, and yet something was recorded"
        return Seen(role, f"{verb} {row}", said, body, row.names)

    def _word(self, name: str) -> str:
        return name.replace("scan=scan", f"scan{self.city.ids['scan']}")

    def _value(self, value: object) -> object:
        if callable(value):
            return value()
        if value == "=next_bid":
            return bidding.snapshot(self.city.ids["live"])["next_max"]
        return self.city.ids[value[1:]] if isinstance(value, str) and value.startswith("=") else value


def recorded() -> int:
    """How many lines the audit trail has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditentry")
        return cursor.fetchone()[0]


def told(answer, body: bytes, *, changed: bool) -> str:
    """An answer in the table's words."""
    if answer.status_code == 302:
        if answer.url.startswith(SIGN_IN):
            return "sign-in"
        return "done" if changed else "302"
    if answer.status_code >= 400 and answer.headers.get("Content-Type") == "application/json":
        return f"{answer.status_code} {json.loads(body).get('code', '')}".strip()
    return str(answer.status_code)


class Lines(logging.Handler):
    """Keeps what our loggers write, with tracebacks."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker) -> Iterator[Walk]:
    """One city for all rows; papers are their own data, so that what a PDF would say can be read."""
    market = logging.getLogger("market")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.images.watermarked", lambda picture, _text: picture)
        patch.setattr("core.papers.render", lambda paper: json.dumps(paper.data, ensure_ascii=False).encode())
        patch.setattr(configured, "DEMO", True)  # supervisors without a second factor
        patch.setattr(market, "level", logging.DEBUG)
        with transaction.atomic():
            made = Walk(city_of.build())
            Job.objects.filter(state=Job.State.WAITING).delete()  # nobody works here: they would count as stuck
        handler = Lines(made.lines)
        market.addHandler(handler)
        yield made
        market.removeHandler(handler)
        threads.close_all()
        database.restore()


@pytest.fixture(autouse=True)
def _no_memory_between_rows() -> Iterator[None]:
    cache.clear()
    yield
    threads.close_all()


def patterns(resolver=None, space: str = "", before: frozenset[str] = frozenset()) -> Iterator[tuple[str, set[str]]]:
    """Every address there is: its name with its room, and the parts it takes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        parts = before | pattern.pattern.regex.groupindex.keys()
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or ''}", {*parts}
        else:
            yield from patterns(pattern, f"{pattern.namespace}:" if pattern.namespace else space, parts)


def others(chosen) -> list[Row]:
    """Rows for addresses that are checked as a group: any values for their parts."""
    named = {name: parts for name, parts in patterns() if chosen(name)}
    return [
        Row(name, "", {}, {}, path=reverse(name, kwargs={part: ANYTHING.get(part, "1") for part in parts}))
        for name, parts in sorted(named.items())
    ]


def admin() -> list[Row]:
    """The admin's addresses; signing in is done elsewhere, so its own door is no page for anybody."""
    rows = others(lambda name: name.startswith("admin:") and name not in ("admin:", "admin:login"))
    return [*rows, Row("admin:", "", {}, {}, path="/operator/admin/nothing-there/")]


def test_every_address_and_every_command_is_in_the_table():
    known = {row.view for row in TABLE} | {*PERSONAL, *DOORS}
    missing = sorted({name for name, _parts in patterns() if name not in known and not name.startswith("admin:")})
    assert not missing, (
        f"Who may open {', '.join(missing)}? Add a row for each to its room in tests/site/rows that says what every "
        "role is answered on GET and on POST. If a row needs something the city does not have, tests/site/city.py "
        "builds it."
    )
    unheard = sorted({"connect", *_COMMANDS} - {command for command, _place in SOCKET})
    assert not unheard, f"Who may send {', '.join(unheard)}? Add what each role is answered to SOCKET in roles.py."


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_every_address_answers_every_role_as_stated(walk, row, verb):
    assert {role: walk.visit(row, role, verb) for role in ROLES} == getattr(row, verb)


@pytest.mark.parametrize("verb", VERBS)
def test_the_admin_is_the_operator_s(walk, verb):
    for row in admin():
        said = {role: walk.visit(row, role, verb) for role in ROLES}
        assert said.pop("operator") != "403 access.not_yours", row
        assert said.pop("outsider") in ("sign-in", "302"), row
        assert set(said.values()) == {"403 access.not_yours"}, row


@pytest.mark.parametrize("verb", VERBS)
def test_pages_about_one_s_account_ask_strangers_to_sign_in(walk, verb):
    for row in others(PERSONAL.__contains__):
        assert walk.visit(row, "outsider", verb) == "sign-in", row
        assert walk.visit(row, "nobody", verb) in ("200", "302", "400", "403", "404", "405"), row
    for row in others(DOORS.__contains__):
        assert walk.visit(row, "outsider", verb) in ("200", "302", "400", "404", "405", "sign-in"), row


class Listener(Socket):
    """A browser's end of the socket that remembers what it heard."""

    def __init__(self, walk: Walk, role: str, competition_id: int) -> None:
        user = walk.city.users[role] or AnonymousUser()
        super().__init__(f"/ws/competitions/{competition_id}/", user, walk.sessions.get(role) or SessionStore())
        self.heard: list[str] = []

    async def frame(self, *types):
        while True:
            self.heard.append((await self.receive_output(5))["text"])
            frame = json.loads(self.heard[-1])
            if frame["type"] in types:
                return frame

    async def answer(self, command: str) -> str:
        """The answer to a command in the table's words."""
        if code := await self.connect():
            return f"closed {code}"
        hello = await self.frame("hello")
        if command == "connect":
            return f"hello {hello['role']}"
        amount = hello["snapshot"]["next_max"] or "1.00"
        asked = {"ref": uuid.uuid4().hex, "amount": amount}
        more = {"bid": asked, "floor": asked, "replay": {"from": 1}, "ping": {"t": 1}}
        await self.command(type=command, **more.get(command, {}))
        frame = await self.frame(
            "refused", "receipt", "my_floor", *(("events",) if command == "replay" else ()), "pong"
        )
        return f"{frame['type']} {frame.get('code', '')}".strip()


@pytest.mark.parametrize(("command", "place"), SOCKET, ids=" ".join)
async def test_every_command_answers_every_role_as_stated(walk, command, place):
    said = {}
    for role in ROLES:
        listener = Listener(walk, role, walk.city.ids.get(place, 987654321))
        said[role] = await listener.answer(command)
        await listener.disconnect()
        if place != "closed":
            heard = "\n".join(listener.heard).encode()
            assert not told_early(walk.city, Seen(role, f"{command} {place}", said[role], heard))
    assert said == SOCKET[command, place]


def told_early(city: City, seen: Seen) -> list[str]:
    """Secrets in what somebody was given who may not have them."""
    text = in_words(seen.body)
    if seen.names:  # agencies are what the page is about; what they take part in is not
        return [word for word in (f"/competitions/{city.ids['live']}/", city.ids["live_title"]) if word in text]
    return [secret for secret, whose in city.secrets if whose != seen.role and secret in text]


def in_words(body: bytes) -> str:
    """All that can be read in a page, JSON however it is escaped, or a workbook."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in book.namelist())
    text = body.decode("utf-8", "ignore")
    return text + re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text)


def test_the_net_has_no_holes(walk):
    name = walk.city.agencies["bidder"].organisation.name
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as made:
        made.writestr("xl/sharedStrings.xml", name)
    for body in (f"<b>{name}</b>".encode(), json.dumps({"by": name}).encode(), book.getvalue()):
        assert told_early(walk.city, Seen("agency", "", "200", body)) == [name]
        assert not told_early(walk.city, Seen("bidder", "", "200", body))
        assert not told_early(walk.city, Seen("agency", "", "200", body, names=True))


def test_before_the_close_nothing_tells_who_takes_part(walk):
    for row in TABLE:
        for role, verb in product(ROLES, VERBS):
            walk.visit(row, role, verb)
    found = {
        (seen.role, seen.place): early
        for seen in walk.seen.values()
        if "admin" not in seen.place and (seen.role, seen.place) not in APART and (early := told_early(walk.city, seen))
    }
    assert not found
    lines = Seen("", "log", "", "\n".join(walk.lines).encode())
    assert walk.lines
    assert not told_early(walk.city, lines)
