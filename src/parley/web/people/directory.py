"""The operator's people and companies: all of its people look, its administrators change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.parties import closing
from parley.parties.access import tokens_in_force_of
from parley.parties.closing import NotOneself, NotTheOperator
from parley.parties.finding import (
    all_memberships_of,
    company_of_any_state,
    find_parties,
    find_people,
    person_of_company,
)
from parley.parties.founding import LONGEST_NAME, PartyRefused, found_party, rename_party
from parley.parties.keeping_people import LastOne, NotTheirPeople
from parley.parties.models import COMPANIES, Party, PartyKind, Role
from parley.parties.tokens import revoke_token
from parley.web.desk.administration.doors import admins_only
from parley.web.filtering import number_in
from parley.web.people.changing import change_code, invite_to
from parley.web.people.showing import people_context
from parley.web.reader import SignedInRequest, operator_only


@require_GET
@operator_only
def people(request: SignedInRequest) -> HttpResponseBase:
    """`directory/people.html`: people by name, found by words.

    Context: `people` (with `.held`, memberships), `query`, `closed`, `older` (an address or None),
    `tab`.
    """
    query, closed = _query(request), request.GET.get("state") == "closed"
    found = find_people(query, after=number_in(request.GET.get("after")), closed=closed)
    context = {
        "tab": "people",
        "people": found.rows,
        "query": query,
        "closed": closed,
        "older": _further(found.last, q=query, state="closed" if closed else ""),
    }
    return render(request, "directory/people.html", context)


@require_GET
@operator_only
def companies(request: SignedInRequest) -> HttpResponseBase:
    """`directory/companies.html`: companies by name, found by words and kind.

    Context: `companies` (with `.people`, a number), `kind`, `query`, `closed`, `older`, `tab`.
    """
    query, closed = _query(request), request.GET.get("state") == "closed"
    kind = request.GET.get("kind", "")
    found = find_parties(query, kind=kind, after=number_in(request.GET.get("after")), closed=closed)
    context = {
        "tab": "companies",
        "companies": found.rows,
        "kind": kind if kind in COMPANIES else "",
        "query": query,
        "closed": closed,
        "older": _further(found.last, q=query, kind=kind, state="closed" if closed else ""),
    }
    return render(request, "directory/companies.html", context)


@require_http_methods(["GET", "POST"])
@admins_only
def new_company(request: SignedInRequest) -> HttpResponseBase:
    """`directory/new_company.html`: a new seller or supplier. Context: `typed`, `problems`, `longest`."""
    typed = {name: request.POST.get(name, "") for name in ("kind", "name")}
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = found_party(typed["kind"], typed["name"], by=request.reader)
        except PartyRefused as refusal:
            problems = refusal.problems
        else:
            messages.success(
                request, _("%(name)s is here. Now invite its owner.") % {"name": made.name}
            )
            return redirect("directory:company", made.pk)
    context = {"typed": typed, "problems": problems, "longest": LONGEST_NAME}
    return render(request, "directory/new_company.html", context, status=422 if problems else 200)


@require_GET
@operator_only
def company(request: SignedInRequest, party: int) -> HttpResponseBase:
    """`directory/company.html`: one company. Context: `people_context`, and `may_change`."""
    return _company(request, _party(party))


@require_POST
@operator_only
def invitations(request: SignedInRequest, party: int) -> HttpResponseBase:
    """Invite somebody to a company."""
    found = _party(party)
    return invite_to(
        request, party, lambda _request, typed, problems: _company(request, found, typed, problems)
    )


@require_POST
@operator_only
def code(request: SignedInRequest, party: int) -> HttpResponseBase:
    """Make, replace or take away the code with which one asks to join the company."""
    return change_code(request, party)


@require_POST
@admins_only
def company_name(request: SignedInRequest, party: int) -> HttpResponseBase:
    """Name a company anew."""
    try:
        rename_party(party, request.POST.get("name", ""), by=request.reader)
    except NotTheirPeople:
        raise Http404 from None
    except PartyRefused as refusal:
        messages.error(request, " ".join(refusal.problems.values()))
    else:
        messages.success(request, _("Saved."))
    return redirect("directory:company", party)


@require_POST
@admins_only
def company_closing(request: SignedInRequest, party: int) -> HttpResponseBase:
    """Close a company, or (with `open`) open it again."""
    try:
        if request.POST.get("open"):
            closing.reopen_party(party, by=request.reader)
            messages.success(request, _("Its people can act for it again."))
        else:
            closing.close_party(party, by=request.reader)
            messages.success(request, _("The company is closed: nobody acts for it any more."))
    except NotTheirPeople:
        raise Http404 from None
    except NotTheOperator:
        messages.error(request, _("The operator can't be closed."))
    return redirect("directory:company", party)


@require_GET
@operator_only
def person(request: SignedInRequest, person: int) -> HttpResponseBase:
    """`directory/person.html`: one person.

    Context: `person`, `memberships` (ended ones as well), `tokens` (that still work), `may_change`.
    """
    found = person_of_company(person)
    if found is None:
        raise Http404
    context = {
        "person": found,
        "memberships": list(all_memberships_of(found)),
        "tokens": list(tokens_in_force_of(found)),
        "may_change": request.reader.role == Role.ADMIN,
    }
    return render(request, "directory/person.html", context)


@require_POST
@admins_only
def person_closing(request: SignedInRequest, person: int) -> HttpResponseBase:
    """Close somebody's account, or (with `open`) open it again."""
    try:
        if request.POST.get("open"):
            closing.reopen_person(person, by=request.reader)
            messages.success(request, _("They can sign in again."))
        else:
            closing.close_person(person, by=request.reader)
            messages.success(
                request, _("The account is closed: they are signed out on every device.")
            )
    except NotTheirPeople:
        raise Http404 from None
    except NotOneself:
        messages.error(request, _("You can't close the account you act with."))
    except LastOne as refusal:
        words = _(
            "They alone keep %(party)s. Make somebody else its owner first, or close the company."
        )
        messages.error(request, words % {"party": refusal.party.name})
    return redirect("directory:person", person)


@require_POST
@admins_only
def token_revocation(request: SignedInRequest, token: int) -> HttpResponseBase:
    """Revoke anybody's API token."""
    person_id = revoke_token(request.reader, token)
    if person_id is None:
        raise Http404
    messages.success(request, _("The token no longer works."))
    return redirect("directory:person", person_id)


def _company(
    request: SignedInRequest,
    party: Party,
    typed: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        **people_context(request, party, typed, problems),
        "may_change": request.reader.role == Role.ADMIN and party.kind != PartyKind.OPERATOR,
        "longest": LONGEST_NAME,
    }
    return render(request, "directory/company.html", context, status=422 if problems else 200)


def _party(key: int) -> Party:
    found = company_of_any_state(key)
    if found is None:
        raise Http404
    return found


def _query(request: SignedInRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:100]


def _further(last: int | None, **words: str) -> str | None:
    if last is None:
        return None
    kept = {name: value for name, value in words.items() if value} | {"after": str(last)}
    return f"?{urlencode(kept)}"
