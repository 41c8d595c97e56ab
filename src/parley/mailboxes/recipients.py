"""Whose mail it is that somebody brings to our own door: which mailbox an address belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from parley.mailboxes.models import Mailbox

LONGEST = 320


def mailbox_at(address: str) -> Mailbox | None:
    """The active mailbox of this address, with or without something after a plus; None: not ours."""
    found = found_at(address)
    return found if found and found.active else None


def found_at(address: str) -> Mailbox | None:
    """The mailbox of this address; one that is paused where no active one has it. None: not ours."""
    local, at, domain = address.strip().strip("<>").lower().rpartition("@")
    if not at or len(address) > LONGEST or not _can_be_kept(address):
        return None
    base = local.partition("+")[0]
    found = Mailbox.objects.filter(address__in={f"{local}@{domain}", f"{base}@{domain}"})
    return max(found, key=lambda one: (one.active, len(one.address)), default=None)


def _can_be_kept(address: str) -> bool:
    """Whether it is letters alone: some clients say bytes that are none."""
    return "\x00" not in address and not any("\ud800" <= letter <= "\udfff" for letter in address)


def first_mailbox(addresses: Iterable[str]) -> Mailbox | None:
    """The mailbox of the first of these addresses that has one."""
    return next((found for one in addresses if (found := mailbox_at(one))), None)
