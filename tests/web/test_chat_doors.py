"""Who gets in at the messenger, and who does not: origins, keys, tokens, and what is somebody else's."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from django.test import Client

from cast import Cast
from parley.journal.moment import at, now
from parley.messenger.answering import say_as_assistant
from parley.messenger.handing_over import hand_over
from parley.messenger.keeping_sites import change_site, make_site, rotate_secret
from parley.messenger.models import Chat, Key, Site, Visitor
from parley.messenger.visiting import KEPT_FOR, VOUCHED_FOR, forget_old_keys
from parley.parties.models import Membership, Party, PartyKind
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from web.test_chat import SHOP, Browser

ELSEWHERE = "https://elsewhere.example"


class Shop:
    """The shop's own server, which signs tokens."""

    def __init__(self, cast: Cast, *, trusted: bool = False) -> None:
        self.site, self.secret = make_site("A shop", [SHOP], by=cast.admin, trusted=trusted)

    def token(self, **claims: Any) -> str:
        signed = int(now().timestamp())
        said = {"aud": self.site.key, "sub": "42", "iat": signed, "exp": signed + 300, **claims}
        return jwt.encode(said, self.secret, algorithm="HS256")

    def browser(self, token: str = "", **more: Any) -> Browser:
        browser = Browser(site=self.site, origin=SHOP)
        browser.session = browser.begin(token=token, **more)  # type: ignore[attr-defined]
        return browser


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)


@pytest.fixture
def trusted(cast: Cast) -> Shop:
    return Shop(cast, trusted=True)


# --- origins ---------------------------------------------------------------------------------------


def preflight(origin: str, path: str = "conversations") -> Any:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return Client().options(f"/messenger/{path}", headers=headers)


def test_a_page_of_the_site_may_ask_and_no_other(shop: Shop) -> None:
    let_in = preflight(SHOP)
    assert let_in.status_code == 204
    assert let_in.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Authorization" in let_in.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in let_in.headers
    assert "Origin" in let_in.headers["Vary"]
    for origin in (ELSEWHERE, "null", "https://shop.example.evil.example", "http://shop.example"):
        kept_out = preflight(origin)
        assert kept_out.status_code == 403
        assert "Access-Control-Allow-Origin" not in kept_out.headers


def test_answers_are_for_the_sites_origin_alone(cast: Cast, shop: Shop) -> None:
    browser = shop.browser()
    answer = browser.ask("GET", "conversations")
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert {"Origin", "Authorization"} <= set(answer.headers["Vary"].split(", "))
    assert answer.headers["Cache-Control"] == "private, no-store"
    make_site("Another", [ELSEWHERE], by=cast.admin)
    browser.origin = ELSEWHERE
    stolen = browser.ask("GET", "conversations")
    assert stolen.status_code == 403
    assert stolen.headers.get("Access-Control-Allow-Origin") != SHOP
    assert b"conversations" not in stolen.content


def test_cookies_are_never_looked_at_from_elsewhere(cast: Cast, shop: Shop) -> None:
    browser = Browser(cast.seller)
    browser.says("Mine alone")
    browser.origin = SHOP
    answer = browser.ask("GET", "conversations")
    assert answer.status_code == 401
    assert b"Mine" not in answer.content
    session = browser.ask("POST", "session", {"site": shop.site.key})
    assert session.json()["person"] is None
    assert session.json()["key"]


def test_a_page_that_is_not_ours_gets_nothing_by_cookie(cast: Cast) -> None:
    browser = Browser(cast.seller)
    answer = browser.ask("GET", "conversations", **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 401


def test_what_changes_something_takes_a_csrf_token(cast: Cast) -> None:
    browser = Browser(cast.seller)
    browser.client = Client(enforce_csrf_checks=True)
    browser.client.force_login(cast.seller.person)
    csrf = browser.begin()["csrf"]
    body = {"text": "Hello", "submit_key": str(uuid.uuid4())}
    assert browser.ask("POST", "conversations", body).status_code == 403
    assert not Chat.objects.exists()
    assert browser.ask("POST", "conversations", body, **{"X-CSRFToken": csrf}).status_code == 201
    answer = browser.client.post("/messenger/conversations", {"text": "a form"})
    assert answer.status_code in (400, 403)


def test_an_unknown_site_or_another_ones_origin_gets_no_session(shop: Shop) -> None:
    for site, origin in (("nosuchsite", SHOP), (shop.site.key, ELSEWHERE), ("", SHOP)):
        browser = Browser(origin=origin)
        answer = browser.ask("POST", "session", {"site": site})
        assert answer.status_code == 403, (site, origin)


def test_a_site_that_is_switched_off_is_out_at_once(cast: Cast, shop: Shop) -> None:
    browser = shop.browser()
    browser.says("Hello")
    change_site(
        shop.site.pk, by=cast.admin, name="A shop", origins=[SHOP], trusted=False, active=False
    )
    assert browser.ask("GET", "conversations").status_code == 401
    assert preflight(SHOP).status_code == 403


# --- keys ------------------------------------------------------------------------------------------


def test_a_key_is_kept_as_its_hash_only(shop: Shop) -> None:
    browser = shop.browser()
    browser.says("Hello")
    row = Key.objects.get()
    assert browser.key not in json.dumps([str(value) for value in vars(row).values()])


def test_a_key_is_not_made_up_nor_changed(shop: Shop) -> None:
    browser = shop.browser()
    for key in ("", "x", "pm_" + "a" * 43, browser.key[:-2], browser.key + "x", "ü", "a" * 5000):
        forged = Browser(site=shop.site, origin=SHOP)
        forged.key = key
        answer = forged.ask(
            "GET", "conversations", Authorization=f"Bearer {key}".encode().decode("latin-1")
        )
        assert answer.status_code == 401, key


def test_a_key_opens_nothing_but_the_messenger(shop: Shop) -> None:
    browser = shop.browser()
    browser.post("handover", priority="question", text="Hello", email="jane@example.org")
    number = Ticket.objects.get().pk
    headers = {"Authorization": f"Bearer {browser.key}"}
    client = Client(headers=headers)
    assert client.get("/api/v1/me").status_code == 401
    assert client.get(f"/api/v1/tickets/{number}").status_code == 401
    assert client.get(f"/tickets/{number}/").status_code == 302
    assert client.get("/live").status_code == 401
    assert client.get("/settings/").status_code == 302


def test_a_visitor_does_not_sign_in(cast: Cast, shop: Shop) -> None:
    browser = shop.browser()
    browser.post("handover", priority="question", text="Hello", email=cast.seller.person.email)
    visitor = Visitor.objects.get().membership
    assert not visitor.person.has_usable_password()
    assert visitor.person.email != cast.seller.person.email, "what they say opens nothing"
    page = browser.get("conversations")
    assert [one["title"] for one in page["conversations"]] == ["Hello"]


def test_a_newcomers_key_is_soon_no_good_and_a_visitors_lasts_while_used(shop: Shop) -> None:
    fresh, known = shop.browser(), shop.browser()
    known.says("Hello")
    with at(now() + timedelta(days=2)):
        assert fresh.ask("GET", "conversations").status_code == 401
        assert known.ask("GET", "conversations").status_code == 200
    with at(now() + timedelta(days=2) + KEPT_FOR - timedelta(hours=1)):
        assert known.ask("GET", "conversations").status_code == 200
    with at(now() + 3 * KEPT_FOR):
        assert known.ask("GET", "conversations").status_code == 401
        assert forget_old_keys() == 1


def test_signing_out_ends_the_key(shop: Shop) -> None:
    browser = shop.browser()
    browser.says("Hello")
    browser.post("signing-out")
    assert browser.ask("GET", "conversations").status_code == 401
    browser.begin()
    assert browser.get("conversations")["conversations"] == []


# --- what is somebody else's -----------------------------------------------------------------------


@pytest.fixture
def asked(shop: Shop, settings: Any, tmp_path: Any) -> tuple[Browser, int, str]:
    """A visitor's chat with a file in it: their browser, the chat, the file."""
    settings.MEDIA_ROOT = tmp_path
    browser = shop.browser()
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = browser.client.post(
        "/messenger/files",
        {"file": SimpleUploadedFile("shot.txt", b"bytes")},
        headers={"Authorization": f"Bearer {browser.key}", "Origin": SHOP},
    ).json()
    chat = browser.says("My own", files=[sent["id"]])["conversation"]["id"]
    return browser, chat, sent["id"]


OF_A_CONVERSATION = (
    ("GET", ""),
    ("GET", "/typing"),
    ("GET", "/handover"),
    ("POST", "/messages"),
    ("POST", "/reading"),
    ("POST", "/typing"),
    ("POST", "/helped"),
    ("POST", "/closing"),
    ("POST", "/rating"),
    ("POST", "/handover"),
)


@pytest.mark.parametrize("handed_over", [False, True], ids=["chat", "ticket"])
def test_nobody_else_finds_a_conversation_or_its_files(
    cast: Cast, shop: Shop, asked: tuple[Browser, int, str], handed_over: bool
) -> None:
    browser, chat, file = asked
    if handed_over:
        hand_over(
            chat,
            by=Visitor.objects.get().membership,
            priority="question",
            contact="jane@example.org",
        )
    second_site = make_site("Another", [ELSEWHERE], by=cast.admin)[0]
    neighbour = shop.browser()
    neighbour.says("Another visitor's")
    of_elsewhere = Browser(site=second_site, origin=ELSEWHERE)
    of_elsewhere.begin()
    others = {
        "another visitor": neighbour,
        "somebody new": shop.browser(),
        "of another site": of_elsewhere,
        "a seller": Browser(cast.seller),
        "a supplier": Browser(cast.supplier),
    }
    if not handed_over:
        others["an agent"] = Browser(cast.agent)
    body = {"text": "x", "stars": 5, "question": 1, "priority": "question"}
    for who, other in others.items():
        for method, part in OF_A_CONVERSATION:
            answer = other.ask(
                method, f"conversations/{chat}{part}", body if method == "POST" else None
            )
            assert answer.status_code == 404, (who, method, part, answer.content)
            nowhere = other.ask(
                method, f"conversations/987654{part}", body if method == "POST" else None
            )
            assert answer.content == nowhere.content
        assert other.ask("GET", f"files/{file}").status_code == 404, who
        assert other.ask("GET", f"files/{file}/small").status_code == 404, who
        assert other.ask("DELETE", f"files/{file}").status_code == 404, who
        assert other.ask("GET", f"stream?conversation={chat}").status_code == 404, who
        listed = other.get("conversations")["conversations"]
        assert chat not in [one["id"] for one in listed], who
    stranger = Browser()
    for method, part in OF_A_CONVERSATION:
        assert stranger.ask(method, f"conversations/{chat}{part}", body).status_code == 401
    assert browser.get(f"conversations/{chat}")["messages"]


def test_a_file_of_somebody_else_is_not_sent_along(
    shop: Shop, asked: tuple[Browser, int, str]
) -> None:
    _browser, _chat, file = asked
    answer = shop.browser().ask("POST", "conversations", {"text": "mine", "files": [file]})
    assert (answer.status_code, answer.json()["field"]) == (422, "files")


def test_internal_notes_stay_inside(cast: Cast, asked: tuple[Browser, int, str]) -> None:
    browser, chat, _file = asked
    page = browser.post(f"conversations/{chat}/handover", priority="urgent", email="j@example.org")
    ticket = Ticket.objects.get()
    before = browser.get(f"conversations/{chat}")
    reply(ticket.pk, Reply(text="SECRETNOTE", audience="operator"), by=cast.agent)
    after = browser.get(f"conversations/{chat}")
    assert after["messages"] == before["messages"]
    assert not after["conversation"]["unread"]
    assert "SECRETNOTE" not in json.dumps(browser.get("conversations"))
    assert page["conversation"]["number"] == ticket.number


def test_visitors_are_no_company_to_anybody(cast: Cast, asked: tuple[Browser, int, str]) -> None:
    from parley.parties.access import parties_by_name, parties_in_tickets

    visitor = Visitor.objects.get().membership
    for who in (cast.agent, cast.seller, cast.supplier):
        assert visitor.party not in parties_in_tickets(who)
    assert visitor.party not in parties_by_name(visitor.party.name)
    assert visitor.party.kind == PartyKind.VISITOR


# --- tokens ----------------------------------------------------------------------------------------


def test_a_token_makes_a_visitor_of_that_site_known_on_every_browser(shop: Shop) -> None:
    one = shop.browser(shop.token(name="Jane Roe", email="jane@example.org"))
    assert one.session["person"] == {"name": "Jane Roe", "kind": "visitor", "email_known": True}  # type: ignore[attr-defined]
    assert not Visitor.objects.exists()
    chat = one.says("Hello")["conversation"]["id"]
    other = shop.browser(shop.token(name="Jane Roe"))
    assert other.key != one.key
    assert other.get("conversations")["conversations"][0]["id"] == chat
    assert Visitor.objects.count() == 1
    page = other.post(f"conversations/{chat}/handover", priority="question")
    assert page["conversation"]["number"], "the address is known by the token"


def test_the_same_browser_keeps_its_key(shop: Shop) -> None:
    browser = shop.browser(shop.token())
    key = browser.key
    browser.begin(token=shop.token())
    assert browser.key == key
    assert Key.objects.count() == 1


def _bad_tokens(shop: Shop) -> dict[str, str]:
    moment = int(now().timestamp())
    said = {"aud": shop.site.key, "sub": "42", "iat": moment, "exp": moment + 300}
    return {
        "another secret": jwt.encode(said, "x" * 43, algorithm="HS256"),
        "no signature": jwt.encode(said, None, algorithm="none"),
        "another algorithm": jwt.encode(said, shop.secret, algorithm="HS384"),
        "lives too long": shop.token(exp=moment + 601),
        "too old": shop.token(iat=moment - 900, exp=moment - 400),
        "from the future": shop.token(iat=moment + 400, exp=moment + 700),
        "for another site": shop.token(aud="another"),
        "for nobody": shop.token(sub=""),
        "no subject": jwt.encode({k: v for k, v in said.items() if k != "sub"}, shop.secret),
        "no end": jwt.encode({k: v for k, v in said.items() if k != "exp"}, shop.secret),
        "no audience": jwt.encode({k: v for k, v in said.items() if k != "aud"}, shop.secret),
        "a long subject": shop.token(sub="x" * 201),
        "junk": "junk",
        "three dots": "a.b.c",
        "very long": "a" * 5000,
        "moments as words": shop.token(iat="soon", exp="later"),
        "endless moments": shop.token(iat=1e300, exp=1e300),
    }


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_token_that_proves_nothing_lets_in_nobody(cast: Cast, trusted: Shop) -> None:
    mail = cast.seller.person.email
    for why, token in _bad_tokens(trusted).items():
        browser = trusted.browser(token)
        assert browser.session["person"] is None, why  # type: ignore[attr-defined]
        assert browser.session["token_refused"], why  # type: ignore[attr-defined]
    assert mail


def test_our_own_people_are_recognised_where_the_site_is_trusted(cast: Cast, trusted: Shop) -> None:
    Browser(cast.seller).says("Asked at home")
    token = trusted.token(email=cast.seller.person.email.upper(), email_verified=True)
    browser = trusted.browser(token)
    assert browser.session["person"]["name"] == "Selma Seller"  # type: ignore[attr-defined]
    titles = [one["title"] for one in browser.get("conversations")["conversations"]]
    assert titles == ["Asked at home"]


@pytest.mark.parametrize(
    ("is_trusted", "verified", "who"),
    [
        (False, True, "seller"),
        (True, False, "seller"),
        (True, None, "seller"),
        (True, "true", "seller"),
        (True, True, "agent"),
        (True, True, "admin"),
    ],
)
def test_nobody_is_taken_over_by_their_address(
    cast: Cast, is_trusted: bool, verified: Any, who: str
) -> None:
    shop = Shop(cast, trusted=is_trusted)
    person = cast.everybody[who].person
    claims = {"email": person.email, **({} if verified is None else {"email_verified": verified})}
    browser = shop.browser(shop.token(**claims))
    browser.says("Who am I?")
    asker = Chat.objects.get().asker
    assert asker.party.kind == PartyKind.VISITOR
    assert asker.person_id != person.pk


def test_trust_that_is_taken_back_ends_what_it_opened(cast: Cast, trusted: Shop) -> None:
    token = trusted.token(email=cast.seller.person.email, email_verified=True)
    browser = trusted.browser(token)
    assert browser.ask("GET", "conversations").status_code == 200
    change_site(
        trusted.site.pk, by=cast.admin, name="A shop", origins=[SHOP], trusted=False, active=True
    )
    assert browser.ask("GET", "conversations").status_code == 401


def test_no_sites_word_stands_for_a_second_factor(cast: Cast, trusted: Shop) -> None:
    token = trusted.token(email=cast.seller.person.email, email_verified=True)
    browser = trusted.browser(token)
    assert browser.ask("GET", "conversations").status_code == 200
    Party.objects.filter(pk=cast.bright_home.pk).update(requires_second_factor=True)
    assert browser.ask("GET", "conversations").status_code == 401, "from the moment it is required"
    again = trusted.browser(trusted.token(email=cast.seller.person.email, email_verified=True))
    again.says("Who am I?")
    assert Chat.objects.latest("pk").asker.party.kind == PartyKind.VISITOR


def test_who_leaves_the_company_is_out_of_the_messenger(cast: Cast, trusted: Shop) -> None:
    browser = trusted.browser(trusted.token(email=cast.seller.person.email, email_verified=True))
    Membership.objects.filter(pk=cast.seller.pk).update(active=False)
    assert browser.ask("GET", "conversations").status_code == 401


def test_a_sites_word_holds_for_hours_and_not_for_the_next_in_front_of_the_browser(
    shop: Shop,
) -> None:
    browser = shop.browser(shop.token())
    browser.says("Mine")
    key = browser.key
    with at(now() + VOUCHED_FOR + timedelta(minutes=1)):
        assert browser.ask("GET", "conversations").status_code == 401
    # A page on which nobody is signed in comes with the key that the browser kept.
    browser.begin(token="")
    assert browser.key != key
    assert browser.get("conversations")["conversations"] == []


def test_a_token_grown_old_with_its_page_puts_nobody_out(shop: Shop) -> None:
    token = shop.token()
    browser = shop.browser(token)
    key = browser.key
    with at(now() + timedelta(hours=2)):
        browser.begin(token=token)
        assert browser.key == key
        assert "token_refused" in shop.browser(token).session  # type: ignore[attr-defined]


def test_after_signing_out_an_earlier_token_signs_nobody_in(shop: Shop) -> None:
    token = shop.token()
    browser = shop.browser(token)
    browser.says("Mine")
    browser.post("signing-out")
    again = shop.browser(token)
    assert again.session["token_refused"]  # type: ignore[attr-defined]
    assert again.get("conversations")["conversations"] == []
    with at(now() + timedelta(minutes=1)):
        fresh = shop.browser(shop.token())
        assert fresh.get("conversations")["conversations"]


def test_a_secret_that_leaked_is_replaced_and_all_it_opened_ends(cast: Cast, shop: Shop) -> None:
    browser, stolen = shop.browser(shop.token()), shop.secret
    browser.says("Mine")
    anonymous = shop.browser()
    anonymous.says("Nothing to do with it")
    _site, shop.secret = rotate_secret(shop.site.pk, by=cast.admin)
    assert browser.ask("GET", "conversations").status_code == 200
    new, shop.secret = shop.secret, stolen
    assert "token_refused" not in shop.browser(shop.token()).session, "the old one overlaps"  # type: ignore[attr-defined]
    _site, shop.secret = rotate_secret(shop.site.pk, by=cast.admin, at_once=True)
    assert browser.ask("GET", "conversations").status_code == 401
    assert anonymous.ask("GET", "conversations").status_code == 200
    for old in (stolen, new):
        shop.secret = old
        assert "token_refused" in shop.browser(shop.token()).session  # type: ignore[attr-defined]


def test_a_token_of_one_site_is_nothing_at_another(cast: Cast, shop: Shop) -> None:
    other = make_site("Another", [ELSEWHERE], by=cast.admin)[0]
    Site.objects.filter(pk=other.pk).update(secret={"now": shop.secret})
    browser = Browser(site=Site.objects.get(pk=other.pk), origin=ELSEWHERE)
    assert browser.begin(token=shop.token())["token_refused"]


# --- how much --------------------------------------------------------------------------------------


def test_questions_are_bounded_and_it_says_when_to_try_again(cast: Cast) -> None:
    browser = Browser(cast.seller)
    moment = datetime.fromisoformat("2026-11-23T10:00:00+00:00")
    with at(moment):
        chat = browser.says("One")["conversation"]["id"]
        answers = [
            browser.ask("POST", f"conversations/{chat}/messages", {"text": str(n)})
            for n in range(15)
        ]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    problem = refused[0].json()
    assert problem["wait"] == int(refused[0].headers["Retry-After"]) > 0
    with at(moment + timedelta(seconds=problem["wait"])):
        assert (
            browser.ask("POST", f"conversations/{chat}/messages", {"text": "x"}).status_code == 201
        )


def test_one_address_brings_no_flood_of_visitors(shop: Shop) -> None:
    moment = datetime.fromisoformat("2026-11-23T10:00:00+00:00")
    with at(moment):
        statuses = [
            shop.browser().ask("POST", "conversations", {"text": "spam"}).status_code
            for _n in range(35)
        ]
    assert statuses.count(201) == 30
    assert set(statuses[30:]) == {429}


def test_an_address_has_so_many_opinions_and_streams_however_many_keys(shop: Shop) -> None:
    moment = datetime.fromisoformat("2026-11-23T10:00:00+00:00")
    with at(moment):
        opinions = [
            shop.browser().ask("POST", "articles/none/opinion", {"helped": False}).status_code
            for _n in range(25)
        ]
        streams = [shop.browser().ask("GET", "stream").carry_on.__self__ for _n in range(2)]
    assert set(opinions[:20]) == {404}
    assert set(opinions[20:]) == {429}
    assert streams[0].claim.digest != streams[1].claim.digest
    assert streams[0].claim.person == streams[1].claim.person < 0, "the hub gives them 20 in all"


def test_the_same_submit_twice_is_one_question(cast: Cast) -> None:
    browser = Browser(cast.seller)
    key = str(uuid.uuid4())
    one = browser.post("conversations", text="Once", submit_key=key)
    two = browser.post("conversations", text="Once", submit_key=key)
    assert one["conversation"]["id"] == two["conversation"]["id"]
    assert len(two["messages"]) == 1


JUNK: list[Any] = [
    None, [], "x", 5, {"text": 5}, {"text": None}, {"text": ""}, {"text": "x" * 60_000},
    {"text": "x", "files": "y"}, {"text": "x", "files": ["y"]}, {"text": "x", "files": [5] * 100},
    {"text": "x", "submit_key": "no"}, {"text": "\x00\ud800"}, {"priority": "worst", "text": "x"},
    {"stars": "five"}, {"stars": 1e400}, {"question": "x"}, {"question": 10**30},
    {"text": "x", "email": "no address"},
]  # fmt: skip


def test_junk_is_told_and_never_breaks(cast: Cast, shop: Shop) -> None:
    seller = Browser(cast.seller)
    chat = seller.says("Hello")["conversation"]["id"]
    say_as_assistant(chat, "Hello.")
    moment = now()
    for n, junk in enumerate(JUNK):
        for path in (
            "session", "conversations", f"conversations/{chat}/messages", "handover",
            f"conversations/{chat}/rating", f"conversations/{chat}/helped", "files",
        ):  # fmt: skip
            with at(moment + timedelta(minutes=n + 1)):
                answer = seller.ask("POST", path, junk)
            assert answer.status_code < 500, (path, junk, answer.content)
            if answer.status_code >= 400:
                assert answer.headers["Content-Type"] == "application/problem+json"
                assert answer.json()["title"]
    for path in (
        "conversations?before=x", f"conversations/{chat}?before=-1", "search?q=%00%ff",
        "articles/..%2f..%2fetc", "stream?conversation=x", "conversations?before=9.chat.9",
    ):  # fmt: skip
        assert seller.ask("GET", path).status_code < 500, path
    for method in ("PUT", "PATCH", "DELETE"):
        assert seller.ask(method, "conversations").status_code == 405
