"""Administration → Mailboxes: set up with a test of the connection, compared, paused, removed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from cast import Cast
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.mailboxes.keeping import MailboxTyped, Step
from parley.mailboxes.models import Mailbox, Outcome, RawMail, Way
from parley.parties.models import Setting
from parley.web.desk.mailboxes import forms
from parley.web.desk.mailboxes.presets import PRESETS
from web.mailboxed import ADDRESS, mailbox
from web.pages import HTMX, Browser, Page, words_of

LIST = "/desk/administration/mailboxes/"
NEW = f"{LIST}new/"
IMAP_WORKS = (
    Step(name="imap_connection", value="mail.market.example:993"),
    Step(name="imap_tls"),
    Step(name="imap_sign_in", value="support"),
    Step(name="imap_folder", value="1204"),
    Step(name="imap_idle", words_code="no_idle"),
)
REFUSED = Step(
    name="smtp_sign_in",
    ok=False,
    words_code="sign_in_refused",
    trouble={"trouble": "sign_in_refused", "detail": "5.7.8 no"},
)
DETAILS = {
    "address": ADDRESS,
    "imap_host": "mail.market.example",
    "imap_user": "support",
    "imap_password": "hush-in",
    "smtp_host": "mail.market.example",
    "smtp_user": "support",
    "smtp_password": "hush-out",
    "sends": "on",
}


@pytest.fixture
def admin(cast: Cast) -> Browser:
    return Browser(cast.admin)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine's at which nothing answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def finds(monkeypatch: pytest.MonkeyPatch, *steps: Step) -> list[MailboxTyped]:
    """Let a test of the connection find these; gives what was typed when it is asked."""
    typed: list[MailboxTyped] = []

    def found(given: MailboxTyped, *, before: Mailbox | None = None) -> Iterator[Step]:
        typed.append(given)
        return iter(steps)

    monkeypatch.setattr(forms, "test_connection", found)
    return typed


def streamed(answer: Any) -> Page:
    return Page(HttpResponse(b"".join(answer.streaming_content)))


def test_a_mailbox_is_set_up_and_its_passwords_are_never_shown_again(admin: Browser) -> None:
    front = admin.see("/desk/administration/")
    assert front.links["Mailboxes"] == LIST
    assert "No mailbox yet" in admin.see(LIST).words
    shown = Page(admin.send(NEW, "/new/", **DETAILS))
    made = Mailbox.objects.get()
    assert (made.address, made.sends, made.folder, made.tagged) == (ADDRESS, True, "INBOX", False)
    assert made.secrets == {"imap_password": "hush-in", "smtp_password": "hush-out"}
    assert made.since is not None, "what lies there is left alone unless it is asked for"
    for path in (LIST, f"{LIST}{made.pk}/", f"{LIST}{made.pk}/change/"):
        assert "hush-" not in admin.see(path).html
    assert ADDRESS in shown.words
    [entry] = Entry.objects.filter(kind="MailboxChanged")
    assert "hush-" not in str(entry.data)
    journal = admin.see("/desk/administration/journal/?kind=MailboxChanged")
    assert "Mailbox changed" in journal.words
    assert ADDRESS in journal.words


def test_everything_in_it_is_taken_in_if_that_is_asked_for(admin: Browser) -> None:
    admin.send(NEW, "/new/", **DETAILS | {"since": "all"})
    assert Mailbox.objects.get().since is None


@pytest.mark.parametrize("since", ["all", "now"])
def test_changing_it_leaves_what_is_taken_in_as_it_was(admin: Browser, since: str) -> None:
    admin.send(NEW, "/new/", **DETAILS | {"since": since})
    before = Mailbox.objects.get()
    admin.send(f"{LIST}{before.pk}/change/", "/change/", name="Another name")
    after = Mailbox.objects.get()
    assert (after.name, after.since) == ("Another name", before.since)


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(admin: Browser) -> None:
    answer = admin.post(NEW, DETAILS | {"address": "support", "imap_port": "lots"})
    page = Page(answer)
    assert answer.status_code == 422
    fields = page.form("/new/").fields
    assert fields["address"] == ["support"]
    assert fields["imap_port"] == ["lots"]
    assert "2 places" in page.words
    assert not Mailbox.objects.exists()


def test_an_empty_password_is_the_one_kept(admin: Browser) -> None:
    kept = mailbox()
    admin.send(f"{LIST}{kept.pk}/change/", "/change/", name="Another name")
    kept.refresh_from_db()
    assert kept.name == "Another name"
    assert kept.secrets["imap_password"] == "hush-in"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda one: one.key)
def test_picking_a_provider_fills_in_what_it_asks_for_and_keeps_the_rest(
    admin: Browser, preset: Any
) -> None:
    typed = {"address": ADDRESS, "name": "Support", "imap_host": "imap.gmail.com"}
    answer = admin.post(NEW, typed | {"preset": preset.key})
    assert answer.status_code == 200
    fields = Page(answer).form("/new/").fields
    assert fields["imap_host"] == [preset.imap_host]
    assert fields["smtp_port"] == [str(preset.smtp_port)]
    assert fields["address"] == [ADDRESS]
    assert fields["name"] == ["Support"]
    assert fields["sign_in"] == [preset.sign_in]
    for words in (preset.first, *preset.steps):
        assert str(words) in words_of(answer)
    piece = admin.post(NEW, typed | {"preset": preset.key}, **HTMX)
    page = Page(piece)
    swapped = page.having("hx-swap-oob")
    assert len(swapped) == 6
    for secret in ("imap_password", "client_id", "client_secret"):
        assert f'name="{secret}"' not in page.html, "what was typed there stays as it is"
    assert not Mailbox.objects.exists()


BY_OAUTH = DETAILS | {
    "sign_in": "oauth",
    "imap_password": "",
    "smtp_password": "",
    "tenant": "market.example",
    "client_id": "b5f0-desk",
    "client_secret": "hush-client",
}


def test_microsofts_is_set_up_by_oauth(admin: Browser) -> None:
    answer = admin.post(NEW, {"address": ADDRESS, "tenant": "market.example", "preset": "outlook"})
    page = Page(answer)
    for said in ("IMAP.AccessAsApp", "SMTP.SendAsApp", "New-ServicePrincipal", "admin consent"):
        assert said in page.words
    fields = {name: values[0] for name, values in page.form("/new/").fields.items() if values}
    assert fields["tenant"] == "market.example"
    assert fields["imap_user"] == ADDRESS
    typed = fields | {"client_id": "b5f0-desk", "client_secret": "hush-client"}
    shown = words_of(admin.post(NEW, typed, follow=True))
    made = Mailbox.objects.get()
    assert (made.sign_in, made.secrets) == ("oauth", {"client_secret": "hush-client"})
    assert made.token_url == "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token"
    assert made.scope == "https://outlook.office365.com/.default"
    assert "By OAuth 2.0" in shown
    assert "b5f0-desk" in shown


def test_a_token_server_typed_by_hand_stays_where_the_provider_has_none(admin: Browser) -> None:
    typed = {"sign_in": "oauth", "token_url": "https://sso.market.example/token", "scope": "mail"}
    answer = admin.post(NEW, {"address": ADDRESS, "preset": "own"} | typed)
    fields = Page(answer).form("/new/").fields
    assert {name: fields[name] for name in typed} == {name: [one] for name, one in typed.items()}
    answer = admin.post(NEW, {"address": ADDRESS, "preset": "gmail"} | typed)
    assert Page(answer).form("/new/").fields["sign_in"] == ["password"]


def test_a_client_secret_is_never_shown_again_and_an_empty_one_is_the_one_kept(
    admin: Browser,
) -> None:
    typed = BY_OAUTH | {"token_url": "http://sso.market.example/token"}
    refused = Page(admin.post(NEW, typed))
    assert refused.status == 422
    assert "begins with https://" in refused.words
    fields = refused.form("/new/").fields
    assert fields["token_url"] == ["http://sso.market.example/token"]
    assert (fields["client_id"], fields["tenant"]) == (["b5f0-desk"], ["market.example"])
    assert "hush-" not in refused.html
    admin.send(
        NEW, "/new/", **BY_OAUTH | {"token_url": "https://sso.market.example/{tenant}/token"}
    )
    made = Mailbox.objects.get()
    admin.send(f"{LIST}{made.pk}/change/", "/change/", name="Another name")
    made.refresh_from_db()
    assert (made.name, made.secrets) == ("Another name", {"client_secret": "hush-client"})
    journal = "/desk/administration/journal/?kind=MailboxChanged"
    for path in (LIST, f"{LIST}{made.pk}/", f"{LIST}{made.pk}/change/", journal):
        assert "hush-" not in admin.see(path).html


def test_a_token_that_is_not_had_is_said_in_the_test_and_on_the_list(
    admin: Browser, closed_port: int
) -> None:
    typed = BY_OAUTH | {"token_url": f"http://127.0.0.1:{closed_port}/token"}
    page = streamed(admin.post(f"{NEW}trial/", typed, **HTMX))
    assert page.having("data-ok") == ["no"]
    assert "The token to sign in with (OAuth)" in page.words
    assert "could not be had. The machine is there, but nothing answers at this port." in page.words
    mailbox(trouble={"step": "grant", "trouble": "client_refused", "detail": "AADSTS7000222"})
    words = admin.see(LIST).words
    assert "it has run out. The server said: “AADSTS7000222”" in words


def test_a_server_typed_by_hand_stays_where_the_provider_has_none(admin: Browser) -> None:
    typed = {"imap_host": "mail.ours.example", "imap_port": "1143", "imap_security": "starttls"}
    answer = admin.post(NEW, {"address": ADDRESS, "preset": "own"} | typed)
    fields = Page(answer).form("/new/").fields
    assert {name: fields[name] for name in typed} == {name: [one] for name, one in typed.items()}
    assert fields["smtp_port"] == ["587"]


def test_a_provider_nobody_offers_is_not_there(admin: Browser) -> None:
    assert admin.post(NEW, DETAILS | {"preset": "aol"}).status_code == 404


def test_a_test_says_each_step_and_saves_nothing(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = finds(monkeypatch, *IMAP_WORKS)
    page = streamed(admin.post(f"{NEW}trial/", DETAILS, **HTMX))
    for words in (
        "Signing in to read",
        "1204 mails lie in it.",
        "every half minute",
        "Nothing was saved",
    ):
        assert words in page.words
    assert page.having("data-ok") == ["yes"] * 5
    assert typed[0].imap_password == "hush-in"
    assert not Mailbox.objects.exists()
    assert "hush-" not in page.html


def test_each_step_is_shown_as_soon_as_it_is_known(
    cast: Cast, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def slowly() -> Iterator[Step]:
        for step in IMAP_WORKS:
            asked.append(step.name)
            yield step

    monkeypatch.setattr(forms, "test_connection", lambda typed, before=None: slowly())
    cast.admin.person.language = "ru"
    cast.admin.person.save()
    answer = admin.post(f"{NEW}trial/", DETAILS, **HTMX)
    parts = iter(answer.streaming_content)
    next(parts)
    first = next(parts).decode()
    assert asked == ["imap_connection"]
    assert "mail.market.example:993" in first
    assert translation.get_language() == "en", "nobody else's language is changed between the steps"
    rest = b"".join(parts).decode()
    assert len(asked) == 5
    assert rest.endswith("</ol>" + rest.partition("</ol>")[2])


def test_the_step_that_failed_says_why_in_words(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    finds(monkeypatch, *IMAP_WORKS, REFUSED)
    page = streamed(admin.post(f"{NEW}trial/", DETAILS, **HTMX))
    assert page.having("data-ok") == [*["yes"] * 5, "no"]
    assert "does not know this user" in page.words
    assert "app password" in page.words, "what mostly helps with a mailbox"
    assert "The server said: “5.7.8 no”" in page.words
    assert "does not work yet" in page.words


def test_without_scripts_the_test_is_in_the_form_and_nothing_typed_is_lost(
    admin: Browser, closed_port: int
) -> None:
    typed = {"imap_host": "127.0.0.1", "imap_port": str(closed_port), "imap_security": "none"}
    given = {name: value for name, value in DETAILS.items() if name != "sends"}
    answer = admin.post(f"{NEW}trial/", given | typed | {"smtp_host": ""})
    page = Page(answer)
    assert page.form("/new/").fields["imap_port"] == [str(closed_port)]
    assert "nothing answers at this port" in page.words


def test_a_test_of_nothing_says_what_to_do(admin: Browser) -> None:
    page = streamed(admin.post(f"{NEW}trial/", {"address": ADDRESS}, **HTMX))
    assert "There is no server to connect to" in page.words


def test_a_test_says_first_what_is_missing(admin: Browser) -> None:
    page = Page(admin.post(f"{NEW}trial/", DETAILS | {"address": ""}, **HTMX))
    assert "Fill these in first" in page.words
    assert "Write an e-mail address" in page.words


def test_a_test_of_one_that_is_there_has_its_passwords(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, given = mailbox(), []

    def found(_typed: MailboxTyped, *, before: Mailbox | None) -> Iterator[Step]:
        given.append(before)
        return iter(IMAP_WORKS)

    monkeypatch.setattr(forms, "test_connection", found)
    admin.post(f"{LIST}{kept.pk}/change/trial/", DETAILS | {"imap_password": ""}, **HTMX)
    assert given == [kept]


def test_the_list_says_how_each_is_doing(admin: Browser) -> None:
    kept = mailbox()
    for outcome, times in ((Outcome.WAITING, 2), (Outcome.REVIEW, 1), (Outcome.SET_ASIDE, 1)):
        for _ in range(times):
            RawMail.objects.create(
                mailbox=kept, way=Way.IMAP, sha256="ab" * 32, size=1, outcome=outcome
            )
    words = admin.see(LIST).words
    for said in (
        "Connected · 2 hours ago",
        "2 not looked at yet",
        "1 for review",
        "1 set aside",
        "last mail: ",
    ):
        assert said in words
    kept.trouble = {"trouble": "sign_in_refused", "detail": ""}
    kept.trouble_at = now()
    kept.save()
    words = admin.see(LIST).words
    assert "Trouble · just now" in words
    assert "<time" not in words
    assert "does not know this user" in words
    assert "What comes meanwhile stays in the mailbox" in admin.see(f"{LIST}{kept.pk}/").words


def test_trouble_says_when_it_is_tried_again(admin: Browser) -> None:
    later = now() + timedelta(minutes=5)
    kept = mailbox(trouble={"trouble": "timed_out"}, trouble_at=now(), try_at=later)
    path = f"{LIST}{kept.pk}/"
    assert "It is tried again:" in admin.see(path).words
    Mailbox.objects.update(try_at=now())
    assert "It is being tried again." in admin.see(path).words


def test_it_is_paused_and_goes_on(admin: Browser) -> None:
    page = f"{LIST}{mailbox().pk}/"
    assert "paused" in words_of(admin.send(page, "/switching/", active="off"))
    assert not Mailbox.objects.get().active
    assert "Paused" in admin.see(LIST).words
    admin.send(page, "/switching/", active="on")
    assert Mailbox.objects.get().active
    assert Entry.objects.filter(kind="MailboxChanged").count() == 2


def test_it_is_removed_after_being_asked_once_and_its_mails_stay(admin: Browser) -> None:
    kept = mailbox()
    mail = RawMail.objects.create(mailbox=kept, way=Way.IMAP, sha256="ab" * 32, size=1)
    removal = admin.see(f"{LIST}{kept.pk}/").links["Remove"]
    assert "What came in by it stays" in admin.see(removal).words
    assert Mailbox.objects.exists()
    admin.send(removal, "/removal/")
    assert not Mailbox.objects.exists()
    mail.refresh_from_db()
    assert mail.mailbox is None


def test_its_page_says_what_it_holds_and_what_is_missing(admin: Browser) -> None:
    kept = mailbox()
    page = admin.see(f"{LIST}{kept.pk}/")
    for said in ("1 mail is missing here", "1 left alone: they lay there before", "12", "2.0"):
        assert said in page.words
    asked = admin.send(f"{LIST}{kept.pk}/", "/comparing/", follow=False)
    assert "asked=" in asked.url
    assert "being compared" in admin.see(asked.url).words
    kept.held_at = now()
    kept.held = {**kept.held, "missing": 0, "named": []}
    kept.save()
    later = Page(admin.get(asked.url, **HTMX))
    assert "Nothing is missing" in later.words
    assert "every 3s" not in later.html


def test_what_is_missing_is_taken_in_by_a_job(admin: Browser) -> None:
    kept = mailbox()
    admin.send(f"{LIST}{kept.pk}/", "/taking/")
    jobs = ProcrastinateJob.objects.filter(args__mailbox_id=kept.pk)
    assert [job.status for job in jobs] == ["todo"]


def test_a_comparison_that_failed_says_why(admin: Browser) -> None:
    kept = mailbox(held={"trouble": {"trouble": "timed_out"}})
    words = admin.see(f"{LIST}{kept.pk}/").words
    assert "It could not be compared." in words
    assert "did not answer in time" in words


def test_limits_are_settled_and_nonsense_is_refused(admin: Browser) -> None:
    page = f"{LIST}limits/"
    assert admin.see(page).form("/limits/").fields["kept_days"] == ["90"]
    assert admin.see(page).form("/limits/").fields["enclose"] == ["5"]
    admin.send(page, "/limits/", kept_days="30", per_sender="10", enclose="2")
    assert Setting.objects.get(key="mail.enclose_bytes").value == 2 * 1024 * 1024
    assert Setting.objects.get(key="mail.kept_days").value == 30
    assert Setting.objects.get(key="mail.per_sender_hour").value == 10
    refused = Page(
        admin.post(
            page, {"kept_days": "soon", "per_sender": "0", "strangers": "1", "enclose": "21"}
        )
    )
    assert refused.status == 422
    assert "Write megabytes from 0 to 20." in refused.words
    assert refused.form("/limits/").fields["kept_days"] == ["soon"]
    assert Setting.objects.get(key="mail.kept_days").value == 30


def test_each_page_asks_the_database_little(cast: Cast, admin: Browser) -> None:
    kept = mailbox()
    Mailbox.objects.create(address="sales@market.example")
    for path in (LIST, NEW, f"{LIST}{kept.pk}/", f"{LIST}{kept.pk}/change/", f"{LIST}limits/"):
        admin.get(path)
        with CaptureQueriesContext(connection) as captured:
            admin.get(path)
        assert len(captured) <= 6, (path, [one["sql"] for one in captured.captured_queries])


def test_the_dashboard_says_how_much_mail_waits(cast: Cast) -> None:
    RawMail.objects.create(way=Way.SMTP, sha256="ab" * 32, size=1)
    page = Browser(cast.lead).see("/desk/dashboard/")
    assert "Mail that came in Not looked at yet" not in page.words
    assert "Not looked at yet 1" in page.words
