"""Administration → Assistant, and what the assistant has to say on the ticket page (M7)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistant.asked import asked
from cast import Cast
from parley.assistant.gathering import gather
from parley.assistant.models import Gap, Helped, Outcome, Phrase, Thresholds
from parley.assistant.thresholds import MEASURED
from parley.help_centre.models import Article
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.tickets import ending
from parley.tickets.replying import Reply, reply
from web.known import wording
from web.pages import HTMX, Browser

MOST = 6
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PAGES = ["", "questions/", "gaps/", "gaps/?settled=1", "wordings/", "thresholds/", "numbers.csv"]


def some_questions(cast: Cast, times: int = 1) -> None:
    for n in range(times):
        asked(cast.seller, f"Can you wrap {n} gifts?", confidence=0.2)
        asked(cast.seller, f"Where is {n} of my boxes now?", outcome=Outcome.ANSWER,
              helped=Helped.SAID)  # fmt: skip
        asked(cast.seller, f"Сколько стоит {n} коробок?", language="ru", outcome=Outcome.OFFER,
              helped=Helped.ASKED_ON)  # fmt: skip
    gather()


@pytest.mark.parametrize("page", PAGES)
def test_each_page_asks_little_however_much_there_is(cast: Cast, page: str) -> None:
    browser = Browser(cast.lead)
    counts = []
    for times in (1, 6):
        some_questions(cast, times)
        browser.get(f"/desk/assistant/{page}")
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(f"/desk/assistant/{page}")
        assert answer.status_code == 200
        counts.append([query["sql"] for query in captured.captured_queries])
    assert len(counts[0]) == len(counts[1]), counts
    assert len(counts[1]) <= MOST, counts[1]


def test_what_they_said_and_what_is_assumed_stand_apart(cast: Cast) -> None:
    with at(NOON):
        asked(cast.seller, "How do I ship?", outcome=Outcome.ANSWER, helped=Helped.SAID)
        asked(cast.seller, "How do I pack?", outcome=Outcome.ANSWER, helped=Helped.SAID)
        asked(cast.seller, "How do I tape?", outcome=Outcome.ANSWER, helped=Helped.ASSUMED)
        asked(cast.seller, "How do I dance?")
    browser = Browser(cast.lead)
    page = browser.see("/desk/assistant/?from=2026-03-01&to=2026-03-07")
    assert "4 questions" in page.words
    assert "Helped, they said so 50% 2" in page.words
    assert "They went silent 25% 1" in page.words
    assert "Did not know 25% 1" in page.words
    nothing = browser.see("/desk/assistant/?from=2026-02-01&to=2026-02-02")
    assert "No questions in this period" in nothing.words
    for junk in ("?days=x", "?from=junk&to=2026-99-99", "?days=99999", "?from=9999-12-31",
                 "?from=0001-01-01&to=0001-01-01"):  # fmt: skip
        assert browser.get(f"/desk/assistant/{junk}").status_code == 200


def test_the_numbers_come_as_csv(cast: Cast) -> None:
    with at(NOON):
        asked(cast.seller, "How do I ship?", outcome=Outcome.ANSWER, helped=Helped.SAID)
    address = "/desk/assistant/numbers.csv?from=2026-03-01&to=2026-03-07"
    answer = Browser(cast.admin).get(address)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Day,Language,What it said,What became of it,Times"
    assert lines[1] == '2026-03-04,en,Answered,"Helped, they said so",1'


def test_the_questions_say_what_was_asked_and_not_by_whom(cast: Cast) -> None:
    some_questions(cast)
    browser = Browser(cast.lead)
    page = browser.see("/desk/assistant/questions/")
    assert "Can you wrap 0 gifts?" in page.words
    for telling in (cast.seller.person.name, cast.bright_home.name, cast.seller.person.email):
        assert telling not in page.html
    in_russian = browser.see("/desk/assistant/questions/?language=ru")
    assert "Can you wrap" not in in_russian.words
    assert "коробок" in in_russian.words
    unknown = browser.see("/desk/assistant/questions/?outcome=unknown&helped=junk")
    assert "Can you wrap" in unknown.words
    assert browser.get("/desk/assistant/questions/?cursor=junk").status_code == 404


def test_an_article_to_write_is_settled_undone_and_begun(cast: Cast) -> None:
    asked(cast.seller, "Can you do gift wrapping?")
    gather()
    gap = Gap.objects.get()
    browser = Browser(cast.lead)
    assert "Can you do gift wrapping?" in browser.see("/desk/assistant/gaps/").words
    browser.post(f"/desk/assistant/gaps/{gap.pk}/settling/", {"settled": "1"})
    page = browser.see("/desk/assistant/gaps/")
    assert "“Can you do gift wrapping?” is seen to." in page.words
    assert "Nothing is missing" in page.words
    browser.post(page.form(f"/gaps/{gap.pk}/settling/").action, {"settled": "0"})
    assert "Write an article" in browser.see("/desk/assistant/gaps/").words
    answer = browser.post(f"/desk/assistant/gaps/{gap.pk}/article/")
    article = Article.objects.get()
    assert answer.headers["Location"] == f"/desk/help/articles/{article.pk}/en/"
    assert "Can you do gift wrapping?" in browser.see(answer.headers["Location"]).html
    assert "The draft" in browser.see("/desk/assistant/gaps/").words


def test_words_count_only_once_somebody_lets_them(cast: Cast) -> None:
    row = wording(cast)
    browser = Browser(cast.lead)
    assert "My parcel never came" in browser.see("/desk/assistant/wordings/").words
    assert not Phrase.objects.exists()
    browser.post(f"/desk/assistant/wordings/{row.pk}/decision/", {"taken": "1"})
    assert "Nothing to decide" in browser.see("/desk/assistant/wordings/").words
    assert "My parcel never came" in browser.see("/desk/assistant/wordings/?taken=1").words


def test_an_administrator_sets_the_thresholds_and_the_journal_says_what_they_were(
    cast: Cast,
) -> None:
    browser = Browser(cast.admin)
    browser.post("/desk/assistant/thresholds/setting/", {"answer": "0,9", "offer": "0.4"})
    kept = Thresholds.objects.get()
    assert (kept.answer, kept.offer) == (0.9, 0.4)
    entry = Entry.objects.get(kind="ThresholdsChanged")
    assert entry.person_id == cast.admin.person_id
    assert (entry.data["answer_was"], entry.data["answer"]) == (MEASURED.answer, 0.9)
    page = browser.see("/desk/assistant/thresholds/")
    assert f"{MEASURED.answer:g} → 0.9" in page.words
    browser.post("/desk/assistant/thresholds/setting/", {"measured": "1"})
    assert not Thresholds.objects.exists()
    for answer, offer in (("0.3", "0.5"), ("2", "0.1"), ("x", ""), ("nan", "nan")):
        refused = browser.post(
            "/desk/assistant/thresholds/setting/", {"answer": answer, "offer": offer}
        )
        assert refused.status_code == 422
        assert "Both are numbers from 0 to 1" in refused.content.decode()
    assert not Thresholds.objects.exists()
    assert Browser(cast.lead).see("/desk/assistant/thresholds/").form is not None
    assert "Administrators set them." in Browser(cast.lead).see("/desk/assistant/thresholds/").words


def test_a_question_is_tried_and_nothing_is_kept(cast: Cast) -> None:
    browser = Browser(cast.lead)
    tried = "/desk/assistant/trial/?q=How+do+I+tame+a+walrus%3F&kind=seller&language=en"
    alone = browser.see(tried, **HTMX)
    assert "Would not know" in alone.words
    assert "<html" not in alone.html
    assert "Would not know" in browser.see(tried).words
    own = browser.see("/desk/assistant/trial/?q=Where+is+order+1042%3F", **HTMX)
    assert "answered from the asker's own rows" in own.words
    assert not Entry.objects.filter(kind="QuestionAsked").exists()
    for junk in ("?q=", "?q=x&kind=operator&language=xx", f"?q={'x' * 5000}"):
        assert browser.get(f"/desk/assistant/trial/{junk}", **HTMX).status_code == 200


@pytest.fixture
def ticket(cast: Cast) -> Any:
    return cast.ticket(topic=cast.payouts, to=None, text="Where is my payout of £20.00?")


def test_the_ticket_page_asks_for_what_the_assistant_says_only_when_it_is_seen(
    cast: Cast, ticket: Any
) -> None:
    page = Browser(cast.lead).see(f"/desk/tickets/{ticket.pk}/")
    asks = {a["hx-get"]: a.get("hx-trigger", "") for _tag, a in page.tags if "hx-get" in a}
    for what in ("suggestion", "summary", "similar"):
        assert asks[f"/desk/tickets/{ticket.pk}/{what}/"].startswith("intersect once")


def test_each_piece_says_what_it_has(cast: Cast, ticket: Any) -> None:
    browser = Browser(cast.lead)
    place = f"/desk/tickets/{ticket.pk}"
    assert "The help centre says nothing about this." in browser.see(f"{place}/suggestion/").words
    short = browser.see(f"{place}/summary/")
    assert "“Where is my payout of £20.00?”" in short.words
    assert "£20.00" in short.links
    assert "None is much like this one." in browser.see(f"{place}/similar/").words


def test_a_resolved_ticket_becomes_a_draft_by_one_button(cast: Cast, ticket: Any) -> None:
    browser = Browser(cast.agent)
    cast.agent.person.language = "en"
    cast.agent.person.save()
    place = f"/desk/tickets/{ticket.pk}/"
    assert "Make an article of it" not in browser.see(place).words
    answer = browser.post(f"{place}article/", follow=True)
    assert "answered and completed" in answer.content.decode()
    reply(ticket.pk, Reply(text="1. Open Balance.\n2. Enter the IBAN anew."), by=cast.lead)
    ending.rate(ticket.pk, 5, "", by=cast.seller)
    assert "Make an article of it" in browser.see(place).words
    answer = browser.post(f"{place}article/")
    article = Article.objects.get()
    assert answer.headers["Location"] == f"/desk/help/articles/{article.pk}/en/"
    written = browser.see(answer.headers["Location"])
    assert written.links[f"T-{ticket.pk}"] == place
    again = browser.post(f"{place}article/")
    assert again.headers["Location"] == answer.headers["Location"]
