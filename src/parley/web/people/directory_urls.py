"""Addresses of the people and companies the operator keeps; one's own company's: `urls`."""

from __future__ import annotations

from django.urls import path

from parley.web.people import directory

app_name = "directory"
urlpatterns = [
    path("", directory.people, name="people"),
    path("companies/", directory.companies, name="companies"),
    path("companies/new/", directory.new_company, name="new_company"),
    path("companies/<int:party>/", directory.company, name="company"),
    path("companies/<int:party>/name/", directory.company_name, name="company_name"),
    path("companies/<int:party>/closing/", directory.company_closing, name="company_closing"),
    path("companies/<int:party>/invitations/", directory.invitations, name="invitations"),
    path("companies/<int:party>/code/", directory.code, name="code"),
    path("tokens/<int:token>/revocation/", directory.token_revocation, name="token_revocation"),
    path("<int:person>/", directory.person, name="person"),
    path("<int:person>/closing/", directory.person_closing, name="person_closing"),
]
