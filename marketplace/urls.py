"""Addresses of the catalogue and of needs. /needs/<pk>/ itself belongs to portal."""

from django.urls import path

from marketplace.views import catalogue, conversation, needs

app_name = "marketplace"

urlpatterns = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/<slug:code>/", catalogue.item, name="item"),
    path("needs/", needs.needs, name="needs"),
    path("needs/export.<slug:ending>", needs.export, name="export"),
    path("needs/new/", conversation.new, name="new"),
    path("needs/check-text/", conversation.check_text, name="check_text"),
    path("needs/<int:pk>/edit/<slug:step>/", conversation.edit, name="edit"),
    path("needs/<int:pk>/publish/", conversation.publish, name="publish"),
    path("needs/<int:pk>/discard/", conversation.discard, name="discard"),
    path("needs/<int:pk>/copy/", conversation.copy, name="copy"),
    path("needs/<int:pk>/cancel/", conversation.cancel, name="cancel"),
    path("needs/<int:pk>/ask/", needs.ask, name="ask"),
    path("questions/<int:pk>/answer/", needs.answer, name="answer"),
]
