"""The tree of topics of the demo, as written in `content/topics.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from parley.demo.reading_content import content

LANGUAGES = ("en", "ru")


@dataclass(frozen=True, kw_only=True)
class DemoTopic:
    """A topic: `opened_by` are kinds of party, `goes_to` is one; `order` as in OrderField."""

    key: str
    names: dict[str, str]
    keywords: dict[str, str]
    opened_by: tuple[str, ...]
    goes_to: str
    order: str


@dataclass(frozen=True, kw_only=True)
class DemoCategory:
    key: str
    names: dict[str, str]
    topics: tuple[DemoTopic, ...]


@cache
def categories() -> tuple[DemoCategory, ...]:
    """All categories with their topics."""
    return tuple(
        DemoCategory(
            key=table["key"],
            names={language: table[language] for language in LANGUAGES},
            topics=tuple(_topic(topic) for topic in table["topic"]),
        )
        for table in content("topics")["category"]
    )


@cache
def topics_by_key() -> dict[str, DemoTopic]:
    """The topics by their key."""
    return {topic.key: topic for category in categories() for topic in category.topics}


def _topic(table: dict[str, Any]) -> DemoTopic:
    return DemoTopic(
        key=table["key"],
        names={language: table[language] for language in LANGUAGES},
        keywords={language: table[f"keywords_{language}"] for language in LANGUAGES},
        opened_by=tuple(table["from"]),
        goes_to=table["to"],
        order=table["order"],
    )
