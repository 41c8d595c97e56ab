"""The off-platform guard on messages as people write them, and on what nobody writes."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.recognition.bank_numbers import iban_holds, luhn_holds
from parley.recognition.disguises import plain
from parley.recognition.finding import Finding, find

LABELLED = Path(__file__).with_name("labelled.jsonl")
OWN_HOSTS = ["desk.harbourmarket.example"]
REGIONS = {"en": "GB", "ru": "RU"}
KINDS = {"phone", "email", "link", "handle", "card", "iban", "payment"}
EXACT = {"phone", "email", "link", "card", "iban"}
BY_WORDING = {"handle": 0.9, "payment": 0.9}


class Span(NamedTuple):
    start: int
    end: int
    kind: str


class Labelled(NamedTuple):
    text: str
    language: str
    spans: list[Span]
    held_out: bool


class Score:
    """What was found against what is labelled."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()

    def take(self, one: Labelled, found: list[Span]) -> bool:
        """Counts `one`; whether it was read without a mistake."""
        missed = [span.kind for span in one.spans if not any(agree(span, f) for f in found)]
        wrong = [f.kind for f in found if not any(agree(span, f) for span in one.spans)]
        self.missed.update(missed)
        self.wrong.update(wrong)
        self.right.update(span.kind for span in one.spans)
        self.right.subtract(missed)
        return not missed and not wrong

    def count(self, kind: str = "") -> int:
        return self._of(self.right, kind) + self._of(self.missed, kind)

    def precision(self, kind: str = "") -> float:
        right, wrong = self._of(self.right, kind), self._of(self.wrong, kind)
        return right / (right + wrong) if right + wrong else 1.0

    def recall(self, kind: str = "") -> float:
        return self._of(self.right, kind) / self.count(kind) if self.count(kind) else 1.0

    def _of(self, counter: Counter[str], kind: str) -> int:
        return counter[kind] if kind else counter.total()


@cache
def labelled() -> list[Labelled]:
    rows = map(json.loads, LABELLED.read_text("utf-8").splitlines())
    return [
        Labelled(r["text"], r["language"], [Span(*s) for s in r["spans"]], r["half"] == "held")
        for r in rows
    ]


def found_in(one: Labelled) -> list[Span]:
    findings = find(one.text, region=REGIONS[one.language], own_hosts=OWN_HOSTS)
    return [Span(f.start, f.end, f.kind) for f in findings]


def agree(label: Span, finding: Span) -> bool:
    """The same kind, and the same place: half of both together where the edges are certain."""
    if label.kind != finding.kind:
        return False
    shared = min(label.end, finding.end) - max(label.start, finding.start)
    together = max(label.end, finding.end) - min(label.start, finding.start)
    return shared > 0 and (label.kind not in EXACT or shared / together >= 0.5)


@cache
def score(*, held_out: bool) -> Score:
    counted = Score()
    for one in labelled():
        if one.held_out == held_out:
            counted.take(one, found_in(one))
    return counted


def kinds(text: str, **options: object) -> list[str]:
    return [one.kind for one in find(text, own_hosts=OWN_HOSTS, **options)]  # type: ignore[arg-type]


def test_the_labelled_set_is_large_and_even() -> None:
    languages = Counter(one.language for one in labelled())
    assert min(languages["en"], languages["ru"]) >= 350
    assert len({one.text for one in labelled()}) == len(labelled()) >= 700
    carrying = sum(bool(one.spans) for one in labelled())
    assert 0.4 < carrying / len(labelled()) < 0.6
    assert {span.kind for one in labelled() for span in one.spans} == KINDS
    for one in labelled():
        assert all(one.text[start:end].strip() for start, end, _ in one.spans)


@pytest.mark.parametrize("held_out", [False, True], ids=["developed-on", "held-out"])
def test_it_finds_what_it_should_and_little_else(held_out: bool) -> None:
    total = score(held_out=held_out)
    assert total.precision() >= 0.97
    assert total.recall() >= 0.95
    for kind in KINDS:
        assert total.precision(kind) >= BY_WORDING.get(kind, 0.95), kind
        assert total.recall(kind) >= BY_WORDING.get(kind, 0.95), kind


@pytest.mark.parametrize(
    "text",
    [
        "Order #104277, SKU NW-20418-B, EAN 5012345678900, postcode BS1 6QT",
        "Royal Mail RM123456789GB, DPD 15501234567890, UPS 1Z999AA10123456784",
        "https://desk.harbourmarket.example/tickets/10042/ and help.desk.harbourmarket.example/a",
        "https://track.dpd.co.uk/parcels/15501234567890",
        "24 pcs @ £3.20, 12 @ 2.95",
        "",
        " \n\t\u200b",
    ],
)
def test_what_business_is_made_of_is_let_through(text: str) -> None:
    assert kinds(text) == []


def test_a_host_that_only_looks_like_our_own_is_a_link() -> None:
    assert kinds("https://d\u0435sk.harbourmarket.example/tickets/10042") == ["link"]
    assert kinds("https://desk.harbourmarket.example.login.com/") == ["link"]
    assert kinds("https://desk.harbourmarket.example@evil.com/") == ["link"]
    assert kinds("https://royalmail.com.parcel-fee.com/pay") == ["link"]


def test_what_the_caller_knows_is_let_through() -> None:
    text = "Buyer: Mrs Carver, +44 7700 900123, carver@example.com, from shop.bramblefinch.example"
    assert kinds(text) == ["phone", "email", "link"]
    known = ["07700 900123", "Carver@Example.com", "shop.bramblefinch.example"]
    assert kinds(text, known=known) == []
    assert kinds("call 07700 900124", known=known) == ["phone"]


def test_numbers_without_a_country_code_are_read_as_the_region_has_them() -> None:
    assert kinds("Ruf an: 030 901820", region="DE") == ["phone"]
    assert kinds("030 901820", region="GB") == []


def test_a_finding_says_where_it_is_in_what_was_typed() -> None:
    text = "Mail \U0001f4e7 j\u200bohn at gm\u0430il dot com, please"
    (finding,) = find(text)
    assert text[finding.start : finding.end] == "j\u200bohn at gm\u0430il dot com"
    assert finding.shown == "john at gm\u0430il dot com"
    assert finding == Finding("email", finding.start, finding.end, finding.shown)


_SCRAPS = (
    "0 7 +44 7700 900123 8 916 000 45 67 @ . dot at ( ) [ ] / // http:// www. com ru .com t.me/ wa.me a о ё "
    "john собака точка ру ноль семь девятьсот сто double zero plus плюс GB82 WEST 4242 pay me on whatsapp тг "
    "на карту # № order - _ , : ; \n \u200b \u0301 \U0001f1ec １ ² ½ ㎏ ﷺ ß İ \ud800 \x00 7️⃣"
)
SCRAPS = st.sampled_from(_SCRAPS.split(" "))
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(SCRAPS, max_size=60).map("".join),
    st.lists(SCRAPS, max_size=60).map(" ".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_nothing_that_is_typed_upsets_it(text: str) -> None:
    end = 0
    for finding in find(text, own_hosts=OWN_HOSTS, known=["07700900123"]):
        assert finding.kind in KINDS
        assert end <= finding.start < finding.end <= len(text)
        end = finding.end


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_plain_text_keeps_every_place(text: str) -> None:
    read = plain(text)
    assert len(read.origins) == len(read.text) + 1
    assert read.origins == sorted(read.origins)
    assert read.origins[-1] == len(text)
    assert all(0 <= place <= len(text) for place in read.origins)


@settings(max_examples=100, deadline=None)
@given(st.from_regex(re.compile(r"\A4[0-9]{14}\Z")))
def test_a_card_needs_its_check_digit(first: str) -> None:
    cards = [first + str(digit) for digit in range(10)]
    (valid,) = [card for card in cards if luhn_holds(card)]
    assert [card for card in cards if "card" in kinds(f"my card: {card}")] == [valid]


def test_ibans_are_told_by_their_check_digits() -> None:
    assert iban_holds("gb82west12345698765432")
    assert not iban_holds("gb83west12345698765432")
    assert kinds("GB83 WEST 1234 5698 7654 32") == []


HOSTILE = [
    "0 7 7 0 0 9 ", "+44 1700 900123 9 ", "+1 4 1 5 5 5 5 2 6 7 1 ",
    "1,", "O0 ", "7", "a@", "a@a.", "a . ",
    "a dot ", "a at ", "http: / / a ", "//", "www.", " ", "девятьсот двадцать ", "double ",
    "gb82 west 1234 5698 ",
    "4242 4242 4242 4243 ", "a b c ", "a @ b . ", "a\u200b", "\u0301", "a_at_", "a dash ", "@aaaa ",
    "whatsapp ",
    "find telegram or ", "pay paypal ", "на карту мою мой наш ", "order 07700900123 ", 'find "a ', "а\u0430a",
]  # fmt: skip


@pytest.mark.parametrize("scrap", HOSTILE)
def test_four_times_the_text_takes_about_four_times_as_long(scrap: str) -> None:
    short, long = (_seconds((scrap * length)[:length]) for length in (4_000, 16_000))
    assert long < 10 * short + 0.1


def _seconds(text: str) -> float:
    started = time.process_time()
    find(text)
    return time.process_time() - started
