"""Whatever comes, understanding it ends soon and raises nothing. For hours: `python -m bench.mail_fuzz`."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.mail_parsing.hostile import TOKENS, mutated, seeds, wrong_with

from parley.mail_parsing.understanding import understand

SEEDS = seeds()
SMALL = 3_000
TIMES = 6
PLACES = {
    "header": lambda piece: b"Subject: x\nTo: " + piece + b"\n\nHello.",
    "kind": lambda piece: b"From: a@b.example\nContent-Type: text/plain; " + piece + b"x\n\nHello.",
    "text": lambda piece: b"From: a@b.example\nSubject: x\n\n" + piece,
    "page": lambda piece: b"From: a@b.example\nContent-Type: text/html\n\n<p>Hi</p>" + piece,
    "parts": lambda piece: b"Content-Type: multipart/mixed; boundary=b1\n\n--b1\n\n" + piece,
    "encoded": lambda piece: (
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n\n-- a list\n"
        + piece
    ),
    "report": lambda piece: (
        b"From: MAILER-DAEMON@b.example\nSubject: failure notice\n\nnot delivered: " + piece
    ),
}


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_whole_mails_are_understood(number: int) -> None:
    assert wrong_with(SEEDS[number]) == ""


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), which=st.sampled_from(SEEDS))
def test_damaged_mails_are_understood_as_far_as_they_go(seed: int, which: bytes) -> None:
    assert wrong_with(mutated(which, SEEDS, Random(seed))) == ""


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_understood(raw: bytes) -> None:
    assert wrong_with(raw) == ""


@pytest.mark.parametrize("place", PLACES)
def test_a_mail_of_many_times_the_size_costs_as_many_times_the_work(place: str) -> None:
    """Work that grows by the square would be 36-fold; what is done quickly anyway is not compared."""
    slow = []
    for token in TOKENS:
        small = PLACES[place](token * (SMALL // len(token)))
        large = PLACES[place](token * (SMALL * TIMES // len(token)))
        spent = _cpu(large)
        if spent > 0.1 and spent > 3 * TIMES * max(_cpu(small), 0.004):
            spent, least = min(spent, _cpu(large)), max(_cpu(small), _cpu(small))
            slow += [(token[:30], least, spent)] if spent > 3 * TIMES * least else []
    assert slow == []


def _cpu(raw: bytes) -> float:
    before = time.process_time()
    understand(raw)
    return time.process_time() - before
