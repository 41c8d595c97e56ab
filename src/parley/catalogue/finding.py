"""Finding products: the list and the picker, by title, SKU and supplier's product ID."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from parley.catalogue.access import products_visible_to, with_faces
from parley.catalogue.models import Product
from parley.parties.models import Membership, Party, PartyKind
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
    """One page of the products `reader` may see, by title, with their faces. Raises CursorUnreadable.

    A cursor is the key of the product it begins behind; with a minus, of that it ends before.
    """
    products = _narrowed(with_faces(products_visible_to(reader)), filters)
    if not filters.text.strip():
        return _page(products, reader, cursor, size)
    wanted = _wanted(filters.text)
    page = _page(products.filter(wanted), reader, cursor, size) if wanted is not None else None
    if page is not None and (page.rows or cursor):
        return page
    return Page(tuple(_alike(products, filters.text)[:size]), None, None)


def pick(reader: Membership, text: str, *, currency: str = "", most: int = PICKED) -> list[Product]:
    """The products on offer that fit what somebody types, the SKU that is just that first.

    Each with its face.
    """
    products = with_faces(products_visible_to(reader)).filter(active=True)
    if currency:
        products = products.filter(currency=currency)
    if not text.strip():
        return list(products.order_by("title", "pk")[:most])
    line = " ".join(text.split())[:80]
    found = products.filter(Q(sku__iexact=line) | Q(supplier_product_id=line))
    found = found.annotate(place=Value(0)).order_by()[:most]
    if wanted := _wanted(text):
        # One query for both, each read along its own index.
        says = products.filter(wanted).annotate(place=Value(1)).order_by("title", "pk")[:most]
        found = found.union(says, all=True).order_by("place", "title", "pk")
    once: dict[int, Product] = {}
    for one in found:
        once.setdefault(one.pk, one)
    return list(once.values())[:most] or list(_alike(products, text)[:most])


def suppliers_with_products(reader: Membership) -> list[tuple[int, str]]:
    """The suppliers of what the reader may see: (id, name), by name."""
    if reader.party.kind == PartyKind.SUPPLIER:
        return []
    theirs = products_visible_to(reader).order_by().filter(supplier=OuterRef("pk"))
    suppliers = Party.objects.filter(Exists(theirs), kind=PartyKind.SUPPLIER)
    return sorted(suppliers.values_list("pk", "name"), key=lambda pair: pair[1].casefold())


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
