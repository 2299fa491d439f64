"""The request as our views see it: with its actor."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.actor import Actor


class Request(HttpRequest):
    actor: Actor
    htmx: HtmxDetails
