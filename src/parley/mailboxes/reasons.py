"""Why a mail was not written as it stood, or is listed: a code and its details, kept on the mail.

A reason is a small dictionary: `code` and what it is about. Its words are the pages' matter.
"""

from __future__ import annotations

from typing import Any

from parley.conversations.typed import typed

LONGEST = 300

# Why it waits for review
STRANGER = "stranger"
"""It opened a ticket for somebody nobody knows: what it says of its sender is not proven."""
UNPROVEN = "unproven"
"""From an address of somebody we know, and nothing shows that it is from there. `why`: see `Proof`."""
NOT_TO_US = "not_to_us"
"""From where it says, but written to somebody else: who got it may have sent it on."""
OTHER_SENDER = "other_sender"
"""It answers a mail of ours to somebody else: `address` is whose."""
REVOKED = "revoked"
"""It answers to an address that holds no longer, or whose person acts here no more."""
NO_ACCOUNT = "no_account"
"""From somebody who had an account here, and has none that holds."""
SECOND_FACTOR = "second_factor"
"""Their company requires a second factor, and they have not set one up."""
OWN_PEOPLE = "own_people"
"""From one of the operator's own people, and about no ticket."""
SEVERAL_COMPANIES = "several_companies"
"""They act for more than one company, and it is about no ticket."""
WHO_READS = "who_reads"
"""On this `ticket` not everybody reads everything, and the mail does not show what it answers."""
NOT_ALLOWED = "not_allowed"
"""The sender may not write that on the ticket now: `ticket`."""
ENDED = "ended"
"""The `ticket` has ended, and a new one could not be opened for it."""
GUARD = "guard"
"""What it says leads away from the marketplace: `found` are the kinds."""
REFUSED = "refused"
"""No ticket could be opened with it: `problems` are the words."""
EMPTY = "empty"
"""There is nothing new in it."""
QUOTE_FIRST = "quote_first"
"""On a `ticket`, and it begins with a quote that nothing marks: what is new can't be told from it."""
TOO_MANY = "too_many"
"""More from this sender, within an hour, than is taken in unread."""
REPEATS = "repeats"
"""The same words, from this sender on this `ticket`, were written several times: a machine may write."""
MANY_STRANGERS = "many_strangers"
"""More from people nobody knows, within an hour, than tickets are opened for."""
NO_SENDER = "no_sender"
"""It does not say whom it is from."""

# Of what was written
LEFT_OUT = "left_out"
"""It was written, without some of its files: `files` are [name, why] (`too_large`, `infected`,
`too_many`). They are in the raw mail, which is kept."""
FOLLOW_UP = "follow_up"
"""It answered a ticket that had ended (`ticket`), so it opened a new one."""

# Of what is only listed
NULL_SENDER = "null_sender"
"""Its server named no sender (RFC 5321, 4.5.5): a machine wrote it."""
SAME_AS = "same_as"
"""The same mail came before: `mail`."""

# Why it is set aside
UNREADABLE = "unreadable"
"""It could not be understood: `error` is the kind of what went wrong."""
FILE_GONE = "file_gone"
"""What was kept of it is not there any more."""
GIVEN_UP = "given_up"
"""Something went wrong on our side, several times: `error`."""
TOO_LARGE = "too_large"
"""It is over the limit, so that only its headers were fetched: `size`, `limit` in bytes."""

# Why it still waits
UNEXPECTED = "unexpected"
"""Something went wrong on our side; it is tried again."""
LATER = "later"
"""Whether it is from where it says could not be looked up; it is tried again. `why`: see `Proof`."""


def reason(code: str, **values: Any) -> dict[str, Any]:
    """A reason to be kept: the code, and what it is about in JSON's kinds, long texts cut."""
    return {"code": code} | {key: _cut(value) for key, value in values.items() if value}


def _cut(value: Any) -> Any:
    return typed(value[:LONGEST]) if isinstance(value, str) else value
