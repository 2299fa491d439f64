"""Addresses of the payments room, all under /money/."""

from django.urls import path

from payments.budget_urls import urlpatterns as budget
from payments.escrow_urls import urlpatterns as escrow
from payments.views import books, papers

app_name = "payments"
urlpatterns = [
    *budget,
    *escrow,
    path("", books.home, name="home"),
    path("books/", books.balances, name="books"),
    path("books/balances.<str:ending>", books.balances_file, name="balances_file"),
    path("books/journal.<str:ending>", books.journal_file, name="journal_file"),
    path("accounts/<int:pk>/", books.account, name="account"),
    path("accounts/<int:pk>/statement.<str:ending>", books.account_file, name="account_file"),
    path("papers/", papers.overview, name="papers"),
    path("papers/list.<str:ending>", papers.overview_file, name="papers_file"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/paper.pdf", papers.paper_pdf, name="paper_pdf"),
    path("transfers/<int:pk>/", books.transfer, name="transfer"),
]
