"""Channel layers that do what a channel layer may: lose notes, double them, bring them late and in another order."""

import asyncio
import random

from channels.layers import InMemoryChannelLayer
from channels_redis.core import RedisChannelLayer
from redis.exceptions import RedisError


class Lossy:
    """Mixed into a layer. `harm` is the share of notes that something happens to; 0 is the layer as it is."""

    harm = 0.0
    latest = 1.5  # seconds

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rng = random.Random()
        self.counts = {"lost": 0, "doubled": 0, "late": 0, "whole": 0}
        self._late = set()

    async def group_send(self, group, message):
        what = self.rng.choice(("lost", "doubled", "late")) if self.rng.random() < self.harm else "whole"
        self.counts[what] += 1
        if what == "late":
            self._later(group, message)
        elif what != "lost":
            await super().group_send(group, message)
        if what == "doubled":
            self._later(group, message)

    def _later(self, group, message):
        task = asyncio.get_running_loop().create_task(self._send_late(group, dict(message)))
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _send_late(self, group, message):
        await asyncio.sleep(self.rng.uniform(0, self.latest))
        try:
            await super().group_send(group, message)
        except (OSError, RedisError):  # the layer is gone
            self.counts["lost"] += 1


class LossyLayer(Lossy, InMemoryChannelLayer):
    """For one process."""


class LossyRedisLayer(Lossy, RedisChannelLayer):
    """For several processes."""
