"""Adding a channel, changing how it is reached, switching it off and on, testing it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parley.channels import events
from parley.channels.access import managed_by, may_manage
from parley.channels.calling import base_of
from parley.channels.connectors.shape import Connector, Field
from parley.channels.connectors.table import connector_of
from parley.channels.models import Connection
from parley.channels.reasons import Trouble, in_words
from parley.journal.moment import now
from parley.journal.recording import record
from parley.orders.models import Channel
from parley.parties.models import Membership

LONGEST_NAME = 100
LONGEST_VALUE = 500


class ChannelRefused(ValueError):
    """What was filled in makes no channel; `problems` says why, field by field, to the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class NoSuchKind(Exception):
    """There is no connector of this kind, or the actor may not add one."""


@dataclass(frozen=True)
class Typed:
    """What somebody filled in: the channel's name, and the connector's fields."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


def add_channel(kind: str, typed: Typed, *, by: Membership) -> Channel:
    """Add a channel of the actor's party, a seller whose owner they are.

    Raises NoSuchKind and ChannelRefused.
    """
    connector = connector_of(kind)
    if connector is None or not may_manage(by):
        raise NoSuchKind
    settings, sealed = _checked(connector, typed, {})
    if connector.makes_secret:
        sealed["webhook_secret"] = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            channel = Channel.objects.create(
                seller_id=by.party_id, kind=kind, name=typed.name.strip()
            )
            Connection.objects.create(
                channel=channel,
                settings=settings,
                secrets=sealed,
                fetch_at=now() if connector.fetch else None,
            )
            seen = (channel.seller_id,)
            record(
                events.ChannelAdded(channel=channel.pk, seen=seen, kind=kind, name=channel.name),
                by=by,
            )
    except IntegrityError:
        raise ChannelRefused({"name": _("You have a channel of this name already.")}) from None
    return channel


def change_channel(channel_id: int, typed: Typed, *, by: Membership) -> Channel:
    """Change name, settings and keys; a secret left empty stays as it is.

    Raises Channel.DoesNotExist and ChannelRefused.
    """
    try:
        with transaction.atomic():
            channel = _locked(channel_id, by)
            connection = channel.connection
            connector = connector_of(channel.kind)
            assert connector is not None
            settings, sealed = _checked(connector, typed, connection.secrets)
            changed = _changed(channel, connection, typed, settings, sealed)
            channel.name = typed.name.strip()
            channel.save(update_fields=["name"])
            connection.settings = {**connection.settings, **settings}
            connection.secrets = {**connection.secrets, **sealed}
            connection.attempts, connection.fetch_at = 0, now() if connector.fetch else None
            connection.save(update_fields=["settings", "secrets", "attempts", "fetch_at"])
            if changed:
                event = events.ChannelChanged(
                    channel=channel.pk, seen=(channel.seller_id,), fields=tuple(changed)
                )
                record(event, by=by)
    except IntegrityError:
        raise ChannelRefused({"name": _("You have a channel of this name already.")}) from None
    return channel


def switch(channel_id: int, *, active: bool, by: Membership) -> Channel:
    """Switch a channel off, so that nothing is taken from it, or on again.

    What was changed over there meanwhile is fetched then. Raises Channel.DoesNotExist.
    """
    with transaction.atomic():
        channel = _locked(channel_id, by)
        if channel.active == active:
            return channel
        channel.active = active
        channel.save(update_fields=["active"])
        connector = connector_of(channel.kind)
        fetches = active and connector is not None and connector.fetch is not None
        Connection.objects.filter(pk=channel.pk).update(fetch_at=now() if fetches else None)
        seen = (channel.seller_id,)
        record(events.ChannelSwitched(channel=channel.pk, seen=seen, active=active), by=by)
    return channel


def try_out(kind: str, typed: Typed, *, by: Membership, channel_id: int | None = None) -> None:
    """Test the connection as it was filled in, and save nothing.

    Raises NoSuchKind, Channel.DoesNotExist, ChannelRefused, and Trouble where it doesn't work.
    """
    known = managed_by(by).get(pk=channel_id).connection.secrets if channel_id else {}
    connector = connector_of(kind)
    if connector is None or not may_manage(by):
        raise NoSuchKind
    settings, sealed = _checked(connector, typed, known)
    if connector.test is not None:
        connector.test(Connection(settings=settings, secrets={**known, **sealed}))


def _locked(channel_id: int, by: Membership) -> Channel:
    key = managed_by(by).values_list("pk", flat=True).get(pk=channel_id)
    return Channel.objects.select_for_update(of=("self",)).select_related("connection").get(pk=key)


def _checked(
    connector: Connector, typed: Typed, known: Mapping[str, object]
) -> tuple[dict[str, str], dict[str, str]]:
    """Settings and secrets that were filled in, each checked."""
    problems: dict[str, str] = {}
    if not typed.name.strip():
        problems["name"] = _("Give the channel a name.")
    elif len(typed.name.strip()) > LONGEST_NAME:
        problems["name"] = _("A name has at most %(most)s characters.") % {"most": LONGEST_NAME}
    settings: dict[str, str] = {}
    sealed: dict[str, str] = {}
    for one in connector.fields:
        value = typed.values.get(one.name, "").replace("\x00", "").strip()
        if problem := _problem(one, value, known):
            problems[one.name] = problem
        elif not one.secret:
            settings[one.name] = value or (one.options[0][0] if one.options else "")
        elif value:
            sealed[one.name] = value
    if problems:
        raise ChannelRefused(problems)
    return settings, sealed


def _problem(one: Field, value: str, known: Mapping[str, object]) -> str:
    if one.options:
        known_value = not value or value in dict(one.options)
        return "" if known_value else _("Pick one of them.")
    if len(value) > LONGEST_VALUE:
        return _("This is too long.")
    if not value:
        kept = one.secret and known.get(one.name)
        return _("This has to be filled in.") if one.required and not kept else ""
    if one.secret and not (value.isascii() and value.isprintable()):
        return _("There are characters in it that no key has. Copy it anew.")
    if one.name == "address":
        try:
            base_of(value)
        except Trouble as trouble:
            return in_words(trouble.reason)
    return ""


def _changed(
    channel: Channel,
    connection: Connection,
    typed: Typed,
    settings: Mapping[str, str],
    sealed: Mapping[str, str],
) -> list[str]:
    changed = [name for name, value in settings.items() if connection.settings.get(name) != value]
    changed += [name for name, value in sealed.items() if connection.secrets.get(name) != value]
    return changed if channel.name == typed.name.strip() else ["name", *changed]
