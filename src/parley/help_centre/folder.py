"""A folder of articles: a Markdown file for each, beside the pictures it names; read whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from markdown_it.token import Token
from PIL import Image as Pillow

from parley.conversations.attaching import media_type_of
from parley.conversations.picturing import FORMATS, MAX_PIXELS
from parley.conversations.typed import typed_line
from parley.help_centre.addressing import (
    ENDINGS,
    PathUnfit,
    beside,
    check_path,
    is_elsewhere,
    without_ending,
)
from parley.help_centre.cutting import markdown, words_of
from parley.help_centre.front_matter import (
    ARTICLE_KEYS,
    COLLECTION_KEYS,
    LISTS,
    HeadBroken,
    Parts,
    Value,
    straight,
    take_apart,
)
from parley.help_centre.models import LONGEST_PATH, LONGEST_TITLE
from parley.help_centre.rendering import LONGEST_BODY, picture_name
from parley.help_centre.writing import LONGEST_PHRASE, LONGEST_SUMMARY
from parley.parties.models import PartyKind

COLLECTION = "_collection"
EVERYBODY = frozenset({"everybody", "everyone", "public", "all"})
LARGEST_POSITION = 2_000_000_000
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_IMAGE_TAG = re.compile(r"<img\b[^>]{0,1000}?\bsrc\s*=\s*[\"']([^\"'>]{1,500})", re.IGNORECASE)
_UNFIT = {
    "empty": "its name is empty",
    "long": f"with its folders its name is over {LONGEST_PATH} characters",
    "characters": "its name, or that of a folder, has a character that addresses can't have",
    "dots": "a name must not begin or end with a space, nor end with a dot",
    "hidden": "its name begins with a dot, or is kept for something else",
}


class FolderRefused(ValueError):
    """A folder can't be taken in; `problems` say why, a line each, each naming its file."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, kw_only=True)
class PictureFile:
    """A picture beside an article; `name` is how the Markdown names it."""

    name: str
    content: bytes
    sha256: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class ArticleFile:
    """An article as its file says it. What is None is not said there."""

    path: str
    ending: str
    head: str
    body: str
    title: str
    summary: str
    audience: list[str] | None
    position: int | None
    also_asked_as: list[str]
    related: list[str] | None
    draft: bool
    pictures: tuple[PictureFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CollectionFile:
    slug: str
    head: str
    title: str
    description: str
    position: int | None
    icon: str | None


@dataclass
class Folder:
    """What a folder holds, and in `warnings` what of it is not as its writer may think."""

    articles: list[ArticleFile] = field(default_factory=list)
    collections: list[CollectionFile] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_folder(root: Path) -> Folder:
    """Everything in a folder. Raises FolderRefused with all that is wrong in it, file by file."""
    reading = _Reading(root)
    for file in _files(root):
        reading.take(file)
    if reading.problems:
        raise FolderRefused(reading.problems)
    reading.warn_of_keys()
    return reading.folder


def read_article(path: str, ending: str, text: str) -> ArticleFile:
    """One article of its file's text (`straight`), without its pictures.

    Raises HeadBroken, and ValueError in words where something can't be kept.
    """
    parts = take_apart(text)
    fields = parts.fields
    title = typed_line(_one(fields, "title")) or _title_of(path, parts.body)
    summary = typed_line(_one(fields, "summary") or _one(fields, "description"))
    also = [line for one in _many(fields, "also_asked_as") or () if (line := typed_line(one))]
    _hold("title", title, LONGEST_TITLE)
    _hold("summary", summary, LONGEST_SUMMARY)
    _hold("text", parts.body, LONGEST_BODY)
    for phrase in also:
        _hold("also_asked_as", phrase, LONGEST_PHRASE)
    return ArticleFile(
        path=path,
        ending=ending,
        head=parts.head,
        body=parts.body,
        title=title,
        summary=summary,
        audience=_audience(fields),
        position=_position(fields),
        also_asked_as=list(dict.fromkeys(also)),
        related=_many(fields, "related"),
        draft=_one(fields, "draft").lower() in ("true", "yes", "on"),
    )


def read_collection(slug: str, text: str) -> CollectionFile:
    """A collection of its file's text (`straight`). Raises HeadBroken, and ValueError in words."""
    parts = take_apart(text)
    title = typed_line(_one(parts.fields, "title"))
    description = typed_line(_one(parts.fields, "description"))
    _hold("title", title, LONGEST_TITLE)
    _hold("description", description, LONGEST_SUMMARY)
    icon = _one(parts.fields, "icon").strip()
    return CollectionFile(
        slug=slug,
        head=parts.head,
        title=title,
        description=description,
        position=_position(parts.fields),
        icon=icon if re.fullmatch(r"[a-z0-9-]{1,40}", icon) else None,
    )


class _Reading:
    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.folder = Folder()
        self.problems: list[str] = []
        self._paths: dict[str, str] = {}
        self._keys: Counter[str] = Counter()

    def take(self, file: Path) -> None:
        name = file.relative_to(self.root).as_posix()
        try:
            text = _text(file)
            ending = file.name[len(without_ending(file.name)) :]
            path = unicodedata.normalize("NFC", name[: -len(ending)])
            if posixpath.basename(path) == COLLECTION:
                self._collection(posixpath.dirname(path), text, name)
            else:
                self._article(check_path(path), ending, text, name)
        except HeadBroken as broken:
            self.problems.append(
                f"{name}, line {broken.line}: the head can't be read: {broken.why}."
            )
        except PathUnfit as unfit:
            self.problems.append(f"{name}: {_UNFIT[unfit.reason]}.")
        except ValueError as wrong:
            self.problems.append(f"{name}: {wrong}")

    def _collection(self, slug: str, text: str, name: str) -> None:
        if slug:
            check_path(slug)
        self.folder.collections.append(read_collection(slug, text))
        parts = take_apart(text)
        self._count_keys(parts, COLLECTION_KEYS)
        if parts.body:
            self.folder.warnings.append(f"{name}: what stands below its head is not taken in.")

    def _article(self, path: str, ending: str, text: str, name: str) -> None:
        if path in self._paths:
            raise ValueError(f"{self._paths[path]} has the same address.")
        self._paths[path] = name
        read = read_article(path, ending, text)
        self._count_keys(take_apart(text), (*ARTICLE_KEYS, "description"))
        pictures = tuple(self._pictures(path, read.body, name))
        self.folder.articles.append(ArticleFile(**{**vars(read), "pictures": pictures}))

    def _count_keys(self, parts: Parts, known: Iterable[str]) -> None:
        self._keys.update(set(parts.lines) - set(known))

    def warn_of_keys(self) -> None:
        """Say which words of heads mean nothing here: they may be misspelt ones that do."""
        for key, times in sorted(self._keys.items()):
            files = "1 file" if times == 1 else f"{times} files"
            self.folder.warnings.append(
                f"“{key}” in the head of {files} means nothing here; it is kept for the export."
            )

    def _pictures(self, path: str, body: str, name: str) -> Iterator[PictureFile]:
        for target in dict.fromkeys(_named_pictures(body)):
            where = beside(path, target)
            file = self.root / where if where else None
            if file is None or not file.is_file() or not _lies_in(file, self.root):
                self.folder.warnings.append(f"{name}: there is no picture {target}.")
                continue
            try:
                yield _picture(target, file)
            except ValueError as wrong:
                self.folder.warnings.append(f"{name}: {wrong} It is left out.")


def _files(root: Path) -> Iterator[Path]:
    """The files of articles in a folder and those below it, in order; what is hidden is left alone."""
    if not root.is_dir():
        raise FolderRefused([f"There is no folder {root}."])
    for where, folders, names in os.walk(root.resolve()):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                yield Path(where) / name


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ValueError(f"it can't be read: {error.strerror}.") from None
    try:
        text = straight(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(f"line {line} is not UTF-8; save the file in that encoding.") from None
    if "\x00" in text:
        raise ValueError("it holds a zero byte, as no text does.")
    return text


def _title_of(path: str, body: str) -> str:
    """The first heading of a text, or else the name of its file, in words."""
    tokens = markdown.parse(body) if "#" in body or "\n=" in body or "\n-" in body else []
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and (words := words_of(tokens[place + 1])):
            return typed_line(words)[:LONGEST_TITLE] or _in_words(path)
    return _in_words(path)


def _in_words(path: str) -> str:
    words = typed_line(posixpath.basename(path).replace("-", " ").replace("_", " "))
    return (words[:1].upper() + words[1:])[:LONGEST_TITLE] or "?"


def _named_pictures(body: str) -> Iterator[str]:
    """The relative names of the pictures in a text."""
    if "![" not in body and "<img" not in body.lower():
        return
    for target in _targets(markdown.parse(body)):
        if not is_elsewhere(target) and not target.startswith(("/", "#")):
            yield target


def _targets(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield str(token.attrs["src"])
        elif token.type in ("html_block", "html_inline"):
            yield from _IMAGE_TAG.findall(token.content)
        if token.children:
            yield from _targets(token.children)


def _picture(target: str, file: Path) -> PictureFile:
    """The picture. Raises ValueError, in words, where it is none that can be shown."""
    if file.stat().st_size > settings.FILE_LIMIT:
        raise ValueError(f"the picture {target} is over the limit of {settings.FILE_LIMIT} bytes.")
    content = file.read_bytes()
    media_type = media_type_of(content[:8192], file.name) if content else ""
    if media_type not in PICTURES:
        raise ValueError(f"{target} is no PNG, JPEG, GIF or WebP picture.")
    try:
        with Pillow.open(file, formats=FORMATS) as opened:
            width, height = opened.size
    except (OSError, ValueError, SyntaxError, Pillow.DecompressionBombError):
        raise ValueError(f"the picture {target} can't be read.") from None
    if width * height > MAX_PIXELS:
        raise ValueError(f"the picture {target} has over {MAX_PIXELS} pixels.")
    return PictureFile(
        name=picture_name(target),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=media_type,
        width=width,
        height=height,
    )


def _lies_in(file: Path, root: Path) -> bool:
    return file.resolve().is_relative_to(root)


def _one(fields: Mapping[str, Value], key: str) -> str:
    value = fields.get(key, "")
    if isinstance(value, list):
        raise ValueError(f"“{key}” must be one text, not a list.")  # noqa: TRY004 - in a file
    return value


def _many(fields: Mapping[str, Value], key: str) -> list[str] | None:
    assert key in LISTS
    value = fields.get(key)
    if isinstance(value, str):
        return [one for part in value.split(",") if (one := part.strip())] or None
    return value


def _audience(fields: Mapping[str, Value]) -> list[str] | None:
    given = _many(fields, "audience")
    if given is None:
        return None
    kinds = list(dict.fromkeys(one.strip().lower() for one in given))
    if set(kinds) <= EVERYBODY:
        return []
    for kind in kinds:
        if kind not in PartyKind.values:
            known = ", ".join(PartyKind.values)
            raise ValueError(
                f"nobody is a “{kind}”; “audience” takes {known}, or [] for everybody."
            )
    return kinds


def _position(fields: Mapping[str, Value]) -> int | None:
    given = _one(fields, "position").strip()
    if not given:
        return None
    if not given.isascii() or not given.isdecimal() or int(given[:12]) > LARGEST_POSITION:
        raise ValueError(f"“position” must be a whole number, not “{given[:40]}”.")
    return int(given)


def _hold(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise ValueError(f"its {what} has {len(text)} characters; at most {most} are kept.")
