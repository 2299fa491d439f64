"""Addresses: each room keeps its own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("operator/admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("agencies.urls")),
    path("money/", include("payments.urls")),
    path("", include("marketplace.urls")),
    path("", include("bidding.urls")),
    path("", include("contracts.urls")),
    path("", include("ratings.urls")),
    path("", include("supervision.urls")),
    path("", include("portal.urls")),
]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.permission_denied"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"
