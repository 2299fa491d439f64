"""The books under fire: many connections post at random while connections, processes and the server itself are killed.

    python -m tests.payments.fire [OPERATIONS] [SEED]      (default 100000 operations on a server of its own)

Each worker's operations are drawn from the seed, so that one who died is told apart from one who never began: it is
started again and takes up the operation it had no answer for, with the same key. At the end every operation has an
answer, and the books must hold exactly those that were answered "posted": nothing lost, nothing doubled, nothing
overdrawn, everything balanced.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

CONNECTIONS = 8
POSTED, REFUSED = "posted", "refused"
KINDS = ("escrow_held", "escrow_frozen", "agency_due")
ROOT = Path(__file__).resolve().parents[2]


class CrashError(Exception):
    """The worker's own end in the middle of a transaction."""


class World:
    """The accounts everybody fights over: some may not be negative, one may, one is where money comes from."""

    def __init__(self) -> None:
        from payments import ledger

        self.source = ledger.account("platform_fee", None, "fire")  # may go below zero: where money comes from
        self.cash = ledger.account("provider_cash", None, "fire")
        self.pots = [ledger.account(kind, None, f"fire:{number}") for kind in KINDS for number in range(6)]

    @property
    def everything(self):
        return [self.source, self.cash, *self.pots]


class Operation:
    """What worker `worker` does as its `number`th thing: one transaction of one to three transfers."""

    def __init__(self, world: World, seed: int, worker: int, number: int) -> None:
        self.chance = random.Random(f"{seed}:{worker}:{number}")
        self.key = f"fire:{seed}:{worker}:{number}"
        self.world = world
        self.transfers = [self._lines() for _ in range(self.chance.choice((1, 1, 1, 2, 3)))]
        self.dies = self.chance.random() < 0.05

    def _lines(self):
        """Two or three accounts; a third of the time money comes in, so that there is something to fight over."""
        amount = Decimal(self.chance.randint(1, 50_000)) / 100
        if self.chance.random() < 0.34:
            return [(self.chance.choice(self.world.pots), -amount), (self.world.source, amount)]
        accounts = self.chance.sample(self.world.everything, self.chance.choice((2, 2, 3)))
        first, *others = accounts
        parts = [amount] if len(others) == 1 else [amount / 2, amount - (amount / 2).quantize(Decimal("0.01"))]
        parts = [part.quantize(Decimal("0.01")) for part in parts]
        sign = self.chance.choice((1, -1))
        lines = [(row, -sign * part) for row, part in zip(others, parts, strict=True) if part]
        return [(first, -sum((part for _, part in lines), Decimal(0))), *lines]

    def perform(self, *, may_die: bool) -> str:
        """Post everything in one transaction; "refused" when one of the transfers was. Dies where it is fated to."""
        from django.db import transaction

        from core.audit import SYSTEM
        from core.errors import Refusal
        from payments import ledger

        try:
            with transaction.atomic():
                if len(self.transfers) > 1:
                    ledger.hold(list({row.pk: row for lines in self.transfers for row, _ in lines}.values()))
                for turn, lines in enumerate(self.transfers):
                    ledger.post(key=f"{self.key}:{turn}", cause="fire", reference=self.key, lines=lines, by=SYSTEM)
                    if may_die and self.dies and turn == len(self.transfers) - 1:
                        raise CrashError
        except Refusal as refusal:
            if refusal.code != "ledger.overdrawn":
                raise
            return REFUSED
        return POSTED


def work(world: World, seed: int, worker: int, numbers: range, answer: Callable[[int, str], None]) -> None:
    """Do the operations one by one, each until it has an answer; every tenth posted one is asked for a second time."""
    from django.db import DatabaseError, connection

    for number in numbers:
        operation, first = Operation(world, seed, worker, number), True
        while True:
            try:
                said = operation.perform(may_die=first)
                if said == POSTED and number % 10 == 0:
                    assert operation.perform(may_die=False) == POSTED
                break
            except (DatabaseError, CrashError):
                first = False
                with contextlib.suppress(Exception):
                    connection.close()
                time.sleep(0.01)
        answer(number, said)
    connection.close()


def check(world: World, seed: int, answers: dict[tuple[int, int], str]) -> Counter:
    """Hold the books against the answers. Raises AssertionError; returns what was answered how often."""
    from payments import ledger
    from payments.models import Entry, Transfer
    from payments.selectors import books

    expected = Counter()
    keys = set()
    for (worker, number), said in answers.items():
        operation = Operation(world, seed, worker, number)
        if said != POSTED:
            continue
        for turn, lines in enumerate(operation.transfers):
            keys.add(f"{operation.key}:{turn}")
            for row, amount in lines:
                expected[row.pk] += amount
    kept = list(Transfer.objects.filter(key__startswith=f"fire:{seed}:").values_list("key", flat=True))
    assert len(kept) == len(set(kept)), "doubled"
    assert set(kept) == keys, "lost or uncalled for"
    for row in world.everything:
        assert ledger.balance(row) * row.side == expected[row.pk], row
        if not row.may_be_negative:
            wrong = {"balance__lt": 0} if row.side > 0 else {"balance__gt": 0}
            assert not Entry.objects.filter(account=row, **wrong).exists(), "overdrawn on the way"
    assert books.unsound() == []
    return Counter(answers.values())


# The full form: workers as processes, on a server of its own --------------------------------------------------------


def report_of(folder: Path, worker: int) -> Path:
    return folder / f"worker-{worker}"


def without_pool() -> None:
    """A pool waits longer and longer for a server that fell; these connections are there to fall."""
    from django.conf import settings

    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)


def be_worker(folder: str, seed: str, worker: str, count: str) -> None:
    """A process that takes up where the one before it died; each answer is one line in its file, written at once."""
    import django

    django.setup()
    without_pool()
    path = report_of(Path(folder), int(worker))
    done = len(path.read_text().splitlines()) if path.exists() else 0
    with path.open("a", buffering=1) as report:
        work(found(), int(seed), int(worker), range(done, int(count)), lambda _n, said: report.write(said + "\n"))


def found() -> World:
    """The world, as soon as the server that may just be recovering lets anybody in."""
    from django.db import DatabaseError, connection

    while True:
        try:
            return World()
        except DatabaseError:
            connection.close()
            time.sleep(0.1)


def backends(chance: random.Random, spared: int = 0) -> list[int]:
    """Server processes of others' connections to this database that are at work, shuffled."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        pids = [row[0] for row in cursor.fetchall() if row[0] != spared]
    chance.shuffle(pids)
    return pids


def strike(chance: random.Random, workers: dict[int, subprocess.Popen], blows: Counter) -> None:
    """One misfortune: a connection is cut, a worker is killed, or (seldom) the whole server falls and recovers."""
    from django.db import DatabaseError, connection

    kind = chance.choices(("connection", "process", "server"), (12, 2, 1))[0]
    if kind == "process":
        workers[chance.choice(list(workers))].kill()
    else:
        try:
            victims = backends(chance)
            if kind == "connection" and victims:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(%s)", [victims[0]])
            elif victims:
                os.kill(victims[0], signal.SIGKILL)  # PostgreSQL then ends every session and recovers from its log
        except (DatabaseError, ProcessLookupError):
            connection.close()
    blows[kind] += 1


def spawn(folder: Path, seed: int, worker: int, count: int) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.payments.fire", "worker", str(folder), str(seed), str(worker), str(count)]
    return subprocess.Popen(command, cwd=ROOT)


def storm(folder: Path, seed: int, count: int) -> Counter:
    """Run the workers to their end, striking every other second and starting again whoever was killed."""
    chance, blows = random.Random(seed), Counter()
    workers = {worker: spawn(folder, seed, worker, count) for worker in range(CONNECTIONS)}
    try:
        while workers:
            time.sleep(chance.uniform(1, 3))
            strike(chance, workers, blows)
            for worker, process in list(workers.items()):
                code = process.poll()
                if code == 0:
                    del workers[worker]
                elif code is not None:
                    assert code == -signal.SIGKILL, f"worker {worker} ended with {code}"
                    workers[worker] = spawn(folder, seed, worker, count)
    finally:
        for process in workers.values():  # without their server they would try for ever
            process.kill()
    return blows


def answers_in(folder: Path) -> Iterator[tuple[tuple[int, int], str]]:
    for worker in range(CONNECTIONS):
        for number, said in enumerate(report_of(folder, worker).read_text().splitlines()):
            yield (worker, number), said


def main(operations: str = "100000", seed: str = "") -> None:
    from tests.bench import market

    chosen = int(seed or time.time())
    print(f"seed {chosen}", flush=True)
    with market.database(), tempfile.TemporaryDirectory() as folder:
        from django.db import connection

        connection.close()
        connection.close_pool()
        without_pool()
        began, world = time.monotonic(), World()
        blows = storm(Path(folder), chosen, int(operations) // CONNECTIONS)
        spent = time.monotonic() - began
        connection.close()
        answers = dict(answers_in(Path(folder)))
        said = check(world, chosen, answers)
        connection.close()
    print(f"seed {chosen}: {len(answers)} operations on {CONNECTIONS} connections in {spent:.0f} s, {dict(said)}; "
          f"misfortunes {dict(blows)}; books sound")  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        be_worker(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
