"""The embedded server belongs to all who use it: the last one out stops it, and the dead don't count."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from config.embedded import Cluster

OPTIONS = ("fsync=off", "shared_buffers=16MB")


@pytest.fixture
def cluster():
    """In a folder that the server's own user can reach when tests run as root; pytest's own are private."""
    with tempfile.TemporaryDirectory(prefix="market-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Cluster(Path(folder) / "postgres", OPTIONS)


def test_the_last_one_out_stops_the_server(cluster):
    with cluster.running():
        with cluster.running():
            pass
        assert cluster.answers()
    assert not cluster.answers()


def test_what_was_committed_survives_and_a_stale_pid_of_somebody_else_is_no_obstacle(cluster):
    with cluster.running() as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    (cluster.folder / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.folder}\n0\n5432\n\n\n\n")
    with cluster.running() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_killed_user_neither_stops_the_server_nor_keeps_it(cluster):
    script = (
        "import sys, pathlib; from config.embedded import Cluster\n"
        f"with Cluster(pathlib.Path({str(cluster.folder)!r}), {OPTIONS!r}).running():\n"
        "    print('up', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout.readline() == b"up\n"
    other.send_signal(signal.SIGKILL)
    other.wait()
    other.stdin.close()
    other.stdout.close()
    assert cluster.answers()
    with cluster.running():
        pass
    assert not cluster.answers()


def test_a_folder_with_a_very_long_path_still_gets_a_socket(cluster):
    deep = cluster.folder.parent / ("long-" * 20)
    deep.mkdir(mode=0o755)
    with Cluster(deep / "postgres", OPTIONS).running() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
