from __future__ import annotations

from django.urls import path

from parley.web.portal import fields, held, mailed, opening, tickets

app_name = "portal"
urlpatterns = [
    path("", tickets.ticket_list, name="tickets"),
    path("filters/", tickets.filters, name="filters"),
    path("new/", opening.new_ticket, name="new_ticket"),
    path("new/answers/", opening.answers, name="answers"),
    path("new/answered/", opening.answered, name="answered"),
    path("new/same-matter/", opening.same_matter, name="same_matter"),
    path("new/fields/", fields.topic_fields, name="topic_fields"),
    path("new/orders/", opening.order_suggestions, name="order_suggestions"),
    path("<int:number>/", tickets.ticket, name="ticket"),
    path("<int:number>/opened/", opening.opened, name="opened"),
    path("<int:number>/thread/", tickets.thread, name="thread"),
    path("<int:number>/replies/", tickets.replies, name="replies"),
    path("<int:number>/cancellation/", tickets.cancellation, name="cancellation"),
    path("<int:number>/order-cancellation/", tickets.order_cancellation,
         name="order_cancellation"),
    path("<int:number>/closure/", tickets.closure, name="closure"),
    path("<int:number>/rating/", tickets.rating, name="rating"),
    path("<int:number>/escalation/", tickets.escalation, name="escalation"),
    path("<int:number>/evidence/", tickets.evidence, name="evidence"),
    path("<int:number>/muting/", tickets.muting, name="muting"),
    path("<int:number>/held/<int:held>/back/", held.taking_back, name="held_taking_back"),
    path("<int:number>/fields/", fields.ticket_fields, name="ticket_fields"),
    path("<int:number>/filling/", fields.filling, name="filling"),
    path("<int:number>/seen/", tickets.seen, name="seen"),
    path("messages/<int:message>/mail/", mailed.mailed, name="mailed"),
    path("<int:number>/typing/", tickets.typing, name="typing"),
]  # fmt: skip
