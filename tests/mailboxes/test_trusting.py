"""Nobody is believed to have written a mail who has not shown it."""

from __future__ import annotations

import pytest
from tests.mailboxes.signing import Names, key_of, signed

from parley.mail_parsing.understanding import understand
from parley.mailboxes.models import Mailbox
from parley.mailboxes.trusting import WHYS, Proof, is_aligned, proof_of

MAIL = b"""\
From: Anna Berg <anna@shop.example>\r
To: support@market.example\r
Subject: Where is it?\r
Date: Mon, 2 Mar 2026 10:00:00 +0100\r
Message-ID: <1@shop.example>\r
\r
It has not come.  \r
\r
"""
BOX = Mailbox(address="support@market.example", authserv="mx.market.example")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    names = Names()
    names.publish("shop.example", key_of()[1])
    monkeypatch.setattr("parley.mailboxes.signed.txt_of", names)
    return names


def proof(raw: bytes, box: Mailbox | None = None) -> Proof:
    found = proof_of(raw, understand(raw), box)
    assert bool(found.method) != bool(found.why)
    assert found.why == "" or found.why in WHYS
    return found


def headed(*lines: str, raw: bytes = MAIL) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode() + raw


def test_a_mail_that_nothing_proves_is_not_believed(names: Names) -> None:
    assert proof(MAIL).why == "unsigned"
    assert names.asked == []


@pytest.mark.parametrize("body", [b"relaxed", b"simple"])
def test_a_signature_of_the_senders_domain_proves_them(names: Names, body: bytes) -> None:
    assert proof(signed(MAIL, "shop.example", canonicalize=(b"relaxed", body))).method == "dkim"


def test_a_mail_kept_with_unix_line_ends_is_as_good(names: Names) -> None:
    raw = signed(MAIL, "shop.example").replace(b"\r\n", b"\n")
    assert proof(raw).method == "dkim"


def test_a_domain_speaks_for_what_lies_in_it_and_not_for_what_is_above(names: Names) -> None:
    raw = MAIL.replace(b"anna@shop.example", b"anna@mail.shop.example")
    assert proof(signed(raw, "shop.example")).method == "dkim"
    names.publish("mail.shop.example", key_of()[1])
    assert proof(signed(MAIL, "mail.shop.example")).why == "other_domain"
    assert not is_aligned("example", "shop.example")
    assert not is_aligned("op.example", "shop.example")


def test_somebody_elses_signature_proves_nothing_and_costs_no_lookup(names: Names) -> None:
    names.publish("evil.example", key_of()[1])
    assert proof(signed(MAIL, "evil.example")).why == "other_domain"
    assert names.asked == []


def test_what_was_changed_after_it_was_signed_is_not_believed(names: Names) -> None:
    raw = signed(MAIL, "shop.example")
    assert proof(raw.replace(b"not come", b"come")).why == "changed"
    assert proof(raw.replace(b"Subject: Where", b"Subject: There")).why == "changed"


def test_a_signature_that_leaves_room_for_more_text_proves_nothing(names: Names) -> None:
    raw = signed(MAIL, "shop.example", length=True)
    assert proof(raw + b"Pay to another account.\r\n").why == "part_signed"


@pytest.mark.parametrize(
    "added",
    [
        "To: support@market.example",
        "Cc: support@market.example",
        "Subject: [T-10042] Agreed",
        "Date: Tue, 3 Mar 2026 10:00:00 +0100",
        "In-Reply-To: <ticket-1@desk.example>\r\nIn-Reply-To: <ticket-2@desk.example>",
        "Content-Type: text/html",
    ],
)
def test_a_signed_mail_that_is_sent_on_with_other_lines_proves_nothing(
    names: Names, added: str
) -> None:
    # Whoever got a signed mail could have it say to whom it went, and about what.
    raw = MAIL.replace(b"To: support@market.example", b"To: bob@evil.example")
    raw = raw.replace(b"\r\n\r\nIt", b"\r\nContent-Type: text/plain\r\n\r\nIt")
    raw = headed(added, raw=signed(raw, "shop.example"))
    assert proof(raw).why == "part_signed"
    assert proof(headed(PASS, raw=raw), BOX).why == "part_signed"
    said = "Authentication-Results: mx.market.example; dkim=pass header.d=shop.example"
    assert proof(headed(said, raw=raw), BOX).why == "part_signed"


def test_a_signature_has_to_cover_to_whom_it_is(names: Names) -> None:
    raw = signed(MAIL, "shop.example", include_headers=[b"from", b"subject", b"date"])
    assert proof(raw).why == "part_signed"
    assert proof(headed(PASS, raw=raw), BOX).why == "part_signed"


@pytest.mark.parametrize(
    ("mailfrom", "method"),
    [
        ("anna@shop.example", "dmarc"),
        ("shop.example", "dmarc"),
        ("x@bounces.shop.example", "dmarc"),
        ("bob@evil.example", ""),
        ("bob@evilshop.example", ""),
    ],
)
def test_or_it_comes_from_the_domains_own_servers(names: Names, mailfrom: str, method: str) -> None:
    raw = signed(MAIL, "shop.example", include_headers=[b"from", b"subject", b"date"])
    said = PASS.replace(
        "; dmarc", f"; spf=pass (sender IP is 192.0.2.1) smtp.mailfrom={mailfrom}; dmarc"
    )
    assert proof(headed(said, raw=raw), BOX).method == method
    failed = said.replace("spf=pass", "spf=softfail")
    assert not proof(headed(failed, raw=raw), BOX).method


def test_a_second_sender_is_never_believed(names: Names) -> None:
    raw = signed(MAIL, "shop.example")
    assert proof(b"From: boss@shop.example\r\n" + raw).why == "no_sender"
    several = MAIL.replace(b"<anna@shop.example>", b"<anna@shop.example>, boss@shop.example")
    assert proof(signed(several, "shop.example")).why == "no_sender"
    twice = MAIL.replace(b"Anna Berg", b"<boss@shop.example>")
    assert proof(signed(twice, "shop.example")).why == "no_sender"


@pytest.mark.parametrize(
    "before",
    [
        b"X: 1\rFrom: boss@shop.example\rSubject: x\r\rPay at once.\r\r\r\r\r\r\r\r\r\r\r\r\r\r\r\n",
        b"X: 1\r\n \r\nPay: at once\r\n",
        b"X: \0\r\n",
        b"No field at all\r\n",
    ],
)
def test_what_two_programs_would_read_differently_is_not_believed(
    names: Names, before: bytes
) -> None:
    assert not proof(before + signed(MAIL, "shop.example")).method


def test_weak_keys_and_domains_that_only_try_it_out_prove_nothing(names: Names) -> None:
    raw = signed(MAIL, "shop.example", bits=1024)
    names.publish("shop.example", key_of(1024)[1])
    assert proof(raw).method == "dkim"
    names.publish("shop.example", key_of(1024)[1] + b"; t=y")
    assert proof(raw).why == "weak"
    names.publish("shop.example", b"v=DKIM1; p=")
    assert proof(raw).why == "no_key"
    names.records.clear()
    assert proof(raw).why == "no_key"
    assert proof(signed(MAIL, "shop.example", signature_algorithm=b"rsa-sha1")).why == "weak"


def test_dns_that_does_not_answer_is_asked_again_later(names: Names) -> None:
    names.broken = True
    assert proof(signed(MAIL, "shop.example")) == Proof("", "dns", temporary=True)


def test_few_signatures_are_looked_at_and_hostile_mails_cost_little(names: Names) -> None:
    raw = MAIL
    for _ in range(8):
        raw = signed(raw, "shop.example").replace(b" bh=", b" bh=AAAA")
    assert not proof(raw).method
    assert len(names.asked) <= 3
    blanks = MAIL + b" " * 2_000_000 + b"x\r\n"
    assert proof(signed(blanks, "shop.example", canonicalize=(b"relaxed", b"simple"))).method
    forged = signed(MAIL, "shop.example") + b" " * 2_000_000 + b"x\r\n"
    assert proof(forged).why == "changed"
    folded = b"X: 1\r\n" + b" 2\r\n" * 100_000
    assert proof(folded + signed(MAIL, "shop.example")).why == "too_large"


PASS = "Authentication-Results: mx.market.example; dmarc=pass (p=none) header.from=shop.example"


def test_a_server_of_ours_is_believed_and_no_other(names: Names) -> None:
    assert proof(headed(PASS), BOX) == Proof("dmarc")
    assert proof(headed(PASS)).why == "unsigned"
    assert proof(headed(PASS), Mailbox(address="a@b.example")).why == "unsigned"
    other = PASS.replace("mx.market", "mx.evil")
    assert proof(headed(other), BOX).why == "unsigned"


def test_what_it_says_counts_for_the_domain_it_checked(names: Names) -> None:
    assert not proof(headed(PASS.replace("header.from=shop", "header.from=evil")), BOX).method
    assert not proof(headed(PASS.replace(" header.from=shop.example", "")), BOX).method


def test_only_the_topmost_word_in_its_name_counts(names: Names) -> None:
    failed = PASS.replace("pass", "fail")
    assert proof(headed(failed, PASS), BOX).why == "dmarc_failed"


def test_what_stands_beneath_another_hosts_received_was_brought_along(names: Names) -> None:
    ours = "Received: from out.shop.example by mx.market.example with ESMTPS id 1"
    inner = "Received: from mx.market.example by imap.market.example with LMTP id 2"
    alone = "Received: by 2002:a05:6402:1 with SMTP id 3"
    foreign = "Received: from a by relay.evil.example with SMTP id 4"
    assert proof(headed(inner, alone, ours, PASS), BOX).method == "dmarc"
    assert proof(headed(foreign, PASS), BOX).why == "unsigned"


def test_a_server_without_a_name_speaks_as_the_host_that_took_the_mail(names: Names) -> None:
    box = Mailbox(address="s@market.example", authserv="*.protection.outlook.com")
    took = (
        "Received: from a by BN8.mail.protection.outlook.com (10.1.2.3) with Microsoft SMTP Server"
    )
    said = (
        "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=x; dmarc=pass"
        " action=none header.from=shop.example;compauth=pass reason=100"
    )
    assert proof(headed(took, said), box) == Proof("dmarc")
    assert not proof(headed(said), box).method


def test_a_signature_that_our_server_checked_counts_if_it_covers_all(names: Names) -> None:
    said = "Authentication-Results: mx.market.example; dkim=pass header.d=shop.example"
    names.records.clear()
    assert proof(headed(said, raw=signed(MAIL, "shop.example")), BOX) == Proof("dkim")
    assert proof(headed(said), BOX).why == "unsigned"
    partly = signed(MAIL, "shop.example", length=True)
    assert proof(headed(said, raw=partly), BOX).why == "part_signed"
