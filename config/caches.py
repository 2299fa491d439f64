"""The cache of several processes: Redis, and while it is away this process's own memory.

What is cached can be made again and limits on attempts may be counted for each process for a while; signing in and
looking at pages must not wait for Redis, nor fail without it.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger("market.server")
AWAY = 2.0  # seconds until it is tried again


class PatientCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._near = LocMemCache("while-redis-is-away", params)
        self._away_until = 0.0

    def _call(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                answer = getattr(super(), verb)(*args, **kwargs)
            except (OSError, RedisError) as fault:
                self._lose(fault)
            else:
                self._away_until = 0.0
                return answer
        return getattr(self._near, verb)(*args, **kwargs)

    def _lose(self, fault: Exception) -> None:
        if not self._away_until:
            log.warning("the cache is away, this process remembers for itself: %s", fault)
            self._near.clear()
        self._away_until = time.monotonic() + AWAY


def _verb(name: str) -> Callable[..., Any]:
    def call(self: PatientCache, *args: Any, **kwargs: Any) -> Any:
        return self._call(name, *args, **kwargs)

    return call


VERBS = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear")
for _name in VERBS:
    setattr(PatientCache, _name, _verb(_name))
