"""`/metrics`: for whoever has the token, in the words of Prometheus; for others there is nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from parley.journal.moment import now
from parley.mailboxes.models import Mailbox, Outcome, RawMail, Way
from parley.site import metrics
from parley.site.metrics import Gauge, Metrics, measure, written

TOKEN = "prometheus-and-nobody-else"


async def nothing_here(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"no such page"})


def ask(page: Metrics, *headers: tuple[bytes, bytes]) -> tuple[int, str]:
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    asyncio.run(page({"type": "http", "headers": list(headers)}, receive, send))
    return said[0]["status"], said[1]["body"].decode()


def bearing(token: str) -> tuple[bytes, bytes]:
    return b"authorization", f"Bearer {token}".encode()


def a_mail(outcome: Outcome, **more: Any) -> RawMail:
    return RawMail.objects.create(way=Way.SMTP, sha256="ab" * 32, size=1, outcome=outcome, **more)


@pytest.mark.parametrize(
    "headers", [(), (bearing("guessed"),), ((b"authorization", TOKEN.encode()),), (bearing(""),)]
)
def test_without_the_token_there_is_no_such_page(headers: Any) -> None:
    for token in (TOKEN, None, ""):
        assert ask(Metrics(token, nothing_here), *headers) == (404, "no such page")


def test_with_it_the_values_are_asked_of_the_database_once_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    monkeypatch.setattr(metrics, "_measured", lambda: asked.append(1) or b"parley_database_up 1\n")
    page = Metrics(TOKEN, nothing_here)
    for _ in range(5):
        assert ask(page, bearing(TOKEN)) == (200, "parley_database_up 1\n")
    assert len(asked) == 1


def test_words_of_others_cannot_break_out_of_a_label() -> None:
    gauge = Gauge("parley_mailbox_up", "About.", [({"mailbox": 'a"b\\c\nd'}, 1)])
    assert written([gauge]).splitlines() == [
        "# HELP parley_mailbox_up About.",
        "# TYPE parley_mailbox_up gauge",
        'parley_mailbox_up{mailbox="a\\"b\\\\c\\nd"} 1',
    ]


@pytest.mark.django_db
def test_what_waits_is_counted_and_how_long() -> None:
    a_mail(Outcome.WAITING, received_at=now() - timedelta(minutes=10))
    a_mail(Outcome.WAITING)
    a_mail(Outcome.REVIEW)
    a_mail(Outcome.SET_ASIDE)
    a_mail(Outcome.POSTED)
    Mailbox.objects.create(address="good@x.example", imap_host="mail.x.example")
    Mailbox.objects.create(
        address="bad@x.example", imap_host="mail.x.example", trouble={"code": "login"}
    )
    Mailbox.objects.create(address="paused@x.example", imap_host="mail.x.example", active=False)
    found = {gauge.name: gauge.values for gauge in measure()}
    assert found["parley_mail_waiting"] == [({}, 2)]
    [(_none, age)] = found["parley_mail_waiting_oldest_seconds"]
    assert 600 <= age < 700
    assert found["parley_mail_review"] == found["parley_mail_set_aside"] == [({}, 1)]
    assert found["parley_mailbox_up"] == [
        ({"mailbox": "bad@x.example"}, 0),
        ({"mailbox": "good@x.example"}, 1),
    ]
    assert found["parley_workers"] == [({}, 0)]


@pytest.mark.django_db
def test_jobs_are_counted_by_queue_and_those_that_are_due_by_age() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at) VALUES"
            " ('mail', 'x', now() - interval '5 minutes'), ('mail', 'x', now() + interval '1 day')"
        )
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('mail', 'x', 'failed')"
        )
    found = {gauge.name: gauge.values for gauge in measure()}
    of_mail = [pair for pair in found["parley_jobs"] if pair[0]["queue"] == "mail"]
    assert ({"queue": "mail", "status": "failed"}, 1) in of_mail
    assert ({"queue": "mail", "status": "todo"}, 2) in of_mail
    [age] = [
        age for labels, age in found["parley_jobs_oldest_seconds"] if labels == {"queue": "mail"}
    ]
    assert age < 60, "it was put there just now, whenever it was to be done"
