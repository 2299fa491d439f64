"""Addresses of the payments room, all under /money/."""

from django.urls import path

from payments.budget_urls import urlpatterns as budget
from payments.escrow_urls import urlpatterns as escrow
from payments.views import books

app_name = "payments"
urlpatterns = [
    *budget,
    *escrow,
    path("books/", books.balances, name="books"),
    path("books/balances.<str:ending>", books.balances_file, name="balances_file"),
    path("books/journal.<str:ending>", books.journal_file, name="journal_file"),
    path("accounts/<int:pk>/", books.account, name="account"),
    path("accounts/<int:pk>/statement.<str:ending>", books.account_file, name="account_file"),
    path("transfers/<int:pk>/", books.transfer, name="transfer"),
]
