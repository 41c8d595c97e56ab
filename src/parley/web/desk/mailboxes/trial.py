"""What *Test connection* shows: each step as soon as it is known, and at the end what it came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from parley.mailboxes.keeping import Step
from parley.web.desk.mailboxes.words import found_words, step_words


@dataclass(frozen=True)
class Shown:
    """A step as the page shows it: whether it went well, what it is called, what it found."""

    ok: bool
    called: str
    found: str


@dataclass(frozen=True)
class Told:
    """All of a test: its steps, and whether one of them failed."""

    steps: tuple[Shown, ...]

    @property
    def failed(self) -> bool:
        return any(not step.ok for step in self.steps)


def told(steps: Iterable[Step]) -> Told:
    """The steps in words, in the language that is spoken now."""
    return Told(tuple(_shown(step) for step in steps))


def streamed(steps: Iterable[Step], *, language: str) -> Iterator[str]:
    """The piece of page that `mailboxes/_trial.html` makes, as it comes to be.

    The request is over for everybody else by then, so the language is asked for.
    """
    yield '<div class="trial"><ol class="trial-steps">'
    shown = []
    for step in steps:
        with translation.override(language):
            shown.append(_shown(step))
            piece = render_to_string("mailboxes/_step.html", {"step": shown[-1]})
        yield piece
    with translation.override(language):
        summed_up = render_to_string("mailboxes/_sum.html", {"trial_of": Told(tuple(shown))})
    yield f"</ol>{summed_up}</div>"


def _shown(step: Step) -> Shown:
    return Shown(ok=step.ok, called=step_words(step.name), found=found_words(step))
