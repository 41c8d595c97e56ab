"""Finding products: the list and the picker, by title, SKU and supplier's product ID."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from parley.catalogue.access import products_visible_to
from parley.catalogue.models import Product
from parley.parties.models import Membership, PartyKind
from parley.postgres.keysets import CursorUnreadable, Page
from parley.postgres.text_queries import MAX_QUERY, Wanted, bare, lexemes_of, words_in

PAGE = 25
PICKED = 8
"""How many the picker shows."""
MOST_MISTYPED = 6
"""How many words of a search are looked at for words like them."""

_CURSOR = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to; each empty one narrows nothing."""

    text: str = ""
    supplier: int | None = None
    in_stock: bool = False
    off: bool = False
    """Only what is not on offer."""


def find(
    reader: Membership, filters: Filters, *, cursor: str = "", size: int = PAGE
) -> Page[Product]:
    """One page of the products `reader` may see, by title. Raises CursorUnreadable.

    A cursor is the key of the product it begins behind; with a minus, of that it ends before.
    """
    products = _narrowed(products_visible_to(reader), filters)
    if not filters.text.strip():
        return _page(products, reader, cursor, size)
    wanted = _wanted(filters.text)
    page = _page(products.filter(wanted), reader, cursor, size) if wanted is not None else None
    if page is not None and (page.rows or cursor):
        return page
    return Page(tuple(_alike(products, filters.text)[:size]), None, None)


def pick(reader: Membership, text: str, *, currency: str = "", most: int = PICKED) -> list[Product]:
    """The products on offer that fit what somebody types, the SKU that is just that first."""
    products = products_visible_to(reader).filter(active=True)
    if currency:
        products = products.filter(currency=currency)
    if not text.strip():
        return list(products.order_by("title", "pk")[:most])
    line = " ".join(text.split())[:80]
    exact = list(products.filter(Q(sku__iexact=line) | Q(supplier_product_id=line))[:most])
    wanted = _wanted(text)
    found = list(products.filter(wanted).order_by("title", "pk")[:most]) if wanted else []
    if not exact and not found:
        found = list(_alike(products, text)[:most])
    return [*exact, *(one for one in found if one not in exact)][:most]


def suppliers_with_products(reader: Membership) -> list[tuple[int, str]]:
    """The suppliers of what the reader may see: (id, name), by name."""
    if reader.party.kind == PartyKind.SUPPLIER:
        return []
    seen = products_visible_to(reader).order_by().values_list("supplier", "supplier__name")
    return sorted(set(seen.distinct()), key=lambda pair: pair[1].casefold())


def _narrowed(products: QuerySet[Product], filters: Filters) -> QuerySet[Product]:
    if filters.supplier is not None:
        products = products.filter(supplier=filters.supplier)
    if filters.in_stock:
        products = products.filter(stock__gt=0)
    if filters.off:
        products = products.filter(active=False)
    return products


def _page(products: QuerySet[Product], reader: Membership, cursor: str, size: int) -> Page[Product]:
    back = cursor.startswith("-")
    if cursor:
        after = TupleLessThan if back else TupleGreaterThan
        place = _place(reader, cursor)
        products = products.filter(after(Tuple("title", "pk"), place))
    order = ("-title", "-pk") if back else ("title", "pk")
    rows = list(products.order_by(*order)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if back:
        rows.reverse()
    if not rows:
        return Page((), None, None)
    older = str(rows[-1].pk) if more or back else None
    newer = f"-{rows[0].pk}" if (more if back else cursor) else None
    return Page(tuple(rows), older, newer)


def _place(reader: Membership, cursor: str) -> tuple[str, int]:
    if not _CURSOR.fullmatch(cursor):
        raise CursorUnreadable(cursor)
    key = int(cursor.removeprefix("-"))
    at = products_visible_to(reader).filter(pk=key).values_list("title", "pk").first()
    if at is None:
        raise CursorUnreadable(cursor)
    return at


def _wanted(text: str) -> Q | None:
    """The condition that all words are there, the last one perhaps only begun; None for no words."""
    words = bare(words_in(text))
    lexemes = lexemes_of(words) if words else {}
    parts = [f"({lexemes[word]})" for word in words if lexemes.get(word)]
    if not parts:
        return None
    last = next(word for word in reversed(words) if lexemes.get(word))
    parts[-1] = f"({lexemes[last]}:*)"
    return Q(words=Wanted(" & ".join(parts)))


def _alike(products: QuerySet[Product], text: str) -> QuerySet[Product]:
    """Products whose title has a word like each that was typed: the mistyped ones, the likest first.

    How alike, is PostgreSQL's own `pg_trgm.word_similarity_threshold`, so that the index is used.
    """
    text = text[:MAX_QUERY]
    for word in bare(words_in(text))[:MOST_MISTYPED]:
        products = products.filter(title__trigram_word_similar=word)
    likeness = TrigramWordSimilarity(text, "title")
    return products.annotate(likeness=likeness).order_by("-likeness", "title", "pk")
