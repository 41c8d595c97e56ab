"""The articles to write: what was left open, gathered by its meaning (M7)."""

from __future__ import annotations

import pytest

from assistant.asked import asked
from cast import Cast
from parley.assistant.encoding import vectors_of
from parley.assistant.gaps import list_gaps, reopen, settle, write_article
from parley.assistant.gathering import find_middle, gather, gather_searches, join_alike
from parley.assistant.models import Gap, Helped, Outcome, Question, SearchInGap
from parley.assistant.roles import MayNotChange
from parley.help_centre.models import MissedSearch
from parley.journal.models import Entry


def labels() -> set[str]:
    return set(Gap.objects.values_list("label", flat=True))


def test_questions_of_one_meaning_make_one_gap_in_whatever_language(cast: Cast) -> None:
    asked(cast.seller, "How do I connect my shop to Amazon?")
    asked(cast.supplier, "How can I link my shop with Amazon?")
    asked(cast.seller_member, "Как подключить мой магазин к Amazon?", language="ru")
    asked(cast.seller, "What is the fee for returns from Northern Ireland?")
    assert gather() == 4
    amazon = Gap.objects.get(label__contains="Amazon")
    assert amazon.times == 3
    assert amazon.questions.count() == 3
    assert Gap.objects.count() == 2
    assert gather() == 0, "each question is gathered once"


def test_only_what_was_left_open_is_gathered(cast: Cast) -> None:
    asked(cast.seller, "Can I ship with pigeons?", outcome=Outcome.ANSWER, helped=Helped.SAID)
    asked(cast.seller, "Do you ship to the moon?", outcome=Outcome.ANSWER, helped=Helped.ASSUMED)
    asked(cast.seller, "I want a person", outcome=Outcome.PERSON, helped=Helped.HANDED_OVER)
    asked(cast.seller, "Where is order 1042?", outcome=Outcome.UNKNOWN)
    asked(cast.seller, "???", outcome=Outcome.UNKNOWN)
    open_ones = {
        "Is there a discount for charities?": (Outcome.UNKNOWN, Helped.NONE),
        "Which barcode printers work?": (Outcome.FAILED, Helped.NONE),
        "May I sell second-hand books?": (Outcome.ANSWER, Helped.HANDED_OVER),
        "How are holidays in Wales counted?": (Outcome.OFFER, Helped.ASKED_ON),
    }
    for text, (outcome, helped) in open_ones.items():
        asked(cast.seller, text, outcome=outcome, helped=helped)
    gather()
    assert labels() == set(open_ones)


def test_what_becomes_of_a_question_later_counts_too(cast: Cast) -> None:
    question = asked(cast.seller, "Do you insure pallets?", outcome=Outcome.ANSWER)
    assert gather() == 0
    Question.objects.filter(pk=question.pk).update(helped=Helped.HANDED_OVER)
    assert gather() == 1
    assert labels() == {"Do you insure pallets?"}


def test_searches_that_found_nothing_count_with_their_times(cast: Cast) -> None:
    search = MissedSearch.objects.create(words="gift wrapping", language="en", times=4)
    asked(cast.seller, "Can you do gift wrapping?")
    gather()
    assert gather_searches() == 1
    gap = Gap.objects.get()
    assert (gap.times, SearchInGap.objects.get().times) == (5, 4)
    assert gather_searches() == 0
    MissedSearch.objects.filter(pk=search.pk).update(times=6)
    gather_searches()
    gap.refresh_from_db()
    assert gap.times == 7


def test_nobody_is_named_in_what_editors_see(cast: Cast) -> None:
    asked(
        cast.seller,
        "Why is selma@bright-home.example with card 4000 1234 5678 9010 refused on 07700 900123?",
    )
    gather()
    (row,) = list_gaps(cast.lead).rows
    for telling in ("selma", "bright-home", "4000", "9010", "900123"):
        assert telling not in row.gap.label
    assert "[e-mail]" in row.gap.label


def test_the_middle_question_names_the_gap(cast: Cast) -> None:
    texts = [
        "How do I connect my shop to Amazon please, we have been waiting for ages to do that?",
        "How do I connect my shop to Amazon?",
        "connect shop amazon",
    ]
    for text in texts:
        asked(cast.seller, text)
    gather()
    gap = Gap.objects.order_by("-times")[0]
    find_middle(gap)
    gap.refresh_from_db()
    assert gap.label == "How do I connect my shop to Amazon?"


def test_gaps_that_have_come_to_mean_the_same_become_one(cast: Cast) -> None:
    for text in ("How do I connect my shop to Amazon?", "How can I link my shop with Amazon?"):
        (vector,) = vectors_of([text])
        gap = Gap.objects.create(label=text, language="en", vector=vector, times=1)
        question = asked(cast.seller, text)
        Question.objects.filter(pk=question.pk).update(gap=gap)
    assert join_alike() == 1
    gap = Gap.objects.get()
    assert (gap.times, gap.questions.count()) == (2, 2)


def test_the_most_asked_comes_first_and_leads_and_admins_alone_see_it(cast: Cast) -> None:
    asked(cast.seller, "What is the fee for returns from Northern Ireland?")
    for _ in range(2):
        asked(cast.seller, "How do I connect my shop to Amazon?")
    gather()
    for reader in (cast.lead, cast.admin):
        assert [row.gap.times for row in list_gaps(reader).rows] == [2, 1]
    for reader in (cast.agent, cast.seller, cast.supplier):
        assert list_gaps(reader).rows == []


def test_a_gap_is_settled_and_put_back(cast: Cast) -> None:
    asked(cast.seller, "Can you do gift wrapping?")
    gather()
    gap = Gap.objects.get()
    settle(gap.pk, by=cast.lead)
    settle(gap.pk, by=cast.lead)
    assert list_gaps(cast.lead).rows == []
    (row,) = list_gaps(cast.lead, settled=True).rows
    assert not row.asked_again
    asked(cast.supplier, "Is gift wrapping something you can do?")
    gather()
    (row,) = list_gaps(cast.lead, settled=True).rows
    assert row.asked_again
    assert row.gap.times == 2
    reopen(gap.pk, by=cast.admin)
    assert len(list_gaps(cast.lead).rows) == 1
    kinds = Entry.objects.filter(subject=f"gap:{gap.pk}").values_list("kind", flat=True)
    assert list(kinds) == ["GapSettled", "GapReopened"]
    with pytest.raises(MayNotChange):
        settle(gap.pk, by=cast.agent)


def test_an_article_is_begun_with_the_ways_it_was_asked(cast: Cast) -> None:
    asked(cast.seller, "How do I connect my shop to Amazon?")
    asked(cast.supplier, "How can I link my shop with Amazon?")
    asked(cast.seller_member, "Как подключить мой магазин к Amazon?", language="ru")
    gather()
    gap = Gap.objects.get()
    article = write_article(gap.pk, by=cast.lead)
    texts = {text.language: text for text in article.translations.all()}
    assert texts["en"].title == gap.label
    assert texts["ru"].title == "Как подключить мой магазин к Amazon?"
    assert {texts["en"].title, *texts["en"].also_asked_as} == {
        "How do I connect my shop to Amazon?",
        "How can I link my shop with Amazon?",
    }
    assert all(text.published is None for text in texts.values())
    assert write_article(gap.pk, by=cast.admin) == article, "there is one draft for a gap"
    entry = Entry.objects.get(kind="ArticleDrafted")
    assert entry.data["gap"] == gap.pk
