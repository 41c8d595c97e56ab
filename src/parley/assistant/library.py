"""Everything that can be answered from, as one process holds it in memory to compare it with questions.

PostgreSQL keeps it, numpy compares: ten thousand vectors and words are weighed in milliseconds. It is
put together anew when the index has changed; texts that are the same are taken over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parley.assistant.encoding import DIMENSIONS, Vectors
from parley.assistant.wording import trigrams_of, words_of

Numbers = NDArray[np.floating[Any]]
Places = NDArray[np.signedinteger[Any]]
Truths = NDArray[np.bool_]

BACKGROUND = 300
"""Titles that a piece is compared with to see how alike it is to everything."""
NEAREST = 10


@dataclass(frozen=True)
class Meaning:
    """A word's stem (empty: it says nothing) and its vector."""

    stem: str
    vector: Numbers


class Text:
    """One published version, as it is compared: its phrases and passages, their vectors and words."""

    def __init__(
        self,
        *,
        version: int,
        article: int,
        language: str,
        phrases: Sequence[tuple[str, Numbers]],
        passages: Sequence[tuple[int, str, Numbers]],
    ) -> None:
        """`phrases` are words and vectors, the title first; `passages` are ids, words and vectors."""
        self.version, self.article, self.language = version, article, language
        self.vectors = np.array(
            [vector for _, vector in phrases] + [vector for *_, vector in passages],
            dtype=np.float32,
        ).reshape(-1, DIMENSIONS)
        self.phrases = len(phrases)
        self.trigrams = [trigrams_of(words) for words, _ in phrases]
        self.title_words = Counter(word for words, _ in phrases for word in words_of(words))
        self.passage_ids = [number for number, *_ in passages]
        self.passage_words = [Counter(words_of(words)) for _, words, _ in passages]
        self.all_words = sum(self.passage_words, Counter(self.title_words))


@dataclass(frozen=True)
class Spread:
    """For each of many keys the places where it stands, one after the other."""

    begins: Places
    places: Places

    def of(self, key: int) -> Places:
        """The places of one key."""
        return self.places[self.begins[key] : self.begins[key + 1]]

    def of_all(self, keys: Places) -> tuple[Places, Places]:
        """The places of several keys, and with each place how many keys came before its own."""
        lengths = self.begins[keys + 1] - self.begins[keys]
        which = np.repeat(np.arange(len(keys), dtype=np.int32), lengths)
        starts = np.repeat(self.begins[keys] - np.cumsum(lengths) + lengths, lengths)
        return self.places[starts + np.arange(len(which), dtype=np.int32)], which


def spread(pairs: Iterable[tuple[int, int]], keys: int) -> Spread:
    """Pairs of key and place, by key; keys are the numbers below `keys`."""
    both = np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
    begins = np.searchsorted(both[:, 0], np.arange(keys + 1)).astype(np.int32)
    return Spread(begins, both[:, 1].copy())


class Library:
    """All texts side by side. Places of texts, pieces (phrases and passages) and words are numbers."""

    def __init__(self, texts: Sequence[Text], meanings: Mapping[str, Meaning]) -> None:
        self.texts = list(texts)
        self.versions = np.array([text.version for text in texts], dtype=np.int64)
        self.articles = np.array([text.article for text in texts], dtype=np.int64)
        self.languages = np.array([text.language for text in texts], dtype=object)
        self._stack_pieces()
        self._gather_words(meanings)
        self._gather_stems(meanings)
        self._gather_trigrams()

    def _stack_pieces(self) -> None:
        texts = self.texts
        empty = np.zeros((0, DIMENSIONS), dtype=np.float32)
        self.vectors: Vectors = np.concatenate([empty, *(text.vectors for text in texts)])
        counts = [len(text.vectors) for text in texts]
        self.text_of = np.repeat(np.arange(len(texts), dtype=np.int32), counts)
        self.is_phrase = np.array(
            [place < text.phrases for text in texts for place in range(len(text.vectors))], bool
        )
        ids = [[0] * text.phrases + text.passage_ids for text in texts]
        self.passage_ids = np.array([one for some in ids for one in some], dtype=np.int64)
        self.passages_of_text = np.bincount(self.text_of[~self.is_phrase], minlength=len(texts))
        self.commonness = self._commonness()

    def _commonness(self) -> Numbers:
        """How alike each piece is to the titles of other articles: some are near to everything."""
        titles = np.flatnonzero(np.diff(self.text_of, prepend=-1))
        if len(titles) < 3:
            return np.zeros(len(self.vectors), dtype=np.float32)
        step = max(1, len(titles) // BACKGROUND)
        some = titles[::step]
        alike = self.vectors @ self.vectors[some].T
        article = self.articles[self.text_of]
        alike[article[:, None] == article[some][None, :]] = -1.0
        nearest = min(NEAREST, len(some) - 1)
        common: Numbers = np.partition(alike, -nearest, axis=1)[:, -nearest:].mean(axis=1)
        return common

    def _gather_words(self, meanings: Mapping[str, Meaning]) -> None:
        met = {word for text in self.texts for word in text.all_words}
        telling = sorted(word for word in met if word in meanings and meanings[word].stem)
        self.words = {word: place for place, word in enumerate(telling)}
        self.word_vectors: Vectors = np.array(
            [meanings[word].vector for word in telling], dtype=np.float32
        ).reshape(-1, DIMENSIONS)
        self.texts_with_word = _where(self.words, [text.all_words for text in self.texts])
        titled = {word for text in self.texts for word in text.title_words}
        in_titles = [word for word in telling if word in titled]
        self.title_vectors = self.word_vectors[[self.words[word] for word in in_titles]]
        places = {word: place for place, word in enumerate(in_titles)}
        self.titles_with_word = _where(places, [text.title_words for text in self.texts])

    def _gather_stems(self, meanings: Mapping[str, Meaning]) -> None:
        self.stems: dict[str, int] = {}
        for word in self.words:
            self.stems.setdefault(meanings[word].stem, len(self.stems))
        stem_of = {word: self.stems[meanings[word].stem] for word in self.words}
        whole = [_by_stem(text.all_words, stem_of) for text in self.texts]
        self.lengths = np.array([sum(bag.values()) for bag in whole], dtype=np.float32)
        self.in_texts = spread(_pairs(whole), len(self.stems))
        counts = sorted(
            (stem, place, count) for place, bag in enumerate(whole) for stem, count in bag.items()
        )
        self.counts = np.array([count for *_, count in counts], dtype=np.float32)
        titles = [_by_stem(text.title_words, stem_of) for text in self.texts]
        self.in_titles = spread(_pairs(titles), len(self.stems))
        pieces: list[Counter[int]] = []
        for text in self.texts:
            pieces += [Counter()] * text.phrases
            pieces += [_by_stem(bag, stem_of) for bag in text.passage_words]
        self.in_pieces = spread(_pairs(pieces), len(self.stems))

    def _gather_trigrams(self) -> None:
        phrases = [trigrams for text in self.texts for trigrams in text.trigrams]
        self.phrase_texts = np.repeat(
            np.arange(len(self.texts), dtype=np.int32), [len(text.trigrams) for text in self.texts]
        )
        self.phrase_sizes = np.array([len(one) for one in phrases], dtype=np.float32)
        self.trigrams: dict[str, int] = {}
        pairs = [
            (self.trigrams.setdefault(trigram, len(self.trigrams)), place)
            for place, trigrams in enumerate(phrases)
            for trigram in trigrams
        ]
        self.phrases_with = spread(pairs, len(self.trigrams))

    def counted(self, stem: int) -> tuple[Places, Numbers]:
        """The texts that a stem stands in, and how many times it does."""
        begin, end = self.in_texts.begins[stem], self.in_texts.begins[stem + 1]
        return self.in_texts.places[begin:end], self.counts[begin:end]


def _where(words: Mapping[str, int], bags: Iterable[Iterable[str]]) -> Spread:
    pairs = (
        (words[word], place) for place, bag in enumerate(bags) for word in bag if word in words
    )
    return spread(pairs, len(words))


def _by_stem(words: Mapping[str, int], stem_of: Mapping[str, int]) -> Counter[int]:
    bag: Counter[int] = Counter()
    for word, count in words.items():
        if word in stem_of:
            bag[stem_of[word]] += count
    return bag


def _pairs(bags: Iterable[Iterable[int]]) -> Iterable[tuple[int, int]]:
    return ((key, place) for place, bag in enumerate(bags) for key in bag)
