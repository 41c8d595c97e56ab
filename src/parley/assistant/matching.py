"""How a question meets each text of the library: the signals that are weighed, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from parley.assistant.encoding import Vectors
from parley.assistant.library import Library, Meaning, Numbers, Places, Spread
from parley.assistant.wording import MOST_WORDS, names_in, trigrams_of, words_of

SIGNALS = (
    "meaning",
    "meaning_of_phrase",
    "meaning_of_passage",
    "meaning_throughout",
    "beyond_common",
    "covered",
    "covered_by_title",
    "covered_by_passage",
    "spelling",
    "ranked_words",
    "near_words",
    "near_title_words",
)
"""Columns of the signals, in order; docs/assistant.md says what each one is."""

LIKE = 256
"""Words of the library, most like one of the question's, whose texts are looked up."""
SATURATION, LENGTH_COUNTS = 1.2, 0.75  # BM25's k1 and b, as usual


@dataclass(frozen=True)
class Asked:
    """A question made ready: its vector, its telling words with stems and vectors, names among them."""

    text: str
    vector: Numbers
    words: tuple[str, ...]
    stems: tuple[str, ...]
    word_vectors: Numbers
    names: frozenset[str]

    @classmethod
    def made(cls, text: str, vector: Numbers, meanings: Mapping[str, Meaning]) -> Asked:
        """Of words that have no stem (the, how, для) nothing is kept."""
        words = [word for word in dict.fromkeys(words_of(text)) if meanings[word].stem][:MOST_WORDS]
        return cls(
            text=text,
            vector=vector,
            words=tuple(words),
            stems=tuple(meanings[word].stem for word in words),
            word_vectors=np.array([meanings[word].vector for word in words], dtype=np.float32),
            names=names_in(text),
        )


@dataclass(frozen=True)
class Matches:
    """What came of comparing a question with each text.

    `signals` has a row for each text; `cosines` and `in_passages` (the share of the question's words
    by their rarity) stand for each piece; `rarity` and `known` (in how many texts) for each word of
    the question. For each of its words and each text, `covered` says whether it stands there, `near`
    how like the text's likest word is, `near_title` the same of its title and phrases.
    """

    signals: Numbers
    cosines: Numbers
    in_passages: Numbers
    rarity: Numbers
    known: Numbers
    covered: Numbers
    near: Numbers
    near_title: Numbers


def match(library: Library, asked: Asked) -> Matches:
    """Compare a question with every text."""
    texts = len(library.texts)
    cosines = library.vectors @ asked.vector
    phrases, passages = library.is_phrase, ~library.is_phrase
    rarity, known, covered, in_titles, in_pieces, ranked = _by_stems(library, asked)
    in_passages = _most(library.text_of, in_pieces, texts, 0.0)
    near = _near(library, asked, library.word_vectors, library.texts_with_word)
    near_title = _near(library, asked, library.title_vectors, library.titles_with_word)
    total = max(float(rarity.sum()), 1e-6)
    signals = np.stack(
        [
            _most(library.text_of, cosines, texts),
            _most(library.text_of[phrases], cosines[phrases], texts),
            _most(library.text_of[passages], cosines[passages], texts),
            np.bincount(library.text_of[passages], cosines[passages], texts)
            / np.maximum(library.passages_of_text, 1),
            _most(library.text_of, cosines - library.commonness / 2, texts),
            (rarity @ covered) / total,
            (rarity @ in_titles) / total,
            in_passages / total,
            _most(library.phrase_texts, _spelling(library, asked.text), texts, 0.0),
            ranked,
            (rarity @ near) / total,
            (rarity @ near_title) / total,
        ],
        axis=1,
    ).astype(np.float32)
    return Matches(
        signals=signals,
        cosines=cosines,
        in_passages=in_pieces / total,
        rarity=rarity,
        known=known,
        covered=covered,
        near=near,
        near_title=near_title,
    )


def _most(places: Places, values: Numbers, count: int, least: float = -1.0) -> Numbers:
    most: Numbers = np.full(count, least, dtype=np.float32)
    np.maximum.at(most, places, values)
    return most


def _by_stems(
    library: Library, asked: Asked
) -> tuple[Numbers, Numbers, Numbers, Numbers, Numbers, Numbers]:
    """Of each word how rare and how common it is, and which texts, titles and pieces have its stem."""
    words, texts = len(asked.stems), len(library.texts)
    known = np.zeros(words, dtype=np.float32)
    covered = np.zeros((words, texts), dtype=np.float32)
    in_titles = np.zeros((words, texts), dtype=np.float32)
    in_pieces = np.zeros(len(library.text_of), dtype=np.float32)
    ranked = np.zeros(texts, dtype=np.float32)
    lengths = 1 - LENGTH_COUNTS + LENGTH_COUNTS * library.lengths / max(library.lengths.mean(), 1.0)
    for place, stem in enumerate(asked.stems):
        number = library.stems.get(stem)
        if number is None:
            continue
        where, counts = library.counted(number)
        known[place] = len(where)
        idf = _rarity(known[place : place + 1], texts)[0]
        covered[place, where] = 1
        in_titles[place, library.in_titles.of(number)] = 1
        if stem not in asked.stems[:place]:
            in_pieces[library.in_pieces.of(number)] += idf
            ranked[where] += idf * counts / (counts + SATURATION * lengths[where])
    best = float(ranked.max(initial=0.0))
    return (
        _rarity(known, texts), known, covered, in_titles, in_pieces, ranked / best if best else ranked
    )  # fmt: skip


def _rarity(known: Numbers, texts: int) -> Numbers:
    """The inverse document frequency of words that stand in so many of the texts (BM25's)."""
    rarity: Numbers = np.log1p((texts - known + 0.5) / (known + 0.5)).astype(np.float32)
    return rarity


def _spelling(library: Library, text: str) -> Numbers:
    """How alike each phrase is spelled: trigrams in common, of all that either has."""
    trigrams = trigrams_of(text)
    common = np.zeros(len(library.phrase_texts), dtype=np.float32)
    for trigram in trigrams:
        number = library.trigrams.get(trigram)
        if number is not None:
            common[library.phrases_with.of(number)] += 1
    alike: Numbers = common / np.maximum(library.phrase_sizes + len(trigrams) - common, 1)
    return alike


def _near(library: Library, asked: Asked, words: Vectors, where: Spread) -> Numbers:
    """For each word of the question and each text: how like the likest word of the text is to it.

    Words that are like none of the question's are all taken for equally unlike.
    """
    texts = len(library.texts)
    if not asked.words or not len(words):
        return np.zeros((len(asked.words), texts), dtype=np.float32)
    near: Numbers = np.stack([_nearest(row, where, texts) for row in asked.word_vectors @ words.T])
    return near


def _nearest(alike: Numbers, where: Spread, texts: int) -> Numbers:
    count = min(LIKE, len(alike))
    likest = np.argpartition(alike, len(alike) - count)[len(alike) - count :].astype(np.int32)
    likest = likest[np.argsort(alike[likest])]
    row = np.full(texts, max(float(alike[likest[0]]), 0.0), dtype=np.float32)
    places, which = where.of_all(likest)
    row[places] = alike[likest][which]  # in rising order: the likest is written last
    return row
