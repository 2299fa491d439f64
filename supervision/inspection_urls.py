"""Addresses of double-random inspections and exposure: public pages, and what regulators do."""

from django.urls import path

from supervision.views import exposure, inspecting
from supervision.views import inspections as pages

inspections = [
    path("exposure/", exposure.index, name="exposure"),
    path("exposure/data.csv", exposure.exposure_file, {"kind": "csv"}, name="exposure_csv"),
    path("exposure/data.xlsx", exposure.exposure_file, {"kind": "xlsx"}, name="exposure_xlsx"),
    path("inspections/", pages.index, name="inspections"),
    path("inspections/plans/<str:number>/", pages.plan, name="inspection_plan"),
    path("inspections/draws/<int:pk>/record.json", pages.draw_record, name="draw_record"),
    path("inspections/draws/<int:pk>/words/", pages.throw_in, name="throw_in"),
    path("inspections/photos/<int:pk>/", pages.photo, name="inspection_photo"),
    path("inspections/photos/<int:pk>/small/", pages.photo, {"small": True}, name="inspection_thumbnail"),
    path("inspections/proofs/<int:pk>/", pages.proof, name="inspection_proof"),
    path("inspections/<str:number>/", pages.inspection, name="inspection"),
    path("inspections/<str:number>/reply/", pages.reply, name="reply_inspection"),
    path("inspections/<str:number>/fixed/", pages.report_fixed, name="report_fixed"),
    path("supervision/inspections/", inspecting.desk, name="inspection_desk"),
    path("supervision/inspections/plans/new/", inspecting.new_plan, name="new_plan"),
    path("supervision/inspections/plans/<str:number>/publish/", inspecting.publish_plan, name="publish_plan"),
    path("supervision/inspections/plans/<str:number>/draw/", inspecting.announce, name="announce_draw"),
    path("supervision/inspections/draws/<int:pk>/", inspecting.draw, name="draw"),
    path("supervision/inspectors/", inspecting.inspectors, name="inspectors"),
    path("supervision/inspectors/<int:pk>/retire/", inspecting.retire, name="retire_inspector"),
    path("supervision/inspections/<str:number>/notify/", inspecting.notify, name="notify_inspection"),
    path("supervision/inspections/<str:number>/record/", inspecting.record, name="record_inspection"),
    path("supervision/inspections/<str:number>/conclude/", inspecting.conclude, name="conclude_inspection"),
    path("supervision/inspections/<str:number>/publish/", inspecting.publish, name="publish_inspection"),
    path("supervision/inspections/<str:number>/follow/", inspecting.follow, name="follow_inspection"),
    path("supervision/inspections/<str:number>/recuse/", inspecting.recuse, name="recuse_inspection"),
    path("supervision/inspections/<str:number>/correct/", inspecting.correct, name="correct_inspection"),
]
