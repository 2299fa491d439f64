"""The platform's key."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError

from bidding import keyring, keys
from bidding.models.log import SigningKey
from bidding.threads import in_thread


def test_those_who_start_together_share_one_key(tmp_path, settings):
    settings.SIGNING_KEY, settings.SIGNING_KEY_FILE = "", tmp_path / "data" / "signing.key"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keys.signing_key.__wrapped__(), range(8)))
    assert len({keys.public_bytes(key.public_key()) for key in made}) == 1
    assert [path.name for path in settings.SIGNING_KEY_FILE.parent.iterdir()] == ["signing.key"]
    assert settings.SIGNING_KEY_FILE.stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db(transaction=True)
async def test_a_process_writes_its_key_down_before_its_first_bid_as_soon_as_it_can(monkeypatch):
    real, faults = keyring.note, [OperationalError("away")]

    def away():
        if faults:
            raise faults.pop()
        real()

    monkeypatch.setattr(keyring, "note", away)
    monkeypatch.setattr(keyring, "PAUSE", 0)
    monkeypatch.setattr(keyring, "_noted", set())
    await keyring.at_start()
    assert keys.key_id() in await in_thread(keyring.trusted)
    assert await SigningKey.objects.filter(key_id=keys.key_id()).aexists()
