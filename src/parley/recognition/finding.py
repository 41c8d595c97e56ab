"""What leads away from the marketplace in a message: `find`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from parley.recognition.bank_numbers import cards_in, ibans_in
from parley.recognition.disguises import Plain, plain
from parley.recognition.emails import emails_in
from parley.recognition.handles import handles_in
from parley.recognition.hosts import belongs
from parley.recognition.invitations import invitations_in
from parley.recognition.links import links_in
from parley.recognition.numbers import runs_in
from parley.recognition.passages import Passage, key
from parley.recognition.payments import payments_in
from parley.recognition.phones import phones_in

LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Finding:
    """`text[start:end]` is a `kind`: phone, email, link, handle, card, iban or payment.

    `shown` is that passage as it was typed, without invisible characters, cut to LONGEST_SHOWN.
    """

    kind: str
    start: int
    end: int
    shown: str


def find(
    text: str, *, region: str = "GB", own_hosts: Collection[str] = (), known: Collection[str] = ()
) -> list[Finding]:
    """What in `text` leads away from the marketplace, in the order of the text; nothing overlaps.

    `region` (ISO 3166) is whose phone numbers are read without a country code, besides British and
    Russian ones. Links to `own_hosts`, to hosts under them and to carriers are let through, and so
    is whatever stands in `known`: order and tracking numbers, the buyer's own phone and e-mail as
    the order has them, hosts of the seller's channels; spaces, dashes and case are not compared.

    Takes time in proportion to the length of `text`, and raises nothing.
    """
    read = plain(text)
    let_through = _Known(known)
    runs = runs_in(read.text)
    own = {host.lower().rstrip(".") for host in own_hosts}
    kept = _Kept()
    for passages in (
        (one.passage for one in emails_in(read.text) if not belongs(one.host, own)),
        links_in(read, own),
        ibans_in(read.text),
        cards_in(read.text, runs),
        phones_in(read.text, runs, region.upper()),
        handles_in(read.text),
        payments_in(read.text),
    ):
        kept.add(passage for passage in passages if passage not in let_through)
    kept.add(invitations_in(read.text, kept.in_order()))
    return [_finding(read, text, passage) for passage in kept.in_order()]


def _finding(read: Plain, text: str, passage: Passage) -> Finding:
    start, end = read.origin(passage.start, passage.end)
    shown = "".join(c for c in text[start:end] if c.isprintable() or c.isspace())
    return Finding(passage.kind, start, end, " ".join(shown.split())[:LONGEST_SHOWN])


class _Known:
    """What the caller knows to be harmless, as `key` has it; phones by their last ten digits."""

    def __init__(self, known: Iterable[str]) -> None:
        self._keys = {key(one) for one in known} - {""}
        self._phones = {one[-10:] for one in self._keys if one.isdigit() and len(one) >= 10}

    def __contains__(self, passage: Passage) -> bool:
        if not self._keys:
            return False
        if passage.kind == "phone":
            return passage.key in self._keys or passage.key[-10:] in self._phones
        return passage.key in self._keys


class _Kept:
    """Passages that do not overlap: those added earlier stay."""

    def __init__(self) -> None:
        self._passages: list[Passage] = []

    def add(self, passages: Iterable[Passage]) -> None:
        free = _free_of(self._passages, sorted(passages, key=_place))
        self._passages = sorted(chain(self._passages, free), key=_place)

    def in_order(self) -> list[Passage]:
        return self._passages


_place: Callable[[Passage], tuple[int, int]] = lambda passage: (passage.start, -passage.end)  # noqa: E731


def _free_of(taken: list[Passage], passages: list[Passage]) -> Iterator[Passage]:
    """Those of `passages` that touch nothing of `taken` and none before them; all are sorted."""
    at, end = 0, 0
    for passage in passages:
        while at < len(taken) and taken[at].end <= passage.start:
            at += 1
        clear = at == len(taken) or taken[at].start >= passage.end
        if clear and passage.start >= end:
            yield passage
            end = passage.end
