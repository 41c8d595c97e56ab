"""The help centre as people read it: signed in or not, in their language, in a browser (H1, H2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cast import Cast
from help_centre.articles import article, translate
from parley.help_centre.models import Article, MissedSearch, Opinion, Translation
from parley.help_centre.writing import rename, withdraw


@pytest.fixture
def shelves(cast: Cast) -> Cast:
    works = article(
        cast, "start/how-it-works", "How it works", "Three sides.\n\n## One sale\n\nWords."
    )
    translate(cast, works, "ru", "Как всё устроено", "Три стороны.\n\n## Одна продажа")
    article(
        cast, "orders/ship-an-order", "Ship an order", "Click **Ship**.", audience=("supplier",)
    )
    return cast


def page(path: str, client: Client | None = None, **headers: str) -> Any:
    return (client or Client()).get(path, headers=headers)


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who.person)
    return client


def test_a_stranger_reads_what_is_public_and_learns_of_nothing_else(shelves: Cast) -> None:
    answer = page("/help/en/start/how-it-works/")
    assert answer.status_code == 200
    assert b"Three sides." in answer.content
    hidden = page("/help/en/orders/ship-an-order/")
    missing = page("/help/en/orders/no-such-order/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.content == missing.content
    assert b"Ship an order" not in page("/help/en/").content
    assert page("/help/en/orders/").status_code == 404


def test_whom_it_is_for_reads_it(shelves: Cast) -> None:
    path = "/help/en/orders/ship-an-order/"
    assert page(path, signed_in(shelves.supplier)).status_code == 200
    assert page(path, signed_in(shelves.agent)).status_code == 200
    assert page(path, signed_in(shelves.seller)).status_code == 404
    withdraw(Article.objects.get(path="orders/ship-an-order"), by=shelves.admin)
    assert page(path, signed_in(shelves.supplier)).status_code == 404


def test_the_address_says_the_language_and_the_first_one_stands_in(shelves: Cast) -> None:
    russian = page("/help/ru/start/how-it-works/")
    assert "Три стороны" in russian.content.decode()
    assert russian.headers["Content-Language"] == "ru"
    Translation.objects.filter(language="ru").update(published=None, words=None)
    instead = page("/help/ru/start/how-it-works/").content.decode()
    assert "Three sides." in instead
    assert 'lang="en"' in instead


def test_the_first_page_is_in_the_language_one_reads(shelves: Cast) -> None:
    assert page("/help/", **{"accept-language": "ru"}).headers["Location"] == "/help/ru/"
    assert page("/help/", **{"accept-language": "fr"}).headers["Location"] == "/help/en/"
    assert page("/help/", signed_in(shelves.seller_member)).headers["Location"] == "/help/ru/"


def test_an_outdated_translation_says_so(shelves: Cast) -> None:
    works = Article.objects.get(path="start/how-it-works")
    assert "out of date" not in page("/help/ru/start/how-it-works/").content.decode()
    translate(shelves, works, "en", "How it works", "Four sides.")
    client = signed_in(shelves.seller)
    assert (
        "since it was translated" in page("/help/ru/start/how-it-works/", client).content.decode()
    )


def test_an_old_address_leads_to_the_new_one_for_good(shelves: Cast) -> None:
    rename(Article.objects.get(path="start/how-it-works"), "begin/how-it-works", by=shelves.admin)
    rename(Article.objects.get(path="begin/how-it-works"), "begin/works", by=shelves.admin)
    answer = page("/help/en/start/how-it-works/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/help/en/begin/works/")
    rename(Article.objects.get(path="orders/ship-an-order"), "orders/ship", by=shelves.admin)
    assert page("/help/en/orders/ship-an-order/").status_code == 404, "not for strangers"


def test_browsers_may_keep_a_strangers_page_and_nobody_elses(shelves: Cast) -> None:
    answer = page("/help/en/start/how-it-works/")
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    assert "Cookie" in answer.headers["Vary"]
    assert not answer.cookies
    assert b"csrf" not in answer.content
    again = page("/help/en/start/how-it-works/", **{"if-none-match": answer.headers["ETag"]})
    assert again.status_code == 304
    own = page("/help/en/start/how-it-works/", signed_in(shelves.seller))
    assert own.headers["Cache-Control"] == "private, no-store"


def test_search_engines_find_the_public_articles_in_each_language(shelves: Cast) -> None:
    sitemap = page("/help/sitemap.xml").content.decode()
    assert sitemap.count("<loc>") == 2
    assert "/help/ru/start/how-it-works/" in sitemap
    assert "ship-an-order" not in sitemap
    assert "/help/sitemap.xml" in page("/robots.txt").content.decode()
    article_page = page("/help/ru/start/how-it-works/").content.decode()
    assert 'rel="canonical" href="http' in article_page
    assert 'hreflang="en" href="http' in article_page


def test_what_is_searched_for_and_not_found_is_counted_once_typing_has_ended(shelves: Cast) -> None:
    client = Client()
    client.get("/help/search/", {"q": "gift wra", "language": "en"})
    assert not MissedSearch.objects.exists()
    client.get("/help/search/", {"q": "Gift  wrapping", "language": "en", "settled": "1"})
    client.get("/help/en/", {"q": "gift wrapping"})
    for private in ("anna@example.com", "order 100420007", "1234567", "ab"):
        client.get("/help/en/", {"q": private})
    missed = MissedSearch.objects.get()
    assert (missed.words, missed.language, missed.times) == ("gift wrapping", "en", 2)
    client.get("/help/search/", {"q": "how it works", "language": "en", "settled": "1"})
    assert MissedSearch.objects.count() == 1


OPINION = {"path": "start/how-it-works", "language": "en", "helped": "no"}


def test_a_stranger_says_once_whether_it_helped_and_may_change_their_mind(shelves: Cast) -> None:
    client = Client()
    assert client.post("/help/opinions/", OPINION).status_code == 302
    client.post("/help/opinions/", {**OPINION, "reason": "Nothing about Saturdays"})
    client.post("/help/opinions/", {**OPINION, "helped": "yes"})
    Client().post("/help/opinions/", OPINION)
    text = Translation.objects.get(article__path="start/how-it-works", language="en")
    assert (Opinion.objects.count(), text.helped, text.did_not_help) == (2, 1, 1)


def test_no_other_site_says_it_in_ones_name(shelves: Cast) -> None:
    client = signed_in(shelves.seller)
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert client.post("/help/opinions/", OPINION, headers=headers).status_code == 403
    assert not Opinion.objects.exists()


def test_an_opinion_on_what_one_may_not_read_is_of_nothing(shelves: Cast) -> None:
    opinion = {**OPINION, "path": "orders/ship-an-order"}
    assert Client().post("/help/opinions/", opinion).status_code == 404
    assert Client().post("/help/opinions/", {**OPINION, "path": "a\x00b"}).status_code == 404


@pytest.mark.parametrize("path", ["/help/en/", "/help/en/start/", "/help/en/start/how-it-works/"])
def test_a_page_costs_the_same_however_much_there_is(shelves: Cast, path: str) -> None:
    page(path)
    with CaptureQueriesContext(connection) as few:
        page(path)
    for number in range(5):
        article(shelves, f"start/more-{number}", f"More {number}")
        article(shelves, f"shelf-{number}/one", f"One {number}")
    with CaptureQueriesContext(connection) as many:
        page(path)
    assert len(many) <= len(few) <= 6


@pytest.mark.parametrize(
    "path", ["x/../../etc", "a//b", "\x00", "%", "a" * 900, "_collection", "en/en"]
)
def test_whatever_is_asked_for_there_is_an_answer(shelves: Cast, path: str) -> None:
    assert page(f"/help/en/{path}/").status_code in (301, 302, 400, 404)
