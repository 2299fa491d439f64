"""Socket addresses."""

from typing import Any

from django.urls import path, re_path

from bidding.consumers import NOT_FOUND, RoomConsumer


async def nowhere(_scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Any other address: refused before it opens, as a page that does not exist is."""
    await receive()
    await send({"type": "websocket.close", "code": NOT_FOUND})


websocket_urlpatterns = [
    path("ws/competitions/<int:pk>/", RoomConsumer.as_asgi()),
    re_path("", nowhere),  # type: ignore[arg-type]
]
