"""*Talk to a person*: what is asked for, and the hand-over itself (M3)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from parley.messenger.handing_over import hand_over, may_hand_over, needs_contact
from parley.messenger.limiting import QUESTIONS, QUESTIONS_OF_ADDRESS, spend
from parley.messenger.listing import conversation_of
from parley.messenger.presence import someone_is_there
from parley.web.chat import expecting
from parley.web.chat.conversations import page_of
from parley.web.chat.doors import Answer, Asking, address, made
from parley.web.chat.problems import Problem


def _form(asking: Asking, key: int | None = None) -> Answer:
    _check_there(asking, key)
    reader = asking.reader
    if reader is not None and not may_hand_over(reader):
        raise Problem(409, _("You are one of the people that others are handed over to."))
    return {
        "kinds": expecting.kinds(),
        "needs": {
            "description": key is None,
            "email": _needs_email(asking),
        },
        "email": reader.person.mailbox if reader else _vouched_email(asking),
        "online": someone_is_there(),
        "colleagues_see": expecting.colleagues_see(reader),
    }


def _check_there(asking: Asking, key: int | None) -> None:
    if key is not None and conversation_of(asking.known, key) is None:
        raise Problem(404, _("There is nothing here."))


def _needs_email(asking: Asking) -> bool:
    if asking.reader is not None:
        return needs_contact(asking.reader)
    return not _vouched_email(asking)


def _vouched_email(asking: Asking) -> str:
    return str(asking.caller.vouched.get("email", "")) if asking.caller else ""


def _hand_over(asking: Asking, key: int | None = None) -> Answer:
    _check_there(asking, key)
    body = asking.body
    by = asking.arrived()
    spend("ask", by.person_id, QUESTIONS)
    spend("ask-from", asking.address, QUESTIONS_OF_ADDRESS)
    ticket = hand_over(
        key,
        by=by,
        priority=body.text("priority"),
        text=body.text("text"),
        attachments=body.keys("files"),
        contact=body.text("email"),
        submit_key=body.key("submit_key"),
        language=asking.caller.language if asking.caller else "en",
        site=asking.site,
    )
    row = conversation_of(by, ticket.conversation_id)
    assert row is not None, "who has opened a ticket sees it"
    return made(page_of(row, by))


handover = address(GET=_form, POST=_hand_over)
