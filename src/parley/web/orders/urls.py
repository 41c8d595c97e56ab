from __future__ import annotations

from django.urls import path

from parley.web.orders import actions, asking, listing, manual, page, sending

app_name = "orders"
urlpatterns = [
    path("", listing.orders, name="orders"),
    path("drafts/", manual.drafts, name="drafts"),
    path("new/", manual.new_order, name="new_order"),
    path("new/<int:draft>/", manual.draft, name="draft"),
    path("new/<int:draft>/delivery/", manual.draft_delivery, name="draft_delivery"),
    path("new/<int:draft>/search/", manual.draft_search, name="draft_search"),
    path("new/<int:draft>/items/", manual.draft_items, name="draft_items"),
    path("new/<int:draft>/items/<int:item>/", manual.draft_item, name="draft_item"),
    path("new/<int:draft>/services/", manual.draft_services, name="draft_services"),
    path("new/<int:draft>/completion/", manual.draft_completion, name="draft_completion"),
    path("new/<int:draft>/removal/", manual.draft_removal, name="draft_removal"),
    path("filters/", listing.filters, name="filters"),
    path("<int:key>/menu/", actions.menu, name="menu"),
    path("<int:key>/cancellation/", actions.cancellation, name="cancellation"),
    path("<int:key>/ticket/", asking.ticket, name="ticket"),
    path("<int:key>/acceptance/", actions.acceptance, name="acceptance"),
    path("<int:key>/shipments/", sending.shipments, name="shipments"),
    path("<int:key>/shipments/<int:shipment>/delivery/", actions.delivery, name="delivery"),
    path("<int:key>/declining/", sending.declining, name="declining"),
    path("<int:key>/return/", actions.coming_back, name="coming_back"),
    path("<int:key>/notes/", actions.notes, name="notes"),
    path("<int:key>/", page.order, name="order"),
    path("<int:key>/details/", page.details, name="details"),
    path("<int:key>/audit/", page.audit, name="audit"),
]
