"""Support PINs quoted in messages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.recognition.pin import MASK, MOST_CANDIDATES, candidates, masked


def quoted(text: str) -> list[str]:
    return [one.digits for one in candidates(text)]


@pytest.mark.parametrize(
    "text",
    [
        "my PIN is 482 913",
        "пин 482913",
        "PIN: 4 8 2 9 1 3",
        "support code 482-913",
        "PIN=482.913",
        "PIN 48-29-13",
        "pin482913",
        "482913 is my PIN",
        "Мой пин-код: 482 913, заказ 104277.",
        "код поддержки 482913",
        "My support PIN, as you asked:\n482913",
        "Order #104277 again. PIN 482913. Thanks!",
        "PIN four eight two nine one three",
        "мой пин — четыре восемь два девять один три",
        "ПИН ４８２９１３",
        "PIN 4️⃣8️⃣2️⃣9️⃣1️⃣3️⃣",
        "P\u0406N\u200b 482\u200b913".replace("\u0406", "I"),
        "482913",
        " 482 913. ",
    ],
)
def test_a_quoted_pin_is_recognised(text: str) -> None:
    assert quoted(text) == ["482913"]


@pytest.mark.parametrize(
    "text",
    [
        "Order #104277: two of the six arrived cracked.",
        "104277, 104278 and 104279 are for one buyer.",
        "ok 104277",
        "The PIN page is empty, see order 104277",
        "My PIN does not work on order #104277",
        "Заказ 104277, а PIN не показывает",
        "Индекс 190000, дом 14",
        "PIN pad PP-482913 is out of stock",
        "pin 4829131 or 48291",
        "shopping list 482913",
        "the pin costs £482913",
        "PIN 482913.50",
        "T-482913 has my pin",
        "",
    ],
)
def test_other_numbers_are_not_taken_for_one(text: str) -> None:
    assert quoted(text) == []


def test_it_says_whether_the_number_was_called_a_pin() -> None:
    assert [one.named for one in candidates("482913")] == [False]
    assert [one.named for one in candidates("PIN 482913")] == [True]


def test_only_a_few_are_offered_so_that_no_list_can_be_tried() -> None:
    many = "PIN: " + " ".join(str(number) for number in range(100_000, 100_050))
    assert quoted(many) == ["100000", "100001", "100002"]
    assert len(quoted(many)) == MOST_CANDIDATES


def test_a_masked_message_keeps_everything_else() -> None:
    text = "Hi, my PIN is 482\u200b 913, order #104277."
    assert masked(text, candidates(text)) == f"Hi, my PIN is {MASK}, order #104277."
    assert masked(text, []) == text


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=100),
        st.lists(
            st.sampled_from(
                ["PIN ", "пин", "4", "82", "482913", " ", "-", "#", "восемь ", "\u200b", "\n"]
            ),
            max_size=40,
        ).map("".join),
    )
)
def test_nothing_that_is_typed_upsets_it(text: str) -> None:
    found = candidates(text)
    assert len(found) <= MOST_CANDIDATES
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert len(one.digits) == 6
        assert one.digits.isdigit()
        assert one.digits.isascii()
    hidden = masked(text, found)
    assert hidden.count(MASK) >= len(found)
