"""Addresses of supervision."""

from django.urls import path

from supervision.views import flags

app_name = "supervision"
urlpatterns = [
    path("supervision/flags/", flags.index, name="flags"),
    path("supervision/flags/rules/", flags.rules, name="flag_rules"),
    path("supervision/flags/<int:pk>/", flags.hit, name="flag"),
]
