"""A resolved ticket becomes a draft, without whom it was about (M7)."""

from __future__ import annotations

import pytest

from cast import Cast
from parley.assistant.drafting import (
    DraftedAlready,
    NotResolved,
    article_of,
    draft_from,
    drafted_from,
)
from parley.assistant.masking import masked, without_names
from parley.help_centre.models import Article, Translation
from parley.help_centre.roles import NotAnEditor
from parley.journal.models import Entry
from parley.tickets import ending
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply

QUESTION = """Hello Agata,

our payout for order HM-20931 has not come. Please write to selma@bright-home.example or call
+44 20 7946 0958. The account is GB29 NWBK 6016 1331 9268 19.

Kind regards
Selma Seller
Bright Home"""
ANSWER = """Hello Selma,

1. Open **Balance**.
2. Press **Bank account** and enter the IBAN anew.
3. Payouts go out on Friday; Bright Home is on the list of 2026.

Best wishes
Агата"""


def resolved(cast: Cast, *, question: str = QUESTION, answer: str = ANSWER) -> Ticket:
    ticket = cast.ticket(
        topic=cast.payouts, to=None, title="Payout for HM-20931 of Bright Home is missing",
        text=question, order_number="HM-20931",
    )  # fmt: skip
    reply(ticket.pk, Reply(text=answer), by=cast.agent)
    ending.rate(ticket.pk, 5, "", by=cast.seller)
    return Ticket.objects.get(pk=ticket.pk)


def text_of(article: Article) -> Translation:
    return article.translations.get()


def test_the_draft_has_the_matter_and_the_steps_and_nobody_in_it(cast: Cast) -> None:
    ticket = resolved(cast)
    article = draft_from(ticket.pk, by=cast.agent)
    text = text_of(article)
    assert text.language == "en"
    assert text.published is None
    whole = f"{text.title}\n{text.summary}\n{text.body}\n{' '.join(text.also_asked_as)}"
    for telling in (
        "Selma", "Seller\n", "Bright Home", "Агата", "20931", "selma@", "7946", "NWBK", "9268",
        "Kind regards", "Hello",
    ):  # fmt: skip
        assert telling not in whole, telling
    assert "1. Open **Balance**.\n2. Press **Bank account** and enter the IBAN anew." in text.body
    assert "the seller is on the list of 2026" in text.body
    assert "our payout for order [number] has not come" in text.body
    assert article.audience == ["seller"]


def test_the_draft_knows_its_ticket_and_there_is_one(cast: Cast) -> None:
    ticket = resolved(cast)
    article = draft_from(ticket.pk, by=cast.agent)
    (kept,) = Article.objects.annotate(ticket=drafted_from())
    assert kept.ticket == ticket.pk
    assert article_of(ticket.pk) == article
    with pytest.raises(DraftedAlready) as refusal:
        draft_from(ticket.pk, by=cast.lead)
    assert refusal.value.article == article
    entry = Entry.objects.get(kind="ArticleDrafted")
    assert (entry.person_id, entry.data["ticket"]) == (cast.agent.person_id, ticket.pk)


def test_what_is_not_resolved_makes_no_article(cast: Cast) -> None:
    open_one = cast.ticket()
    with pytest.raises(NotResolved):
        draft_from(open_one.pk, by=cast.agent)
    silent = cast.ticket()
    ending.cancel(silent.pk, by=cast.seller)
    with pytest.raises(NotResolved):
        draft_from(silent.pk, by=cast.agent)
    assert not Article.objects.exists()


def test_only_the_operators_people_draft(cast: Cast) -> None:
    ticket = resolved(cast)
    for who in (cast.seller, cast.supplier):
        with pytest.raises(NotAnEditor):
            draft_from(ticket.pk, by=who)


def test_two_tickets_of_one_title_make_two_articles(cast: Cast) -> None:
    first, second = (draft_from(resolved(cast).pk, by=cast.agent) for _ in range(2))
    assert first.path != second.path


def test_a_russian_ticket_becomes_a_russian_draft(cast: Cast) -> None:
    ticket = resolved(
        cast,
        question="Здравствуйте! Подскажите, почему не пришла выплата? Семён Продавцов",
        answer="Семёну Продавцову ответила бухгалтерия: откройте «Баланс» и проверьте счёт.",
    )
    text = text_of(draft_from(ticket.pk, by=cast.agent))
    assert text.language == "ru"
    assert "откройте «Баланс» и проверьте счёт" in text.body


def test_names_are_taken_out_however_they_are_declined() -> None:
    people = ["Семён Продавцов", "Selma O'Neill"]
    said = without_names("Напишите Семёну Продавцову, а не selma. Selma's order.", people, {})
    assert "Семён" not in said
    assert "Продавцов" not in said
    assert "Selma" not in said
    assert without_names("Northwind Supply ships it", [], {"Northwind Supply": "the supplier"}) == (
        "the supplier ships it"
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mail ann.lee+x@shop.example now", "mail [e-mail] now"),
        ("call +44 (0)20 7946-0958 today", "call [phone] today"),
        ("IBAN GB29NWBK60161331926819 is wrong", "IBAN [account] is wrong"),
        ("order #104217 and ticket T-10042", "order [number] and ticket [number]"),
        ("ship to SW1A 1AA please", "ship to [postcode] please"),
        ("see https://track.example/?id=8812345 there", "see [link] there"),
        ("see https://shop.example/help there", "see https://shop.example/help there"),
        ("a fee of £12.50 since 2024 for 3 boxes", "a fee of £12.50 since 2024 for 3 boxes"),
        ("write @selma_shop on telegram", "write [name] on telegram"),
        ("заказ №104217 от 2025 года", "заказ [number] от 2025 года"),
        ("parcel #AB-1042-7 and model X-1", "parcel [number] and model X-1"),
        ("mails: +a.b@x.example,c-d@y.example", "mails: [e-mail],[e-mail]"),
    ],
)
def test_what_tells_of_a_person_is_masked_and_nothing_else(text: str, kept: str) -> None:
    assert masked(text) == kept
