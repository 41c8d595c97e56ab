"""Changing who acts for a company, for its owners and for the operator's administrators alike.

Each answer leads back to the page with that company's people, and says there what was done or why
not. What is not theirs to change does not exist for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from parley.parties import asking_to_join, inviting, keeping_people
from parley.parties.access import party_of_invitation, party_of_member, party_of_request
from parley.parties.asking_to_join import RequestGone
from parley.parties.inviting import (
    InvitationGone,
    InvitationRefused,
    NewInvitation,
    TooManyInvitations,
)
from parley.parties.joining import RoleDoesNotFit
from parley.parties.keeping_people import LastOne, NotTheirPeople
from parley.parties.models import PartyKind
from parley.web.people.showing import page_of
from parley.web.reader import SignedInRequest, signed_in

Page = Callable[[SignedInRequest, dict[str, str] | None, dict[str, str] | None], HttpResponseBase]


def invite_to(request: SignedInRequest, party_id: int, page: Page) -> HttpResponseBase:
    """Invite whom the form names; refused, `page` shows it again with what was typed."""
    fields = ("email", "role", "name", "language")
    typed = {name: request.POST.get(name, "") for name in fields}
    try:
        made = inviting.invite(party_id, NewInvitation(**typed), by=request.reader)
    except NotTheirPeople:
        raise Http404 from None
    except RoleDoesNotFit:
        return page(request, typed, {"role": _("Pick a role.")})
    except InvitationRefused as refusal:
        return page(request, typed, refusal.problems)
    except TooManyInvitations as refusal:
        return page(request, typed, {"email": wait_words(refusal)})
    messages.success(
        request, _("The invitation to %(email)s is on its way.") % {"email": made.email}
    )
    return redirect(page_of(request.reader, party_id))


def change_code(request: SignedInRequest, party_id: int) -> HttpResponseBase:
    """A new code to ask with, or (with `off`) none any more."""
    with _or_why_not(request):
        if request.POST.get("off"):
            asking_to_join.take_code_away(party_id, by=request.reader)
            messages.success(request, _("Nobody can ask to join by a code any more."))
        else:
            asking_to_join.new_code(party_id, by=request.reader)
            messages.success(
                request, _("There is a new code. One that was there before works no longer.")
            )
    return redirect(page_of(request.reader, party_id))


@require_POST
@signed_in
def sending(request: SignedInRequest, invitation: int) -> HttpResponseBase:
    """Send an invitation again, with a new link."""
    with _or_why_not(request):
        sent = inviting.send_again(invitation, by=request.reader)
        messages.success(
            request,
            _("Sent to %(email)s again. The link in the mail before works no longer.")
            % {"email": sent.email},
        )
    return _back(request, party_of_invitation(invitation))


@require_POST
@signed_in
def revocation(request: SignedInRequest, invitation: int) -> HttpResponseBase:
    """Take an invitation back."""
    with _or_why_not(request):
        inviting.revoke(invitation, by=request.reader)
        messages.success(request, _("The invitation is taken back: its link works no longer."))
    return _back(request, party_of_invitation(invitation))


@require_POST
@signed_in
def role(request: SignedInRequest, member: int) -> HttpResponseBase:
    """Give a member another role."""
    with _or_why_not(request):
        changed = keeping_people.change_role(
            member, request.POST.get("role", ""), by=request.reader
        )
        words = {"name": changed.person.name, "role": changed.get_role_display()}
        messages.success(request, _("%(name)s: %(role)s from now on.") % words)
    return _back(request, party_of_member(member))


@require_POST
@signed_in
def activity(request: SignedInRequest, member: int) -> HttpResponseBase:
    """Let a member act for the company again (`active`), or from now on no more."""
    with _or_why_not(request):
        if request.POST.get("active"):
            changed = keeping_people.reactivate(member, by=request.reader)
            said = _("%(name)s can act for %(party)s again.")
        else:
            changed = keeping_people.deactivate(member, by=request.reader)
            said = _("%(name)s acts for %(party)s no more, on no device and by no program.")
        words = {"name": changed.person.name, "party": changed.party.name}
        messages.success(request, said % words)
    return _back(request, party_of_member(member))


@require_POST
@signed_in
def answer(request: SignedInRequest, asked: int) -> HttpResponseBase:
    """Say yes (with a role) or no (`no`) to one who asks to join."""
    with _or_why_not(request):
        if request.POST.get("no"):
            asking_to_join.decline(asked, by=request.reader)
            messages.success(request, _("They were not let in."))
        elif asking_to_join.approve(asked, request.POST.get("role", ""), by=request.reader):
            messages.success(request, _("They act for the company from now on."))
        else:
            messages.success(request, _("An invitation is on its way to them."))
    return _back(request, party_of_request(asked))


def wait_words(refusal: TooManyInvitations) -> str:
    """When it can be tried again."""
    if not refusal.minutes:
        return _("It was sent often enough. Take it back, and invite them anew.")
    words = ngettext(
        "Too many invitations for now. Try again in %(num)s minute.",
        "Too many invitations for now. Try again in %(num)s minutes.",
        refusal.minutes,
    )
    return words % {"num": refusal.minutes}


@contextmanager
def _or_why_not(request: SignedInRequest) -> Iterator[None]:
    """What can't be done is said on the page that follows. Raises Http404 for what is not theirs."""
    try:
        yield
    except NotTheirPeople:
        raise Http404 from None
    except LastOne as refusal:
        messages.error(request, _last_words(refusal))
    except RoleDoesNotFit:
        messages.error(request, _("Pick a role."))
    except InvitationGone:
        messages.error(request, _("That invitation was accepted or taken back meanwhile."))
    except RequestGone:
        messages.error(request, _("Somebody has answered that already."))
    except TooManyInvitations as refusal:
        messages.error(request, wait_words(refusal))
    except InvitationRefused as refusal:
        messages.error(request, " ".join(refusal.problems.values()))


def _last_words(refusal: LastOne) -> str:
    if refusal.party.kind == PartyKind.OPERATOR:
        return _("They are the last administrator. Make somebody else one first.")
    return _("They are the last owner of %(party)s. Make somebody else one first.") % {
        "party": refusal.party.name
    }


def _back(request: SignedInRequest, party_id: int | None) -> HttpResponseBase:
    if party_id is None:
        raise Http404
    return redirect(page_of(request.reader, party_id))
