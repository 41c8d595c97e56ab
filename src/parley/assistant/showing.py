"""Checked sentences of a model as Markdown: words stay words, but links to what they rest on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from parley.assistant.checking import Given
from parley.assistant.conversing import Sentence
from parley.assistant.writing import escaped, link, visible

_LINKS = re.compile(r"\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_MARKS = re.compile(r"\*\*|__|`|^\s*(?:\d+[.)]|[-*+#>]+)\s+")


def as_markdown(sentences: Sequence[Sentence], given: Mapping[str, Given]) -> str:
    """The sentences as paragraphs, and as a numbered list where they are steps."""
    text = ""
    number = 0
    for sentence in sentences:
        words = _shown(sentence, given)
        if sentence.step:
            number += 1
            text += f"{chr(10) if number > 1 else chr(10) * 2 if text else ''}{number}. {words}"
            continue
        after_steps, number = number > 0, 0
        text += ("\n\n" if after_steps else " " if text else "") + words
    return text


def _shown(sentence: Sentence, given: Mapping[str, Given]) -> str:
    known = {given[key].address for key in sentence.sources if key in given}
    known |= {one for key in sentence.sources if key in given for one in given[key].links}
    text = " ".join(visible(sentence.text).split())
    parts: list[str] = []
    place = 0
    for found in _LINKS.finditer(text):
        parts.append(_plain(text[place : found.start()]))
        parts.append(link(found[1], found[2]) if found[2] in known else escaped(found[1]))
        place = found.end()
    parts.append(_plain(text[place:]))
    return "".join(parts)


def _plain(words: str) -> str:
    """Words without marks; the blanks around them stay, since they may stand beside a link."""
    bare = _MARKS.sub("", words)
    before = " " if bare[:1].isspace() else ""
    after = " " if bare[-1:].isspace() and bare.strip() else ""
    return f"{before}{escaped(bare)}{after}"
