"""What the addresses of people and companies name: Bright Home's, and a company that can be closed."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator

from cast import Cast
from parley.parties.asking_to_join import NewJoinRequest, ask_to_join, new_code
from parley.parties.inviting import NewInvitation, invite
from parley.parties.joining import found, join
from parley.parties.models import Person
from parley.parties.tokens import make_token


def peopled(cast: Cast) -> dict[str, Callable[[str], str]]:
    """An invitation, a request to join, a passkey, and one more member, whom nobody signs in as."""
    invited = invite(
        cast.bright_home.pk, NewInvitation(email="new@x.example", role="member"), by=cast.seller
    )
    code = new_code(cast.bright_home.pk, by=cast.seller)
    asked = ask_to_join(NewJoinRequest(code=code, email="a@x.example", name="A"), person=None)

    helper = join(Person.objects.create_user("h@x.example", name="H"), cast.bright_home, "member")
    empty = found("seller", "Nobody's")

    def token(_name: str) -> str:
        return str(make_token(helper, "peopled")[0].pk)

    def passkey(_name: str) -> str:
        one, _new = Authenticator.objects.get_or_create(
            user=cast.seller.person,
            type=Authenticator.Type.WEBAUTHN,
            defaults={"data": {"name": "My laptop", "credential": {}}},
        )
        return str(one.pk)

    return {
        "<int:pk>": passkey,
        "<int:invitation>": lambda _name: str(invited.pk),
        "<int:member>": lambda _name: str(helper.pk),
        "<int:asked>": lambda _name: str(asked.pk),
        "<int:person>": lambda _name: str(helper.person_id),
        "<int:token>": token,
        "<int:party>": lambda name: str(empty.pk if "closing" in name else cast.bright_home.pk),
        "<str:secret>": lambda _name: "no-such-secret",
        "<slug:handle>": lambda _name: "no-such-session",
        "<slug:provider_id>": lambda _name: "company",
    }
