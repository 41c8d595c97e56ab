"""What no person wrote just now is told apart, and what people write never is."""

from __future__ import annotations

import pytest

from parley.mail_parsing.automatic import REASONS, automatic_of, is_robot
from parley.mail_parsing.parts import parse


def why(*lines: str) -> str:
    """Why a mail with these header lines is automatic; empty: it is a person's."""
    names = {line.partition(":")[0].lower() for line in lines}
    usual = ["From: Anna Berg <anna@shop.example>", "Subject: Where is it?"]
    header = [*lines, *(line for line in usual if line.partition(":")[0].lower() not in names)]
    found = automatic_of(parse("\n".join([*header, "", "Hello."]).encode()).headers)
    if found is None:
        return ""
    assert found.why in REASONS
    assert found.evidence
    return found.why


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Auto-Submitted: auto-replied", "auto_submitted"),
        ("Auto-Submitted: auto-generated; type=notice", "auto_submitted"),
        ("auto-submitted: Auto-Notified (by cron)", "auto_submitted"),
        ("X-Autoreply: yes", "autoreply"),
        ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", "autoreply"),
        ("X-Mailer: vacation 1.2.7", "autoreply"),
        ("Precedence: bulk", "precedence"),
        ("Precedence: Auto_Reply", "precedence"),
        ("List-Id: Sellers <sellers.lists.example>", "list"),
        ("List-Unsubscribe: <mailto:off@news.example>", "list"),
        ("X-Auto-Response-Suppress: DR, OOF, AutoReply", "suppressed"),
        ("X-Auto-Response-Suppress: All", "suppressed"),
        ("Return-Path: <>", "null_sender"),
        ("X-Parley: desk.other.example", "own"),
        ("From: MAILER-DAEMON@mx.shop.example (Mail Delivery System)", "robot"),
        ("From: Shop <no-reply@shop.example>", "no_reply"),
        ("From: ne-pas-repondre@boutique.example", "no_reply"),
        ("Content-Type: multipart/report; report-type=disposition-notification", "receipt"),
        ("Content-Type: multipart/report; report-type=feedback-report", "complaint"),
    ],
)
def test_machines_say_so_in_their_header(line: str, reason: str) -> None:
    assert why(line) == reason


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: [T-123] Where is it?",
        "Out of Office: Where is it?",
        "Out of Office AutoReply Where is it?",
        "Abwesenheitsnotiz",
        "Automatische Antwort: Re: Lieferung",
        "Réponse automatique : Livraison",
        "Respuesta automática: Pedido",
        "Автоответ: Заказ 1042",
        "[Auto-Reply] Where is it?",
        "[T-123] (Out of Office) Where is it?",
        "[SPAM] Автоматический ответ: Заказ",
        "自動応答: 注文",
        "自动回复：订单",
        "Automatisch antwoord: Bestelling",
        "Odpowiedź automatyczna: Zamówienie",
        "AUTO: Berg, Anna is out of the office. (returning 05/01/2026)",
        "AUTO: Anna Berg ist außer Haus (Rückkehr am 05.01.2026)",
        "Anna Berg is out of the office. (returning Monday)",
        "[AUTO GENERATED] Backup of last night",
    ],
)
def test_answering_machines_are_known_by_how_they_begin(subject: str) -> None:
    assert why(f"Subject: {subject}") == "subject"


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: no",
        "Precedence: first-class",
        "X-Auto-Response-Suppress: DR, RN",
        "X-Autoreply: no",
        "Return-Path: <anna@shop.example>",
        "Subject: Out of office next week, please ship before",
        "Subject: Re: Out of office: who answers then?",
        "Subject: Automatic reply to customers does not work",
        "Subject: Auto: Ersatzteil fehlt",
        "Subject: Undeliverable parcel 1042",
        "Subject: AUTO: Ersatzteile (2 Stück)",
        "Subject: Anna is out of the office (she told me), who answers?",
        "Subject: Abwesend bis Montag, bitte warten",
        "Subject: Автоответчик не работает",
        "From: Norbert Noreply <norbert.noreplyson@shop.example>",
        "From: bounty@shop.example",
        "From: Villas <vacation@villas.example>",
        "Subject: [Shop] Out of office lamps are missing",
        "From: Mail & More Ltd <sales@mailmore.example>",
        "X-Loop: friends@shop.example",
        "X-MS-Exchange-Inbox-Rules-Loop: anna@shop.example",
        "X-Mailer: Microsoft Outlook 16.0",
    ],
)
def test_what_people_write_is_never_taken_for_a_machines(line: str) -> None:
    assert why(line) == ""


def test_a_form_that_writes_as_nobody_carries_a_persons_words() -> None:
    sender = "From: Contact form <noreply@shop.example>"
    assert why(sender, "Reply-To: bob@buyer.example") == ""
    assert why(sender, "Reply-To: noreply@shop.example") == "no_reply"


def test_the_topmost_return_path_counts() -> None:
    assert why("Return-Path: <anna@shop.example>", "Return-Path: <>") == ""


def test_nobody_reads_what_robots_get() -> None:
    assert is_robot("mailer-daemon@mx.example")
    assert is_robot("Do-Not-Reply@shop.example")
    assert is_robot("bounces+id=1@news.example")
    assert not is_robot("anna@shop.example")
    assert not is_robot("support+r1.abc@market.example")
