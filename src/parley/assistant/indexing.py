"""What can be answered from: the published texts in passages, ways to ask for them, and their words.

A version never changes, so what was read of it once stays right; only new ones are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from parley.assistant.encoding import vectors_of
from parley.assistant.models import Passage, Phrase, PhraseKind, Word, Wording
from parley.assistant.wording import words_of
from parley.help_centre.cutting import Piece, passages
from parley.help_centre.models import Article, Translation, Version
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.postgres.text_queries import lexemes_of

AT_ONCE = 40
"""Texts that are read together, and words: some seconds of work in one transaction."""
WORDS_AT_ONCE = 2_000
LONGEST_PHRASE = 300


def index(version: Version) -> int:
    """Read one version, if it is published and not read yet; gives how many texts were read."""
    return _read(_unread().filter(published=version))


def index_all() -> int:
    """Read every published version that is not read yet, and forget those of before; gives how many."""
    _forget_old(Q())
    read = 0
    while done := _read(_unread()[:AT_ONCE]):
        read += done
    return read


def forget(article: Article) -> None:
    """Answer from nothing of this article any more."""
    Passage.objects.filter(article=article).delete()
    Phrase.objects.filter(article=article).delete()


def read_published(event: Event, entry: Entry) -> None:
    """Reacts, later, to what was published or withdrawn: the index is brought up to date."""
    index_all()


def _unread() -> QuerySet[Translation]:
    known = Passage.objects.filter(version=OuterRef("published"))
    return (
        Translation.objects.filter(~Exists(known), published__isnull=False)
        .filter(article__withdrawn_at=None)
        .select_related("published")
        .order_by("pk")
    )


def _forget_old(of: Q) -> None:
    """Delete what was read of versions that readers see no more."""
    seen = Translation.objects.filter(published=OuterRef("version"), article__withdrawn_at=None)
    for rows in (Passage.objects.filter(of), Phrase.objects.filter(of)):
        rows.filter(~Exists(seen)).delete()


def _read(texts: Iterable[Translation]) -> int:
    found = list(texts)
    passage_rows: list[Passage] = []
    phrase_rows: list[Phrase] = []
    for text in found:
        passage_rows += _passages(text)
        phrase_rows += _phrases(text)
    _give_vectors(passage_rows, phrase_rows, {text.published_id: text for text in found})
    _keep_words([row.text for row in passage_rows] + [row.text for row in phrase_rows]
                + [row.heading for row in passage_rows])  # fmt: skip
    with transaction.atomic():
        # Whoever else reads the same text waits here, and looks only then whether it has been read:
        # a question that waited within itself would answer as of before.
        wanted = [text.pk for text in found]
        locked = Translation.objects.filter(pk__in=wanted).order_by("pk").select_for_update()
        still = set(
            _unread()
            .filter(pk__in=[text.pk for text in locked])
            .values_list("published_id", flat=True)
        )
        _forget_old(Q(version__translation__in=wanted))
        Passage.objects.bulk_create([row for row in passage_rows if row.version_id in still])
        Phrase.objects.bulk_create([row for row in phrase_rows if row.version_id in still])
    return len(found)


def _passages(text: Translation) -> list[Passage]:
    version = text.published
    assert version is not None
    return [
        Passage(
            article_id=text.article_id,
            version=version,
            language=text.language,
            position=position,
            heading=piece.heading[:300],
            anchor=piece.anchor[:120],
            body=piece.body,
            text=_words_of_piece(version, piece, first=position == 0),
        )
        for position, piece in enumerate(passages(version.body))
    ]


def _words_of_piece(version: Version, piece: Piece, *, first: bool) -> str:
    """The piece's words; the summary counts as the beginning of the first one."""
    return f"{version.summary}\n{piece.text}".strip() if first and version.summary else piece.text


def _phrases(text: Translation) -> list[Phrase]:
    assert text.published is not None
    learned = Wording.objects.filter(article=text.article_id, language=text.language, taken=True)
    said: list[tuple[PhraseKind, str]] = [
        (PhraseKind.TITLE, text.published.title),
        *((PhraseKind.ASKED, words) for words in text.published.also_asked_as),
        *((PhraseKind.LEARNED, words) for words in learned.values_list("text", flat=True)),
    ]
    return [phrase(text, kind, words) for kind, words in dict.fromkeys(said) if words.strip()]


def phrase(text: Translation, kind: PhraseKind, words: str) -> Phrase:
    """A way of asking for the published version of `text`, not saved, and without its vector."""
    assert text.published_id is not None
    return Phrase(
        article_id=text.article_id,
        version_id=text.published_id,
        language=text.language,
        kind=kind,
        text=words[:LONGEST_PHRASE],
    )


def _give_vectors(
    passage_rows: Sequence[Passage],
    phrase_rows: Sequence[Phrase],
    texts: dict[int | None, Translation],
) -> None:
    contexts = []
    for row in passage_rows:
        version = texts[row.version_id].published
        assert version is not None
        contexts.append(". ".join(filter(None, (version.title, row.heading, row.text))))
    for passage, vector in zip(passage_rows, vectors_of(contexts), strict=True):
        passage.vector = vector
    said = vectors_of([row.text for row in phrase_rows])
    for phrase, vector in zip(phrase_rows, said, strict=True):
        phrase.vector = vector


def _keep_words(texts: Sequence[str]) -> None:
    """Know every word of these texts: its stem and its meaning."""
    met = sorted({word for text in texts for word in words_of(text)})
    known = set(Word.objects.filter(text__in=met).values_list("text", flat=True))
    new = iter([word for word in met if word not in known])
    while some := list(islice(new, WORDS_AT_ONCE)):
        stems = lexemes_of(some)
        rows = [
            Word(text=word, stem=stems[word][:200], vector=vector)
            for word, vector in zip(some, vectors_of(some), strict=True)
        ]
        Word.objects.bulk_create(rows, ignore_conflicts=True)
