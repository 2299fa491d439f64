"""Addresses of consultations on draft rules."""

from django.urls import path
from django.views.decorators.http import require_safe

from supervision.views import consultations as public
from supervision.views import consulting

consultations = [
    path("consultations/", public.index, name="consultations"),
    path("consultations/feed.atom", require_safe(public.ConsultationFeed()), name="consultations_feed"),
    path("consultations/<slug:number>/", public.consultation, name="consultation"),
    path("supervision/consultations/", consulting.index, name="consultations_desk"),
    path("supervision/consultations/new/", consulting.new_text, name="consultation_new_text"),
    path("supervision/consultations/new/<slug:name>/", consulting.new_parameters, name="consultation_new"),
    path("supervision/consultations/<slug:number>/", consulting.consultation, name="consultation_desk"),
]
