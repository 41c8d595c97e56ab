"""What people type is shown safely, soon, and as they meant it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.conversations.posting import MAX_TEXT
from parley.conversations.rendering import MOST_MARKS, render

SAFE_TAGS = {
    "p", "br", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip


def expect_harmless(html: str) -> None:
    """Only known tags; no attribute but a link's, which leads to the web or a mailbox."""
    for tag, attributes in re.findall(r"<(\/?[a-zA-Z][^\s>/]*)([^>]*)>", html):
        assert tag.lstrip("/") in SAFE_TAGS, tag
        for name, value in re.findall(r'([^\s=]+)="([^"]*)"', attributes):
            assert name in {"href", "rel", "start", "title"}, name
            if name == "href" and ":" in value:
                assert re.match(r"(https?|mailto):", value), value
        assert not re.search(r"\son\w+\s*=|style\s*=", attributes), attributes


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Hello", "<p>Hello</p>"),
        ("**bold** *slanted* ~~gone~~ `code`",
         "<p><strong>bold</strong> <em>slanted</em> <s>gone</s> <code>code</code></p>"),
        ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("Посылки **нет**", "<p>Посылки <strong>нет</strong></p>"),
        ("5 < 6 & 7 > 6", "<p>5 &lt; 6 &amp; 7 &gt; 6</p>"),
        ("مرحبا 🎉 שלום", "<p>مرحبا 🎉 שלום</p>"),
    ],
)  # fmt: skip
def test_what_people_mean(typed: str, shown: str) -> None:
    assert render(typed).strip() == shown


def test_a_link_leads_out_and_gives_nothing_away() -> None:
    html = render("[here](https://track.example/17?a=1&b=2)")
    assert 'href="https://track.example/17?a=1&amp;b=2"' in html
    assert 'rel="noopener noreferrer nofollow ugc"' in html
    assert 'href="mailto:a@b.example"' in render("<a@b.example>")


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe src=javascript:alert(1)></iframe>",
        "<style>body{display:none}</style>",
        "<base href=//evil.example>",
        "<form action=//evil.example><input name=pin></form>",
        "<a href=javascript:alert(1)>x</a>",
        "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
        "`<script>`alert(1)`</script>`",
        "```html\n<script>alert(1)</script>\n```",
        "    <script>alert(1)</script>",
        "<!-- --><script>alert(1)</script>",
        "<![CDATA[<script>alert(1)</script>]]>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_raw_html_is_shown_as_text(attack: str) -> None:
    html = render(attack)
    expect_harmless(html)
    assert "&lt;" in html


@pytest.mark.parametrize(
    "link",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](&#x6A;avascript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](\x01javascript:alert(1))",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](data:image/svg+xml;base64,PHN2Zz4=)",
        "[x](file:///etc/passwd)",
        "[x](blob:https://x.example/1)",
        "<javascript:alert(1)>",
        "<data:text/html,hi>",
        '[x](https://x.example "onmouseover=alert(1)")',
        '[x](https://x.example" onmouseover="alert(1))',
        "[x]\n\n[x]: javascript:alert(1)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    ],
)
def test_no_link_runs_anything(link: str) -> None:
    html = render(link)
    expect_harmless(html)
    for href in re.findall(r'href="([^"]*)"', html):
        assert href.startswith(("https://x.example", "mailto:")), href


def test_an_address_in_a_sentence_is_a_link() -> None:
    html = render(
        "See https://track.example/p/1?a=b, not read.me, john@home.example or //a.example."
    )

    assert '<a href="https://track.example/p/1?a=b"' in html
    assert html.count("<a ") == 1


def test_pictures_from_elsewhere_become_links() -> None:
    html = render("![a *map*](https://evil.example/pixel.gif) ![](https://evil.example/2.gif)")
    assert "<img" not in html
    assert '<a href="https://evil.example/pixel.gif"' in html
    assert ">a map</a>" in html
    assert ">https://evil.example/2.gif</a>" in html


BOMBS = {
    "quotes": "> " * 25_000,
    "deep quotes": "\n".join(">" * i + " a" for i in range(1, 300)),
    "deep lists": "\n".join("  " * i + "- a" for i in range(1, 200)),
    "brackets": "[" * MAX_TEXT,
    "images": "![" * 25_000,
    "links": "[a](b" * 10_000,
    "stars": "*a " * 16_000,
    "mixed emphasis": "*_" * 25_000,
    "more emphasis": "**a_" * 12_500,
    "backticks": "".join("`" * i + " " for i in range(300)),
    "tildes": "~~a" * 16_000,
    "tags": "<a " * 16_000,
    "entities": "&#" * 25_000,
    "backslashes": "\\" * MAX_TEXT,
    "lines": "a\n" * 25_000,
    "rows of a table": "|a" * 25_000,
    "schemes": "://" * 16_000,
    "addresses": "https://a.b/? " * 3_500,
    "letters": "a" * MAX_TEXT,
    "just below the limit": ("[" * MOST_MARKS) + "a" * (MAX_TEXT - MOST_MARKS),
    "stars just below the limit": "*a" * MOST_MARKS,
    "a reference used often": "[a]: https://x.example/" + "y" * 30_000 + "\n\n" + "[a] " * 3_900,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_fizzle_out(bomb: str) -> None:
    text = BOMBS[bomb]
    assert len(text) <= MAX_TEXT
    started = time.process_time()
    html = render(text)
    assert time.process_time() - started < 1, "seconds of CPU"
    assert len(html) < 12 * MAX_TEXT, "characters"
    expect_harmless(html)


def test_a_text_of_marks_is_shown_as_it_was_typed() -> None:
    log = "[12:00] <worker> *failed* & went on\n" * 1_000
    html = render(log)
    assert html.count("[12:00] &lt;worker&gt; *failed* &amp; went on<br>") == 1_000
    expect_harmless(html)


@given(st.text(alphabet=st.sampled_from("<>[]()!*_`~&\\\"'=#:/ \njavscriptdhenolmg"), max_size=80))
def test_whatever_is_typed_is_harmless(text: str) -> None:
    expect_harmless(render(text))


@given(st.text(max_size=200))
def test_any_text_can_be_shown(text: str) -> None:
    expect_harmless(render(text))
