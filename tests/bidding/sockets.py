"""A browser's end of a room socket, in process."""

import json
import uuid
from contextlib import asynccontextmanager

from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Membership
from bidding.routing import websocket_urlpatterns
from bidding.threads import in_thread

application = URLRouter(websocket_urlpatterns)
PATIENCE = 5


class Client(ApplicationCommunicator):
    """Sends commands and waits for frames by type."""

    def __init__(self, path, user, session, address="127.0.0.1"):
        path, _, query = path.partition("?")
        scope = {"type": "websocket", "path": path, "query_string": query.encode(), "headers": []}
        scope["client"] = (address, 50000)
        super().__init__(application, scope | {"user": user, "session": session})
        self.session = session

    async def connect(self):
        """The close code, or None when accepted."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(PATIENCE)
        return None if answer["type"] == "websocket.accept" else answer["code"]

    async def disconnect(self):
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(PATIENCE)

    async def text(self, text):
        await self.send_input({"type": "websocket.receive", "text": text})

    async def bytes(self, data):
        await self.send_input({"type": "websocket.receive", "bytes": data})

    async def command(self, **frame):
        await self.text(json.dumps(frame))

    async def frame(self, *types):
        """The next frame of one of these types; others are passed over."""
        while True:
            frame = json.loads((await self.receive_output(PATIENCE))["text"])
            if frame["type"] in types:
                return frame

    async def bid(self, amount, ref=None):
        await self.command(type="bid", ref=ref or uuid.uuid4().hex, amount=amount)
        return await self.frame("receipt", "refused")

    async def closed_with(self):
        while (message := await self.receive_output(PATIENCE))["type"] != "websocket.close":
            pass
        return message["code"]


def session_of(user):
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session


def _member(organisation_id):
    return Membership.objects.filter(organisation_id=organisation_id).select_related("user").first().user


@asynccontextmanager
async def connected(place, organisation_id=None, query="", address="127.0.0.1"):
    """A client in the room of a competition, as a member of an organisation or as a stranger."""
    user = await in_thread(_member, organisation_id) if organisation_id else AnonymousUser()
    session = await in_thread(session_of, user) if organisation_id else SessionStore()
    client = Client(f"/ws/competitions/{place.pk}/{query}", user, session, address)
    client.code = await client.connect()
    try:
        yield client
    finally:
        await client.disconnect()
