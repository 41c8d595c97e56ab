"""The mail that came in, at the desk: what waits, what became of each, and why."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cast import Cast
from parley.conversations.models import Audience, Message
from parley.journal.models import Entry
from parley.mail_parsing import automatic
from parley.mailboxes import reasons, trusting
from parley.mailboxes.models import MailedMessage, Outcome, RawMail
from parley.mailboxes.reasons import NO_SENDER, STRANGER, TOO_LARGE, reason
from parley.parties.tokens import make_token
from parley.tickets.disputing import step_in
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.web.desk.mail import words
from web.mailed import FORGED, bounced, came_in, nothing_arrives
from web.pages import Browser, Page, words_of


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def mailed_reply(cast: Cast, ticket: Ticket) -> Message:
    """A reply of the supplier's that came by mail, with what they quoted."""
    said = reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    MailedMessage.objects.create(
        message=said,
        mail=came_in(outcome=Outcome.POSTED),
        folded="> our price",
        signature="Jo Depot",
    )
    return said


def test_what_waits_says_why_and_leads_to_the_mail(cast: Cast) -> None:
    mail = came_in()
    desk = Browser(cast.lead)
    page = Page(desk.get(reverse("mail:review")))
    assert page.links["Where is my parcel?"] == reverse("mail:mail", args=[mail.pk])
    assert "anna@bright.example" in page.words
    assert "nothing proves" in page.words


def test_a_mail_is_shown_as_it_was_understood(cast: Cast) -> None:
    mail = came_in()
    page = Page(Browser(cast.lead).get(reverse("mail:mail", args=[mail.pk])))
    assert "It was due on Tuesday." in page.words
    assert "Anna Bright <anna@bright.example>" in page.words
    assert mail.sha256 in page.words
    actions = {form.action for form in page.forms}
    assert {
        reverse(f"mail:{name}", args=[mail.pk]) for name in ("letting_in", "opening")
    } <= actions
    assert reverse("mail:raw", args=[mail.pk]) not in actions


def test_one_that_was_too_large_says_where_it_is_and_offers_nothing_that_fails(cast: Cast) -> None:
    why = reason(TOO_LARGE, size=90_000_000, limit=50_000_000)
    mail = came_in(outcome=Outcome.SET_ASIDE, reason=why)
    page = Page(Browser(cast.lead).get(reverse("mail:mail", args=[mail.pk])))
    assert "Too large" in page.words
    assert "Read it in the mailbox itself" in page.words
    assert "Try again" not in page.words
    assert "Decline" in page.words


def test_what_a_machine_wrote_asks_for_nothing(cast: Cast) -> None:
    mail = came_in(outcome=Outcome.AUTOMATIC, reason=reason("list"))
    page = Page(Browser(cast.lead).get(reverse("mail:mail", args=[mail.pk])))
    assert "Nothing has to be done about it." in page.words
    assert page.form("/letting-in/")
    assert 'class="button main"' not in page.html


def test_letting_a_mail_in_that_may_be_forged_is_offered_and_not_suggested(cast: Cast) -> None:
    page = Page(Browser(cast.lead).get(reverse("mail:mail", args=[came_in().pk])))
    assert page.form("/letting-in/")
    assert "only if you are sure of its sender" in page.words
    assert 'class="button main"' not in page.html


def test_a_bounce_says_whether_notices_have_stopped(cast: Cast) -> None:
    address = cast.seller.person.email
    mail = came_in(bounced(cast.seller), outcome=Outcome.BOUNCE, reason=reason("bounce"))
    path = reverse("mail:mail", args=[mail.pk])
    page = Page(Browser(cast.lead).get(path))
    assert address in page.words
    assert "No notices are sent there now" not in page.words, "anybody can write such a mail"
    nothing_arrives(cast)
    page = Page(Browser(cast.lead).get(path))
    assert page.links["No notices are sent there now"] == reverse("mail:undeliverable")


def test_declining_a_mail_that_opened_a_ticket_asks_once(cast: Cast) -> None:
    mail = came_in(ticket=cast.ticket(), reason=reason(STRANGER))
    page = Page(Browser(cast.lead).get(reverse("mail:mail", args=[mail.pk])))
    before, _dialog, after = page.html.partition("<dialog")
    action = reverse("mail:declining", args=[mail.pk])
    assert action not in before
    assert action in after


def test_an_administrator_takes_it_as_it_came_and_the_journal_says_so(cast: Cast) -> None:
    mail = came_in()
    browser = Browser(cast.admin)
    assert "raw/" in browser.get(reverse("mail:mail", args=[mail.pk])).content.decode()
    answer = browser.post(reverse("mail:raw", args=[mail.pk]), {})
    assert answer.content == FORGED
    assert "attachment" in answer.headers["Content-Disposition"]
    assert Entry.objects.get(kind="MailDownloaded").person_id == cast.admin.person_id


def test_what_is_kept_no_longer_is_listed_all_the_same(cast: Cast) -> None:
    mail = came_in(stored_as="", outcome=Outcome.POSTED)
    page = Page(Browser(cast.admin).get(reverse("mail:mail", args=[mail.pk])))
    assert "kept no longer" in page.words
    assert Browser(cast.admin).post(reverse("mail:raw", args=[mail.pk]), {}).status_code == 404


def test_the_log_is_narrowed_by_outcome_words_and_person(cast: Cast) -> None:
    came_in(subject="Parcel", outcome=Outcome.POSTED, person=cast.seller.person)
    came_in(subject="Out of office", outcome=Outcome.AUTOMATIC)
    desk = Browser(cast.lead)

    def subjects(query: str) -> set[str]:
        page = Page(desk.get(reverse("mail:mails") + query))
        return {"Parcel", "Out of office"} & set(page.links)

    assert subjects("") == {"Parcel", "Out of office"}
    assert subjects("?outcome=automatic") == {"Out of office"}
    assert subjects("?q=OFFICE") == {"Out of office"}
    assert subjects("?q=anna%40bright") == {"Parcel", "Out of office"}
    assert subjects(f"?person={cast.seller.person_id}") == {"Parcel"}
    assert subjects("?q=nothing") == set()
    assert desk.get(reverse("mail:mails") + "?cursor=x").status_code == 404


def test_several_are_declined_at_once(cast: Cast) -> None:
    mails = [came_in() for _ in range(3)]
    desk = Browser(cast.lead)
    desk.post(reverse("mail:declining_many"), {"mail": [mails[0].pk, mails[2].pk, "x"]})
    assert [RawMail.objects.get(pk=one.pk).outcome for one in mails] == [
        Outcome.DECLINED,
        Outcome.REVIEW,
        Outcome.DECLINED,
    ]
    page = Page(desk.get(reverse("mail:review")))
    assert "2 mails are declined." in page.words


def test_the_queues_say_how_many_wait(cast: Cast) -> None:
    desk = Browser(cast.lead)
    assert reverse("mail:review") not in desk.get(reverse("desk:counts")).content.decode()
    came_in()
    came_in(outcome=Outcome.SET_ASIDE)
    assert Page(desk.get(reverse("desk:counts"))).links["Mail2"] == reverse("mail:review")


def test_who_wrote_by_mail_and_the_operator_see_what_came_along_and_nobody_else(cast: Cast) -> None:
    ticket = cast.ticket()
    said = mailed_reply(cast, ticket)
    more_at = reverse("portal:mailed", args=[said.pk])
    for who in (cast.supplier, cast.lead):
        browser = Browser(who)
        page = browser.see(f"/tickets/{ticket.pk}/")
        assert "by e-mail" in page.words
        more = browser.see(page.links["What came along in the mail"])
        assert "> our price" in more.words
        assert "Jo Depot" in more.words
    browser = Browser(cast.seller)
    page = browser.see(f"/tickets/{ticket.pk}/")
    assert "On its way." in page.words
    assert "What came along in the mail" not in page.links
    assert browser.get(more_at).status_code == 404


def test_a_long_ticket_by_mail_asks_as_often_as_a_short_one(cast: Cast) -> None:
    ticket = cast.ticket()
    mailed_reply(cast, ticket)
    browser = Browser(cast.supplier)
    path = f"/tickets/{ticket.pk}/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    browser.get(path)
    few = queries()
    for _ in range(5):
        mailed_reply(cast, ticket)
    assert queries() == few <= 6


def test_programs_and_the_evidence_have_it_within_the_same_bounds(cast: Cast, client: Any) -> None:
    ticket = cast.ticket()
    said = mailed_reply(cast, ticket)
    step_in(ticket.pk, "Let us look at this.", by=cast.agent)
    for who, sees in ((cast.supplier, True), (cast.seller, False), (cast.lead, True)):
        bearer = f"Bearer {make_token(who, 'test')[1]}"
        path = f"/api/v1/tickets/{ticket.pk}/messages"
        told = client.get(path, headers={"Authorization": bearer}).json()["data"]
        found = next(one for one in told if one["id"] == said.pk)
        assert found["by_mail"] == (
            {"quoted": "> our price", "signature": "Jo Depot"} if sees else None
        )
        taken = Browser(who).post(f"/tickets/{ticket.pk}/evidence/", {})
        with zipfile.ZipFile(io.BytesIO(b"".join(taken))) as archive:
            told = json.loads(archive.read("messages.json"))
        found = next(one for one in told if one["id"] == said.pk)
        assert found.get("quoted") == ("> our price" if sees else None)


def test_a_note_by_mail_looks_like_one(cast: Cast) -> None:
    ticket = cast.ticket()
    note = reply(ticket.pk, Reply(text="Call them.", audience=Audience.OPERATOR), by=cast.agent)
    MailedMessage.objects.create(message=note, folded="> a quote")
    browser = Browser(cast.lead)
    links = browser.see(f"/desk/tickets/{ticket.pk}/").links
    assert "> a quote" in browser.see(links["What came along in the mail"]).words
    more_at = reverse("portal:mailed", args=[note.pk])
    assert Browser(cast.seller).get(more_at).status_code == 404


def test_the_ticket_of_a_strangers_mail_is_marked_until_somebody_has_looked(cast: Cast) -> None:
    ticket = cast.ticket()
    mail = came_in(ticket=ticket, reason=reason(STRANGER))
    path = f"/desk/tickets/{ticket.pk}/"
    page = Page(Browser(cast.lead).get(path))
    assert "Not verified" in page.words
    assert page.form(reverse("mail:letting_in", args=[mail.pk])).fields["ticket"] == [
        str(ticket.pk)
    ]
    assert "Not verified" not in words_of(Browser(cast.seller).get(f"/tickets/{ticket.pk}/"))
    mail.outcome = Outcome.OPENED
    mail.save()
    assert "Not verified" not in words_of(Browser(cast.lead).get(path))


def test_an_address_that_mails_come_back_from_is_tried_again(cast: Cast) -> None:
    kept = nothing_arrives(cast)
    path = reverse("mail:undeliverable")
    assert cast.seller.person.email in words_of(Browser(cast.lead).get(path))
    admin = Browser(cast.admin)
    admin.post(reverse("mail:deliverable", args=[kept.pk]), {})
    kept.refresh_from_db()
    assert kept.cleared_at is not None
    assert "Every address is reached" in words_of(admin.get(path))


def test_whatever_may_become_of_a_mail_has_words() -> None:
    codes = [value for name, value in vars(reasons).items() if name.isupper() and name != "LONGEST"]
    for code in [*codes, *automatic.REASONS, "bounce"]:
        assert words.reason_in_words(reason(code)), code
        assert code == reasons.UNEXPECTED or words.reason_in_words(
            reason(code)
        ) != words.reason_in_words(reason(reasons.UNEXPECTED)), code
    for why in trusting.WHYS:
        assert words.proof_lacks(why) != why, why
    for outcome in Outcome.values:
        assert words.look_of(outcome)
    assert words.reason_in_words({}) == ""
    assert "signed" not in words.reason_in_words(reason(NO_SENDER))
