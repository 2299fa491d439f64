"""Addresses of supervision."""

from django.urls import path

from supervision.case_urls import cases
from supervision.consultation_urls import consultations
from supervision.inspection_urls import inspections
from supervision.list_urls import lists
from supervision.question_urls import questions
from supervision.views import (
    appeals,
    approvals,
    cards,
    flags,
    inbox,
    letters,
    posts,
    promises,
    rated,
)

app_name = "supervision"
urlpatterns = [
    *cases,
    *consultations,
    *inspections,
    *lists,
    *questions,
    path("promises/", promises.index, name="promises"),
    path("promises/data.csv", promises.promises_file, {"kind": "csv"}, name="promises_csv"),
    path("promises/data.xlsx", promises.promises_file, {"kind": "xlsx"}, name="promises_xlsx"),
    path("promises/<int:pk>/", promises.body, name="promise"),
    path("supervision/cards/", cards.index, name="cards"),
    path("supervision/cards/data.csv", cards.cards_file, {"kind": "csv"}, name="cards_csv"),
    path("supervision/cards/data.xlsx", cards.cards_file, {"kind": "xlsx"}, name="cards_xlsx"),
    path("supervision/cards/<int:pk>/", cards.card, name="card"),
    path("supervision/cards/<int:pk>/stop/", cards.stop, name="stop"),
    path("supervision/cards/<int:pk>/excuse/", cards.excuse, name="excuse"),
    path("supervision/cards/<int:pk>/case/", cards.open_case, name="card_case"),
    path("supervision/stops/<int:pk>/answer/", cards.answer, name="stop_answer"),
    path("supervision/stops/<int:pk>/end/", cards.end, name="stop_end"),
    path("supervision/stops/<int:pk>/evidence/", cards.stop_evidence, name="stop_evidence"),
    path("supervision/posts/", posts.posts, name="posts"),
    path("supervision/posts/<int:pk>/clear/", posts.clear, name="post_clear"),
    path("supervision/deliveries/", inbox.deliveries, name="deliveries"),
    path("supervision/deliveries/<int:pk>/again/", inbox.send_again, name="send_again"),
    path("inbox/", inbox.index, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/<int:pk>/", inbox.notice, name="notice"),
    path("supervision/appeals/", appeals.index, name="appeals"),
    path("supervision/appeals/<int:pk>/", appeals.show, name="appeal"),
    path("supervision/ratings/<int:pk>/", rated.rating, name="rating"),
    path("supervision/ratings/<int:pk>/case/", rated.open_case, name="rating_case"),
    path("letters/<str:number>/", letters.letter, name="letter"),
    path("approvals/", approvals.index, name="uses"),
    path("approvals/new/", approvals.new, name="new_use"),
    path("approvals/<int:pk>/", approvals.show, name="use"),
    path("approvals/<int:pk>/rating/", approvals.rate, name="use_rate"),
    path("approvals/<int:pk>/answer/", approvals.answer, name="use_answer"),
    path("approvals/<int:pk>/evidence/", approvals.evidence, name="use_evidence"),
    path("approvals/<int:pk>/verdict/", approvals.decide, name="use_decide"),
    path("supervision/flags/", flags.index, name="flags"),
    path("supervision/flags/rules/", flags.rules, name="flag_rules"),
    path("supervision/flags/<int:pk>/", flags.hit, name="flag"),
    path("supervision/flags/<int:pk>/case/", flags.open_case, name="flag_case"),
]
