"""How the assistant does: said and assumed apart, by language, and the latest questions (M7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistant.asked import asked
from cast import Cast
from parley.assistant.learning import decide, list_wordings
from parley.assistant.models import Helped, Outcome, Phrase, PhraseKind, Question, Wording
from parley.assistant.outcomes import helped
from parley.assistant.reporting import report
from parley.assistant.reviewing import recent
from parley.assistant.roles import MayNotChange
from parley.help_centre.models import Article
from parley.help_centre.writing import Written, add_article, keep_draft, publish
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.messenger.handing_over import hand_over

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


def source(path: str) -> dict[str, object]:
    return {"kind": "article", "id": path, "title": "Late", "address": "https://x/", "score": 0.9}


def ask_some(cast: Cast) -> None:
    ends = [
        (Outcome.ANSWER, Helped.SAID, "en"),
        (Outcome.ANSWER, Helped.SAID, "ru"),
        (Outcome.ANSWER, Helped.ASSUMED, "en"),
        (Outcome.OFFER, Helped.ASKED_ON, "en"),
        (Outcome.UNKNOWN, Helped.HANDED_OVER, "ru"),
        (Outcome.FAILED, Helped.NONE, "en"),
    ]
    for n, (outcome, end, language) in enumerate(ends):
        with at(MONDAY + timedelta(hours=n * 6)):
            words = "Где моя посылка сегодня?" if language == "ru" else "What about my parcel now?"
            asked(cast.seller, words, outcome=outcome, helped=end, language=language)


def test_what_they_said_and_what_is_assumed_are_never_one_number(cast: Cast) -> None:
    ask_some(cast)
    counted = report(cast.lead, MONDAY - timedelta(days=1), MONDAY + timedelta(days=3), LONDON)
    assert counted.total == 6
    assert counted.by_end == {"said": 2, "assumed": 1, "asked_on": 1, "handed_over": 1, "": 1}
    assert counted.by_outcome == {"answer": 3, "offer": 1, "unknown": 1, "failed": 1}
    assert counted.crossed["unknown", "handed_over"] == 1
    assert counted.languages == ["en", "ru"]
    assert counted.of_language("ru").by_end == {"said": 1, "handed_over": 1}
    assert sum(sum(day.values()) for day in counted.by_day.values()) == 6


def test_a_report_is_one_query_of_one_period_in_the_readers_days(cast: Cast) -> None:
    ask_some(cast)
    with CaptureQueriesContext(connection) as captured:
        counted = report(cast.admin, MONDAY, MONDAY + timedelta(hours=12), ZoneInfo("Asia/Omsk"))
    assert len(captured) == 1
    assert "conversations_message" not in captured[0]["sql"], "no message is looked at"
    assert counted.total == 2
    assert {str(day) for day in counted.by_day} == {"2026-03-02", "2026-03-03"}


def test_only_leads_and_administrators_see_it(cast: Cast) -> None:
    ask_some(cast)
    for reader in (cast.agent, cast.seller, cast.supplier):
        assert report(reader, MONDAY, MONDAY + timedelta(days=3), LONDON).total == 0
        assert recent(reader).rows == []


def test_the_latest_questions_tell_what_was_asked_and_never_who(cast: Cast) -> None:
    ask_some(cast)
    asked(cast.supplier, "My number is 07700 900123, how do I ship today?")
    page = recent(cast.lead)
    assert len(page.rows) == 7
    assert page.rows[0].text == "My number is [phone], how do I ship today?"
    assert all(row.ticket is None for row in page.rows)
    assert [row.question.language for row in recent(cast.lead, language="ru").rows] == ["ru", "ru"]
    assert len(recent(cast.lead, outcome="failed").rows) == 1
    assert len(recent(cast.lead, helped="said").rows) == 2


def test_a_question_that_was_handed_over_leads_to_its_ticket(cast: Cast) -> None:
    question = asked(cast.seller, "Do you insure pallets of glass?")
    ticket = hand_over(question.chat_id, by=cast.seller, priority="question")
    (row,) = recent(cast.lead).rows
    assert row.ticket == ticket.pk
    assert row.question.helped == Helped.HANDED_OVER


@pytest.fixture
def article(cast: Cast) -> Article:
    article = add_article("orders/late-parcels", by=cast.lead)
    text = keep_draft(article, "en", Written(title="Late parcels", body="Wait."), by=cast.lead)
    publish(text, by=cast.lead)
    return article


def helped_by(cast: Cast, article: Article, text: str) -> Question:
    question = asked(
        cast.seller,
        text,
        outcome=Outcome.ANSWER,
        sources=[source(article.path)],  # type: ignore[list-item]
    )
    return helped(question.pk, by=cast.seller)


def test_how_somebody_asked_who_was_helped_waits_for_an_editor(
    cast: Cast, article: Article
) -> None:
    helped_by(cast, article, "my box never came, call 07700 900123")
    helped_by(cast, article, "MY BOX never came, call 07700 900999")
    (row,) = list_wordings(cast.lead).rows
    assert row.text == "my box never came, call [phone]"
    assert row.article == article
    assert not Phrase.objects.filter(kind=PhraseKind.LEARNED).exists(), "nothing by itself"
    assert not list_wordings(cast.agent).rows
    with pytest.raises(MayNotChange):
        decide(row.pk, taken=True, by=cast.agent)


def test_an_editor_lets_it_count_and_takes_it_back(cast: Cast, article: Article) -> None:
    question = helped_by(cast, article, "my box never came")
    decide(question.pk, taken=True, by=cast.lead)
    phrase = Phrase.objects.get(kind=PhraseKind.LEARNED)
    assert (phrase.text, phrase.article_id, phrase.language) == (
        "my box never came", article.pk, "en",
    )  # fmt: skip
    taken = Wording.objects.filter(article=article.pk, language="en", taken=True)
    assert list(taken.values_list("text", flat=True)) == ["my box never came"]
    assert not list_wordings(cast.lead).rows
    assert len(list_wordings(cast.lead, taken=True).rows) == 1
    decide(question.pk, taken=False, by=cast.admin)
    assert not Phrase.objects.filter(kind=PhraseKind.LEARNED).exists()
    told = Entry.objects.filter(kind="WordingDecided").order_by("pk")
    assert [entry.data["taken"] for entry in told] == [True, False]


def test_what_is_about_ones_own_order_or_was_answered_by_no_article_is_not_learned(
    cast: Cast, article: Article
) -> None:
    helped_by(cast, article, "Where is order 1042?")
    question = asked(cast.seller, "thanks a lot", outcome=Outcome.ANSWER)
    helped(question.pk, by=cast.seller)
    assert not Wording.objects.exists()
