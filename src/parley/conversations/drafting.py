"""Keeping what is typed and not sent yet."""

from __future__ import annotations

from typing import Any

from parley.conversations.models import Draft
from parley.conversations.typed import typed, typed_fields
from parley.journal.moment import now
from parley.parties.models import Membership

MAX_DRAFT = 100_000
"""Characters kept of a draft."""


def keep_draft(by: Membership, place: str, text: str, fields: dict[str, Any] | None = None) -> None:
    """Keep what `by` has typed at `place`; nothing typed throws the draft away."""
    text, fields = typed(text), typed_fields(fields or {})
    if not text.strip() and not any(fields.values()):
        drop_draft(by, place)
        return
    Draft.objects.bulk_create(
        [
            Draft(
                person_id=by.person_id,
                place=place,
                text=text[:MAX_DRAFT],
                fields=fields,
                updated_at=now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["person", "place"],
        update_fields=["text", "fields", "updated_at"],
    )


def drop_draft(by: Membership, place: str) -> None:
    """Throw a draft away: it was sent, or emptied."""
    Draft.objects.filter(person_id=by.person_id, place=place).delete()
