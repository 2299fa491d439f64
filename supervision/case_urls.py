"""Addresses of complaints, cases and decisions."""

from django.urls import path

from supervision.views import cases as case_views
from supervision.views import clauses, complaining, complaints, decisions, objections, own_cases

cases = [
    path("complaints/", complaining.door, name="complaint_door"),
    path("complaints/new/", complaining.new, name="complaint_new"),
    path("complaints/<str:number>/", complaining.complaint, name="complaint"),
    path("complaints/<str:number>/receipt/", complaining.receipt, name="complaint_receipt"),
    path("complaints/<str:number>/files/<uuid:file_id>/", complaining.file, name="complaint_file"),
    path("agencies/<int:pk>/objections/", objections.index, name="objections"),
    path("supervision/complaints/", complaints.index, name="complaints"),
    path("supervision/complaints/<str:number>/", complaints.complaint, name="complaint_desk"),
    path("supervision/complaints/<str:number>/files/<uuid:file_id>/", complaints.file, name="complaint_desk_file"),
    path("cases/", own_cases.index, name="own_cases"),
    path("cases/complaints/<str:number>/", complaints.own, name="own_complaint"),
    path("cases/complaints/<str:number>/files/<uuid:file_id>/", complaints.own_file, name="own_complaint_file"),
    path("cases/<str:number>/", own_cases.case, name="own_case"),
    path("cases/<str:number>/files/<uuid:file_id>/", own_cases.file, name="own_case_file"),
    path("supervision/cases/", case_views.index, name="cases"),
    path("supervision/cases/new/", case_views.new, name="case_new"),
    path("supervision/cases/<str:number>/", case_views.case, name="case"),
    path("supervision/cases/<str:number>/files/<uuid:file_id>/", case_views.file, name="case_file"),
    path("supervision/relations/", case_views.relations, name="relations"),
    path("clauses/", clauses.index, name="clauses"),
    path("clauses/<slug:number>/", clauses.clause, name="clause"),
    path("decisions/", decisions.index, name="decisions"),
    path("decisions/<str:number>/", decisions.decision, name="decision"),
    path("discretion/", decisions.discretion, name="discretion"),
]
