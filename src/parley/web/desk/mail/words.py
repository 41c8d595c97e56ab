"""What became of a mail and why, in the words of pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.mail_parsing.understood import Automatic
from parley.mailboxes import reasons
from parley.mailboxes.finding import TO_LOOK_AT
from parley.mailboxes.models import Outcome, RawMail
from parley.mailboxes.reviewing import OPEN_TO_REVIEW, CannotBeLetIn
from parley.mailboxes.storing import MailGone
from parley.mailboxes.taking import Unreadable
from parley.tickets.models import NUMBER_FORMAT
from parley.web.guarding import KINDS as LEADS_AWAY

_LOOKS: dict[str, tuple[str, str]] = {
    Outcome.WAITING: ("calm", "hourglass"),
    Outcome.POSTED: ("done", "circle-check"),
    Outcome.OPENED: ("done", "message-square-plus"),
    Outcome.HELD: ("waiting", "hourglass"),
    Outcome.REVIEW: ("soon", "eye"),
    Outcome.AUTOMATIC: ("waiting", "bot"),
    Outcome.BOUNCE: ("over", "mail-x"),
    Outcome.OWN: ("waiting", "undo-2"),
    Outcome.DUPLICATE: ("waiting", "copy"),
    Outcome.SET_ASIDE: ("over", "circle-alert"),
    Outcome.DECLINED: ("waiting", "circle-x"),
}
_WHY: dict[str, str | Promise] = {
    reasons.STRANGER: gettext_lazy(
        "Nobody knows the sender, so whom it is from is only what the mail says."
    ),
    reasons.NOT_TO_US: gettext_lazy(
        "It was not written to an address of yours: somebody who got it may have sent it on."
    ),
    reasons.UNPROVEN: gettext_lazy(
        "It bears the address of somebody we know, and nothing proves that it is from there: %(why)s"
    ),
    reasons.OTHER_SENDER: gettext_lazy(
        "It answers a mail of ours that was sent to somebody else: %(address)s"
    ),
    reasons.REVOKED: gettext_lazy(
        "It answers to an address that holds no longer, or whose person acts here no more."
    ),
    reasons.NO_ACCOUNT: gettext_lazy("The sender had an account here, which is closed."),
    reasons.SECOND_FACTOR: gettext_lazy(
        "The sender's company requires a second factor, and they have not set one up."
    ),
    reasons.OWN_PEOPLE: gettext_lazy("It is from one of your own team, and about no ticket."),
    reasons.SEVERAL_COMPANIES: gettext_lazy(
        "The sender acts for more than one company, and the mail is about no ticket."
    ),
    reasons.WHO_READS: gettext_lazy(
        "Not everybody on %(ticket)s reads everything, and the mail does not show what it answers."
    ),
    reasons.NOT_ALLOWED: gettext_lazy("The sender may not write that on %(ticket)s now."),
    reasons.ENDED: gettext_lazy(
        "%(ticket)s has ended, and a new ticket could not be opened for it."
    ),
    reasons.GUARD: gettext_lazy("It leads away from the marketplace: %(found)s"),
    reasons.REFUSED: gettext_lazy("No ticket could be opened with it. %(problems)s"),
    reasons.EMPTY: gettext_lazy("There is nothing new in it: all of it was written before."),
    reasons.QUOTE_FIRST: gettext_lazy(
        "It begins with what it answers, and what its sender wrote cannot be told from that. Others on"
        " %(ticket)s may not have been meant to read it."
    ),
    reasons.TOO_MANY: gettext_lazy(
        "This sender wrote more within an hour than is taken in without a look."
    ),
    reasons.MANY_STRANGERS: gettext_lazy(
        "People nobody knows wrote more within an hour than tickets are opened for."
    ),
    reasons.NO_SENDER: gettext_lazy("It does not say whom it is from."),
    reasons.LEFT_OUT: gettext_lazy("Some of its files were left out: %(files)s"),
    reasons.FOLLOW_UP: gettext_lazy("%(ticket)s had ended, so it opened a new ticket."),
    reasons.SAME_AS: gettext_lazy("The same mail had come before."),
    reasons.UNREADABLE: gettext_lazy("It could not be read: %(error)s"),
    reasons.FILE_GONE: gettext_lazy("What was kept of it is not there any more."),
    reasons.GIVEN_UP: gettext_lazy(
        "Something went wrong on our side, several times. It has been noted: %(error)s"
    ),
    reasons.TOO_LARGE: gettext_lazy(
        "With %(size)s it is over the limit of %(limit)s, so that it was left in the mailbox."
    ),
    reasons.UNEXPECTED: gettext_lazy("Something went wrong on our side; it is tried again."),
    reasons.LATER: gettext_lazy(
        "Whether it is from where it says could not be looked up; that is tried again."
    ),
}
_UNPROVEN: dict[str, str | Promise] = {
    "no_sender": gettext_lazy("its From names nobody, or several."),
    "malformed": gettext_lazy("it is built so that two programs may read different senders in it."),
    "dmarc_failed": gettext_lazy("a mail server of yours says that it is not."),
    "unsigned": gettext_lazy("nobody has signed it."),
    "other_domain": gettext_lazy("it is signed by another domain than that of the address."),
    "part_signed": gettext_lazy("its signature does not cover all of it."),
    "weak": gettext_lazy("its signature is too weak to prove anything."),
    "no_key": gettext_lazy("the key of its signature is not published."),
    "changed": gettext_lazy("it was changed after it was signed."),
    "too_large": gettext_lazy("it is too large to be checked."),
    "dns": gettext_lazy("the key of its signature could not be looked up."),
}
_AUTOMATIC: dict[str, str | Promise] = {
    "bounce": gettext_lazy("A server says that a mail did not arrive."),
    "own": gettext_lazy("A desk like this one wrote it, and no person."),
    "receipt": gettext_lazy("It says that a mail was received or read, and nothing else."),
    "complaint": gettext_lazy("It is a provider's report about a mail."),
    "auto_submitted": gettext_lazy("It says itself that no person wrote it."),
    "autoreply": gettext_lazy("An answering machine wrote it."),
    "precedence": gettext_lazy("It was sent in bulk, or by a machine."),
    "list": gettext_lazy("It came through a mailing list."),
    "suppressed": gettext_lazy("It asks for no automatic answer, as machines do."),
    reasons.NULL_SENDER: gettext_lazy("Its server named no sender, as only machines do."),
    "robot": gettext_lazy("Its sender is a mail server."),
    "no_reply": gettext_lazy("Its sender takes no answers."),
    "subject": gettext_lazy("Its subject is an answering machine's."),
}
_FILES: dict[str, str | Promise] = {
    "too_large": gettext_lazy("too large"),
    "infected": gettext_lazy("a virus was found in it"),
    "too_many": gettext_lazy("too many files"),
}
_PROVEN: dict[str, str | Promise] = {
    "token": gettext_lazy("proven: it answers a mail that was sent to them alone"),
    "dmarc": gettext_lazy("proven: the domain's own servers sent it (DMARC)"),
    "dkim": gettext_lazy("proven: signed by the domain it is from (DKIM)"),
    "let_in": gettext_lazy("let in by one of your team"),
}


DOUBTFUL = (reasons.UNPROVEN, reasons.NOT_TO_US, reasons.OTHER_SENDER)
"""Why a mail may be forged: letting it in is offered, and not suggested."""


def look_of(outcome: str) -> tuple[str, str]:
    """The tone and the icon (of lucide) of what became of a mail."""
    return _LOOKS[outcome]


def became_in_words(mail: RawMail) -> str:
    """What became of a mail, in two or three words."""
    if mail.outcome == Outcome.SET_ASIDE and _is_too_large(mail):
        return _("Too large")
    return mail.get_outcome_display()


def reason_in_words(stored: Mapping[str, Any]) -> str:
    """A reason as `mailboxes.reasons` keeps it, as a sentence; empty if there is none."""
    code = str(stored.get("code", ""))
    if not code:
        return ""
    if code == "bounce":
        return _came_back(stored)
    pattern = _AUTOMATIC.get(code) or _WHY.get(code) or _WHY[reasons.UNEXPECTED]
    return (str(pattern) % _values(stored)).strip()


def proof_in_words(verified: str) -> str:
    """By what it is known whom a mail is from; empty where it is not."""
    return str(_PROVEN.get(verified, verified))


def automatic_in_words(automatic: Automatic | None) -> str:
    """Why no person wrote a mail; empty where one did."""
    return str(_AUTOMATIC.get(automatic.why, automatic.why)) if automatic else ""


def what_now(mail: RawMail) -> str:
    """What letting in, opening and trying again would do with this mail; empty if nothing is offered."""
    if mail.outcome == Outcome.SET_ASIDE and _is_too_large(mail):
        return _(
            "Read it in the mailbox itself, or ask its sender for a smaller one. Here only its headers are."
        )
    if mail.outcome == Outcome.SET_ASIDE:
        return _("Nothing else waits for it. Try again once the cause is gone.")
    if mail.outcome in (Outcome.AUTOMATIC, Outcome.BOUNCE, Outcome.OWN) and mail.stored_as:
        return _("Nothing has to be done about it. If a person wrote it after all, let it in.")
    if mail.outcome != Outcome.REVIEW:
        return ""
    if mail.ticket_id and mail.reason.get("code") == reasons.STRANGER:
        return _(
            "Its ticket is open and marked as not verified. Let it in to take the mark off; "
            "declined, its ticket is cancelled."
        )
    if mail.reason.get("code") == reasons.OTHER_SENDER:
        return _(
            "Let it in, and it is written in the name of whoever its address is of; if nobody here has it, in"
            " that of %(address)s. Open a ticket with it, and it stands there as what somebody nobody knows"
            " has sent."
        ) % {"address": mail.reason.get("address", "")}
    if mail.reason.get("code") in DOUBTFUL:
        return _(
            "Let it in only if you are sure of its sender: it is written in their name. If it is about money "
            "or access, ask them another way first. Open a ticket with it, and it stands there as what "
            "somebody nobody knows has sent."
        )
    return _(
        "Let it in, and it is written as the person its address names. Open a ticket with it, and "
        "it stands there as what somebody nobody knows has sent."
    )


def _is_too_large(mail: RawMail) -> bool:
    return bool(mail.reason.get("code") == reasons.TOO_LARGE)


def _values(stored: Mapping[str, Any]) -> dict[str, str]:
    """What the patterns name; each is there, as an empty text if the reason has none."""
    return {
        "why": proof_lacks(str(stored.get("why", ""))),
        "address": str(stored.get("address", "")),
        "ticket": _number(stored.get("ticket")),
        "found": ", ".join(str(LEADS_AWAY.get(one, one)) for one in stored.get("found", ())),
        "problems": " ".join(str(one) for one in _listed(stored.get("problems"))),
        "files": ", ".join(
            f"{name} ({_FILES.get(why, why)})" for name, why in stored.get("files", ())
        ),
        "error": str(stored.get("error", "")),
        "size": str(filesizeformat(stored.get("size", 0))),
        "limit": str(filesizeformat(stored.get("limit", 0))),
    }


def _came_back(stored: Mapping[str, Any]) -> str:
    pattern = (
        _("A mail of ours to %(address)s did not arrive, and will not: %(words)s")
        if stored.get("permanent")
        else _("A mail of ours to %(address)s has not arrived so far: %(words)s")
    )
    said = stored.get("words") or stored.get("status") or "–"
    return pattern % {"address": stored.get("address") or "–", "words": said}


def _number(ticket: Any) -> str:
    return NUMBER_FORMAT.format(ticket) if isinstance(ticket, int) else str(ticket or "")


def _listed(found: Any) -> list[Any]:
    if isinstance(found, dict):
        return list(found.values())
    return list(found) if isinstance(found, (list, tuple)) else [found] if found else []


def offers(mail: RawMail) -> tuple[str, ...]:
    """What can be decided about a mail now: of `let_in`, `open`, `decline`, `again`."""
    if mail.ticket_id:
        return ("let_in", "decline") if mail.outcome == Outcome.REVIEW else ()
    if mail.outcome not in OPEN_TO_REVIEW:
        return ()
    declines = ("decline",) if mail.outcome in TO_LOOK_AT else ()
    if not mail.stored_as or _is_too_large(mail):
        return declines
    ways = ("again",) if mail.outcome == Outcome.SET_ASIDE else ("let_in", "open")
    return ways + declines


def refusal_in_words(refusal: Exception) -> str:
    """Why what somebody has decided about a mail could not be done."""
    if isinstance(refusal, CannotBeLetIn):
        return _("It could not be let in. %(why)s") % {"why": reason_in_words(refusal.reason)}
    if isinstance(refusal, MailGone):
        return _("What was kept of it is not there any more.")
    if isinstance(refusal, Unreadable):
        return _("It could not be read. Try again once the cause is gone.")
    return _("It was written meanwhile, or somebody else has decided about it.")


def proof_lacks(why: str) -> str:
    """Why nothing proves a mail's sender, as `mailboxes.trusting` says it, in half a sentence."""
    return str(_UNPROVEN.get(why, why))
