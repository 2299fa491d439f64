"""Test databases are copied from one that is made anew whenever anything it is made of has changed."""

import inspect
import os
import shutil
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from config import shipping
from config.paths import BASE
from core import clock
from tests import template


@pytest.fixture
def clone(tmp_path):
    """The sources as another clone has them."""
    for name in template.sources():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BASE / name, tmp_path / name)
    return tmp_path


def test_it_is_found_while_nothing_has_changed(clone):
    assert template.fingerprint(clone) == template.fingerprint()


@pytest.mark.parametrize(
    "name",
    [
        "accounts/migrations/0001_initial.py",
        "bidding/rulesets.toml",
        "marketplace/data/service_items.csv",
        "core/calendar_seed.py",
        "core/append_only.py",
        "config/settings.py",
    ],
)
def test_it_is_not_found_once_something_it_is_made_of_has_changed(clone, name):
    with (clone / name).open("a") as source:
        source.write("\n")
    assert template.fingerprint(clone) != template.fingerprint()


def test_it_is_not_found_with_other_packages_or_in_another_year(monkeypatch):
    found = template.fingerprint()
    with clock.at(clock.now() + timedelta(days=366)):
        assert template.fingerprint() != found
    monkeypatch.setattr(template, "distributions", list)
    assert template.fingerprint() != found


def test_every_model_and_every_migration_is_among_its_sources():
    made_of = [*apps.get_models(), *map(type, MigrationLoader(None).disk_migrations.values())]
    files = [Path(inspect.getfile(one)) for one in made_of]
    ours = {path.relative_to(BASE).as_posix() for path in files if path.is_relative_to(BASE)}
    assert len(ours) > 50
    assert ours <= set(template.sources())


@pytest.mark.django_db
def test_every_file_that_shipping_reads_is_among_its_sources():
    read, listening = set(), True
    sys.addaudithook(lambda event, given: read.add(str(given[0])) if listening and event == "open" else None)
    shipping.ship()
    listening = False  # a hook stays for good
    ours = {Path(path).relative_to(BASE).as_posix() for path in read if Path(path).is_relative_to(BASE)}
    ours = {name for name in ours if not name.startswith(".venv/") and not name.endswith(".pyc")}
    assert {"bidding/rulesets.toml", "accounts/data/regions.csv"} <= ours <= set(template.sources())


def test_what_was_changed_while_it_was_made_is_not_kept(monkeypatch, tmp_path):
    marks, programs = iter(["before", "after"]), []
    monkeypatch.setattr(template, "KEPT", tmp_path)
    monkeypatch.setattr(template, "fingerprint", lambda: next(marks))
    monkeypatch.setattr(template.subprocess, "run", lambda command, **_options: programs.append(command[1:]))
    template.fill("postgresql://nowhere/")
    assert programs == [["-m", "tests.template"]]


def test_a_server_gets_it_once_whoever_else_comes_for_it(monkeypatch):
    monkeypatch.setattr(template, "_fill", lambda url: pytest.fail(f"{url} is filled again"))
    template.put_on(os.environ["MARKET_EMBEDDED_URL"])
