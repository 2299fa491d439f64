"""Addresses of the agencies room."""

from django.urls import path

from agencies.views import own, public, scans

app_name = "agencies"
_QUALIFICATION = "agencies/<int:pk>/qualifications/<int:qualification_id>"
urlpatterns = [
    path("join/agency/", public.join, name="join"),
    path("agencies/", public.directory, name="directory"),
    path("agencies/commitment/<str:version>/", public.commitment_text, name="commitment"),
    path("agencies/<int:pk>/", public.profile, name="profile"),
    path(f"{_QUALIFICATION}/image/", scans.image, name="scan_image"),
    path(f"{_QUALIFICATION}/thumbnail/", scans.thumbnail, name="scan_thumbnail"),
    path(f"{_QUALIFICATION}/original/", scans.original, name="scan_original"),
    path("agency/profile/", own.edit_profile, name="edit_profile"),
    path("agency/qualifications/", own.edit_qualifications, name="edit_qualifications"),
    path("agency/qualifications/<int:pk>/withdraw/", own.withdraw_qualification, name="withdraw_qualification"),
    path("agency/scans/<int:scan_id>/thumbnail/", scans.waiting, name="waiting_scan"),
    path("agency/scans/<int:scan_id>/complete/", own.complete_scan, name="complete_scan"),
    path("agency/scans/<int:scan_id>/discard/", own.discard_scan, name="discard_scan"),
    path("agency/practitioners/", own.edit_practitioners, name="edit_practitioners"),
    path("agency/practitioners/<int:pk>/withdraw/", own.withdraw_practitioner, name="withdraw_practitioner"),
]
