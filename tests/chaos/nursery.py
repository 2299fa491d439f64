"""The mother of the servers: has the whole program loaded and forks a process for each one wanted, in an instant.

Reads one JSON order a line, answers with one line. Only she reaps her children, so a pid she still knows cannot be
somebody else's: orders to kill go through her. When nobody gives orders any more, all children end.
"""

import contextlib
import json
import os
import random
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path

children = set()


def reap():
    for pid in list(children):
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG)[0]:
                children.discard(pid)


def fork(work):
    """A child that does this and ends."""
    pid = os.fork()
    if pid:
        children.add(pid)
        return pid
    code = 1
    try:
        os.close(0)
        random.seed()
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the mother must not go on as a child
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def web(order):
    """A web process of the market on a port."""
    import uvicorn

    import config.asgi

    _write_to(order["log"])
    _dress(order)
    uvicorn.run(
        config.asgi.application,
        host="127.0.0.1",
        port=order["port"],
        ws="config.websocket:Bounded",
        ws_per_message_deflate=False,
        ws_max_size=64 * 2**10,
        access_log=False,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=3,
    )


def embedded(order):
    """The one process of the embedded default, as `manage.py serve` runs it; it starts its database when it is down."""
    import socket

    from config.embedded import Cluster
    from config.management.commands import serve

    _write_to(order["log"])
    _dress(order)
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", order["port"]))
    with Cluster(Path(order["cluster"]), tuple(order["options"])).running():
        serve.serve(door, welcome="")


def _dress(order):
    from tests.chaos import broken, lossy

    lossy.Lossy.harm = order["harm"]
    if order["broken"]:
        broken.BROKEN[order["broken"]]()


def _write_to(path):
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)


def make(order):
    """Run something of `making` in a child; its answer comes back through a file."""
    from tests.chaos import making

    written = Path(order["answer"])
    written.unlink(missing_ok=True)

    def work():
        os.dup2(2, 1)
        answer = getattr(making, order["what"])(**order["with"])
        written.write_text(json.dumps(answer))

    pid = fork(work)
    _, status = os.waitpid(pid, 0)
    children.discard(pid)
    return json.loads(written.read_text()) if status == 0 else {"fault": status}


def obey(order):
    reap()
    match order["do"]:
        case "web":
            return {"pid": fork(lambda: web(order))}
        case "embedded":
            return {"pid": fork(lambda: embedded(order))}
        case "signal":
            alive = order["pid"] in children
            if alive:
                os.kill(order["pid"], order["signal"])
            return {"sent": alive}
        case "make":
            return make(order)
    return {}


def main():
    import django

    django.setup()
    for part in ("config.asgi", "config.urls", "tests.bidding.world", "tests.chaos.lossy"):
        import_module(part)

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    answers.write("{}\n")
    answers.flush()
    try:
        for line in sys.stdin:
            answers.write(json.dumps(obey(json.loads(line))) + "\n")
            answers.flush()
    finally:
        reap()
        for pid in children:
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
