"""Redis goes away and comes back under the cache."""

import signal

import pytest

from config import caches
from tests.chaos.stage import Redis


@pytest.fixture
def redis(tmp_path):
    server = Redis(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
def test_without_redis_the_process_remembers_for_itself_and_goes_back_to_redis(redis, monkeypatch, fault):
    monkeypatch.setattr(caches, "AWAY", 0.2)
    cache = caches.PatientCache(redis.url, {"OPTIONS": {"socket_timeout": 0.3}})
    cache.set("shared", 1)
    redis.send(fault)
    assert cache.get("shared") is None
    assert cache.add("lock", 1)
    assert not cache.add("lock", 1)
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b"]) == {"a": 1, "b": 2}
    monkeypatch.setattr(cache, "_away_until", 0.1)
    if fault == signal.SIGKILL:
        redis.start()
    else:
        redis.send(signal.SIGCONT)
    assert cache.add("lock", 1)
    assert cache.get("a") is None
