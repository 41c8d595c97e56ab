"""Live updates, on the real server: who is told, who is not, and what nobody misses."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from cast import Cast
from parley.conversations.models import Audience
from parley.notifications.telling import ring
from parley.parties.models import Membership, Session
from parley.tickets.replying import Reply, reply
from web.running import Site, listening, running, signed_in, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
QUIET = 1.5
"""Seconds in which what is told would long have come."""


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


def test_both_sides_are_told_of_a_reply(site: Site, cast: Cast) -> None:
    ticket = cast.ticket()
    with (
        listening(site, signed_in(cast.seller), f"?ticket={ticket.pk}") as seller,
        listening(site, signed_in(cast.supplier)) as supplier,
        listening(site, signed_in(cast.other_seller)) as stranger,
    ):
        reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
        wait_until(lambda: {"ticket", "party"} <= set(seller.told) and supplier.told)
        assert "ticket" not in supplier.told  # it does not look at it
        time.sleep(QUIET)
        assert stranger.told == []


def test_a_note_moves_nothing_on_the_sides_that_may_not_know_of_it(site: Site, cast: Cast) -> None:
    ticket = cast.ticket()
    query = f"?ticket={ticket.pk}"
    with (
        listening(site, signed_in(cast.seller), query) as seller,
        listening(site, signed_in(cast.supplier), query) as supplier,
        listening(site, signed_in(cast.agent), query) as agent,
    ):
        note = Reply(text="They owe us two more.", audience=Audience.OPERATOR)
        reply(ticket.pk, note, by=cast.lead)
        wait_until(lambda: {"ticket", "party"} <= set(agent.told))
        time.sleep(QUIET)
        # Not even a ping: that something happened, and when, is told by any byte.
        assert seller.events == supplier.events == []


def test_a_bell_rings_in_all_windows_of_its_person_only(site: Site, cast: Cast) -> None:
    with (
        listening(site, signed_in(cast.seller)) as one,
        listening(site, signed_in(cast.seller)) as another,
        listening(site, signed_in(cast.seller_member)) as colleague,
    ):
        ring([cast.seller.person_id])
        wait_until(lambda: one.told == another.told == ["person"])
        time.sleep(QUIET)
        assert colleague.told == []


def test_every_process_hears_everything(transactional_db: None, tmp_path: Path, cast: Cast) -> None:
    cookie = signed_in(cast.seller)
    with running(tmp_path, processes=3) as site:
        opened = [listening(site, cookie) for _ in range(12)]
        streams = [stream.__enter__() for stream in opened]
        wait_until(lambda: len(_processes_with_streams(site)) > 1)
        ring([cast.seller.person_id])
        wait_until(lambda: all(stream.told == ["person"] for stream in streams))
        for stream in opened:
            stream.__exit__(None, None, None)


def _processes_with_streams(site: Site) -> list[int]:
    return [
        process.pid
        for process in site.processes()
        if any(c.laddr.port == site.port and c.raddr for c in process.net_connections())
    ]


def test_one_who_comes_back_is_told_what_was_missed(site: Site, cast: Cast) -> None:
    ticket = cast.ticket()
    cookie, query = signed_in(cast.seller), f"?ticket={ticket.pk}"
    time.sleep(7)  # so that the ticket's own opening is not taken for something missed
    with listening(site, cookie, query) as heard:
        reply(ticket.pk, Reply(text="One."), by=cast.supplier)
        wait_until(lambda: "ticket" in heard.told and "party" in heard.told)
        last = heard.last_id
    reply(ticket.pk, Reply(text="Two."), by=cast.supplier)
    with listening(site, cookie, query, settled=False, Last_Event_ID=last) as again:
        wait_until(lambda: {"ticket", "party"} <= set(again.told))
    with listening(site, cookie, f"{query}&since={last}", settled=False) as by_script:
        wait_until(lambda: {"ticket", "party"} <= set(by_script.told))
    with listening(site, cookie, query, settled=False, Last_Event_ID="12345") as long_away:
        wait_until(lambda: set(long_away.told) == {"ticket", "party", "person", "typing"})


def test_nothing_is_missed_while_the_database_is_out_of_reach(site: Site, cast: Cast) -> None:
    with listening(site, signed_in(cast.seller)) as heard:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'parley live' AND datname = current_database()"
            )
        wait_until(lambda: set(heard.told) == {"person", "party"})
        heard.forget()
        ring([cast.seller.person_id])
        wait_until(lambda: heard.told == ["person"])


def test_strangers_get_no_stream(site: Site, cast: Cast) -> None:
    ticket = cast.ticket()
    with listening(site, "parley_session=made-up") as heard:
        assert heard.status == 401
    for who in (cast.other_seller, cast.other_supplier):
        with listening(site, signed_in(who), f"?ticket={ticket.pk}") as heard:
            assert heard.status == 404
    for number in ("0", "999999", "nonsense", "-1", "٣", "9" * 30):
        with listening(site, signed_in(cast.agent), f"?ticket={_quoted(number)}") as heard:
            assert heard.status == 404


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text)


def test_a_stream_is_as_careful_as_a_page(site: Site, cast: Cast) -> None:
    with listening(site, signed_in(cast.seller)) as heard:
        assert heard.headers["content-type"] == "text/event-stream"
        assert heard.headers["cache-control"] == "no-store"
        assert heard.headers["x-accel-buffering"] == "no"
        assert "default-src 'none'" in heard.headers["content-security-policy"]
        assert heard.headers["x-content-type-options"] == "nosniff"
        assert heard.headers["x-frame-options"] == "DENY"
        assert "content-length" not in heard.headers
        assert len(heard.headers["x-request-id"]) == 12


@pytest.mark.parametrize("lost", ["signed out", "left", "blocked", "new password"])
def test_whoever_loses_the_right_loses_the_stream(cast: Cast, lost: str) -> None:
    from parley.web.still_allowed import still_allowed

    kept, claim = _claim(cast.supplier), _claim(cast.seller)
    assert still_allowed([kept, claim]) == {kept, claim}
    _lose(lost, cast.seller, claim.session)
    assert still_allowed([kept, claim]) == {kept}


def _claim(who: Membership) -> object:
    from parley.web.still_allowed import Claim

    session = signed_in(who).partition("=")[2]
    signed = who.person.get_session_auth_hash()
    return Claim(session=session, signed=signed, membership=who.pk, person=who.person_id)


def _lose(what: str, who: Membership, session: str) -> None:
    if what == "signed out":
        Session.objects.filter(session_key=session).delete()
    elif what == "left":
        Membership.objects.filter(pk=who.pk).update(active=False)
    elif what == "blocked":
        who.person.is_active = False
        who.person.save()
    else:
        who.person.set_password("another battery staple")
        who.person.save()


def test_a_process_that_stops_ends_its_streams_at_once(
    transactional_db: None, tmp_path: Path, cast: Cast
) -> None:
    with running(tmp_path) as site:
        cookie = signed_in(cast.seller)
        with listening(site, cookie) as one, listening(site, cookie) as another:
            site.process.terminate()
            assert one.is_over.wait(5)
            assert another.is_over.wait(5)
            site.process.wait(10)
    log = (tmp_path / "web.log").read_text()
    assert "Killing" not in log
    assert "rror" not in log


def test_a_person_has_twenty_streams_and_the_oldest_goes_first(site: Site, cast: Cast) -> None:
    cookie = signed_in(cast.seller)
    opened = [listening(site, cookie) for _ in range(21)]
    streams = [stream.__enter__() for stream in opened[:20]]
    assert not any(stream.is_over.is_set() for stream in streams)
    last = opened[20].__enter__()
    assert streams[0].is_over.wait(5)
    assert streams[0].events[-1][:2] == ("end", "many")
    assert not any(stream.is_over.is_set() for stream in [*streams[1:], last])
    for stream in opened:
        stream.__exit__(None, None, None)
