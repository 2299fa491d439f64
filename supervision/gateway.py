"""The text message gateway, behind an interface: `driver()` is what settings chose.

"console" writes the message to the log, for the demo and for places without a contract with a carrier. "http" posts
JSON to SMS_URL: {"to", "text", "key"}; the same key is the same message, so a gateway that saw it need not send twice.
"""

import logging
from typing import Protocol

import httpx
from django.conf import settings

log = logging.getLogger("market.sms")
TIMEOUT = 10.0  # seconds


class Trouble(Exception):  # noqa: N818 - the word of the payment gateway too
    """The gateway did not take the message."""


class Driver(Protocol):
    def send(self, *, to: str, text: str, key: str) -> None:
        """Hand over one message. Raises Trouble."""


class ConsoleDriver:
    def send(self, *, to: str, text: str, key: str) -> None:
        log.info("sms %s to %s: %s", key, to, text)


class HttpDriver:
    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, *, to: str, text: str, key: str) -> None:
        body = {"to": to, "text": text, "key": key}
        try:
            answer = httpx.post(self._url, json=body, headers=self._headers, timeout=TIMEOUT)
        except httpx.HTTPError as fault:
            raise Trouble(type(fault).__name__) from fault
        if not answer.is_success:
            raise Trouble(f"HTTP {answer.status_code}")


def driver() -> Driver:
    """Raises Trouble when settings name a driver there is not."""
    if settings.SMS_DRIVER == "http":
        return HttpDriver(settings.SMS_URL, settings.SMS_TOKEN)
    if settings.SMS_DRIVER == "console":
        return ConsoleDriver()
    raise Trouble(f"SMS_DRIVER={settings.SMS_DRIVER}")
