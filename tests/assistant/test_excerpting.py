"""The beginning of an article, as it can stand in a chat."""

from __future__ import annotations

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from parley.assistant.conversing import Sentence
from parley.assistant.excerpting import excerpt
from parley.assistant.showing import as_markdown
from parley.assistant.writing import escaped
from parley.conversations.rendering import render


def of(body: str, longest: int = 900) -> tuple[str, bool]:
    with override_settings(PUBLIC_URL="https://desk.example"):
        return excerpt(body, language="ru", path="orders/ship", longest=longest)


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("cancel.md", "https://desk.example/help/ru/orders/cancel/"),
        ("../rules/fees.md#small", "https://desk.example/help/ru/rules/fees/#small"),
        ("#below", "https://desk.example/help/ru/orders/ship/#below"),
        ("/orders/", "https://desk.example/orders/"),
        ("https://carrier.example/x", "https://carrier.example/x"),
    ],
)
def test_links_lead_to_the_site(link: str, leads_to: str) -> None:
    assert of(f"See [this]({link}).") == (f"See [this]({leads_to}).", False)


def test_pictures_are_left_out_and_callouts_say_what_they_are() -> None:
    text, _more = of("Press it.\n\n![A button](button.png)\n\n> [!WARNING]\n> It is loud.")
    assert text == "Press it.\n\n> **Warning**\n> It is loud."


def test_a_heading_is_a_line_in_bold() -> None:
    assert of("## By hand\n\nPress it.")[0] == "**By hand**\n\nPress it."


def test_a_table_is_a_list_in_a_chat() -> None:
    two = "Goes:\n\n| Goods | Condition |\n|---|---|\n| Knives | By age |\n| Toys \\| games | A test |"
    assert of(two)[0] == "Goes:\n\n- **Knives**: By age\n- **Toys | games**: A test"
    three = (
        "| | Sellers | Suppliers |\n|:--|--:|---|\n| Fee | 9 % | none |\n| Card | free | |\n\nAll."
    )
    assert of(three)[0] == (
        "- **Fee**: Sellers: 9 %; Suppliers: none\n- **Card**: Sellers: free\n\nAll."
    )


def test_it_ends_with_a_whole_step() -> None:
    steps = "\n".join(f"{n}. Do the thing number {n}.\n   Mind the step." for n in range(1, 20))
    text, more = of(f"Like this:\n\n{steps}", longest=200)
    assert more
    assert text.endswith("Mind the step.")
    assert render(text).count("<li>") == text.count("Do the thing")


def test_it_does_not_end_with_what_leads_on() -> None:
    text, more = of("One.\n\nDo this:\n\n" + "1. " + "x" * 300, longest=50)
    assert (text, more) == ("One.", True)


def test_there_is_always_something() -> None:
    assert of("x" * 5_000) == ("x" * 5_000, False)


@given(st.text(max_size=300))
def test_words_of_others_stay_words(words: str) -> None:
    html = render(escaped(words))
    for tag in ("<a", "<img", "<h1", "<li", "<em", "<strong", "<code", "<blockquote", "<hr"):
        assert tag not in html


@given(st.text(max_size=200), st.booleans())
def test_a_models_words_make_no_links(words: str, step: bool) -> None:
    html = render(as_markdown([Sentence(text=words, sources=["P1"], step=step)], {}))
    assert "<a" not in html
    assert "<img" not in html
