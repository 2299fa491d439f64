"""Who opens a socket, when that cannot be found out."""

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import OperationalError

from config import sockets

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
