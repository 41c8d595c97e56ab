"""The Message-IDs of mails: the same mail has the same one, however often it is sent.

All mails of a ticket (or an order) hang on one root, which no mail has itself: mail clients thread by it
whichever of the mails they have. They carry the token by which an answer finds its way (see
`mailboxes.message_ids`), also where a mailbox or a mail client loses the address to answer to.
"""

from __future__ import annotations

from parley.mailboxes.message_ids import mail_host, marked, thread_root
from parley.mailboxes.models import ReplyAddress
from parley.mailboxes.reply_addresses import answers_of, token_of
from parley.notifications.models import Fate, Mail, Notice, Way
from parley.notifications.subjects import key_of

MOST_REFERENCES = 10
"""Mails before, named in References besides the root (RFC 5322 asks for no more than fit)."""


def notice_message_id(notice: Notice, address: ReplyAddress | None) -> str:
    """The Message-ID of the mail of a notice that is answered at `address`, if it can be."""
    name = f"notice-{notice.pk}.{key_of(notice)}"
    if address is None:
        return marked(name, notice.person.mailbox)
    return f"<{name}.{token_of(address)}@{mail_host()}>"


def digest_message_id(mails: list[Mail]) -> str:
    """The Message-ID of the digest that gathers these mails."""
    last = max(mails, key=lambda mail: mail.pk)
    return marked(f"digest-{last.pk}", last.notice.person.mailbox)


def references(notice: Notice) -> list[str]:
    """What a notice's mail refers to: the root, then what the person got and wrote about it before."""
    sent = (
        Mail.objects.filter(
            notice__person=notice.person_id,
            notice__ticket=notice.ticket_id,
            notice__order=notice.order_id,
            notice__path=notice.path,
            notice__lt=notice.pk,
            fate=Fate.SENT,
            way=Way.AT_ONCE,
        )
        .order_by("-notice")
        .values_list("sent_at", "message_id", "notice")[:MOST_REFERENCES]
    )
    key = key_of(notice)
    before = [(at, named or _before_tokens(pk, key)) for at, named, pk in sent]
    if notice.ticket_id is not None:
        before += answers_of(notice.person_id, notice.ticket_id, before=notice.at)
    before.sort()
    return [thread_root(key), *(named for _at, named in before[-MOST_REFERENCES:])]


def _before_tokens(notice_id: int, key: str) -> str:
    """What a mail was called that was sent before there were tokens."""
    return f"<notice-{notice_id}.{key}@{mail_host()}>"
