"""The whole walk, played from outside: HTTP and WebSocket only, as browsers would. Nothing here imports Django."""
