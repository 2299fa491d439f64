"""The server under measurement: the market's application as `serve` runs it, plus two addresses of the benchmark.

/ws/tutorial/  a consumer that joins a group and forwards what the group gets, as the Channels tutorial shows
/ws/drive/     says {"how": "room" | "tutorial", "frames": n, "gap": seconds}: send n stamped frames to all watchers
"""

import asyncio
import json
import sys
import time

import uvicorn
from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from config.asgi import pages
from config.lifespan import Lifespan
from config.sockets import identified

from bidding.room import rooms  # isort: skip
from bidding.routing import websocket_urlpatterns  # isort: skip

FILLER = json.dumps([{"seq": 12345, "at": "2026-11-22T18:00:00.123456Z", "kind": "bid", "by": "K7", "amount": "1.00"}])


def frame(number: int) -> str:
    """A frame the size of a live one that says when it was handed out."""
    return f'{{"type":"events","n":{number},"sent":{time.monotonic():.6f},"events":{FILLER * 3!r}}}'


class Tutorial(AsyncWebsocketConsumer):
    async def connect(self):
        await self.channel_layer.group_add("tutorial", self.channel_name)
        await self.accept()

    async def chat_message(self, event):
        await self.send(text_data=event["message"])


class Drive(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):  # noqa: ARG002 - Channels names it
        order = json.loads(text_data)
        for number in range(order["frames"]):
            if order["how"] == "room":
                (await rooms().room(order["competition"])).show(frame(number))
            else:
                message = {"type": "chat.message", "message": frame(number)}
                await get_channel_layer().group_send("tutorial", message)
            await asyncio.sleep(order["gap"])
        await self.send(text_data="done")


extra = [path("ws/tutorial/", Tutorial.as_asgi()), path("ws/drive/", Drive.as_asgi())]
tutorial, market = AuthMiddlewareStack(URLRouter(extra)), identified(URLRouter(websocket_urlpatterns))


async def sockets(scope, receive, send):
    """Each as it is deployed: the tutorial's stack for the tutorial's consumer, the market's for the market's."""
    inner = market if scope["path"].startswith("/ws/competitions/") else tutorial
    await inner(scope, receive, send)


application = Lifespan(ProtocolTypeRouter({"http": pages, "websocket": sockets}))

OPTIONS = {
    "host": "127.0.0.1",
    "ws": "config.websocket:Bounded",
    "ws_per_message_deflate": False,
    "access_log": False,
    "log_level": "warning",
    "lifespan": "on",
}

if __name__ == "__main__":
    uvicorn.run(application, port=int(sys.argv[1]), **OPTIONS)
