"""Setting an export up, changing it, switching it on and off. Its supplier's owners do that."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass, field
from datetime import time
from typing import Any
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from parley.exports import events
from parley.exports.columns import COLUMNS, USUAL
from parley.exports.models import Every, Export, Format, PlaceKind, Which, home_of
from parley.exports.naming import PatternRefused, check_pattern
from parley.exports.scheduling import next_run
from parley.exports.writing import ENCODINGS
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.transfer.kinds import Kind, Place

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_SECRETS = ("secret", "private_key")
_LONGEST = {"name": 100, "host": 253, "user": 200, "secret": 1000, "private_key": 20_000,
            "folder": 500, "bucket": 100, "region": 60, "endpoint": 300}  # fmt: skip


class ExportRefused(ValueError):
    """What was typed makes no export; `problems` says what is wrong, by field."""

    def __init__(self, problems: dict[str, Any]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Typed:
    """An export as a person has typed it: text, as it came. Empty secrets mean those kept before."""

    name: str = ""
    kind: str = ""
    host: str = ""
    port: str = ""
    user: str = ""
    secret: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    folder: str = ""
    host_key: str = ""
    certificate: str = ""
    passive: bool = True
    bucket: str = ""
    region: str = ""
    endpoint: str = ""
    file_name: str = ""
    format: str = Format.CSV
    columns: tuple[str, ...] = tuple(USUAL)
    delimiter: str = "comma"
    header: bool = True
    encoding: str = "utf-8"
    which: str = Which.NOT_YET
    every: str = Every.HOURLY
    minutes: str = "15"
    at_time: str = "07:00"
    zone: str = "UTC"


def typed_of(export: Export) -> Typed:
    """An export as its form shows it: without its secrets."""
    place = export.as_place()
    delimiter = next(name for name, sign in DELIMITERS.items() if sign == export.delimiter)
    return Typed(
        name=export.name, kind=export.kind, host=place.host, port=str(place.port or ""),
        user=place.user, folder=place.folder, host_key=place.host_key,
        certificate=place.certificate, passive=place.passive, bucket=place.bucket,
        region=place.region, endpoint=place.endpoint, file_name=export.file_name,
        format=export.format, columns=tuple(export.columns), delimiter=delimiter,
        header=export.header, encoding=export.encoding, which=export.which, every=export.every,
        minutes=str(export.minutes), zone=export.zone,
        at_time=f"{export.at_time:%H:%M}" if export.at_time else "07:00",
    )  # fmt: skip


def place_of(typed: Typed, *, by: Membership, before: Export | None = None) -> Place:
    """The place that was typed, to be tried out. Raises ExportRefused."""
    place, secrets, problems = _place(typed, before)
    if problems:
        raise ExportRefused(problems)
    described: dict[str, Any] = {**place, **secrets}
    return Place(kind=Kind(typed.kind), home=home_of(by.party_id), **described)


def set_up(typed: Typed, *, by: Membership) -> Export:
    """Make an export of the actor's own party; it is active from now on. Raises ExportRefused."""
    export = Export(supplier_id=by.party_id, person_id=by.person_id)
    _fill(export, typed, None)
    with transaction.atomic():
        _save(export)
        made = events.ExportMade(export=export.pk, party=by.party_id, name=export.name)
        record(made, by=by)
    return export


def change(export: Export, typed: Typed, *, by: Membership) -> Export:
    """Change an export. Raises ExportRefused, and then nothing has changed."""
    with transaction.atomic():
        export = Export.objects.select_for_update().get(pk=export.pk)
        before = _plain(export)
        _fill(export, typed, Export.objects.get(pk=export.pk))
        _save(export)
        after = _plain(export)
        fields = tuple(sorted(name for name in after if after[name] != before[name]))
        record(events.ExportChanged(export=export.pk, party=by.party_id, fields=fields), by=by)
    return export


def switch(export: Export, *, active: bool, by: Membership) -> None:
    """Switch it on or off; a run that has begun is finished either way."""
    with transaction.atomic():
        export = Export.objects.select_for_update().get(pk=export.pk)
        if export.active == active:
            return
        export.active = active
        export.next_run_at = next_run(export, now()) if active else None
        export.save(update_fields=["active", "next_run_at"])
        record(events.ExportSwitched(export=export.pk, party=by.party_id, active=active), by=by)


def _plain(export: Export) -> dict[str, Any]:
    kept = ("name", "kind", "place", "secrets", "file_name", "format", "columns", "delimiter",
            "header", "encoding", "which", "every", "minutes", "at_time", "zone")  # fmt: skip
    return {name: getattr(export, name) for name in kept}


def _save(export: Export) -> None:
    try:
        with transaction.atomic():
            export.save()
    except IntegrityError:
        raise ExportRefused({"name": _("You have an export of this name already.")}) from None


def _fill(export: Export, typed: Typed, before: Export | None) -> None:
    place, secrets, problems = _place(typed, before)
    problems |= _problems_of_file(typed) | _problems_of_times(typed)
    if not typed.name or len(typed.name) > _LONGEST["name"]:
        problems["name"] = _("Give it a name of at most 100 characters.")
    if problems:
        raise ExportRefused(problems)
    export.name, export.kind = typed.name, typed.kind
    export.place, export.secrets = place, secrets
    export.file_name, export.format = typed.file_name, typed.format
    export.columns = [key for key in dict.fromkeys(typed.columns) if key in COLUMNS]
    export.delimiter, export.header = DELIMITERS[typed.delimiter], typed.header
    export.encoding, export.which = typed.encoding, typed.which
    export.every, export.minutes = typed.every, int(typed.minutes or 15)
    export.at_time, export.zone = time.fromisoformat(typed.at_time or "07:00"), typed.zone
    if export.active:
        export.next_run_at = next_run(export, now())


def _problems_of_file(typed: Typed) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    try:
        check_pattern(typed.file_name, names_differ=typed.which != Which.ALL_OPEN)
    except PatternRefused as refusal:
        problems["file_name"] = refusal.words
    if not set(typed.columns) & set(COLUMNS):
        problems["columns"] = _("Choose at least one column.")
    known = {
        "format": Format.values,
        "delimiter": DELIMITERS,
        "encoding": ENCODINGS,
        "which": Which.values,
    }
    for name, values in known.items():
        if getattr(typed, name) not in values:
            problems[name] = _("Pick one from the list.")
    return problems


def _problems_of_times(typed: Typed) -> dict[str, Any]:
    problems: dict[str, Any] = {}
    if typed.every not in Every.values:
        problems["every"] = _("Pick one from the list.")
    if typed.zone not in zoneinfo.available_timezones():
        problems["zone"] = _("Pick a time zone from the list.")
    matters = typed.minutes or typed.every == Every.MINUTES
    if matters and not _is_whole(typed.minutes, 5, 1440):
        problems["minutes"] = _("Write a whole number from 5 to 1440.")
    try:
        time.fromisoformat(typed.at_time or "07:00")
    except ValueError:
        problems["at_time"] = _("Write a time such as 07:30.")
    return problems


def _place(
    typed: Typed, before: Export | None
) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """The place without secrets, its secrets, and what is wrong with either."""
    problems: dict[str, Any] = {
        name: _("This is too long.") for name, most in _LONGEST.items() if len(getattr(typed, name)) > most
    }  # fmt: skip
    if typed.kind not in PlaceKind.values:
        return {}, {}, problems | {"kind": _("Pick one from the list.")}
    reads = {Kind.S3: _s3, Kind.FOLDER: _folder}.get(Kind(typed.kind), _server)
    place = reads(typed, problems)
    secrets = _secrets(typed, place, before, problems)
    return place, secrets, problems


def _server(typed: Typed, problems: dict[str, Any]) -> dict[str, Any]:
    host = typed.host.strip()
    if not host or any(letter.isspace() or letter in "/@" for letter in host):
        problems["host"] = _("Write the server's name, such as ftp.example.com.")
    if typed.port and not _is_whole(typed.port, 1, 65535):
        problems["port"] = _("Write a whole number from 1 to 65535.")
    if not typed.user or _is_on_lines(typed.user):
        problems["user"] = _("Write the name of the user.")
    if _is_on_lines(typed.folder):
        problems["folder"] = _("Write the folder on one line.")
    return {
        "host": host,
        "port": int(typed.port) if _is_whole(typed.port, 1, 65535) else 0,
        "user": typed.user,
        "folder": typed.folder.strip(),
        "passive": typed.passive,
        "host_key": typed.host_key if typed.kind == Kind.SFTP else "",
        "certificate": typed.certificate if typed.kind.startswith("ftps") else "",
    }


def _s3(typed: Typed, problems: dict[str, Any]) -> dict[str, Any]:
    if not typed.bucket or "/" in typed.bucket:
        problems["bucket"] = _("Write the name of the bucket.")
    if not typed.user:
        problems["user"] = _("Write the access key.")
    if typed.endpoint and not _is_web_address(typed.endpoint):
        problems["endpoint"] = _("Write an address that begins with https://.")
    if any(not (letter.isalnum() or letter == "-") for letter in typed.region):
        problems["region"] = _("Write a region such as eu-west-2.")
    return {
        "bucket": typed.bucket.strip(),
        "region": typed.region,
        "endpoint": typed.endpoint.strip().rstrip("/"),
        "user": typed.user.strip(),
        "folder": typed.folder.strip(),
    }


def _folder(typed: Typed, problems: dict[str, Any]) -> dict[str, Any]:
    if ".." in typed.folder.split("/") or _is_on_lines(typed.folder):
        problems["folder"] = _("The folder has to lie within your own.")
    return {"folder": typed.folder.strip()}


def _secrets(
    typed: Typed, place: dict[str, Any], before: Export | None, problems: dict[str, Any]
) -> dict[str, str]:
    """The secrets typed now, or those kept before, as long as they go to the same server."""
    if typed.kind == Kind.FOLDER:
        return {}
    typed_now = {name: getattr(typed, name) for name in _SECRETS if getattr(typed, name)}
    if typed.kind != Kind.SFTP:
        typed_now.pop("private_key", None)
    if typed_now:
        return _with_kept_key(typed_now, place, typed, before)
    if before is None or not before.secrets:
        problems["secret"] = _("Write the password.")
        return {}
    if _server_of(before.kind, before.place) != _server_of(typed.kind, place):
        problems["secret"] = _("Write the password again: it is for another server now.")
        return {}
    return dict(before.secrets)


def _with_kept_key(
    typed_now: dict[str, str], place: dict[str, Any], typed: Typed, before: Export | None
) -> dict[str, str]:
    """A password alone, with a key kept before, is that key's passphrase."""
    same = before and _server_of(before.kind, before.place) == _server_of(typed.kind, place)
    if same and before and typed.kind == Kind.SFTP and "private_key" not in typed_now:
        kept = before.secrets.get("private_key")
        return {**typed_now, "private_key": kept} if kept else typed_now
    return typed_now


def _server_of(kind: str, place: dict[str, Any]) -> tuple[object, ...]:
    """What makes a server another one: whom a secret is told to."""
    scheme = "ftps" if kind.startswith("ftps") else kind
    return (scheme, *(place.get(name) or "" for name in ("host", "port", "endpoint", "user")))


def _is_whole(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most


def _is_on_lines(text: str) -> bool:
    return any(ord(letter) < 32 or letter == "\x7f" for letter in text)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text.strip())
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and not parts.username
