"""Addresses of the competition."""

from django.urls import path

from bidding import views
from bidding.choosing import choose

app_name = "bidding"

urlpatterns = [
    path("competitions/<int:pk>/", views.room, name="room"),
    path("competitions/<int:pk>/enter/", views.enter, name="enter"),
    path("competitions/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("competitions/<int:pk>/bid/", views.bid, name="bid"),
    path("competitions/<int:pk>/floor/", views.floor, name="floor"),
    path("competitions/<int:pk>/snapshot/", views.snapshot, name="snapshot"),
    path("competitions/<int:pk>/result/", views.result, name="result"),
    path("competitions/<int:pk>/replay/", views.replay, name="replay"),
    path("competitions/<int:pk>/record/", views.record, name="record"),
    path("competitions/<int:pk>/receipts/<int:seq>/", views.receipt, name="receipt"),
    path("needs/<int:pk>/choose/", choose, name="choose"),
]
