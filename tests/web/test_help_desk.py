"""Writing the help centre, page by page: who may what, what is refused and kept, what is told."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from cast import Cast
from parley.help_centre.drafting import begin_article
from parley.help_centre.models import Article, Collection, MissedSearch, Translation
from parley.help_centre.shelving import CollectionTyped, add_collection
from parley.help_centre.writing import Written, keep_draft, unpublish, withdraw
from parley.journal.models import Entry
from web.pages import Browser, Page
from web.written import article as published

DESK = "/desk/help/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def article(cast: Cast) -> Article:
    return published(cast)


def text_of(article: Article, language: str = "en") -> Translation:
    return article.translations.get(language=language)


def seen(browser: Browser, article: Article, language: str = "en") -> str:
    page = browser.see(f"{DESK}articles/{article.pk}/{language}/")
    return page.form("/draft/").fields["seen"][0]


def draft(article: Article, language: str = "en") -> str:
    return f"{DESK}articles/{article.pk}/{language}/draft/"


def test_an_agent_begins_an_article_and_a_lead_publishes_it(cast: Cast) -> None:
    shelf = add_collection(CollectionTyped(titles={"en": "Orders"}), by=cast.admin)
    agent = Browser(cast.agent)
    sent = {"title": "Как отменить заказ?", "collection": shelf.pk, "language": "ru"}
    answer = agent.post(f"{DESK}new/", sent)
    article = Article.objects.get()
    assert answer.headers["Location"] == f"{DESK}articles/{article.pk}/ru/"
    assert article.path == "orders/kak-otmenit-zakaz"
    token = seen(agent, article, "ru")
    typed = {"title": "Отменить заказ", "body": "1. Откройте заказ", "seen": token}
    assert agent.post(draft(article, "ru"), typed).status_code == 302
    publishing = f"{DESK}articles/{article.pk}/ru/publishing/"
    assert agent.get(publishing).status_code == 404
    lead = Browser(cast.lead)
    page = lead.see(publishing)
    assert "for the first time" in page.words
    lead.post(publishing, {"seen": page.form("/publishing/").fields["seen"][0]})
    text = text_of(article, "ru")
    assert text.published is not None
    assert text.published.title == "Отменить заказ"
    kinds = Entry.objects.filter(subject=f"article:{article.pk}").values_list("kind", flat=True)
    assert {"ArticleAdded", "DraftKept", "ArticlePublished"} <= set(kinds)


def test_a_form_that_is_not_filled_keeps_what_was_typed(cast: Cast) -> None:
    shelf = add_collection(CollectionTyped(titles={"en": "Orders"}), by=cast.admin)
    browser = Browser(cast.agent)
    page = Page(browser.post(f"{DESK}new/", {"title": "Refunds", "collection": "x"}))
    assert page.status == 422
    assert page.form("").fields["title"] == ["Refunds"]
    sent = {"title": "Refunds", "collection": shelf.pk, "language": "en"}
    assert browser.post(f"{DESK}new/", sent).status_code == 302
    again = Page(browser.post(f"{DESK}new/", sent))
    assert again.status == 422
    assert again.form("").fields["title"] == ["Refunds"]


def test_only_what_was_looked_at_is_published(cast: Cast, article: Article) -> None:
    lead = Browser(cast.lead)
    keep_draft(article, "en", Written(title="Ship it", body="First."), by=cast.agent)
    address = f"{DESK}articles/{article.pk}/en/publishing/"
    token = lead.see(address).form("/publishing/").fields["seen"][0]
    keep_draft(article, "en", Written(title="Ship it", body="Second."), by=cast.agent)
    page = Page(lead.post(address, {"seen": token}))
    assert page.status == 409
    assert "changed since you looked" in page.words
    published_now = text_of(article).published
    assert published_now is not None
    assert "Second" not in published_now.body


def test_a_second_editor_writes_over_nobody_unseen(cast: Cast, article: Article) -> None:
    agent = Browser(cast.agent)
    token = seen(agent, article)
    keep_draft(article, "en", Written(title="Ship it", body="The lead's."), by=cast.lead)
    mine = {"title": "Ship it", "body": "The agent's.", "seen": token}
    told = agent.post(draft(article), mine, **JSON)
    assert told.status_code == 409
    assert "Léa Lead" in told.json()["html"]
    assert text_of(article).body == "The lead's."
    page = Page(agent.post(draft(article), mine))
    assert page.status == 409, "without scripts as well"
    assert page.form("/draft/").fields["body"] == ["The agent's."]
    over = mine | {"seen": told.json()["seen"], "instead": "yes"}
    assert agent.post(draft(article), over, **JSON).json()["changed"]
    assert text_of(article).body == "The agent's."
    kept = Entry.objects.get(kind="TextSetAside")
    assert (kept.data["body"], kept.data["whose"]) == ("The lead's.", cast.lead.person_id)
    versions = Browser(cast.lead).see(f"{DESK}articles/{article.pk}/en/versions/")
    assert "Gave way to another text" in versions.words
    restored = {"text": f"a{kept.pk}"}
    agent.post(f"{DESK}articles/{article.pk}/en/versions/restoring/", restored)
    assert text_of(article).body == "The lead's."


def test_giving_way_keeps_ones_own_text_too(cast: Cast, article: Article) -> None:
    agent = Browser(cast.agent)
    address = f"{draft(article)}giving-way/"
    assert agent.post(address, {"title": "Mine", "body": "My words."}).status_code == 204
    assert Entry.objects.get(kind="TextSetAside").data["body"] == "My words."
    assert "Click **Ship**" in text_of(article).body


def test_a_text_that_is_too_long_is_refused_in_words(cast: Cast, article: Article) -> None:
    agent = Browser(cast.agent)
    sent = {"title": "A" * 300, "body": "Typed.", "seen": seen(agent, article)}
    told = agent.post(draft(article), sent, **JSON)
    assert told.status_code == 422
    assert "200" in told.json()["error"]
    page = Page(agent.post(draft(article), sent))
    assert page.form("/draft/").fields["body"] == ["Typed."]


def test_discarding_goes_back_to_what_readers_see(cast: Cast, article: Article) -> None:
    agent = Browser(cast.agent)
    was = text_of(article).body
    keep_draft(article, "en", Written(title="Ship it", body="Rubbish."), by=cast.agent)
    keep_draft(article, "ru", Written(title="Отгрузить"), by=cast.agent)
    agent.post(f"{draft(article)}removal/")
    assert text_of(article).body == was
    agent.post(f"{draft(article, 'ru')}removal/")
    assert not article.translations.filter(language="ru").exists()
    unpublish(text_of(article), by=cast.lead)
    keep_draft(article, "en", Written(title="Ship it", body="Rubbish."), by=cast.agent)
    agent.post(f"{draft(article)}removal/")
    assert text_of(article).body == was, "what was published once is never thrown away"
    assert text_of(article).versions.count() == 1
    alone = begin_article(article.collection, "en", Written(title="Another"), by=cast.agent)
    agent.post(f"{draft(alone)}removal/")
    assert not Article.objects.filter(pk=alone.pk).exists()


def test_the_preview_is_what_readers_would_see(cast: Cast, article: Article) -> None:
    agent = Browser(cast.agent)
    typed = {"title": "T", "body": "> [!WARNING]\n> Stop.\n\n<script>alert(1)</script>"}
    page = Page(agent.post(f"{DESK}articles/{article.pk}/ru/preview/", typed))
    assert ("aside", {"class": "callout callout-warning"}) in page.tags
    assert "script" not in {tag for tag, _attributes in page.tags}
    assert text_of(article).title == "Ship an order", "nothing is kept by looking"


def test_a_picture_is_kept_with_the_article(
    cast: Cast, article: Article, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    agent = Browser(cast.agent)
    out = io.BytesIO()
    Pillow.new("RGB", (30, 20), "teal").save(out, "PNG")
    address = f"{DESK}articles/{article.pk}/en/images/"
    told = agent.post(address, {"file": SimpleUploadedFile("a.png", out.getvalue())})
    assert told.status_code == 201
    assert (told.json()["width"], told.json()["height"]) == (30, 20)
    body = f"![A shot]({told.json()['path']})"
    page = Page(
        agent.post(f"{DESK}articles/{article.pk}/en/preview/", {"title": "T", "body": body})
    )
    (image,) = [attributes for tag, attributes in page.tags if tag == "img"]
    shown = agent.get(image["src"])
    assert b"".join(shown).startswith(b"\x89PNG")  # type: ignore[arg-type]
    refused = agent.post(address, {"file": SimpleUploadedFile("a.png", b"<svg/>")})
    assert refused.status_code == 422
    assert "a.png" in refused.json()["error"]


def test_an_article_moves_and_its_old_address_leads_on(cast: Cast, article: Article) -> None:
    lead = Browser(cast.lead)
    other = published(cast, "Track an order")
    sent = {
        "collection": other.collection_id,
        "slug": "shipping",
        "position": "4",
        "audience": ["seller", "visitor", "junk"],
        "related": [other.path, "no/such"],
    }
    before = article.path
    assert lead.post(f"{DESK}articles/{article.pk}/place/", sent).status_code == 302
    article.refresh_from_db()
    assert article.path == f"{other.collection.slug}/shipping"
    assert (article.audience, article.related, article.position) == (["seller"], [other.path], 4)
    assert article.old_paths.get().path == before
    told = Entry.objects.get(kind="ArticleChanged")
    assert told.data["changed"]["audience"] == [[], ["seller"]]
    taken = lead.post(f"{DESK}articles/{other.pk}/place/", sent)
    page = Page(taken)
    assert page.status == 422
    assert "Another article has this address" in page.words


def test_a_withdrawn_article_is_for_editors_until_it_is_shown_again(
    cast: Cast, article: Article
) -> None:
    lead = Browser(cast.lead)
    lead.post(f"{DESK}articles/{article.pk}/withdrawal/", {"do": "withdraw", "language": "en"})
    assert "This article is withdrawn." in lead.see(f"{DESK}articles/{article.pk}/en/").words
    assert Browser(cast.seller).get(f"/help/en/{article.path}/").status_code == 404
    lead.post(f"{DESK}articles/{article.pk}/withdrawal/", {"do": "restore", "language": "en"})
    assert Browser(cast.seller).get(f"/help/en/{article.path}/").status_code == 200


def test_the_list_is_narrowed_by_language_state_audience_and_words(
    cast: Cast, article: Article
) -> None:
    changed = published(cast, "Refunds")
    keep_draft(changed, "en", Written(title="Refunds", body="New words."), by=cast.agent)
    gone = published(cast, "Old rules")
    withdraw(gone, by=cast.lead)
    Article.objects.filter(pk=changed.pk).update(audience=["supplier"])
    lead = Browser(cast.lead)

    def listed(query: str) -> set[str]:
        page = lead.see(f"{DESK}?{query}")
        return {title for title in ("Ship an order", "Refunds", "Old rules") if title in page.links}

    assert listed("") == {"Ship an order", "Refunds", "Old rules"}
    assert listed("state=changed") == {"Refunds"}
    assert listed("state=published") == {"Ship an order"}
    assert listed("state=withdrawn") == {"Old rules"}
    assert listed("state=missing&language=ru") == {"Ship an order", "Refunds"}
    assert listed("state=missing&language=en") == set()
    assert listed("audience=supplier") == {"Refunds"}
    assert listed("audience=everybody") == {"Ship an order", "Old rules"}
    assert listed("q=new+words") == {"Refunds"}
    assert listed("state=junk&language=xx&audience=me") == {"Ship an order", "Refunds", "Old rules"}


def test_a_translation_is_marked_once_the_first_language_moves_on(
    cast: Cast, article: Article
) -> None:
    lead = Browser(cast.lead)

    def publish(language: str, body: str) -> None:
        keep_draft(article, language, Written(title="Ship it", body=body), by=cast.lead)
        address = f"{DESK}articles/{article.pk}/{language}/publishing/"
        token = lead.see(address).form("/publishing/").fields["seen"][0]
        lead.post(address, {"seen": token})

    publish("ru", "Раз.")
    assert "Ship it" not in lead.see(f"{DESK}?state=outdated").links
    publish("en", "Two.")
    assert "Ship it" in lead.see(f"{DESK}?state=outdated").links
    page = lead.see(f"{DESK}articles/{article.pk}/ru/publishing/")
    assert "It is up to date" in page.html
    token = page.form("/publishing/").fields["seen"][0]
    lead.post(f"{DESK}articles/{article.pk}/ru/publishing/", {"seen": token})
    assert "Ship it" not in lead.see(f"{DESK}?state=outdated").links


def test_what_was_searched_in_vain_becomes_an_article_or_is_settled(cast: Cast) -> None:
    add_collection(CollectionTyped(titles={"en": "Orders"}), by=cast.admin)
    missed = MissedSearch.objects.create(words="customs papers", language="en", times=9)
    agent = Browser(cast.agent)
    assert "customs papers" in agent.see(f"{DESK}missed/").words
    page = agent.see(f"{DESK}new/?missed={missed.pk}")
    assert "customs papers" in page.words
    sent = {
        "title": "Customs",
        "collection": Collection.objects.get().pk,
        "language": "en",
        "missed": missed.pk,
    }
    agent.post(f"{DESK}new/", sent)
    assert Translation.objects.get().also_asked_as == ["customs papers"]
    agent.post(f"{DESK}missed/{missed.pk}/settling/")
    assert "customs papers" not in agent.see(f"{DESK}missed/").words
    assert "customs papers" in agent.see(f"{DESK}missed/?settled=yes").words
    assert Entry.objects.get(kind="MissedSearchSettled").data["words"] == "customs papers"


def test_opinions_stand_with_their_reasons(cast: Cast, article: Article) -> None:
    article.opinions.create(language="en", reader="a", helped=False, reason="No word on labels")
    article.opinions.create(language="en", reader="b", helped=True)
    agent = Browser(cast.agent)
    assert "No word on labels" in agent.see(f"{DESK}opinions/?article={article.pk}").words
    assert agent.get(f"{DESK}opinions/?cursor=junk").status_code == 404


def test_collections_are_kept_by_leads(cast: Cast, article: Article) -> None:
    lead = Browser(cast.lead)
    shelves = f"{DESK}collections/"
    lead.post(shelves, {"title_en": "Money", "title_ru": "Деньги", "icon": "wallet"})
    made = Collection.objects.get(slug="money")
    page = Page(lead.post(f"{shelves}{made.pk}/", {"title_en": "", "title_ru": "Деньги"}))
    assert page.status == 422
    order = {"collection": [article.collection_id, made.pk], "move": f"{made.pk}:up"}
    lead.post(f"{shelves}order/", order)
    assert Collection.objects.order_by("position").first() == made
    page = lead.see(shelves)
    assert "Money" in page.words
    lead.post(f"{shelves}{article.collection_id}/removal/")
    assert Collection.objects.filter(pk=article.collection_id).exists(), "there is an article in it"
    lead.post(f"{shelves}{made.pk}/removal/")
    assert not Collection.objects.filter(pk=made.pk).exists()


def test_articles_are_offered_while_a_ticket_is_written(cast: Cast, article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(audience=["supplier"])
    seller, supplier = Browser(cast.seller), Browser(cast.supplier)
    typed = {"title": "how to ship an order", "topic": ""}
    assert "Ship an order" not in Page(seller.post("/tickets/new/answers/", typed)).words
    page = Page(supplier.post("/tickets/new/answers/", typed))
    assert page.links["Ship an order (opens in a new tab)"].endswith(f"/{article.path}/")
    assert not Page(supplier.post("/tickets/new/answers/", {})).words
    answer = supplier.post("/tickets/new/answered/")
    assert answer.headers["Location"] == "/"
