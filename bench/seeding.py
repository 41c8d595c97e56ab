"""Fills one database for the bench, and says what stands in it.

A process of its own, since Django knows one database at a time: `python -m bench.seeding 10000`
with DATABASE_URL. It prints a `Site` as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from parley.parties.models import Membership, Topic

MANY_MESSAGES = 200
PAGE = 25
RARE = "zyxomma"
RARE_TIMES = 10
"""A rare word stands in so many tickets, however many there are."""


class Someone(TypedDict):
    """Somebody who is signed in."""

    session: str
    person: int
    party: int
    name: str


class Site(TypedDict):
    """What the requests of the bench are made of."""

    agent: Someone
    seller: Someone
    supplier: Someone
    topic: int
    tickets: list[int]
    """Tickets of five messages."""
    long_ticket: int
    pairs: list[int]
    """Tickets of the seller to the supplier, in which the turn is the supplier's."""
    deep_at: int
    deep_ticket: int
    """The last row of the page before the deep one; its moment in microseconds since 1970."""
    rare: str
    common: str
    orders: list[int]
    """Orders of two parts or more."""
    orders_deep_at: int
    orders_deep: int
    """The last row of the page before the deep one of the list of orders."""
    order_rare: str
    """The SKUs of three products that few orders have together."""
    order_common: str


def main() -> None:
    """Migrate, fill, and say what is there."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.site.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    site = _fill(int(sys.argv[1]), page=int(sys.argv[2]))
    sys.stdout.write(json.dumps(site) + "\n")


def _fill(tickets: int, page: int) -> Site:
    from django.db import connection

    from parley.demo.loading import load
    from parley.demo.loading_orders import load_orders

    load(tickets)
    load_orders(tickets)
    seller, supplier, agent, topic = _people()
    long_ticket = _long_ticket(seller, supplier, topic)
    pairs = _pairs(seller, supplier, topic)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    deep, order_deep = _row_before(agent, page), _order_before(page)
    return Site(
        agent=_signed_in(agent),
        seller=_signed_in(seller),
        supplier=_signed_in(supplier),
        topic=topic.pk,
        tickets=_of_five_messages(),
        long_ticket=long_ticket,
        pairs=pairs,
        deep_at=deep[0],
        deep_ticket=deep[1],
        rare=RARE,
        common=_common_word(),
        orders=_of_two_parts(),
        orders_deep_at=order_deep[0],
        orders_deep=order_deep[1],
        order_rare=_rare_words(),
        order_common=_common_word_of_orders(),
    )


def _people() -> tuple[Membership, Membership, Membership, Topic]:
    from parley.parties.models import COMPANIES, Membership, PartyKind
    from parley.tickets.access import topics_open_to

    everyone = Membership.objects.select_related("person", "party").filter(active=True)
    in_english = everyone.filter(person__language="en").order_by("id")
    one_of = {kind: in_english.filter(party__kind=kind)[0] for kind in COMPANIES}
    topics = topics_open_to(PartyKind.SELLER).exclude(order_field="required")
    topic = topics.filter(goes_to=PartyKind.SUPPLIER).order_by("id")[0]
    return (
        one_of[PartyKind.SELLER],
        one_of[PartyKind.SUPPLIER],
        one_of[PartyKind.OPERATOR],
        topic,
    )


def _signed_in(by: Membership) -> Someone:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from parley.web.sessions import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(by.person_id)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = by.person.get_session_auth_hash()
    session.save()
    return Someone(
        session=str(session.session_key),
        person=by.person_id,
        party=by.party_id,
        name=by.person.name,
    )


def _open(seller: Membership, supplier: Membership, topic: Topic, text: str) -> int:
    from parley.tickets.opening import NewTicket, open_ticket

    new = NewTicket(topic=topic, to=supplier.party, title="Where is the second parcel", text=text)
    return open_ticket(new, by=seller).pk


def _long_ticket(seller: Membership, supplier: Membership, topic: Topic) -> int:
    """A ticket of many messages, said by both sides in turn an hour apart."""
    from parley.journal.moment import at
    from parley.journal.recording import without_later
    from parley.tickets.replying import Reply, reply

    start = datetime.now(UTC) - timedelta(hours=MANY_MESSAGES + 1)
    with without_later(), at(start):
        number = _open(seller, supplier, topic, TEXT)
    for hour in range(1, MANY_MESSAGES):
        with without_later(), at(start + timedelta(hours=hour)):
            reply(number, Reply(text=TEXT), by=supplier if hour % 2 else seller)
    return number


def _pairs(seller: Membership, supplier: Membership, topic: Topic) -> list[int]:
    from parley.journal.recording import without_later

    with without_later():
        return [
            _open(seller, supplier, topic, f"{TEXT} {RARE if i < RARE_TIMES else ''}")
            for i in range(32)
        ]


def _of_five_messages() -> list[int]:
    """Tickets of five messages from all over the table."""
    return [
        row[0]
        for row in _rows(
            """
            SELECT t.id FROM tickets_ticket t
            WHERE (SELECT count(*) FROM conversations_message m
                   WHERE m.conversation_id = t.conversation_id) = 5
            ORDER BY hashint8(t.id) LIMIT 200
            """
        )
    ]


def _row_before(agent: Membership, page: int) -> tuple[int, int]:
    rows = _rows(
        """
        SELECT (extract(epoch FROM activity_at) * 1000000)::bigint, ticket_id
        FROM tickets_ticketside WHERE party_id = %s
        ORDER BY activity_at DESC, ticket_id DESC OFFSET %s LIMIT 1
        """,
        [agent.party_id, (page - 1) * PAGE - 1],
    )
    found: tuple[int, int] = next(rows)
    return found


def _common_word() -> str:
    """The word that comes nearest to standing in half of all tickets."""
    rows = _rows(
        """
        SELECT word FROM ts_stat('SELECT everyone FROM tickets_words LIMIT 5000')
        WHERE websearch_to_tsquery('parley', word)::text = quote_literal(word)
            AND length(word) > 3
        ORDER BY abs(ndoc - (SELECT least(count(*), 5000) / 2 FROM tickets_words)) LIMIT 1
        """
    )
    return str(next(rows)[0])


def _of_two_parts() -> list[int]:
    """Orders of two suppliers from all over the table."""
    return [
        row[0]
        for row in _rows(
            """
            SELECT order_id FROM orders_consignment GROUP BY order_id HAVING count(*) > 1
            ORDER BY hashint8(order_id) LIMIT 200
            """
        )
    ]


def _order_before(page: int) -> tuple[int, int]:
    rows = _rows(
        """
        SELECT (extract(epoch FROM placed_at) * 1000000)::bigint, id FROM orders_order
        ORDER BY placed_at DESC, id DESC OFFSET %s LIMIT 1
        """,
        [(page - 1) * PAGE - 1],
    )
    found: tuple[int, int] = next(rows)
    return found


def _rare_words() -> str:
    """The SKUs of an order of three products: few orders have all of them."""
    rows = _rows(
        """
        SELECT string_agg(replace(sku, ' ', ''), ' ') FROM orders_orderline WHERE sku <> ''
        GROUP BY order_id HAVING count(DISTINCT sku) > 2 ORDER BY hashint8(order_id) LIMIT 1
        """
    )
    return str(next(rows)[0])


def _common_word_of_orders() -> str:
    """The word of titles that comes nearest to standing in a tenth of all orders."""
    rows = _rows(
        """
        SELECT word FROM ts_stat('SELECT words FROM orders_order LIMIT 5000')
        WHERE plainto_tsquery('parley', word)::text = quote_literal(word) AND length(word) > 3
        ORDER BY abs(ndoc - (SELECT least(count(*), 5000) / 10 FROM orders_order)) LIMIT 1
        """
    )
    return str(next(rows)[0])


def _rows(sql: str, values: Any = None) -> Iterator[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        yield from cursor.fetchall()


TEXT = (
    "The parcel for order HM-20931 has not moved since Tuesday. The buyer asks every day.\n\n"
    "What we have seen so far:\n\n- the label was printed on Monday\n- the carrier has *no* scan\n\n"
    "Could you look where it is, or send a second one?"
)
"""What is said in the tickets that the bench opens itself."""

if __name__ == "__main__":
    main()
