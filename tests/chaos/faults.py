"""What breaks in a round, when, and how long it takes until things are as before."""

import asyncio
import signal
import time
from dataclasses import dataclass

WEB, FREEZE, DATABASE, REDIS, REDIS_FREEZE, MACHINE = (
    "web worker killed", "web worker frozen", "PostgreSQL crashed", "Redis killed", "Redis frozen", "machine crashed"
)  # fmt: skip
TWO_WORKERS = {WEB: 8, DATABASE: 5, REDIS: 5, FREEZE: 2, REDIS_FREEZE: 1}
EMBEDDED = {WEB: 4, MACHINE: 2, FREEZE: 1}


@dataclass
class Fault:
    kind: str
    at: float  # seconds after the round began
    worker: int
    pause: float  # seconds until somebody starts it again
    struck: float = 0.0
    recovered: float = 0.0

    @property
    def took(self):
        return self.recovered - self.struck


def plan(rng, kinds, workers, seconds):
    """One to three faults at random moments; every third is within half a second of the end."""
    chosen = rng.choices(list(kinds), list(kinds.values()), k=rng.choice((1, 2, 2, 3)))
    return [
        Fault(
            kind,
            seconds + rng.uniform(-0.5, 0.5) if rng.random() < 1 / 3 else rng.uniform(0.2, seconds),
            rng.randrange(workers),
            rng.uniform(0.05, 0.6),
        )
        for kind in chosen
    ]


class Breaker:
    """Carries out a plan. A thing that is already broken is broken once."""

    def __init__(self, stage, crowd, began):
        self.stage, self.crowd, self.began = stage, crowd, began
        self._locks = {}

    async def carry_out(self, faults):
        await asyncio.gather(*(self._strike(fault) for fault in faults))

    async def _strike(self, fault):
        await asyncio.sleep(max(0.0, self.began + fault.at - time.time()))
        what, work = self._work(fault)
        async with self._locks.setdefault(what, asyncio.Lock()):
            await work(fault)

    def _work(self, fault):
        worker = self.stage.workers[fault.worker]
        return {
            WEB: (("web", worker.port), self._kill_worker),
            FREEZE: (("web", worker.port), self._freeze_worker),
            DATABASE: (("database",), self._crash_database),
            REDIS: (("redis",), self._kill_redis),
            REDIS_FREEZE: (("redis",), self._freeze_redis),
            MACHINE: (("web", worker.port), self._crash_machine),
        }[fault.kind]

    async def _kill_worker(self, fault):
        worker = self.stage.workers[fault.worker]
        worker.up.clear()
        fault.struck = time.time()
        await self.stage.nursery.send(worker, signal.SIGKILL)
        await asyncio.sleep(fault.pause)
        await self.stage.start(worker)
        await self._until(self.crowd.everybody_in, fault)

    async def _freeze_worker(self, fault):
        worker = self.stage.workers[fault.worker]
        fault.struck = time.time()
        await self.stage.nursery.send(worker, signal.SIGSTOP)
        await asyncio.sleep(fault.pause * 4)
        await self.stage.nursery.send(worker, signal.SIGCONT)
        await self._until(self.crowd.everybody_in, fault)

    async def _crash_database(self, fault):
        fault.struck = time.time()
        await asyncio.to_thread(self.stage.database.crash)
        down = time.time()
        await asyncio.to_thread(self.stage.database.start)
        await self._until(lambda: any(at > down for at, _ in self.crowd.receipts[-20:]), fault)

    async def _kill_redis(self, fault):
        fault.struck = time.time()
        self.stage.redis.send(signal.SIGKILL)
        await asyncio.sleep(fault.pause * 3)
        await asyncio.to_thread(self.stage.redis.start)
        fault.recovered = time.time()

    async def _freeze_redis(self, fault):
        fault.struck = time.time()
        self.stage.redis.send(signal.SIGSTOP)
        await asyncio.sleep(fault.pause * 3)
        self.stage.redis.send(signal.SIGCONT)
        fault.recovered = time.time()

    async def _crash_machine(self, fault):
        """As a power cut: the process and its database at the same moment."""
        worker = self.stage.workers[fault.worker]
        worker.up.clear()
        fault.struck = time.time()
        await self.stage.nursery.send(worker, signal.SIGKILL)
        await asyncio.to_thread(self.stage.database.crash)
        await asyncio.sleep(fault.pause)
        await self.stage.start(worker)
        await self._until(self.crowd.everybody_in, fault)

    async def _until(self, recovered, fault):
        """Wait until it is so, or the competition is over, when nobody needs it any more."""
        while not recovered():
            if time.time() > self.crowd.ends_at + 1:
                return
            await asyncio.sleep(0.02)
        fault.recovered = time.time()
