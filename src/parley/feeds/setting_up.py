"""Setting up a file to be fetched on a schedule, changing that, and switching it on and off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parley.catalogue.offering import FIELDS
from parley.conversations.typed import typed, typed_line
from parley.feeds import events
from parley.feeds.access import feeds_of
from parley.feeds.models import Every, Feed, PlaceKind
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.transfer.kinds import Kind, Place

PLACE_FIELDS = ("host", "port", "user", "folder", "host_key", "certificate", "bucket", "region",
                "endpoint")  # fmt: skip
SECRETS = ("secret", "private_key")
LONGEST = 500
LONGEST_SECRET = 20_000
_OF_SERVER = ("host", "port", "endpoint", "user")
"""What makes a server another one: whom a secret is told to."""


class FeedRefused(ValueError):
    """It can't be set up so; `problems` says why, field by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


def set_up(written: Mapping[str, str], *, by: Membership, feed_id: int | None = None) -> Feed:
    """Set a scheduled import of the actor's company up, or change one; it is active from now on.

    `written`: name, kind, file_name, every, creates, the place's fields, and `map_<field>` for each
    column. A secret left empty stays what it was. Raises FeedRefused and Feed.DoesNotExist.
    """
    with transaction.atomic():
        before = feeds_of(by).select_for_update().get(pk=feed_id) if feed_id else None
        feed = before or Feed(supplier_id=by.party_id)
        _fill(feed, written)
        feed.person_id = by.person_id
        if feed.active:
            feed.next_run_at = now()
        feed.seen = {}
        try:
            with transaction.atomic():
                feed.save()
        except IntegrityError:
            raise FeedRefused({"name": _("You have an import of this name already.")}) from None
        record(events.FeedSetUp(supplier=by.party_id, feed=feed.pk, name=feed.name), by=by)
    return feed


def switch(feed_id: int, *, active: bool, by: Membership) -> Feed:
    """Switch a scheduled import on or off. Raises Feed.DoesNotExist."""
    with transaction.atomic():
        feed = feeds_of(by).select_for_update().get(pk=feed_id)
        feed.active, feed.next_run_at = active, now() if active else None
        feed.save(update_fields=["active", "next_run_at"])
        told = events.FeedSwitched(supplier=feed.supplier_id, feed=feed.pk, active=active)
        record(told, by=by)
    return feed


def place_of(written: Mapping[str, str], *, by: Membership, feed_id: int | None = None) -> Place:
    """The place that was written, to be tried out. Raises FeedRefused and Feed.DoesNotExist."""
    before = feeds_of(by).get(pk=feed_id) if feed_id else None
    place, secrets, problems = _place(written, before)
    if problems:
        raise FeedRefused(problems)
    home = f"supplier-{by.party_id}"
    described: dict[str, Any] = {**place, **secrets}
    return Place(kind=Kind(written["kind"]), home=home, **described)


def _fill(feed: Feed, written: Mapping[str, str]) -> None:
    place, secrets, problems = _place(written, feed if feed.pk else None)
    name, file_name = typed_line(written.get("name", "")), typed_line(written.get("file_name", ""))
    if not name or len(name) > 100:
        problems["name"] = _("Give it a name of at most 100 characters.")
    if not file_name or len(file_name) > 200 or "/" in file_name:
        problems["file_name"] = _("Write the name of the file, such as stock.csv.")
    if written.get("every") not in Every.values:
        problems["every"] = _("Pick one from the list.")
    mapping = {field: typed_line(written.get(f"map_{field}", "")) for field in FIELDS}
    mapping = {field: column for field, column in mapping.items() if column}
    if "sku" not in mapping or len(mapping) < 2:
        problems["mapping"] = _("Say which column is the SKU, and at least one more.")
    if problems:
        raise FeedRefused(problems)
    feed.name, feed.file_name, feed.kind = name, file_name, written["kind"]
    feed.every, feed.creates = written["every"], written.get("creates") == "on"
    feed.place, feed.secrets, feed.mapping = place, secrets, mapping


def _place(
    written: Mapping[str, str], before: Feed | None
) -> tuple[dict[str, Any], dict[str, str], dict[str, str]]:
    """The place without its secrets, the secrets, and what is wrong with either."""
    kind = written.get("kind", "")
    problems: dict[str, str] = {}
    if kind not in PlaceKind.values:
        return {}, {}, {"kind": _("Pick one from the list.")}
    lines = {field: typed_line(written.get(field, "")) for field in PLACE_FIELDS}
    problems |= {field: _("This is too long.") for field in lines if len(lines[field]) > LONGEST}
    needed = {Kind.S3: ("bucket", "user"), Kind.FOLDER: ()}.get(Kind(kind), ("host", "user"))
    problems |= {field: _NEEDED[field]() for field in needed if not lines[field]}
    port = lines.pop("port")
    if port and not (port.isascii() and port.isdigit() and len(port) < 6 and int(port) < 65536):
        problems["port"] = _("Write a whole number from 1 to 65535.")
        port = ""
    place: dict[str, Any] = {**lines, "port": int(port or 0), "passive": True}
    secrets = {name: typed(written.get(name, "")) for name in SECRETS if written.get(name)}
    if any(len(secret) > LONGEST_SECRET for secret in secrets.values()):
        problems["secret"] = _("This is too long.")
    if not secrets and before is not None and _same_server(kind, place, before):
        secrets = dict(before.secrets)
    if not secrets and kind != Kind.FOLDER:
        problems.setdefault("secret", _("Write the password."))
    return place, secrets, problems


_NEEDED = {
    "host": lambda: _("Write the server's name, such as ftp.example.com."),
    "user": lambda: _("Write the name of the user."),
    "bucket": lambda: _("Write the name of the bucket."),
}


def _same_server(kind: str, place: Mapping[str, Any], before: Feed) -> bool:
    return kind == before.kind and all(
        (place.get(name) or "") == (before.place.get(name) or "") for name in _OF_SERVER
    )
