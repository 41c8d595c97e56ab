"""Where articles and their pictures are found, and what may be the path of one."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, unquote

from django.conf import settings

from parley.help_centre.models import LONGEST_PATH, Image

ENDINGS = (".md", ".markdown")
"""How the names of files of articles end."""

_UNFIT = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\u2028\u2029]')
_LINK_BESIDE = re.compile(
    r"(\]\()([^()\s/][^()\s]*?\.(?:md|markdown)(?:#[^()\s]*)?)(\)|\s)", re.IGNORECASE
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


class PathUnfit(ValueError):
    """No article can have this path; `reason` is `empty`, `long`, `characters`, `dots` or `hidden`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


def first_language() -> str:
    """The language that the others are translations of, and that stands in where one is missing."""
    return settings.LANGUAGE_CODE


def languages() -> list[str]:
    """The languages that articles can be in, the first one first."""
    codes = [code for code, _name in settings.LANGUAGES]
    return sorted(codes, key=lambda code: code != first_language())


def address_of(language: str, path: str = "") -> str:
    """The address of an article, of a collection, or with no path of the help centre itself.

    From the site's root: `/help/ru/orders/ship-an-order/`.
    """
    return f"/help/{language}/{quote(path)}/" if path else f"/help/{language}/"


def image_address(image: Image) -> str:
    """The address of a picture. It changes with its content, so that browsers may keep it for good."""
    name = quote(image.path.rpartition("/")[2])
    return f"/help/images/{image.pk}/{image.sha256[:12]}/{name}"


def check_path(path: str) -> str:
    """`path` as it is kept: its letters composed (NFC). Raises PathUnfit.

    It becomes an address, and the name of a file in an export, on whatever system that is made.
    """
    path = unicodedata.normalize("NFC", path)
    if not path or path != path.strip("/ "):
        raise PathUnfit(path, "empty")
    if len(path) > LONGEST_PATH:
        raise PathUnfit(path, "long")
    if _UNFIT.search(path):
        raise PathUnfit(path, "characters")
    for part in path.split("/"):
        if not part or part != part.strip() or part.endswith("."):
            raise PathUnfit(path, "dots")
        if part.startswith(".") or part == "_collection":
            raise PathUnfit(path, "hidden")
    return path


def collection_of(path: str) -> str:
    """The slug of the collection that an article of this path lies in."""
    return path.rpartition("/")[0]


def is_elsewhere(target: str) -> bool:
    """Whether a link leads out of the help centre, to an address of its own."""
    return bool(_SCHEME.match(target))


def beside(path: str, target: str) -> str | None:
    """What a relative link in the article `path` names, from the folder's root; None: outside of it.

    `beside("orders/ship", "../rules/fees.md")` is `rules/fees.md`.
    """
    named = unicodedata.normalize("NFC", unquote(target)).replace("\\", "/")
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), named))
    return None if found.startswith(("..", "/")) or found == "." else found


def carry_links(body: str, before: str, after: str) -> str:
    """The Markdown of an article that moves from one path to another, its relative links carried over.

    Only links to files of articles are: the pictures come along.
    """

    def carried(link: re.Match[str]) -> str:
        name, mark, anchor = link[2].partition("#")
        found = None if is_elsewhere(name) else beside(before, name)
        if found is None:
            return link[0]
        new = posixpath.relpath(found, posixpath.dirname(after) or ".")
        return f"{link[1]}{quote(new)}{mark}{anchor}{link[3]}"

    return _LINK_BESIDE.sub(carried, body)


def without_ending(name: str) -> str:
    """The name of a file of an article, without its ending."""
    for ending in ENDINGS:
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def resolved(name: str, path: str, known: Iterable[str]) -> str:
    """The path of the article that `name` stands for in the front matter of the article `path`.

    A whole path, one in the same collection, or the one of that name wherever it lies; a name that is
    none of them is taken for one in the same collection that is yet to come.
    """
    name = without_ending(unicodedata.normalize("NFC", name).strip("/ "))
    known = known if isinstance(known, (set, frozenset, dict)) else set(known)
    home = collection_of(path)
    near = f"{home}/{name}" if home else name
    if name in known or near in known:
        return name if name in known else near
    ends = [other for other in known if other.endswith(f"/{name}")] if "/" not in name else []
    if len(ends) == 1:
        return ends[0]
    return name if "/" in name else near
