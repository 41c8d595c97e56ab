"""What people and programs write as an amount of money, in whole minor units."""

from __future__ import annotations

import pytest

from parley.ledger.money import AmountAmbiguous, AmountUnreadable, ambiguous_in_words, minor_in


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.5", "GBP", 1250),
        ("12,50", "GBP", 1250),
        ("12,5", "GBP", 1250),
        ("1,200.00", "GBP", 120_000),
        ("1.200,00", "EUR", 120_000),
        ("1 200", "GBP", 120_000),
        ("1,200", "KWD", 1200),
        ("1.200", "GBP", 120),
        ("1200", "JPY", 1200),
    ],
)
def test_amounts_are_read_as_they_are_written(text: str, currency: str, minor: int) -> None:
    assert minor_in(text, currency) == minor


@pytest.mark.parametrize("currency", ["GBP", "EUR", "JPY"])
@pytest.mark.parametrize("text", ["1,200", " -1,200", "12 345,678", "+0,500"])
def test_a_comma_before_three_digits_is_not_guessed_at(text: str, currency: str) -> None:
    with pytest.raises(AmountAmbiguous):
        minor_in(text, currency)


def test_it_is_said_how_to_write_it() -> None:
    assert "Write 1200 or 1.200." in ambiguous_in_words("1,200")


@pytest.mark.parametrize(
    "text",
    ["", "twelve", "1.2.3", "12.345", "NaN", "Infinity", "1E999999999", "1e99999", "9" * 5000],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountUnreadable):
        minor_in(text, "GBP")
