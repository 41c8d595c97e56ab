"""A question is answered once, labelled as a machine's, and never over a person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from assistant.conftest import Asks, HelpCentre, article
from cast import Cast
from parley.assistant import answering, composing, settling, sweeping
from parley.assistant.claiming import MOST_TRIES, SECONDS_TO_ANSWER, claim
from parley.assistant.models import Helped, Outcome, Question, QuestionState
from parley.conversations.models import Message
from parley.journal.moment import at, now
from parley.messenger.handing_over import hand_over
from parley.parties.models import Membership
from parley.tickets.models import Priority

pytestmark = pytest.mark.django_db


def jobs() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'message_id')::bigint FROM procrastinate_jobs "
            "WHERE task_name = 'assistant.answer_question' AND queue_name = 'answers'"
        )
        return [row[0] for row in cursor.fetchall()]


def replies(question: Question) -> list[Message]:
    return list(Message.objects.filter(conversation=question.chat_id, person=None).order_by("id"))


def to_people(question: Question, by: Membership) -> None:
    hand_over(question.chat_id, by=by, priority=Priority.QUESTION, text="Please help")


class TestAQuestion:
    def test_is_a_row_and_a_job_in_the_transaction_that_says_it(self, asks: Asks) -> None:
        question = asks("How do I ship an order?")
        assert (question.state, question.outcome, question.reply) == ("waiting", "", None)
        assert jobs() == [question.pk]

    @pytest.mark.parametrize(
        ("text", "chat", "language"),
        [
            ("How do I ship an order?", "ru", "en"),
            ("Как отгрузить заказ?", "en", "ru"),
            ("CSV?", "ru", "ru"),
            ("1042", "ru", "ru"),
            ("Выгрузка в CSV через SFTP", "en", "ru"),
        ],
    )
    def test_is_in_the_language_of_its_letters_or_of_the_chat(
        self, asks: Asks, text: str, chat: str, language: str
    ) -> None:
        assert asks(text, language=chat).language == language

    def test_asked_on_marks_the_answer_before(self, answers: Asks, knows: HelpCentre) -> None:
        knows(Outcome.ANSWER)
        first = answers("How do I ship an order?")
        answers("And how do I ship two?", chat=first.chat)
        first.refresh_from_db()
        assert first.helped == Helped.ASKED_ON


class TestTheAnswer:
    def test_is_the_articles_own_words_with_their_steps_and_link(
        self, answers: Asks, knows: HelpCentre, settings: Any
    ) -> None:
        knows(Outcome.ANSWER, article(heading="By hand", anchor="by-hand"))
        question = answers("How do I ship an order?")
        assert question.state == QuestionState.DONE
        assert (question.outcome, question.answerer) == (Outcome.ANSWER, "built-in")
        assert question.reply is not None
        assert question.reply.is_assistants
        html = question.reply.html
        assert html.count("<li>") == 3
        assert "Choose the carrier" in html
        home = settings.PUBLIC_URL
        assert f'href="{home}/help/en/rules/fees/#small"' in html
        assert f'href="{home}/help/en/orders/ship-an-order/' in html
        assert question.sources == [
            {
                "kind": "article",
                "id": "orders/ship-an-order",
                "title": "Ship an order",
                "address": f"{home}/help/en/orders/ship-an-order/#by-hand",
                "score": 0.9,
            }
        ]

    def test_that_is_long_ends_with_a_step_and_reads_on(
        self, answers: Asks, knows: HelpCentre
    ) -> None:
        steps = "\n".join(f"{n}. Step number {n} is done {'with care ' * 8}." for n in range(1, 31))
        knows(Outcome.ANSWER, article(body=f"Do this:\n\n{steps}"))
        reply = answers("How do I ship an order?").reply
        assert reply is not None
        assert 3 < reply.html.count("<li>") < 15
        assert reply.text.count("with care .") == reply.html.count("<li>")
        assert "Read on in" in reply.text

    def test_in_another_language_says_so(self, answers: Asks, knows: HelpCentre) -> None:
        knows(Outcome.ANSWER, article(language="en"))
        reply = answers("Как отгрузить заказ поставщику?", language="ru").reply
        assert reply is not None
        # The words themselves are the catalogue's: in English it has no such note.
        same = answers("How do I ship an order?").reply
        assert same is not None
        assert len(reply.text) != len(same.text)

    def test_offers_up_to_three_titles(self, answers: Asks, knows: HelpCentre) -> None:
        found = [article(f"orders/{n}", f"Title {n}") for n in range(5)]
        knows(Outcome.OFFER, *found, confidence=0.75)
        question = answers("shipping something?")
        assert question.outcome == Outcome.OFFER
        assert [source["title"] for source in question.sources] == ["Title 0", "Title 1", "Title 2"]
        assert question.reply is not None
        assert question.reply.html.count("<li>") == 3
        assert "Talk to a person" in question.reply.text

    def test_says_that_it_does_not_know(self, answers: Asks) -> None:
        question = answers("What is the weather in Perth?")
        assert question.outcome == Outcome.UNKNOWN
        assert question.reply is not None
        assert "Talk to a person" in question.reply.text
        assert question.sources == []

    def test_of_what_goes_wrong_offers_a_person(self, answers: Asks, knows: HelpCentre) -> None:
        knows.breaks = ValueError("a bug")
        question = answers("How do I ship an order?")
        assert (question.outcome, question.trouble) == (Outcome.FAILED, "ValueError")
        assert question.reply is not None
        assert "Talk to a person" in question.reply.text
        assert "ValueError" not in question.reply.text

    def test_is_searched_for_with_the_eyes_of_the_asker(
        self, answers: Asks, knows: HelpCentre, cast: Cast
    ) -> None:
        answers("How do I ship an order?", by=cast.supplier)
        assert knows.asked == [("How do I ship an order?", "en", cast.supplier)]


class TestOnce:
    def test_a_job_that_runs_twice_answers_once(self, answers: Asks) -> None:
        question = answers("How do I ship an order?")
        answering.answer(question.pk)
        assert len(replies(question)) == 1

    def test_what_is_claimed_is_left_alone_until_the_claim_runs_out(self, asks: Asks) -> None:
        question = asks("How do I ship an order?")
        assert claim(question.pk) is not None
        assert claim(question.pk) is None
        with at(now() + timedelta(seconds=SECONDS_TO_ANSWER + 1)):
            again = claim(question.pk)
        assert again is not None
        assert again.tries == 2

    def test_who_comes_back_late_finds_it_answered(self, asks: Asks) -> None:
        question = asks("How do I ship an order?")
        slow = claim(question.pk)
        assert slow is not None
        with at(now() + timedelta(minutes=1)):
            answering.answer(question.pk)
        assert settling.settle(slow, composing.failed("slow")) is None
        assert [reply.text for reply in replies(question)] == [composing.unknown().text]

    def test_two_workers_at_once_answer_once(
        self, transactional_db: None, asks: Asks, knows: HelpCentre
    ) -> None:
        knows(Outcome.ANSWER)
        asked = [asks("How do I ship an order?") for _n in range(5)]

        def work(pk: int) -> None:
            try:
                answering.answer(pk)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as workers:
            list(workers.map(work, [question.pk for question in asked for _n in range(4)]))
        for question in asked:
            assert len(replies(question)) == 1
            question.refresh_from_db()
            assert question.reply == replies(question)[0]


class TestTheSweep:
    def test_has_what_nobody_answered_answered_again(self, asks: Asks) -> None:
        question = asks("How do I ship an order?")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        assert sweeping.sweep() == 0
        with at(now() + timedelta(seconds=20)):
            assert sweeping.sweep() == 1
            assert sweeping.sweep() == 1  # it waits in the queue already
        assert jobs() == [question.pk]

    def test_gives_up_after_some_tries_and_offers_a_person(self, asks: Asks) -> None:
        question = asks("How do I ship an order?")
        moment = now()
        for _try in range(MOST_TRIES):
            with at(moment):
                assert claim(question.pk) is not None
            moment += timedelta(seconds=SECONDS_TO_ANSWER + 1)
        with at(moment):
            assert claim(question.pk) is None
            assert sweeping.sweep() == 1
            assert sweeping.sweep() == 0
        question.refresh_from_db()
        assert (question.state, question.outcome) == (QuestionState.DONE, Outcome.FAILED)
        assert [reply.text for reply in replies(question)] == [composing.failed("").text]
        assert "Talk to a person" in composing.failed("").text

    def test_gives_up_when_it_is_too_late(self, asks: Asks) -> None:
        question = asks("How do I ship an order?")
        with at(now() + timedelta(minutes=10)):
            sweeping.sweep()
        question.refresh_from_db()
        assert question.outcome == Outcome.FAILED

    def test_leaves_alone_what_is_being_answered(self, asks: Asks) -> None:
        question = asks("How do I ship an order?")
        with at(now() + timedelta(seconds=20)):
            assert claim(question.pk) is not None
            assert sweeping.sweep() == 0


class TestAPerson:
    def test_is_never_talked_over(self, asks: Asks, cast: Cast) -> None:
        question = asks("How do I ship an order?")
        to_people(question, cast.seller)
        answering.answer(question.pk)
        question.refresh_from_db()
        assert (question.state, question.helped) == (QuestionState.DONE, Helped.HANDED_OVER)
        assert replies(question) == []

    def test_who_comes_while_it_thinks_is_not_talked_over(self, asks: Asks, cast: Cast) -> None:
        question = asks("How do I ship an order?")
        claimed = claim(question.pk)
        assert claimed is not None
        to_people(question, cast.seller)
        assert settling.settle(claimed, composing.unknown()) is None
        assert replies(question) == []
        question.refresh_from_db()
        assert question.state == QuestionState.DONE

    def test_is_not_talked_over_by_the_sweep(self, asks: Asks, cast: Cast) -> None:
        question = asks("How do I ship an order?")
        to_people(question, cast.seller)
        with at(now() + timedelta(minutes=10)):
            sweeping.sweep()
        assert replies(question) == []
