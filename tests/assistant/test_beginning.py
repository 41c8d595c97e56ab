"""An answer begins where the article does, unless one of its sections is what was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation

from cast import Cast
from help_centre.articles import article
from parley.assistant import composing
from parley.assistant.drafts import Draft
from parley.assistant.indexing import index_all
from parley.assistant.models import Outcome
from parley.assistant.retrieving import retrieve

pytestmark = pytest.mark.django_db

CANCEL = """\
As long as the supplier hasn't got it, you can.

## Step by step

1. Open **Orders**.
2. Click **Cancel order**.

## Don't forget your shop

Cancelling an order here doesn't pay your buyer back: refund the buyer in your shop.
"""


def said(question: str) -> Draft:
    index_all()
    found = replace(retrieve(question, language="en", reader=None), outcome=Outcome.ANSWER)
    with translation.override("en"):
        return composing.built_in(found, "en", question=question)


def test_who_asks_what_the_article_is_called_gets_its_steps(cast: Cast) -> None:
    article(cast, "orders/cancel", "Cancel an order", CANCEL)
    answer = said("How do I cancel an order?")
    assert answer.text.startswith("**Cancel an order**\n\nAs long as")
    assert "2. Click **Cancel order**." in answer.text


def test_who_asks_for_one_thing_in_it_gets_its_section(cast: Cast) -> None:
    article(cast, "orders/cancel", "Cancel an order", CANCEL)
    answer = said("I cancel an order here: who refunds my buyer in the shop?")
    assert answer.text.startswith("**Cancel an order · Don't forget your shop**")
    assert "Click **Cancel order**" not in answer.text
