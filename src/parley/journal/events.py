"""What an event is: a frozen dataclass that says what happened, to what, and who may know."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol


class Actor(Protocol):
    """Who does something: a person acting for a party (a membership)."""

    @property
    def person_id(self) -> int: ...

    @property
    def party_id(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Event:
    """The root of all events. Rooms subclass it in their `events.py`; the class name is its kind."""

    kinds: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        known = Event.kinds.setdefault(cls.__name__, cls)
        if known.__module__ != cls.__module__:
            raise TypeError(f"{known.__module__} has an event {cls.__name__} already")
        Event.kinds[cls.__name__] = cls

    @property
    def subject(self) -> str:
        """What it happened to, as `kind:id`."""
        raise NotImplementedError  # pragma: no cover - each room's base event says

    @property
    def topics(self) -> tuple[str, ...]:
        """The live topics to notify; each is open only to those who may know of this event."""
        return ()

    def data(self) -> dict[str, Any]:
        """The fields, ready for JSON."""
        return asdict(self)


def event_from(kind: str, data: dict[str, Any]) -> Event:
    """The event an entry was recorded from. Raises KeyError for a kind this code does not know."""
    cls = Event.kinds[kind]
    return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in data.items()})
