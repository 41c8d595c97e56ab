"""Keeping what is typed and not sent yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from parley.conversations.access import draft_of, kept_at, unsent_attachments_of
from parley.conversations.models import Draft
from parley.conversations.typed import typed, typed_fields
from parley.journal.moment import now
from parley.parties.models import Membership
from parley.parties.pinning import hide_pins

MAX_DRAFT = 100_000
"""Characters kept of a draft."""


def keep_draft(
    by: Membership,
    place: str,
    text: str,
    fields: dict[str, Any] | None = None,
    attachments: Sequence[uuid.UUID] = (),
) -> None:
    """Keep what `by` has typed at `place`, and which of their uploads go with it.

    Nothing typed and nothing uploaded throws the draft away. A support PIN in it is masked: it is
    typed again by whoever comes back to the draft.
    """
    hide = partial(hide_pins, by=by)
    text, fields = hide(typed(text)), typed_fields(fields or {}, hide)
    files = _files(by, attachments)
    if not text.strip() and not any(fields.values()) and not files:
        drop_draft(by, place)
        return
    Draft.objects.bulk_create(
        [
            Draft(
                person_id=by.person_id,
                place=kept_at(by.party_id, place),
                text=text[:MAX_DRAFT],
                fields=fields,
                files=files,
                updated_at=now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["person", "place"],
        update_fields=["text", "fields", "files", "updated_at"],
    )


def _files(by: Membership, attachments: Sequence[uuid.UUID]) -> list[dict[str, Any]]:
    """What a page shows of the uploads, so that showing a draft asks for nothing else."""
    if not attachments:
        return []
    return [
        {"pk": str(file.pk), "name": file.name, "size": file.size, "is_image": file.is_image}
        for file in unsent_attachments_of(by).filter(pk__in=attachments).order_by("created_at")
    ]


def drop_draft(by: Membership, place: str) -> None:
    """Throw a draft away: it was sent, or emptied."""
    Draft.objects.filter(person_id=by.person_id, place=kept_at(by.party_id, place)).delete()


def add_to_draft(by: Membership, place: str, text: str, attachments: Sequence[uuid.UUID]) -> None:
    """Put what comes back to `by` before whatever they have typed at `place` since."""
    draft = draft_of(by, place)
    if draft is None:
        keep_draft(by, place, text, attachments=attachments)
        return
    together = f"{text}\n\n{draft.text}".strip()
    keep_draft(by, place, together, draft.fields, [*attachments, *_keys(draft)])


@contextmanager
def draft_left_alone(by: Membership, place: str) -> Iterator[None]:
    """What `by` has begun to type since is not what is sent in the block: it stays their draft."""
    draft = draft_of(by, place)
    yield
    if draft is not None:
        keep_draft(by, place, draft.text, draft.fields, _keys(draft))


def _keys(draft: Draft) -> list[uuid.UUID]:
    return [uuid.UUID(file["pk"]) for file in draft.files]
