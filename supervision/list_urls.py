"""Addresses of the lists: public, the agency's, the department's, the regulator's."""

from django.urls import path

from supervision.views import accounts, blacklists, imports, listings, proposing, repairs

lists = [
    path("blacklist/", blacklists.own, name="blacklist"),
    path("blacklist/imported/", blacklists.imported, name="imported"),
    path("blacklist/imported/<int:pk>/", blacklists.imported_entry, name="imported_entry"),
    path("blacklist/<slug:number>/", blacklists.listing, name="public_listing"),
    path("redlist/", blacklists.redlist, name="redlist"),
    path("repairs/<slug:number>/", blacklists.repair, name="public_repair"),
    path("agency/listings/<slug:number>/", listings.mine, name="own_listing"),
    path("agency/repairs/", repairs.mine, name="own_repairs"),
    path("agency/repairs/new/<slug:kind>/<int:pk>/", repairs.apply, name="repair_new"),
    path("agency/repairs/<slug:number>/", repairs.own, name="own_repair"),
    path("agency/exit/", accounts.leave, name="exit"),
    path("agency/check/", accounts.check, name="account_check"),
    path("department/lists/", listings.inbox, name="shares"),
    path("department/lists/<int:pk>/receive/", listings.receive, name="receive"),
    path("department/lists/<int:pk>/measure/", listings.report_measure, name="report_measure"),
    path("department/measures/<int:pk>/lift/", listings.lift_measure, name="lift_measure"),
    path("supervision/listings/", listings.index, name="listings"),
    path("supervision/listings/new/", proposing.propose, name="listing_new"),
    path("supervision/listings/files/<int:pk>/", listings.file, name="listing_file"),
    path("supervision/listings/<slug:number>/", listings.listing, name="listing"),
    path("supervision/repairs/", repairs.index, name="repairs"),
    path("supervision/repairs/files/<int:pk>/", repairs.file, name="repair_file"),
    path("supervision/repairs/<slug:number>/", repairs.repair, name="repair"),
    path("supervision/lists/", imports.index, name="imports"),
    path("supervision/lists/template.<slug:ending>", imports.template, name="list_template"),
    path("supervision/lists/<int:pk>/", imports.one, name="import"),
]
