"""The floor's pages, as a WSGI application."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader
from psycopg.rows import namedtuple_row
from psycopg_pool import ConnectionPool

from bench.floor import queries
from parley.conversations.rendering import render

PAGE = 25
pool: ConnectionPool[Any] = ConnectionPool(
    os.environ["FLOOR_DATABASE"],
    min_size=1,
    max_size=8,
    open=True,
    kwargs={"row_factory": namedtuple_row},
)
READER = {"party": int(os.environ["FLOOR_PARTY"]), "person": int(os.environ["FLOOR_PERSON"])}


def when(moment: datetime) -> str:
    """A moment in words."""
    minutes = int((datetime.now(UTC) - moment).total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 24 * 60 else moment.strftime("%d %b %H:%M")


def state(ticket: Any) -> str:
    """Where a ticket stands, in words."""
    if ticket.turn is None or ticket.due_at is None:
        return str(ticket.status).replace("_", " ").capitalize()
    return f"Waiting for {ticket.turn}, due {when(ticket.due_at)}"


templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, auto_reload=False
)
templates.globals.update(when=when, state=state)
LIST = templates.get_template("list.html")
TICKET = templates.get_template("ticket.html")
ORDERS = templates.get_template("orders.html")
ORDER = templates.get_template("order.html")
MESSAGE = templates.get_template("message.html")


def tickets(asked: dict[str, str]) -> str:
    """A page of the list; `at` (microseconds) and `ticket` say behind which row."""
    with pool.connection() as connection:
        if "ticket" not in asked:
            rows = connection.execute(queries.FIRST_PAGE, READER).fetchall()
        else:
            after = {
                "at": datetime.fromtimestamp(int(asked["at"]) / 1e6, UTC),
                "ticket": int(asked["ticket"]),
            }
            rows = connection.execute(queries.LATER_PAGE, READER | after).fetchall()
    return LIST.render(rows=rows[:PAGE], more=rows[PAGE:])


def search(asked: dict[str, str]) -> str:
    """The latest tickets that say the words `q`. Not prepared: its plan depends on the words."""
    with pool.connection() as connection:
        words = READER | {"words": asked["q"]}
        rows = connection.execute(queries.SEARCH, words, prepare=False).fetchall()
    return LIST.render(rows=rows[:PAGE], more=rows[PAGE:])


def search_in_two(asked: dict[str, str]) -> str:
    """The same, found first and then read."""
    with pool.connection() as connection:
        words = READER | {"words": asked["q"]}
        found = connection.execute(queries.FOUND, words, prepare=False).fetchall()
        these = READER | {"ids": [row.id for row in found]}
        rows = connection.execute(queries.THESE, these).fetchall()
    return LIST.render(rows=rows[:PAGE], more=rows[PAGE:])


def ticket(number: int) -> str:
    """One ticket with all its messages."""
    with pool.connection() as connection:
        found = connection.execute(queries.TICKET, READER | {"ticket": number}).fetchone()
        conversation = {"conversation": found.conversation_id}
        messages = connection.execute(queries.MESSAGES, conversation).fetchall()
    return TICKET.render(ticket=found, messages=messages)


def open_ticket(form: dict[str, str]) -> int:
    """A new ticket; gives its number."""
    values: dict[str, Any] = {**form, "html": render(form["text"]), "operator": READER["party"]}
    with pool.connection() as connection, connection.transaction():
        values["conversation"] = connection.execute(queries.NEW_CONVERSATION).fetchone().id
        connection.execute(queries.NEW_MESSAGE, values)
        values["ticket"] = connection.execute(queries.NEW_TICKET, values).fetchone().id
        connection.execute(queries.NEW_SIDES, values)
    number: int = values["ticket"]
    return number


def reply(number: int, form: dict[str, str]) -> str:
    """One more message, as a fragment of the page."""
    values: dict[str, Any] = {**form, "ticket": number, "html": render(form["text"])}
    with pool.connection() as connection, connection.transaction():
        values["conversation"] = connection.execute(queries.MOVED, values).fetchone()[0]
        message = connection.execute(queries.NEW_MESSAGE, values).fetchone()
        connection.execute(queries.TOUCHED, values)
    return MESSAGE.render(message=message, html=values["html"], author=form["author"])


def orders(asked: dict[str, str]) -> str:
    """A page of the list of orders; `at` (microseconds) and `order` say behind which row."""
    with pool.connection() as connection:
        if "order" not in asked:
            rows = connection.execute(queries.ORDERS).fetchall()
        else:
            after = {
                "at": datetime.fromtimestamp(int(asked["at"]) / 1e6, UTC),
                "order": int(asked["order"]),
            }
            rows = connection.execute(queries.LATER_ORDERS, after).fetchall()
    return ORDERS.render(rows=rows[:PAGE], more=rows[PAGE:])


def orders_search(asked: dict[str, str]) -> str:
    """The latest orders that say the words `q`. Not prepared: its plan depends on the words."""
    with pool.connection() as connection:
        words = {"words": asked["q"]}
        rows = connection.execute(queries.ORDERS_SEARCH, words, prepare=False).fetchall()
    return ORDERS.render(rows=rows[:PAGE], more=rows[PAGE:])


def order(key: int) -> str:
    """One order with its lines, notes and tickets."""
    with pool.connection() as connection:
        found = connection.execute(queries.ORDER, {"order": key}).fetchone()
        lines = connection.execute(queries.ORDER_LINES, {"order": key}).fetchall()
        notes = connection.execute(queries.ORDER_NOTES, {"order": key}).fetchall()
        about = connection.execute(queries.ORDER_TICKETS, {"order": key}).fetchall()
    return ORDER.render(order=found, lines=lines, notes=notes, tickets=about)


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Lead each address to its page."""
    path = environ["PATH_INFO"].strip("/").split("/")
    asked = dict(parse_qsl(environ["QUERY_STRING"]))
    form = {}
    if environ["REQUEST_METHOD"] == "POST":
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        form = dict(parse_qsl(body.decode()))
    if path == ["open"]:
        start("302 Found", [("Location", f"/tickets/{open_ticket(form)}"), ("Content-Length", "0")])
        return [b""]
    page = {
        "tickets": lambda: ticket(int(path[1])) if len(path) > 1 else tickets(asked),
        "search": lambda: search(asked),
        "search-in-two": lambda: search_in_two(asked),
        "orders": lambda: order(int(path[1])) if len(path) > 1 else orders(asked),
        "orders-search": lambda: orders_search(asked),
        "replies": lambda: reply(int(path[1]), form),
    }[path[0]]().encode()
    start("200 OK", [("Content-Type", "text/html; charset=utf-8"),
                     ("Content-Length", str(len(page)))])  # fmt: skip
    return [page]
