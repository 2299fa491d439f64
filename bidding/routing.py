"""Socket addresses."""

from django.urls import path

from bidding.consumers import RoomConsumer

websocket_urlpatterns = [path("ws/competitions/<int:pk>/", RoomConsumer.as_asgi())]
