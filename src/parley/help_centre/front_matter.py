"""Files of articles: their head (front matter, in YAML) and their text, read and written.

What a head says beyond the words known here is kept with the text as it stands, and given back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

ARTICLE_KEYS = ("title", "summary", "audience", "position", "also_asked_as", "related", "draft")
COLLECTION_KEYS = ("title", "description", "position", "icon")
LISTS = frozenset({"audience", "also_asked_as", "related"})
IN_ONE_LINE = frozenset({"audience", "related"})

Value = str | list[str]

_HEAD = re.compile(r"---[ \t]*\n(?P<yaml>.*?)(?<![^\n])(?:---|\.\.\.)[ \t]*(?:\n+|\Z)", re.DOTALL)
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
"""YAML ends lines with these too, so that its count of them is not ours."""
_BARE = re.compile(r"[A-Za-zА-Яа-яЁё][\w./-]*", re.ASCII)
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_LOADER: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class HeadBroken(ValueError):
    """A head can't be read; `line` counts from the file's first, and `why` says what is wrong."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why = line, why


@dataclass(frozen=True)
class Parts:
    """A file: `head` as it stands up to the text (lines that mark it, and empty ones, included).

    `fields` are what it says in texts and lists of texts.
    """

    head: str
    body: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    """The lines that each key takes up."""


def straight(text: str) -> str:
    """A file's text without the mark that some editors begin it with; lines end as on Unix."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def take_apart(text: str) -> Parts:
    """A file (`straight`) as its head and its body. Raises HeadBroken."""
    found = _HEAD.match(text)
    if found is None:
        body = text.lstrip("\n")
        return Parts(text[: len(text) - len(body)], body.rstrip("\n"))
    fields, lines = _fields(found["yaml"])
    return Parts(found[0], text[found.end() :].rstrip("\n"), fields, lines)


def put_together(head: str, body: str) -> str:
    """A file of a head and a body."""
    return f"{head}{body}\n" if body else head


def written_head(fields: Mapping[str, Value], kept: Mapping[str, str] | None = None) -> str:
    """The head that says `fields`, in their order, and the lines `kept` of others after them."""
    lines = [_written(key, value) for key, value in fields.items()]
    lines += (kept or {}).values()
    return f"---\n{''.join(lines)}---\n\n"


def _fields(text: str) -> tuple[dict[str, Value], dict[str, str]]:
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise HeadBroken((mark.line if mark else 0) + 2, _said(error)) from None
    except (yaml.YAMLError, RecursionError):
        raise HeadBroken(2, "it holds a character that has no place there") from None
    if node is None:
        return {}, {}
    if not isinstance(node, yaml.MappingNode):
        raise HeadBroken(2, "it must be made of lines such as “title: Ship an order”")
    fields: dict[str, Value] = {}
    starts: list[tuple[str, int]] = []
    for key, value in node.value:
        name = str(key.value)
        if name in dict(starts):
            raise HeadBroken(key.start_mark.line + 2, f"“{name}” stands there twice")
        starts.append((name, key.start_mark.line))
        if (read := _value(value)) is not None:
            fields[name] = read
    return fields, _lines(text, starts, block=not node.flow_style)


def _value(node: yaml.Node) -> Value | None:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode) and all(
        isinstance(one, yaml.ScalarNode) for one in node.value
    ):
        return [str(one.value) for one in node.value]
    return None


def _lines(text: str, starts: Sequence[tuple[str, int]], *, block: bool) -> dict[str, str]:
    if not block or _OTHER_BREAKS.search(text):
        return {}
    lines = [f"{line}\n" for line in text.split("\n")]
    ends = [line for _name, line in starts[1:]] + [len(lines) - 1]
    return {
        name: "".join(lines[begin:end])
        for (name, begin), end in zip(starts, ends, strict=True)
        if end > begin
    }


def _said(error: yaml.MarkedYAMLError) -> str:
    return " ".join(filter(None, (error.context, error.problem))) or "it is no YAML"


def _written(key: str, value: Value) -> str:
    if isinstance(value, str):
        return f"{key}: {value if _is_plain(key, value) else quoted(value)}\n"
    if not value:
        return f"{key}: []\n"
    if key in IN_ONE_LINE and all(map(_is_bare, value)):
        return f"{key}: [{', '.join(value)}]\n"
    return f"{key}:\n" + "".join(f"  - {quoted(one)}\n" for one in value)


def _is_plain(key: str, value: str) -> bool:
    return key in ("position", "draft", "icon") and (
        value.isdecimal() or _is_bare(value, words=True)
    )


def _is_bare(value: str, *, words: bool = False) -> bool:
    return bool(_BARE.fullmatch(value)) and (words or value.lower() not in _WORDS_OF_YAML)


def quoted(text: str) -> str:
    """`text` between the quotation marks of YAML, with nothing in it that YAML would not read back."""
    return "".join(_escaped(c) for c in json.dumps(text, ensure_ascii=False))


def _escaped(character: str) -> str:
    code = ord(character)
    unprintable = (
        0x7F <= code < 0xA0 or code in (0x2028, 0x2029, 0xFEFF) or 0xFFFE <= code <= 0xFFFF
    )
    return f"\\u{code:04x}" if unprintable else character
