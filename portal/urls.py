"""Addresses of the pages that mix rooms."""

from django.urls import path, register_converter

from portal.converters import PaperNumber, RuleName
from portal.views import (
    catalogue,
    desk,
    health,
    held,
    home,
    need,
    operator,
    oversight,
    papers,
    proofs,
    services,
    statistics,
    style,
)

app_name = "portal"
register_converter(PaperNumber, "paper")
register_converter(RuleName, "rules")

urlpatterns = [
    path("", home.home, name="home"),
    path("live/", home.live, name="live"),
    path("agency/held/", held.held, name="held"),
    path("agency/services/", services.my_services, name="my_services"),
    path("agency/services/<int:pk>/withdraw/", services.withdraw_service, name="withdraw_service"),
    path("desk/", desk.desk, name="desk"),
    path("desk/worklist.csv", desk.worklist_file, {"kind": "csv"}, name="worklist_csv"),
    path("desk/worklist.xlsx", desk.worklist_file, {"kind": "xlsx"}, name="worklist_xlsx"),
    path("needs/<int:pk>/", need.need, name="need"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/data.csv", statistics.statistics_file, {"kind": "csv"}, name="statistics_csv"),
    path("statistics/data.xlsx", statistics.statistics_file, {"kind": "xlsx"}, name="statistics_xlsx"),
    path("oversight/", oversight.oversight, name="oversight"),
    path("papers/<paper:number>/", papers.paper, name="paper"),
    path("papers/<paper:number>.pdf", papers.paper_pdf, name="paper_pdf"),
    path("verify/", papers.verify, name="verify"),
    path("verify/keys.json", proofs.keys, name="keys"),
    path("rules/<rules:name>@<int:version>/", proofs.rules, name="published_rules"),
    path("rules/<rules:name>@<int:version>.json", proofs.rules_json, name="rules_json"),
    path("theme/", style.theme, name="theme"),
    path("style/", style.style, name="style"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("operator/catalogue/<str:code>/", catalogue.item, name="item"),
    path("operator/rules/", operator.rules, name="rules"),
    path("operator/rules/<rules:name>/", operator.rule_set, name="rule_set"),
    path("operator/rules/<rules:name>/new/", operator.new_version, name="new_version"),
    path("operator/calendar/", operator.calendar, name="calendar"),
    path("operator/calendar/<int:year>/", operator.calendar, name="calendar_year"),
    path("operator/calendar/<int:year>/day/", operator.mark_day, name="mark_day"),
    path("operator/calendar/<int:year>/official/", operator.official_year, name="official_year"),
]
