"""Who opens a socket, when that cannot be found out."""

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import OperationalError

from config import sockets
from config.asgi import application

pytestmark = pytest.mark.django_db(transaction=True)


async def test_while_the_database_is_away_a_socket_is_told_to_try_again(monkeypatch):
    def away(_request):
        raise OperationalError("away")

    async def never(*_args):
        raise AssertionError("nobody was identified")

    monkeypatch.setattr(sockets, "get_user", away)
    scope = {"type": "websocket", "path": "/ws/competitions/1/", "headers": []}
    client = ApplicationCommunicator(sockets.identified(never), scope)
    await client.send_input({"type": "websocket.connect"})
    assert await client.receive_output(5) == {"type": "websocket.close", "code": sockets.TRY_AGAIN}
    await client.wait(5)


async def test_a_page_asked_for_where_only_sockets_are_needs_no_database(monkeypatch, caplog):
    """As a broken handshake does. In the demo the frame of every page asks the database who is there."""

    def away():
        raise OperationalError("away")

    monkeypatch.setattr("portal.context.demo_people", away)
    headers = [(b"host", b"localhost"), (b"upgrade", b"websocke")]
    scope = {"type": "http", "method": "GET", "path": "/ws/competitions/1/", "query_string": b"", "headers": headers}
    client = ApplicationCommunicator(application, scope)
    await client.send_input({"type": "http.request"})
    assert (await client.receive_output(20))["status"] == 426
    assert b"WebSocket" in (await client.receive_output(5))["body"]
    await client.wait(5)
    assert caplog.records == []
