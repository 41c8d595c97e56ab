"""Whether a mail is from where it says: nobody is believed who has not shown it.

Either a mail server of ours says so (RFC 8601), or a signature of the sender's own domain does
(RFC 6376). Whatever else a mail says of itself, its writer may have written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from parley.mail_parsing.addresses import addresses_in
from parley.mail_parsing.authentication import Checked, trusted_check
from parley.mail_parsing.headers import Headers, split_header
from parley.mail_parsing.understood import Understood
from parley.mailboxes.models import Mailbox
from parley.mailboxes.signed import Signature, signatures_in, why_not_signed_by

NO_SENDER = "no_sender"
"""Its From names nobody, or several."""
MALFORMED = "malformed"
"""Its header is built so that two programs may read different senders in it."""
DMARC_FAILED = "dmarc_failed"
"""A server of ours says that it is not from there."""
PART_SIGNED = "part_signed"
"""What a signature leaves out may have been put in by who sent it on."""
WHYS = (
    NO_SENDER,
    MALFORMED,
    DMARC_FAILED,
    "unsigned",
    "other_domain",
    PART_SIGNED,
    "weak",
    "no_key",
    "changed",
    "too_large",
    "dns",
)
"""All that may stand in `Proof.why`; the rest: see `signed`."""

_FIELD = re.compile(rb"[!-9;-~]{1,200}:[^\r\0]*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.){0,2000}"')
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Proof:
    """By what a mail's From is proven: `dmarc`, `dkim`, or empty, and then `why` not (of `WHYS`).

    `temporary`: it could not be looked up now.
    """

    method: str
    why: str = ""
    temporary: bool = False


def proof_of(raw: bytes, understood: Understood, mailbox: Mailbox | None) -> Proof:
    """By what the mail is proven to be from the address in its From.

    Looks up keys by DNS. Never raises; a fault of the DNS is `temporary`.
    """
    split = split_header(raw, 0, len(raw))
    address = _only_sender(split.headers)
    if not address or not understood.sender or understood.sender.address != address:
        return Proof("", NO_SENDER)
    if not _is_plain(raw, split.body):
        return Proof("", MALFORMED)
    domain = ascii_domain(address.rpartition("@")[2])
    if not domain:
        return Proof("", NO_SENDER)
    signatures = signatures_in(split.headers)
    checked = _checked(split.headers, mailbox)
    if checked:
        by_server = _by_server(checked, domain, signatures)
        if by_server:
            return by_server
    return _by_signature(raw, split.body, domain, signatures)


def is_disproved(raw: bytes, understood: Understood, mailbox: Mailbox | None) -> bool:
    """Whether a mail server of ours says that it is not from there. Looks nothing up; never raises."""
    split = split_header(raw, 0, len(raw))
    checked = _checked(split.headers, mailbox)
    if checked is None or understood.sender is None:
        return False
    domain = ascii_domain(understood.sender.address.rpartition("@")[2])
    return _by_server(checked, domain, []) == Proof("", DMARC_FAILED)


def _checked(headers: Headers, mailbox: Mailbox | None) -> Checked | None:
    if mailbox is None or not mailbox.authserv.strip():
        return None
    return trusted_check(headers, mailbox.authserv.split(), [mailbox.imap_host])


def _by_server(checked: Checked, domain: str, signatures: list[Signature]) -> Proof | None:
    """What a server of ours says; None: nothing that decides it."""
    for one in checked.of("dmarc"):
        if ascii_domain(one.properties.get("header.from", "")) != domain:
            continue
        if one.result == "pass":
            is_it = _is_first_hand(checked, domain, signatures)
            return Proof("dmarc") if is_it else Proof("", PART_SIGNED)
        if one.result == "fail":
            return Proof("", DMARC_FAILED)
    whole = {one.domain for one in signatures} - {
        one.domain for one in signatures if not one.covers_all
    }
    for one in checked.of("dkim"):
        named = one.properties.get("header.d") or one.properties.get("header.i", "")
        signer = ascii_domain(named.rpartition("@")[2])
        if one.result == "pass" and signer in whole and is_aligned(signer, domain):
            return Proof("dkim")
    return None


def _is_first_hand(checked: Checked, domain: str, signatures: list[Signature]) -> bool:
    """Whether what passed DMARC is as it was sent, and was not sent on to us by who got it.

    It came from the domain's own servers (SPF), or else its signatures cover all that counts.
    """
    by_spf = (
        ascii_domain(one.properties.get("smtp.mailfrom", "").rpartition("@")[2])
        for one in checked.of("spf")
        if one.result == "pass"
    )
    if any(is_aligned(one, domain) or is_aligned(domain, one) for one in by_spf):
        return True
    # By DMARC's relaxed alignment, one of a sister may have counted.
    near = domain.split(".")[-2:]
    return all(one.covers_all for one in signatures if one.domain.split(".")[-2:] == near)


def _by_signature(raw: bytes, body: int, domain: str, signatures: list[Signature]) -> Proof:
    if not signatures:
        return Proof("", "unsigned")
    aligned = [one for one in signatures if is_aligned(one.domain, domain)]
    if not aligned:
        return Proof("", "other_domain")
    why = why_not_signed_by(aligned, raw, body)
    if why:
        return Proof("", why, temporary=why == "dns")
    return Proof("dkim")


def is_aligned(signer: str, domain: str) -> bool:
    """Whether who signed speaks for the domain of the address: the same one, or one it lies in.

    Stricter than DMARC's relaxed alignment, which lets a subdomain speak for what is above it and
    so needs to know under which names strangers get their own.
    """
    if "." not in signer:
        return False
    return domain == signer or domain.endswith("." + signer)


def ascii_domain(domain: str) -> str:
    """As DNS names it, in lower case; empty: no domain."""
    domain = domain.strip().strip(".").lower()
    try:
        return domain.encode("idna").decode("ascii") if domain else ""
    except UnicodeError:
        return ""


def _only_sender(headers: Headers) -> str:
    """The one address of the one From; empty where there is more, or anything one could misread."""
    fields = headers.unfolded("from")
    if len(fields) != 1:
        return ""
    found = addresses_in(fields[0], headers.hint)
    if len(found) != 1:
        return ""
    bare = _QUOTED.sub("", fields[0][:10_000])
    bare = _COMMENT.sub("", bare)
    if bare.count("@") != 1 or bare.count("<") > 1 or bare.count(":") or bare.count(";"):
        return ""
    return (
        found[0].address
        if found[0].address in bare or found[0].address.lower() in bare.lower()
        else ""
    )


def _is_plain(raw: bytes, body: int) -> bool:
    """Whether every program reads the same header in it.

    What one takes for the header's end, another may read on beyond; so a signed header could be
    shown with words in front that nobody signed.
    """
    head = raw[:body]
    if b"\0" in head or head.count(b"\r") != head.count(b"\r\n"):
        return False
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    while lines and not lines[-1]:
        lines.pop()
    if not head.endswith((b"\n\n", b"\n\r\n")) and body < len(raw):
        return False
    if lines and lines[0].startswith(b"From "):
        lines.pop(0)
    if not lines or not _FIELD.fullmatch(lines[0]):
        return False
    return all(line.strip() and (line[:1] in b" \t" or _FIELD.fullmatch(line)) for line in lines)
