"""The catalogues of words say everything the product says, in every language it speaks."""

from __future__ import annotations

import io
import re
from functools import cache
from gettext import c2py  # type: ignore[attr-defined]  # public in all but name
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

HOUSE = Path(__file__).parents[2]
LOCALE = HOUSE / "src/parley/locale"
LANGUAGES = sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir())
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
"""As in bin/words."""
SAME_IN_EVERY_LANGUAGE = {
    "%(person)s (%(party)s)",
    "%(day)s %(time)s",
    "API",
    "Mail.ru",
    "Markdown",
    "PDF",
    "STARTTLS",
}
WORDS_OF_ONE_ALPHABET = {"ru": re.compile("[а-яё]", re.IGNORECASE)}
"""What a translation has at least one letter of, where the language has an alphabet of its own."""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)\{\w+\}")

RENAMED = re.compile(r"\b(\w*gettext\w*) as (\w+)")

Key = tuple[str | None, str]


@cache
def catalogue(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def path_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES/django.po"


@cache
def said_in_the_code() -> frozenset[Key]:
    with (HOUSE / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(HOUSE, methods, options, keywords=KEYWORDS)
    return frozenset((context, _first(words)) for _file, _line, words, _comments, context in found)


def key_of(message: Message) -> Key:
    return message.context, _first(message.id)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def translations(message: Message) -> list[str]:
    words = message.string
    return [words] if isinstance(words, str) else list(words)


def _first(words: str | tuple[str, ...] | list[str]) -> str:
    return words if isinstance(words, str) else words[0]


def test_russian_is_spoken() -> None:
    assert "ru" in LANGUAGES


def test_no_word_is_said_by_a_name_that_is_not_read() -> None:
    names = {*KEYWORDS, "gettext", "ngettext", "pgettext"}
    for file in (HOUSE / "src").rglob("*.py"):
        for said_by, name in RENAMED.findall(file.read_text(encoding="utf-8")):
            assert name in names, f"{file.name} calls {said_by} {name}: bin/words doesn't see that"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_what_the_code_says_and_nothing_else(language: str) -> None:
    held = {key_of(message) for message in messages(language)}
    assert said_in_the_code() - held == set(), "run bin/words and translate what is new"
    assert held - said_in_the_code() == set(), "run bin/words: these are said nowhere any more"
    assert not catalogue(language).obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_none_is_a_guess(language: str) -> None:
    untranslated = [m.id for m in messages(language) if not all(translations(m))]
    assert untranslated == []
    assert [m.id for m in messages(language) if m.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_all_the_forms_of_the_language(language: str) -> None:
    forms = catalogue(language).num_plurals
    wrong = [m.id for m in messages(language) if m.pluralizable and len(m.string) != forms]
    assert wrong == []


def test_russian_counts_in_three_forms() -> None:
    rule = c2py(catalogue("ru").plural_expr)
    assert [rule(n) for n in (1, 21, 101)] == [0] * 3
    assert [rule(n) for n in (2, 4, 22, 103)] == [1] * 4
    assert [rule(n) for n in (0, 5, 11, 12, 14, 111, 112)] == [2] * 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_blank_of_the_source_is_filled_in_the_translation_too(language: str) -> None:
    wrong = [
        (message.id, words)
        for message in messages(language)
        for words in translations(message)
        if _blanks(words) != _blanks(_first(message.id))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_babel_finds_no_fault(language: str) -> None:
    faults = [(m.id, error) for m in messages(language) for error in m.check(catalogue(language))]
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_words_has_them_in_the_alphabet_of_the_language(language: str) -> None:
    alphabet = WORDS_OF_ONE_ALPHABET.get(language)
    if alphabet is None:
        return
    left = [
        message.id
        for message in messages(language)
        for words in translations(message)
        if _has_words(message) and not alphabet.search(words)
    ]
    assert left == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_ends_as_its_source_does(language: str) -> None:
    """A question stays a question, and what is followed by something keeps its colon."""
    wrong = [
        (message.id, words)
        for message in messages(language)
        for words in translations(message)
        for end in ("?", ":", "…", " ", "\n")
        if _first(message.id).endswith(end) and not words.endswith(end)
        if (message.id, end) not in LOSES_ITS_END
    ]
    assert wrong == []


LOSES_ITS_END = {("What is it about?", "?")}
"""In Russian the field is named, as sellers know it from other marketplaces."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_as_bin_words_leaves_it(language: str) -> None:
    written = io.BytesIO()
    write_po(written, catalogue(language), width=110, sort_output=False, no_location=True)
    text = path_of(language).read_text(encoding="utf-8")
    assert written.getvalue().decode() == text
    keys = [key_of(message) for message in messages(language)]
    assert keys == sorted(keys, key=lambda key: (key[1], key[0] or ""))
    assert "\n#: " not in text, "no places: they change with every line of code"


FORBIDDEN_IN_NAMES = '/ \\ : * ? " < > |'
"""The characters themselves, and no punctuation."""


def test_russian_is_typeset_as_russian() -> None:
    """Guillemets, ё where it is said, and a space before a dash that no line breaks at."""
    faults = [
        words
        for message in messages("ru")
        for words in translations(message)
        if re.search(
            r"[“”\"]| - | —|\.\.\.| {2}|\bеще\b|\bее\b", words.replace(FORBIDDEN_IN_NAMES, "")
        )
    ]
    assert faults == []


def _has_words(message: Message) -> bool:
    source = _first(message.id)
    if source in SAME_IN_EVERY_LANGUAGE or message.context == DATE_PATTERN:
        return False
    return re.search("[A-Za-z]", PLACEHOLDER.sub("", source)) is not None


DATE_PATTERN = "pattern of a date, as Django's date filter has it"


def _blanks(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))
