"""What the addresses of the operator's tools can name: a tag."""

from __future__ import annotations

from collections.abc import Callable

from cast import Cast
from parley.tickets.keeping_tags import TagTyped, add_tag


def tooled(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses, and what stands for each."""
    tag = add_tag(TagTyped(name="Warehouse fire", colour="red"), by=cast.agent)
    return {"<int:tag>": lambda name: str(tag.pk)}
