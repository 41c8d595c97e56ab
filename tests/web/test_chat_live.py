"""The messenger live, on the real server: by session and by key, both ways, and nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from cast import Cast
from parley.conversations.models import Audience
from parley.messenger.answering import say_as_assistant
from parley.messenger.asking import ask
from parley.messenger.handing_over import hand_over
from parley.messenger.keeping_sites import make_site
from parley.messenger.models import Presence
from parley.messenger.presence import someone_is_there
from parley.messenger.typing import note_typing
from parley.messenger.visiting import Caller, arrive, caller_of, newcomer, sign_out
from parley.tickets.moving import parties_on
from parley.tickets.replying import Reply, reply
from parley.web.still_allowed import KeyClaim, still_allowed
from web.running import Site, listening, running, signed_in, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
STREAM = "/messenger/stream"
QUIET = 1.5


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def visitor(cast: Cast) -> Caller:
    shop, _secret = make_site("A shop", ["https://shop.example"], by=cast.admin)
    caller = newcomer(shop, language="en", time_zone="UTC")
    arrive(caller)
    known = caller_of(caller.key)
    assert known is not None
    return known


def by_key(caller: Caller) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.key}", "Origin": "https://shop.example"}


def test_a_visitor_hears_the_assistant_and_then_the_agent_but_no_note(
    site: Site, cast: Cast, visitor: Caller
) -> None:
    me = visitor.membership
    assert me is not None
    chat = ask(None, "Where is it?", by=me, language="en")
    query = f"?conversation={chat.pk}"
    with (
        listening(site, "", query, path=STREAM, **by_key(visitor)) as browser,
        listening(site, signed_in(cast.agent)) as desk,
    ):
        assert browser.headers["access-control-allow-origin"] == "https://shop.example"
        say_as_assistant(chat.pk, "Let me look.")
        wait_until(lambda: {"chat", "chats"} <= set(browser.told))
        assert desk.told == [], "until it is handed over it is theirs alone"
        browser.forget()
        ticket = hand_over(chat.pk, by=me, priority="urgent", contact="jane@example.org")
        wait_until(lambda: "party" in desk.told and "chat" in browser.told)
        time.sleep(QUIET)
        browser.forget()
        reply(ticket.pk, Reply(text="Between us", audience=Audience.OPERATOR), by=cast.agent)
        time.sleep(QUIET)
        assert browser.told == []
        reply(ticket.pk, Reply(text="In the harbour."), by=cast.agent)
        wait_until(lambda: {"chat", "chats"} <= set(browser.told))


def test_both_see_who_is_typing(site: Site, cast: Cast, visitor: Caller) -> None:
    me = visitor.membership
    assert me is not None
    ticket = hand_over(None, by=me, priority="question", text="Hello", contact="j@example.org")
    query = f"?conversation={ticket.conversation_id}"
    with (
        listening(site, "", query, path=STREAM, **by_key(visitor)) as browser,
        listening(site, signed_in(cast.agent), f"?ticket={ticket.pk}") as desk,
        listening(site, signed_in(cast.seller)) as stranger,
    ):
        note_typing(ticket.conversation_id, parties_on(ticket), by=cast.agent)
        wait_until(lambda: "typing" in browser.told and "typing" in desk.told)
        time.sleep(QUIET)
        assert stranger.told == []


def test_no_stream_without_a_key_or_a_session(site: Site, cast: Cast, visitor: Caller) -> None:
    for headers in ({}, {"Authorization": "Bearer pm_made-up"}):
        with listening(site, "", path=STREAM, **headers) as heard:
            assert heard.status == 401
    with listening(site, "", "?conversation=987654", path=STREAM, **by_key(visitor)) as heard:
        assert heard.status == 404


def test_a_stream_by_key_ends_with_the_key(cast: Cast, visitor: Caller) -> None:
    from parley.messenger.visiting import digest_of

    claim = KeyClaim(digest_of(visitor), 1, is_kept=True)
    nobody_yet = KeyClaim("0" * 64, -1, is_kept=False)
    assert still_allowed([claim, nobody_yet]) == {claim, nobody_yet}
    sign_out(visitor)
    assert still_allowed([claim, nobody_yet]) == {nobody_yet}


def test_an_agent_with_a_page_open_is_there_and_a_seller_is_not(site: Site, cast: Cast) -> None:
    with listening(site, signed_in(cast.seller)):
        assert not someone_is_there()
    with listening(site, signed_in(cast.agent)):
        assert someone_is_there()
        assert list(Presence.objects.values_list("membership", flat=True)) == [cast.agent.pk]
