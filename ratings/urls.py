"""Addresses of ratings and credit files."""

from django.urls import path

from ratings.views import credit, rating

app_name = "ratings"
urlpatterns = [
    path("agencies/<int:pk>/credit/", credit.credit, name="credit"),
    path("agencies/<int:pk>/credit/export.csv", credit.credit_csv, name="credit_csv"),
    path("agencies/<int:pk>/credit/certificate/", credit.certify, name="certify"),
    path("contracts/<int:pk>/rate/", rating.rate, name="rate"),
    path("ratings/<int:pk>/reply/", rating.reply, name="reply"),
]
