"""Mail of ours that did not arrive: whose, why, and for good or not."""

from __future__ import annotations

import pytest
from tests.mail_parsing.returned_mails import FOUND, ORIGINAL, POSTFIX, QMAIL, mail, report

from parley.mail_parsing.bounces import bounce_of
from parley.mail_parsing.parts import parse
from parley.mail_parsing.returned import returned_of
from parley.mail_parsing.understanding import understand
from parley.mail_parsing.understood import Bounce


def found(raw: bytes) -> Bounce | None:
    return bounce_of(parse(raw))


def in_report(fields: str, **more: str) -> Bounce:
    bounce = found(report(f"Reporting-MTA: dns; mx\n\n{fields}", **more))
    assert bounce
    return bounce


@pytest.mark.parametrize("kind", FOUND)
def test_servers_of_each_kind_are_understood(kind: str) -> None:
    raw, address, status, permanent = FOUND[kind]
    bounce = found(raw)
    assert bounce
    assert (bounce.address, bounce.status, bounce.permanent) == (address, status, permanent)
    assert bounce.words


def test_it_names_the_mail_that_came_back_and_what_the_server_said() -> None:
    bounce = found(POSTFIX)
    assert bounce
    assert bounce.about == "<t123.m9@market.example>"
    assert bounce.words == (
        "550 5.1.1 <bob@buyer.example>: Recipient address rejected: User unknown in virtual mailbox table"
    )
    assert (found(QMAIL) or bounce).about == "<t123.m9@market.example>"
    gmail = found(FOUND["gmail"][0])
    assert gmail
    assert gmail.about == "<t123.m9@market.example>"


def test_a_mail_that_came_back_is_automatic_as_well() -> None:
    understood = understand(POSTFIX)
    assert understood.bounce
    assert understood.automatic
    assert understood.automatic.why == "bounce"


def test_what_is_only_late_is_not_for_good() -> None:
    late = in_report("Final-Recipient: rfc822; bob@buyer.example\nAction: delayed\nStatus: 4.4.1")
    assert (late.permanent, late.status) == (False, "4.4.1")
    full = in_report("Final-Recipient: rfc822; bob@buyer.example\nAction: failed\nStatus: 4.2.2")
    assert not full.permanent


def test_what_arrived_did_not_come_back() -> None:
    arrived = "Final-Recipient: rfc822; bob@buyer.example\nAction: delivered\nStatus: 2.0.0"
    assert found(report(f"Reporting-MTA: dns; mx\n\n{arrived}")) is None


def test_of_several_recipients_the_one_it_did_not_reach() -> None:
    bounce = in_report(
        "Final-Recipient: rfc822; ann@buyer.example\nAction: relayed\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; bob@buyer.example\nAction: failed\nStatus: 5.1.1"
    )
    assert bounce.address == "bob@buyer.example"


def test_the_address_is_the_one_we_wrote_to_and_not_where_it_was_passed_on_to() -> None:
    fields = (
        "Original-Recipient: rfc822;bob@buyer.example\nFinal-Recipient: rfc822; b7@inner.example"
    )
    assert in_report(f"{fields}\nAction: failed\nStatus: 5.1.1").address == "bob@buyer.example"
    encoded = fields.replace("bob@", "bob+40")
    assert in_report(f"{encoded}\nAction: failed\nStatus: 5.1.1").address == "bob@buyer.example"


def test_the_servers_answer_may_say_more_than_its_code() -> None:
    fields = "Final-Recipient: rfc822; bob@buyer.example\nAction: failed\n"
    assert (
        in_report(f"{fields}Status: 5.0.0\nDiagnostic-Code: smtp; 550 5.7.26 no").status == "5.7.26"
    )
    assert in_report(f"{fields}Diagnostic-Code: smtp; 550 No such user here").status == "5.1.1"


@pytest.mark.parametrize(
    "fields",
    [
        "Action: failed\nFinal-Recipient: bob@buyer.example\nStatus: 5.1.1 (unknown)",
        "Final-Recipient: rfc822;<bob@buyer.example>\n\nAction: FAILED\nStatus: 5.1.1",
        "Final-Recipient:\n rfc822;\n bob@buyer.example\nAction: failed (retry timeout)\nStatus:\t5.1.1",
        "final-recipient: RFC822; bob@buyer.example\naction: failure\nstatus: 5.1.1\n  and more",
    ],
)
def test_malformed_reports_are_read_as_far_as_they_go(fields: str) -> None:
    bounce = in_report(fields)
    assert (bounce.address, bounce.status) == ("bob@buyer.example", "5.1.1")


PERSON = "From: Anna Berg <anna@shop.example>\nMIME-Version: 1.0\n"


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("Subject: Undeliverable parcel", "The parcel for dan@x.example could not be delivered."),
        ("Subject: Delivery failed", "The courier returned it: address not found, error 404."),
        ("Subject: Fwd: Undelivered Mail Returned to Sender", QMAIL.decode()),
        (
            "Subject: Re: Delivery Status Notification (Failure)\nIn-Reply-To: <1@x.example>",
            "I get this: 550 5.1.1 User unknown for <bob@buyer.example>",
        ),
        ("Subject: Не доставлено", "Заказ 1042 не доставлен. Напишите на dan@x.example."),
        ("Subject: Nicht zugestellt", "Das Paket wurde nicht zugestellt, 5.1.26 war der Termin."),
        ("Return-Path: <>\nSubject: Order", "The mailbox does not exist any more, 550 is on it."),
        ("Subject: Returned mail order", "We returned the goods, order 550 is unknown to us."),
    ],
)
def test_what_a_person_writes_of_it_is_no_bounce(header: str, body: str) -> None:
    assert found(mail(f"{PERSON}{header}", body)) is None


def test_a_report_that_a_person_passes_on_is_their_mail() -> None:
    header = f'{PERSON}Subject: What is this?\nContent-Type: multipart/mixed; boundary="b9"'
    inner = POSTFIX.decode()
    body = f"--b9\n\nWhat is it?\n--b9\nContent-Type: message/rfc822\n\n{inner}\n--b9--\n"
    assert found(mail(header, body)) is None


def test_an_answering_machine_has_got_the_mail() -> None:
    header = "Return-Path: <>\nFrom: bob@buyer.example\nSubject: Automatic reply: Where is it?"
    assert (
        found(mail(header, "I am away. Mail is not forwarded; this mailbox is not read.")) is None
    )


def test_a_postmaster_may_write_as_a_person() -> None:
    header = "From: Postmaster <postmaster@buyer.example>\nSubject: Question about order 1042"
    assert found(mail(header, "Could you not deliver it on Monday?")) is None


def test_a_report_from_nobody_is_a_servers() -> None:
    header = "From: <>\nAuto-Submitted: auto-replied\nIn-Reply-To: <t1@market.example>"
    bounce = found(mail(header, "You sent mail to bob@buyer.example. That's not a valid user."))
    assert bounce
    assert (bounce.address, bounce.status) == ("bob@buyer.example", "5.1.1")
    assert (bounce.permanent, bounce.about) == (True, "<t1@market.example>")


def test_a_person_whose_address_is_missing_is_no_server() -> None:
    header = "From: Anna <>\nSubject: Order 1042"
    assert found(mail(header, "It could not be delivered: the house does not exist.")) is None


def test_words_that_only_servers_use_are_enough_of_a_server() -> None:
    header = "From: postmaster@mx.example\nSubject: Mail Delivery Subsystem"
    words = "Delivery to the following recipient failed permanently: bob@buyer.example"
    bounce = found(mail(header, words))
    assert bounce
    assert (bounce.address, bounce.permanent) == ("bob@buyer.example", True)


def test_to_be_asked_to_send_it_again_is_no_promise_to_try_again() -> None:
    header = (
        "From: Postmaster@mx.example\nSubject: Mail System Error - Returned Mail\n"
        "Content-Type: text/plain; charset=utf-8"
    )
    words = "宛先が見つかりませんでした。ご確認の上、再送信してください。\n\n<bob@buyer.example>\n"
    bounce = found(mail(header, words))
    assert bounce
    assert (bounce.status, bounce.permanent) == ("5.1.1", True)


def test_addresses_of_the_mail_that_is_given_back_are_not_taken_for_the_one_that_failed() -> None:
    said = "We could not deliver it to one of its recipients."
    header = "From: MAILER-DAEMON@mx.example\nSubject: Returned mail: see transcript for details"
    bounce = found(mail(header, f"{said}\n\n   ----- Original message -----\n\n{ORIGINAL}"))
    assert bounce
    assert bounce.address == "bob@buyer.example"


def test_a_mail_given_back_without_an_empty_line_before_it_is_found() -> None:
    header = (
        'From: "Mail Deliver System" <MAILER-DAEMON>\nSubject: Returned Mail: User unknown\n'
        'Content-Type: multipart/mixed; boundary="b1"'
    )
    said = "The following addresses had delivery errors:\n\nbob@buyer.example [User unknown]"
    bounce = found(mail(header, f"--b1\n\n{said}\n--b1\n{ORIGINAL}\n--b1--\n"))
    assert bounce
    assert (bounce.address, bounce.about) == ("bob@buyer.example", "<t123.m9@market.example>")


def test_a_mail_given_back_that_is_damaged_says_what_it_can() -> None:
    # Python's own reading of addresses goes one call deeper at each of these.
    deep = found(QMAIL.replace(b"<support@", b"<support@" + b":" * 1_500))
    assert deep
    assert (deep.address, deep.about) == ("bob@buyer.example", "<t123.m9@market.example>")


def test_what_a_database_does_not_keep_is_left_out_of_the_mail_given_back() -> None:
    returned = returned_of("Message-ID: <t123.m9@mar\0ket.example>\nFrom: desk@market.example\n")
    assert returned.about == "t123.m9@market.example"
