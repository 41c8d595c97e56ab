"""What a list of a company's people is given, wherever it stands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from parley.parties.access import everybody_at, invitations_to, requests_to_join
from parley.parties.keeping_people import HEAD_OF, may_keep_people
from parley.parties.models import ROLES_OF, Membership, Party, Role
from parley.web.reader import SignedInRequest


def people_context(
    request: SignedInRequest,
    party: Party,
    typed: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What `people/_people.html` is given. Three queries, one for those who keep nobody.

    `party`, `may_keep`, `members` (ended ones as well, for those who keep them), `invitations`,
    `requests`, `roles` (pairs), `head` (the role of those in charge), `invite_at` and `code_at`
    (addresses), `typed` and `problems` of the invitation.
    """
    reader = request.reader
    may_keep = may_keep_people(reader, party)
    members = list(everybody_at(party.pk))
    return {
        "party": party,
        "may_keep": may_keep,
        "members": members if may_keep else [m for m in members if m.is_in_force],
        "invitations": list(invitations_to(party.pk)) if may_keep else [],
        "requests": list(requests_to_join(party.pk)) if may_keep else [],
        "roles": roles_at(party),
        "head": HEAD_OF.get(party.kind, ""),
        "invite_at": _address(reader, party, "invitations"),
        "code_at": _address(reader, party, "code"),
        "join_at": f"{settings.PUBLIC_URL}{reverse('join')}?code={party.join_code}",
        "typed": typed or {"email": "", "name": "", "role": "", "language": ""},
        "problems": problems or {},
    }


def roles_at(party: Party) -> list[tuple[str, str]]:
    """The roles that people may have at a party, the one with the least to say first."""
    return [(role.value, str(role.label)) for role in Role if role in ROLES_OF[party.kind]]


def page_of(reader: Membership, party_id: int) -> str:
    """The page with the party's people, for this reader: their own, or the operator's of a company."""
    if party_id == reader.party_id:
        return reverse("people:people")
    return reverse("directory:company", args=[party_id])


def _address(reader: Membership, party: Party, what: str) -> str:
    if party.pk == reader.party_id:
        return reverse(f"people:{what}")
    return reverse(f"directory:{what}", args=[party.pk])
