"""What is kept of mails when a person is erased."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from cast import Cast
from mailboxes.letters import letter, proven, taken
from parley.journal.models import Entry
from parley.mailboxes.forgetting import forget_mails_of
from parley.mailboxes.models import Outcome, RawMail

REPORT = b"""\
Return-Path: <>\r
From: MAILER-DAEMON@mx.elsewhere.example\r
To: support@market.example\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <report-1@mx.elsewhere.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.elsewhere.example\r
\r
Final-Recipient: rfc822; Jane@elsewhere.example\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 <jane@elsewhere.example>: no such user\r
\r
--b--\r
"""


def test_nothing_says_who_wrote_and_whom_nothing_reaches(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with proven():
        theirs = taken(letter("Jane <jane@elsewhere.example>", "I am Jane."))
        other = taken(letter("Paul <paul@elsewhere.example>"))
    report = taken(REPORT)
    assert report.outcome == Outcome.BOUNCE
    assert theirs.person is not None
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        assert forget_mails_of(theirs.person) == 2
    kept = list(RawMail.objects.filter(pk__in=[theirs.pk, report.pk]).values())
    assert "jane" not in str(kept).lower()
    assert not default_storage.exists(theirs.stored_as)
    assert not default_storage.exists(report.stored_as)
    assert default_storage.exists(other.stored_as)
    # Of what is never changed, nothing ever said it.
    journal = str(list(Entry.objects.values_list("data", flat=True))).lower()
    assert "jane" not in journal
