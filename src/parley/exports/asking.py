"""Asking for runs: by the schedule, by a person, and for a file to be sent again.

While a run of an export is not finished there is no second one beside it: whoever asks hurries that
one. One that had failed is taken up again by the next of the schedule, with the same orders and the
same file, before there is a new one: no order is forgotten, and none is in two files.
"""

from __future__ import annotations

from django.db import transaction

from parley.exports import events
from parley.exports.choosing import is_there_any
from parley.exports.models import UNFINISHED, Export, Run, State, Which
from parley.exports.naming import name_of
from parley.exports.running import BACK_OFF
from parley.exports.scheduling import next_run, zone_of
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership


class FileGone(Exception):
    """The run's file is no longer kept."""


def run_now(export: Export, *, by: Membership) -> Run:
    """Ask for a run at once; gives the new one, or the unfinished one that is hurried."""
    with transaction.atomic():
        export = Export.objects.select_for_update().get(pk=export.pk)
        run = _taken_up(export) or _new(export, by=by)
        _asked(run, by=by)
    _defer(run)
    return run


def send_again(run: Run, *, by: Membership) -> Run:
    """Send the run's file once more under the same name; gives the run that does.

    One that has failed is tried again itself. Raises FileGone.
    """
    with transaction.atomic():
        export = Export.objects.select_for_update().get(pk=run.export_id)
        run = Run.objects.select_for_update().get(pk=run.pk)
        if run.state in {*UNFINISHED, State.FAILED}:
            _hurry(run)
            again = run
        elif not run.stored_as:
            raise FileGone
        else:
            again = _new(export, by=by, again_of=run)
        _asked(again, by=by, again=True)
    _defer(again)
    return again


def ask_due(limit: int = 50) -> int:
    """Make the runs of the exports whose time has come; gives how many exports were looked at."""
    done = 0
    while done < limit:
        with transaction.atomic():
            due = Export.objects.filter(active=True, next_run_at__lte=now())
            export = due.select_for_update(skip_locked=True).order_by("next_run_at").first()
            if export is None:
                return done
            # What was missed while nobody was here is made up for once, not as often as it was.
            export.next_run_at = next_run(export, now())
            export.save(update_fields=["next_run_at"])
            run = _taken_up(export)
            if run is None and is_there_any(export):
                run = _new(export, by=None)
        done += 1
        if run:
            _defer(run)
    return done


def due_runs(limit: int = 50) -> list[int]:
    """The unfinished runs whose next try has come, or whose worker may have died."""
    due = Run.objects.filter(state__in=UNFINISHED, next_try_at__lte=now())
    return list(due.order_by("next_try_at").values_list("pk", flat=True)[:limit])


def _taken_up(export: Export) -> Run | None:
    """The run that has to be finished before there is another, hurried; None if there is none."""
    runs = Run.objects.filter(export=export).select_for_update().order_by("pk")
    run = runs.filter(state__in=UNFINISHED).first()
    if run is None:
        run = runs.filter(state=State.FAILED, which=Which.NOT_YET, again_of=None).first()
    if run:
        _hurry(run)
    return run


def _hurry(run: Run) -> None:
    if run.state == State.RUNNING:
        return
    if run.state == State.FAILED:
        # One try more, and it has failed again.
        run.attempts = max(run.attempts, len(BACK_OFF))
    run.state, run.next_try_at, run.finished_at = State.WAITING, now(), None
    run.save(update_fields=["state", "next_try_at", "finished_at", "attempts"])


def _new(export: Export, *, by: Membership | None, again_of: Run | None = None) -> Run:
    export.runs_made += 1
    export.save(update_fields=["runs_made"])
    at = now()
    run = Run(
        export=export,
        number=export.runs_made,
        which=export.which,
        person_id=by.person_id if by else None,
        asked_at=at,
        next_try_at=at,
        file_name=name_of(
            export.file_name, run=export.runs_made, at=at.astimezone(zone_of(export))
        ),
    )
    if again_of:
        run.again_of, run.which, run.chosen_at = again_of, again_of.which, at
        for same in ("file_name", "stored_as", "orders", "size", "sha256"):
            setattr(run, same, getattr(again_of, same))
    run.save()
    return run


def _asked(run: Run, *, by: Membership, again: bool = False) -> None:
    event = events.ExportAsked(
        export=run.export_id, party=run.export.supplier_id, run=run.pk, again=again
    )
    record(event, by=by)


def _defer(run: Run) -> None:
    """Have a worker look at it at once; if this is lost, the sweep finds it."""
    from parley.exports.jobs import carry_out

    carry_out.defer(run_id=run.pk)
