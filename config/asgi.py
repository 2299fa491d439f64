"""The way in for browsers: pages over HTTP, live rooms over WebSocket, both from allowed hosts only."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Models must be loaded before any consumer is imported.
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from bidding.routing import websocket_urlpatterns  # noqa: E402
from config.arrivals import Arrivals  # noqa: E402
from config.lifespan import Lifespan  # noqa: E402
from config.sockets import SocketsOnly, identified  # noqa: E402

rooms = AllowedHostsOriginValidator(identified(URLRouter(websocket_urlpatterns)))
application = Lifespan(ProtocolTypeRouter({"http": SocketsOnly(Arrivals(pages)), "websocket": rooms}))
