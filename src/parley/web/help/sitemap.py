"""What search engines may know: the public articles in their languages, and what not to look at."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.xmlreader import AttributesImpl

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from parley.help_centre.addressing import address_of
from parley.help_centre.models import Article, Translation
from parley.help_centre.reading import public_articles
from parley.web.help.showing import absolute, kept_by_browsers

MOST = 50_000
"""Addresses that one sitemap may have (sitemaps.org)."""
_NAMES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
}


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every public article in every language it is written in, each naming the others."""
    response = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", AttributesImpl(_NAMES))
    for number, (article, text, texts) in enumerate(_texts()):
        if number >= MOST:
            break
        _write(xml, article, text, texts)
    xml.endElement("urlset")
    xml.endDocument()
    return kept_by_browsers(request, response)


def _texts() -> Iterator[tuple[Article, Translation, list[Translation]]]:
    for article, texts in public_articles():
        for text in texts:
            yield article, text, texts


def _write(
    xml: SimplerXMLGenerator, article: Article, text: Translation, texts: list[Translation]
) -> None:
    xml.startElement("url", AttributesImpl({}))
    xml.addQuickElement("loc", absolute(address_of(text.language, article.path)))
    if text.published_at is not None:
        xml.addQuickElement("lastmod", text.published_at.date().isoformat())
    for other in texts:
        link = {
            "rel": "alternate",
            "hreflang": other.language,
            "href": absolute(address_of(other.language, article.path)),
        }
        xml.addQuickElement("xhtml:link", attrs=link)
    xml.endElement("url")


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    """The help centre is for everybody to find; the rest is behind a door anyway."""
    lines = [
        "User-agent: *",
        "Allow: /help/",
        "Disallow: /help/search/",
        "Disallow: /",
        f"Sitemap: {absolute('/help/sitemap.xml')}",
    ]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    return kept_by_browsers(request, response)
