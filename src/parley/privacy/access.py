from __future__ import annotations

from parley.parties.models import Person


def person_to_erase(person_id: int) -> Person | None:
    """Anybody who is or was known here, for the operator's administrators."""
    return Person.objects.filter(pk=person_id).first()
