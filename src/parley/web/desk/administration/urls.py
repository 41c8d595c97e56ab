from __future__ import annotations

from django.urls import path

from parley.web.desk.administration import (
    branding,
    calendars,
    fields,
    guard,
    hub,
    journal,
    pins,
    policies,
    privacy,
    tags,
    timing,
    topics,
)

app_name = "administration"
urlpatterns = [
    path("", hub.hub, name="hub"),
    path("topics/", topics.topics, name="topics"),
    path("topics/new/", topics.new_topic, name="new_topic"),
    path("topics/<int:topic>/", topics.topic, name="topic"),
    path("topics/<int:topic>/fields/new/", fields.new_field, name="new_field"),
    path("topics/<int:topic>/fields/<int:field>/", fields.field, name="field"),
    path("topics/<int:topic>/fields/<int:field>/place/", fields.field_place, name="field_place"),
    path("categories/<int:category>/", topics.category, name="category"),
    path("policies/", policies.policies, name="policies"),
    path("policies/new/", policies.new_policy, name="new_policy"),
    path("policies/promise/", policies.promise, name="promise"),
    path("policies/trial/", policies.policy_trial, name="policy_trial"),
    path("policies/<int:policy>/", policies.policy, name="policy"),
    path("policies/<int:policy>/removal/", policies.policy_removal, name="policy_removal"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("timing/", timing.timing, name="timing"),
    path("calendars/new/", calendars.new_calendar, name="new_calendar"),
    path("calendars/parts/", calendars.country_parts, name="country_parts"),
    path("calendars/<int:calendar>/", calendars.calendar, name="calendar"),
    path("calendars/<int:calendar>/removal/", calendars.calendar_removal, name="calendar_removal"),
    path("tags/", tags.tags, name="tags"),
    path("tags/<int:tag>/", tags.tag, name="tag"),
    path("pins/", pins.pins, name="pins"),
    path("guard/", guard.guard, name="guard"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/people/<int:person>/", privacy.person, name="person_data"),
    path("privacy/people/<int:person>/export/", privacy.person_export, name="person_export"),
    path("privacy/people/<int:person>/erasure/", privacy.erasure, name="erasure"),
    path("branding/", branding.branding, name="branding"),
    path("journal/", journal.journal, name="journal"),
    path("journal/file/", journal.journal_file, name="journal_file"),
]
