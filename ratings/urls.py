"""Addresses of ratings and credit files."""

from django.urls import path

from ratings.views import api, appeals, credit, grades, rating

app_name = "ratings"
urlpatterns = [
    path("agencies/<int:pk>/credit/", credit.credit, name="credit"),
    path("agencies/<int:pk>/credit/export.csv", credit.credit_csv, name="credit_csv"),
    path("agencies/<int:pk>/credit/file.json", api.credit_json, name="credit_json"),
    path("agencies/<int:pk>/credit/certificate/", credit.certify, name="certify"),
    path("contracts/<int:pk>/rate/", rating.rate, name="rate"),
    path("ratings/<int:pk>/reply/", rating.reply, name="reply"),
    path("ratings/<int:pk>/appeal/", appeals.against_rating, name="appeal_rating"),
    path("credit-rows/<int:pk>/objection/", appeals.against_event, name="object_to"),
    path("appeals/<int:pk>/", appeals.show, name="appeal"),
    path("appeals/<int:pk>/answer/", appeals.answer, name="appeal_answer"),
    path("appeals/<int:pk>/evidence/", appeals.evidence, name="appeal_evidence"),
    path("grades/", grades.index, name="grades"),
    path("grades/<int:year>/", grades.index, name="grades_of"),
    path("grades/<int:year>/<int:agency>/", grades.line, name="grade_line"),
    path("grades/<int:year>/<int:agency>/objection/", grades.objection, name="object_to_grade"),
    path("operator/grades/", grades.desk, name="grade_desk"),
    path("operator/grades/<int:year>/propose/", grades.propose, name="propose_grades"),
    path("operator/grades/<int:year>/publish/", grades.publish, name="publish_grades"),
]
