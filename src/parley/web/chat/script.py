"""The messenger's one script: its readable parts, put together once for each process.

The parts share one function's scope, so that nothing of theirs is seen by the page they run in.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import rjsmin  # type: ignore[import-untyped]
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.views.decorators.http import require_safe
from lucide.jinja import lucide

from parley.web.chat.words import first_words

PARTS = Path(__file__).parents[1] / "static" / "messenger"
ORDER = (
    "nodes",
    "keeping",
    "asking",
    "streaming",
    "parts",
    "pictures",
    "composing",
    "home",
    "messages",
    "conversation",
    "person",
    "help",
    "shell",
    "start",
)
ICONS = {
    "alert": "circle-alert",
    "back": "chevron-left",
    "book": "book-open",
    "bot": "bot",
    "check": "check",
    "clip": "paperclip",
    "file": "file",
    "flame": "flame",
    "forward": "chevron-right",
    "home": "house",
    "leave": "external-link",
    "mail": "mail",
    "messages": "messages-square",
    "offline": "wifi-off",
    "person": "user-round",
    "down": "chevron-down",
    "search": "search",
    "send": "arrow-up",
    "star": "star",
    "x": "x",
}
A_YEAR = 31_536_000
AN_HOUR = 3600
WAYS = ("br", "gzip")

_SHAPE = re.compile(r"<(path|circle|rect|line|polyline|polygon|ellipse) ([^>]*?)/?>")
_ATTRIBUTE = re.compile(r'([a-z0-9-]+)="([^"]*)"')
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_SPACE = re.compile(r"\s+")
_CSS_SPARE = re.compile(r" ?([{}>]) ?|([;:,]) ")


@dataclass(frozen=True)
class Script:
    """The script as it is sent; the fingerprint is of its content."""

    body: bytes
    fingerprint: str


@require_safe
def messenger_js(request: HttpRequest) -> HttpResponse | HttpResponseNotModified:
    """The script for any page of any site. An address with its fingerprint may be kept for good."""
    made = script()
    tag = f'"{made.fingerprint}"'
    accepted = re.findall(r"[a-z]+", request.headers.get("Accept-Encoding", ""))
    way = next((way for way in WAYS if way in accepted), "")
    if request.headers.get("If-None-Match", "").removeprefix("W/") == tag:
        answer: HttpResponse | HttpResponseNotModified = HttpResponseNotModified()
    else:
        body = packed(way) if way else made.body
        answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    if way and answer.content:
        answer.headers["Content-Encoding"] = way
    answer.headers["Cache-Control"] = _kept(request, made.fingerprint)
    answer.headers["ETag"] = tag
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def messenger_css(request: HttpRequest) -> HttpResponse:
    """The sheet of the views, which the script fetches when the messenger is opened first."""
    answer = HttpResponse(sheet("views"), content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = _kept(request, _fingerprint(sheet("views").encode()))
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@cache
def script() -> Script:
    """The parts in their order, within one function, with the sheet, icons and first words."""
    parts = "\n".join((PARTS / f"{name}.js").read_text(encoding="utf-8") for name in ORDER)
    given = {
        "FIRST_WORDS": first_words(),
        "ICONS": icons(),
        "FRAME": sheet("frame"),
        "VIEWS_AT": _views_address(),
    }
    constants = "".join(
        f"const {name} = {json.dumps(value, ensure_ascii=False, separators=(',', ':'))};\n"
        for name, value in given.items()
    )
    lean = rjsmin.jsmin(parts)
    body = f'(() => {{\n"use strict";\n{constants}{lean}\n}})();\n'.encode()
    return Script(body=body, fingerprint=_fingerprint(body))


@cache
def packed(way: str) -> bytes:
    """The script compressed as small as it gets, once for each process that is asked for it."""
    body = script().body
    compressed: bytes = brotli.compress(body) if way == "br" else gzip.compress(body, mtime=0)
    return compressed


def script_address() -> str:
    """The script's address for our own pages; browsers keep what stands there for good."""
    return f"{reverse('messenger_script')}?v={script().fingerprint}"


def _views_address() -> str:
    return f"messenger.css?v={_fingerprint(sheet('views').encode())}"


def _fingerprint(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def _kept(request: HttpRequest, fingerprint: str) -> str:
    """What stands at an address with its fingerprint never changes; else it is asked for anew."""
    if request.GET.get("v") == fingerprint:
        return f"public, max-age={A_YEAR}, immutable"
    return f"public, max-age={AN_HOUR}"


def icons() -> dict[str, list[list[object]]]:
    """The shapes of each icon, as pairs of an element's name and its attributes."""
    return {
        key: [
            [shape[1], dict(_ATTRIBUTE.findall(shape[2]))]
            for shape in _SHAPE.finditer(str(lucide(name, size=24)))
        ]
        for key, name in ICONS.items()
    }


@cache
def sheet(name: str) -> str:
    """One of the component's own style sheets, without comments and spare spaces."""
    css = _CSS_COMMENT.sub("", (PARTS / f"{name}.css").read_text(encoding="utf-8"))
    return _CSS_SPARE.sub(r"\1\2", _CSS_SPACE.sub(" ", css)).replace(";}", "}")
