"""What the addresses of exports can name: Northwind's export, and a run of it with its file."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cast import Cast
from parley.exports.models import Export, Run, State, Which
from parley.journal.moment import now


def exported(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses."""
    return {
        "<int:export>": lambda name: str(export(cast).pk),
        "<export>": lambda name: str(export(cast).pk),
        "<int:run>": lambda name: str(run(cast).pk),
    }


def export(cast: Cast) -> Export:
    """The export that Northwind has."""
    found, _new = Export.objects.get_or_create(
        supplier=cast.northwind,
        name="Orders to our warehouse",
        defaults={
            "kind": "sftp",
            "place": {"host": "files.northwind.example", "user": "orders", "folder": "in"},
            "secrets": {"secret": "hush-hush"},
            "file_name": "orders-{date}-{run}.csv",
            "columns": ["order_number", "sku", "quantity"],
            "next_run_at": now(),
        },
    )
    return found


def run(cast: Cast, **fields: object) -> Run:
    """A run of it whose file was delivered."""
    made = export(cast)
    made.runs_made += 1
    made.save()
    stored = default_storage.save(f"exports/{made.pk}/x", ContentFile(b"order_number\r\n1001\r\n"))
    filled: dict[str, object] = {
        "number": made.runs_made,
        "state": State.DELIVERED,
        "which": Which.NOT_YET,
        "next_try_at": None,
        "finished_at": now(),
        "orders": 1,
        "file_name": f"orders-{made.runs_made}.csv",
        "stored_as": stored,
        "size": 20,
        "sha256": "ab" * 32,
    }
    return Run.objects.create(export=made, **filled | fields)
