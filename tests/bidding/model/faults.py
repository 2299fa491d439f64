"""What goes wrong between a committer and the database, at the very moments that matter."""

import threading
from contextlib import contextmanager
from unittest.mock import patch

from django.db import OperationalError, connection

from bidding import log

PATIENCE = 20


class Trouble:
    """Sits behind `log.write`. `lose` breaks the connection of the next transactions at their commit, before or after
    it took effect; `hold` keeps the next one from committing until `let_go`.
    """

    def __init__(self):
        self._losses = []
        self._hold, self._held, self._go = False, threading.Event(), threading.Event()

    @contextmanager
    def installed(self):
        real = log.write

        def write(board, records):
            head = real(board, records)
            if self._hold:
                self._wait()
            if self._losses:
                _break(connection, self._losses.pop(0))
            return head

        with patch.object(log, "write", write):
            yield self

    def lose(self, moments):
        """One of "before" and "after" for each transaction."""
        self._losses = list(moments)

    @property
    def losses(self):
        return len(self._losses)

    def hold(self):
        self._hold = True
        self._held.clear()
        self._go.clear()

    def _wait(self):
        self._hold = False
        self._held.set()
        assert self._go.wait(PATIENCE), "nobody let go"

    def held(self):
        return self._held.wait(PATIENCE)

    def let_go(self):
        self._hold = False
        self._go.set()


def _break(link, moment):
    """The connection is lost while it commits. Whether the commit took effect, its client cannot know."""

    def commit():
        del link._commit
        if moment == "after":
            link._commit()
        link.connection.close()
        raise OperationalError(f"connection lost {moment} the commit")

    link._commit = commit


def somebody_waits():
    """Does a session wait for another's lock?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]
