"""The figures once more, the slow and obvious way: one question at a time, over the whole journal.

Nothing here is shared with `parley.reports` but the words. It reads like docs/reports.md, and asks the
journal anew for each figure, of whatever slice and days it is asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from parley.journal.models import Entry
from parley.parties.access import operator
from parley.sla.choosing import policy_for
from parley.sla.working_time import working_seconds_between
from parley.tickets.models import Ticket

ANSWER_KINDS = ["ReplyPosted", "InformationAsked", "DisputeDecided"]
SAID_TO_EVERYONE = [*ANSWER_KINDS, "OperatorAsked", "OperatorSteppedIn"]


@dataclass
class Life:
    """One ticket and all its entries, in the order in which they happened."""

    ticket: Ticket
    entries: list[Entry]
    zone: str

    def day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    @property
    def opening(self) -> Entry:
        return next(entry for entry in self.entries if entry.kind == "TicketOpened")

    @property
    def moves(self) -> list[Entry]:
        return [entry for entry in self.entries if "status" in entry.data]

    def state_before(self, entry: Entry) -> dict[str, Any]:
        place = self.moves.index(entry)
        return self.moves[place - 1].data if place else {}

    @property
    def end(self) -> Entry | None:
        """The first of the moves since when it has stayed ended."""
        found = None
        for entry in self.moves:
            ended = entry.data["status"] in ("completed", "cancelled")
            found = (found or entry) if ended else None
        return found

    @property
    def first_answer(self) -> Entry | None:
        for entry in self.entries:
            if entry.kind in ANSWER_KINDS and entry.party_id != self.ticket.opener_id:
                return entry
        return None

    @property
    def resolved_at(self) -> datetime:
        """With its last answer when it stood answered at its end; otherwise at its end."""
        assert self.end is not None
        rest: list[Entry] = []
        for entry in reversed(self.moves[: self.moves.index(self.end)]):
            if entry.data["status"] != "answered":
                break
            rest.insert(0, entry)
        if not rest:
            return self.end.at
        answers = [entry for entry in rest if entry.kind in ANSWER_KINDS]
        return (answers or rest[:1])[-1].at

    def worked(self, until: datetime) -> int:
        changes = [entry for entry in self.entries if entry.kind == "PriorityChanged"]
        priority = changes[0].data["was"] if changes else self.ticket.priority
        policy = policy_for(self.ticket.topic_id, priority, self.ticket.counterparty.kind)
        assert policy is not None
        return working_seconds_between(policy.calendar.working_hours, self.opening.at, until)

    def agent_at(self, here: Entry) -> int:
        """Whose it is at the operator by then: the assignee's, or who spoke last there."""
        by_then = self.entries[: self.entries.index(here) + 1]
        assigned = [entry.data["assignee"] for entry in by_then if entry.kind == "TicketAssigned"]
        if assigned and assigned[-1]:
            return int(assigned[-1])
        spoke = [
            entry.person_id
            for entry in by_then
            if entry.kind in SAID_TO_EVERYONE and entry.party_id == operator().pk
        ]
        return spoke[-1] or 0 if spoke else 0

    @property
    def clocks_kept(self) -> Iterator[Entry]:
        """Answers of whoever owed one, that passed the turn on before the clock ran out."""
        sides = {
            "opener": self.ticket.opener_id,
            "counterparty": self.ticket.counterparty_id,
            "operator": operator().pk,
        }
        for entry in self.moves:
            if entry.kind not in ANSWER_KINDS or not entry.data["clock_moved"]:
                continue
            before = self.state_before(entry)
            if before["status"] not in ("created", "in_progress", "waiting"):
                continue
            if sides[before["turn"]] != entry.party_id:
                continue
            if not self._ran_out_since_the_turn_came(entry):
                yield entry

    def _ran_out_since_the_turn_came(self, entry: Entry) -> bool:
        for earlier in reversed(self.entries[: self.entries.index(entry)]):
            if earlier.kind == "ClockRanOut":
                return True
            if "status" in earlier.data and earlier.data["clock_moved"]:
                return False
        return False


class Journal:
    """Every ticket's life; `figures` counts them for one slice and one day, or any days."""

    def __init__(self, zone: str = "UTC") -> None:
        self.zone = zone

    @cached_property
    def lives(self) -> list[Life]:
        return [
            Life(
                ticket,
                sorted(
                    Entry.objects.filter(subject=f"ticket:{ticket.pk}").order_by("id"),
                    key=lambda entry: entry.at,
                ),
                self.zone,
            )
            for ticket in Ticket.objects.select_related("counterparty").order_by("pk")
        ]

    def figures(  # noqa: C901, PLR0912, PLR0915 - slow and obvious, one after another
        self, dimension: str, key: str, first: date, last: date
    ) -> dict[str, Any]:
        count = dict.fromkeys(
            (
                "opened", "open", "answered", "replies", "completed", "cancelled", "disputed",
                "decided", "kept", "missed", "rated", "stars",
            ),
            0,
        )  # fmt: skip
        outcomes: dict[str, int] = {}
        hours: dict[int, int] = {}
        first_responses: list[int] = []
        resolutions: list[int] = []
        elapsed: list[int] = []
        deciding: list[int] = []

        for life in self.lives:
            ticket = life.ticket

            def counts(
                moment: datetime, party: int | None, agent: int = 0, life: Life = life
            ) -> bool:
                if not first <= life.day(moment) <= last:
                    return False
                return {
                    "all": lambda: True,
                    "topic": lambda: key == str(life.ticket.topic_id),
                    "opener": lambda: key == str(life.ticket.opener_id),
                    "channel": lambda: key == channel_of(life),
                    "party": lambda: key == str(party),
                    "agent": lambda: agent != 0 and key == str(agent),
                }[dimension]()

            counterparty = ticket.counterparty_id
            opened = life.opening
            if dimension != "agent" and counts(opened.at, counterparty):
                count["opened"] += 1
                wall = opened.at.astimezone(ZoneInfo(self.zone))
                hour = wall.weekday() * 24 + wall.hour
                hours[hour] = hours.get(hour, 0) + 1
            if dimension == "agent":
                count["opened"] += self._taken_on(life, key, first, last)
            if life.end is None and counts(
                opened.at, counterparty, life.agent_at(life.entries[-1])
            ):
                count["open"] += 1

            for entry in life.entries:
                agent = (entry.person_id or 0) if entry.party_id == operator().pk else 0
                if entry.kind in SAID_TO_EVERYONE and counts(entry.at, entry.party_id, agent):
                    count["replies"] += 1
                if entry.kind == "ClockRanOut":
                    late = entry.data["party"]
                    whose = life.agent_at(entry) if late == operator().pk else 0
                    if counts(entry.at, late, whose):
                        count["missed"] += 1
                if entry.kind in ("OperatorAsked", "OperatorSteppedIn") and counts(
                    entry.at, counterparty
                ):
                    count["disputed"] += 1
                if entry.kind == "TicketRated" and counts(
                    entry.at, counterparty, life.agent_at(entry)
                ):
                    count["rated"] += 1
                    count["stars"] += entry.data["stars"]

            answer = life.first_answer
            if answer is not None:
                agent = (answer.person_id or 0) if answer.party_id == operator().pk else 0
                if counts(answer.at, answer.party_id, agent):
                    count["answered"] += 1
                    first_responses.append(life.worked(answer.at))

            for kept in life.clocks_kept:
                agent = (kept.person_id or 0) if kept.party_id == operator().pk else 0
                if counts(kept.at, kept.party_id, agent):
                    count["kept"] += 1

            end = life.end
            merged = end is not None and end.kind == "TicketMerged"
            if end is not None and not merged and counts(end.at, counterparty, life.agent_at(end)):
                if end.data["status"] == "cancelled":
                    count["cancelled"] += 1
                else:
                    count["completed"] += 1
                    resolutions.append(life.worked(life.resolved_at))
                    elapsed.append(int((life.resolved_at - opened.at).total_seconds()))

            decisions = [entry for entry in life.entries if entry.kind == "DisputeDecided"]
            if decisions:
                decision = decisions[-1]
                if counts(decision.at, counterparty, decision.person_id or 0):
                    count["decided"] += 1
                    outcome = decision.data["outcome"]
                    outcomes[outcome] = outcomes.get(outcome, 0) + 1
                    began = next(
                        entry
                        for entry in life.entries
                        if entry.kind in ("OperatorAsked", "OperatorSteppedIn")
                    )
                    deciding.append(int((decision.at - began.at).total_seconds()))
            withdrawn = [e for e in life.moves if e.data["dispute"] == "withdrawn"]
            if withdrawn and counts(withdrawn[0].at, counterparty):
                outcomes["withdrawn"] = outcomes.get("withdrawn", 0) + 1

        return {
            **count,
            "outcomes": outcomes,
            "hours": hours,
            "first_responses": sorted(first_responses),
            "resolutions": sorted(resolutions),
            "elapsed": sum(elapsed),
            "deciding": sum(deciding),
        }

    def _taken_on(self, life: Life, key: str, first: date, last: date) -> int:
        """Whether it came into this agent's hands, for the first time, in these days."""
        for entry in life.entries:
            by_operator = entry.party_id == operator().pk
            assigned = entry.kind == "TicketAssigned" and key == str(entry.data["assignee"])
            spoke = entry.kind in SAID_TO_EVERYONE and by_operator and key == str(entry.person_id)
            if assigned or spoke:
                return int(first <= life.day(entry.at) <= last)
        return 0

    def open_at_the_end_of(self, day: date) -> dict[int, int]:
        """How many were open then, by age in whole days."""
        ages: dict[int, int] = {}
        for life in self.lives:
            opened = life.day(life.opening.at)
            ended = life.day(life.end.at) if life.end else None
            if opened <= day and (ended is None or ended > day):
                age = (day - opened).days
                ages[age] = ages.get(age, 0) + 1
        return ages


def channel_of(life: Life) -> str:
    if life.opening.data["via"]:
        return str(life.opening.data["via"])
    if life.ticket.topic.purpose == "chat":
        return "messenger"
    return "desk" if life.ticket.opener_id == operator().pk else "portal"


def nearest_rank(values: list[int], share: float) -> int:
    """The smallest of them that at least this share do not exceed."""
    return sorted(values)[max(1, math.ceil(share * len(values) - 1e-9)) - 1]
