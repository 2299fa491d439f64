"""Addresses of questions to the platform."""

from django.urls import path

from supervision.views import answering, asking

questions = [
    path("questions/", asking.index, name="questions"),
    path("questions/new/", asking.new, name="question_new"),
    path("questions/receipt/", asking.door, name="question_door"),
    path("questions/receipt/<slug:number>/", asking.own, name="own_question"),
    path("questions/<slug:number>/", asking.question, name="question"),
    path("supervision/questions/", answering.index, name="questions_desk"),
    path("supervision/questions/<slug:number>/", answering.question, name="question_desk"),
]
