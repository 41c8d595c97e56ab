"""The operator's desk in the demo: teams, tags, fields, macros and views, and tickets that use them.

What is set up is written in `content/desk.toml`; everything is made by the house's own capabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from parley.demo.casting import Actor, Cast
from parley.demo.playing import Played
from parley.demo.reading_content import content
from parley.desk.keeping_macros import MacroTyped, add_macro
from parley.desk.keeping_teams import TeamTyped, make_team
from parley.desk.saving_views import ViewTyped, save_view
from parley.journal.moment import at
from parley.parties.models import Membership
from parley.tickets.filling import fill as fill_in
from parley.tickets.keeping_fields import FieldTyped, OptionTyped, add_field
from parley.tickets.keeping_tags import TagTyped, add_tag
from parley.tickets.models import CustomField
from parley.tickets.tagging import put_tag

LANGUAGES = ("en", "ru")
SOON = timedelta(minutes=25)
"""How long after a ticket's last move somebody marks it and fills in what it asks for."""

Keys = Mapping[str, int]
"""The ids of what was made, by the keys they are written with."""


def person_at_desk(cast: Cast, name: str) -> Membership:
    """Who of the operator's people has that name before the @ of their address."""
    return next(
        actor.membership
        for actor in cast.operator.people
        if actor.person.email.partition("@")[0] == name
    )


def make_teams(cast: Cast, moment: datetime) -> Keys:
    """Make the teams, as of `moment`: new tickets on their topics are theirs from then on."""
    lead = person_at_desk(cast, "daniel.okafor")
    made = {}
    with at(moment):
        for written in content("desk")["team"]:
            given = TeamTyped(
                name=written["name"],
                members=frozenset(person_at_desk(cast, name).pk for name in written["people"]),
                topics=frozenset(cast.topics[key].pk for key in written["topics"]),
                most_open=written.get("most_open", 0),
            )
            made[written["key"]] = make_team(given, by=lead).pk
    # The plans open tickets with these very rows: they have to know whose they are.
    for topic in cast.topics.values():
        topic.refresh_from_db(fields=["team"])
    return made


def set_up(cast: Cast, teams: Keys, moment: datetime) -> Keys:
    """Make tags, macros and views, as of `moment`; gives the tags."""
    lead = person_at_desk(cast, "daniel.okafor")
    with at(moment):
        tags = {
            written["key"]: add_tag(
                TagTyped(name=written["name"], colour=written["colour"]), by=lead
            ).pk
            for written in content("desk")["tag"]
        }
        for macro in content("desk")["macro"]:
            add_macro(_macro(macro, tags, teams), by=lead)
        for view in content("desk")["view"]:
            save_view(_view(cast, view, tags, teams), by=person_at_desk(cast, view["by"]))
    return tags


def work_on(cast: Cast, played: Sequence[Played], tags: Keys, moment: datetime) -> None:
    """Put tags on tickets and fill in the fields of theirs, each some minutes after its last move.

    `moment` is now; the fields were asked for two weeks before.
    """
    for written in content("desk")["tag"]:
        for one in _on(played, written["topics"], written["most"]):
            with at(min(one.last + SOON, moment)):
                put_tag(one.ticket, tags[written["key"]], by=_agent(one))
    for written in content("desk")["field"]:
        _ask_for(cast, played, written, moment)


def _ask_for(
    cast: Cast, played: Sequence[Played], written: dict[str, Any], moment: datetime
) -> None:
    topic = cast.topics[written["topic"]]
    with at(moment - timedelta(days=14)):
        field = add_field(topic.pk, _field(written), by=person_at_desk(cast, "eleanor.whitfield"))
    values = [_value(field, value) for value in written["values"]]
    latest = sorted(_on(played, [written["topic"]]), key=lambda one: one.last, reverse=True)
    for one, value in zip(latest, values, strict=False):
        with at(min(one.last + SOON, moment)):
            fill_in(one.ticket, {field.pk: value}, by=_agent(one))


def _value(field: CustomField, written: str | int) -> str:
    """What is filled in: an option by its place, or as it is written."""
    return written if isinstance(written, str) else str(field.options[written]["key"])


def _on(
    played: Iterable[Played], topics: Sequence[str], most: int | None = None
) -> Iterator[Played]:
    """The latest tickets on these topics."""
    found = [one for one in played if one.plan.script.topic in topics]
    return iter(sorted(found, key=lambda one: one.last, reverse=True)[:most])


def _agent(one: Played) -> Membership:
    agent: Actor = one.plan.parts.agent
    return agent.membership


def _field(written: dict[str, Any]) -> FieldTyped:
    return FieldTyped(
        names=_each(written),
        helps=_each(written, "help_"),
        kind=written["kind"],
        options=[OptionTyped(names=_each(option)) for option in written.get("option", ())],
    )


def _macro(written: dict[str, Any], tags: Keys, teams: Keys) -> MacroTyped:
    return MacroTyped(
        names=_each(written),
        texts=_each(written, "text_"),
        way=written.get("way", ""),
        priority=written.get("priority", ""),
        hands=written.get("hands", ""),
        passes_to=_key(teams, written.get("passes_to")),
        tags=frozenset(tags[key] for key in written.get("tags", ())),
        team=_key(teams, written.get("team")),
    )


def _view(cast: Cast, written: dict[str, Any], tags: Keys, teams: Keys) -> ViewTyped:
    narrowed = [written["query"]] if "query" in written else []
    if "topic" in written:
        narrowed.append(f"topic={cast.topics[written['topic']].pk}")
    if "tag" in written:
        narrowed.append(f"tag={tags[written['tag']]}")
    return ViewTyped(
        name=written["name"],
        shared=written.get("shared", ""),
        team=_key(teams, written.get("team")),
        queue=written.get("queue", "all"),
        query="&".join(narrowed),
    )


def _key(keys: Keys, written: str | None) -> int | None:
    return keys[written] if written else None


def _each(written: dict[str, Any], before: str = "") -> dict[str, str]:
    """What is written in each language, under keys that begin with `before`."""
    keys = {code: f"{before}{code}" for code in LANGUAGES}
    return {code: written[key] for code, key in keys.items() if key in written}
