"""Browsers without a screen: what a person sees on a page, and the forms they can send from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin

from django.http import HttpResponse
from django.test import Client

from parley.parties.models import Membership

HTMX = {"HTTP_HX_REQUEST": "true"}
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_HIDDEN = frozenset({"script", "style", "template"})


@dataclass
class Form:
    """A form of a page: where it goes, and what it sends if nothing is changed."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)


class Page(HTMLParser):
    """An answer, taken apart: words, links, forms, and every tag with its attributes."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.status: int = answer.status_code
        self.html: str = answer.content.decode()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.links: dict[str, str] = {}
        """Words of a link → its address; of several alike, the first."""
        self.forms: list[Form] = []
        self._words: list[str] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._link: tuple[str, list[str]] | None = None
        self._select = ""
        self.feed(self.html)
        self.close()

    @property
    def words(self) -> str:
        """What can be read on it, with single spaces."""
        return " ".join(" ".join(self._words).split())

    def form(self, action: str) -> Form:
        """The form whose address ends so; empty: the one that comes back to its own page."""
        fits = (form for form in self.forms if form.method == "post")
        if not action:
            return next(form for form in fits if form.action == "")
        return next(form for form in fits if form.action.endswith(action))

    def having(self, name: str) -> list[str]:
        """The values of an attribute wherever it stands."""
        return [attributes[name] for _tag, attributes in self.tags if name in attributes]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag not in _EMPTY:
            self._open.append((tag, attributes))
        if tag == "a" and "href" in attributes:
            self._link = (attributes["href"], [])
        if tag == "form":
            method = attributes.get("method", "get").lower()
            self.forms.append(Form(urldefrag(attributes.get("action", "")).url, method))
        if self.forms and any(one == "form" for one, _ in self._open):
            self._in_form(tag, attributes)

    def _in_form(self, tag: str, attributes: dict[str, str]) -> None:
        form = self.forms[-1]
        name = attributes.get("name", "")
        if "required" in attributes and name:
            form.required.add(name)
        if tag == "select":
            self._select = name
        elif tag == "option" and ("selected" in attributes):
            form.fields.setdefault(self._select, []).append(attributes.get("value", ""))
        elif tag == "textarea":
            form.fields[name] = [""]
        elif tag == "input" and name and attributes.get("type") != "file":
            if "disabled" in attributes:
                return
            choice = attributes.get("type") in ("radio", "checkbox")
            if not choice or "checked" in attributes:
                form.fields.setdefault(name, []).append(attributes.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "a" and self._link:
            self.links.setdefault(" ".join("".join(self._link[1]).split()), self._link[0])
            self._link = None

    def handle_data(self, data: str) -> None:
        open_now = [tag for tag, _ in self._open]
        if open_now[-1:] == ["textarea"] and self.forms:
            name = self._open[-1][1].get("name", "")
            self.forms[-1].fields[name] = [data.removeprefix("\n")]
        if not _HIDDEN & set(open_now):
            self._words.append(data)
        if self._link:
            self._link[1].append(data)


class Browser(Client):
    """A browser, signed in as somebody: `see` gives pages, `send` fills in and sends their forms."""

    def __init__(self, who: Membership | None = None, **more: Any) -> None:
        super().__init__(**more)
        if who is not None:
            self.force_login(who.person)

    def see(self, path: str, **more: Any) -> Page:
        """A page, which must be there."""
        page = Page(self.get(path, follow=True, **more))
        assert page.status == 200, (path, page.status, page.words[:300])
        return page

    def send(self, page_at: str, action: str, *, follow: bool = True, **filled: Any) -> Any:
        """Fill in the form of a page that goes to `action`, send it, and give the answer."""
        form = self.see(page_at).form(action)
        data: dict[str, Any] = {**form.fields, **filled}
        return self.post(urljoin(page_at, form.action or page_at), data, follow=follow)


def words_of(answer: HttpResponse) -> str:
    return Page(answer).words
