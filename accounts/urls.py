"""Addresses of the accounts room."""

from django.urls import path

from accounts import demo, views

app_name = "accounts"
urlpatterns = [
    path("join/", views.join, name="join"),
    path("join/enterprise/", views.join_enterprise, name="join_enterprise"),
    path("organisation/", views.organisation, name="organisation"),
    path("organisation/switch/", views.switch, name="switch"),
    path("organisation/contact/", views.change_contact, name="contact"),
    path("organisation/members/add/", views.add_member, name="add_member"),
    path("organisation/members/<int:user_id>/remove/", views.remove_member, name="remove_member"),
    path("demo/sign-in/", demo.sign_in, name="demo_sign_in"),
]
