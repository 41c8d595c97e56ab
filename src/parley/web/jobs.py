from __future__ import annotations

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from parley.parties import coming_back, signing_in
from parley.web.account import letters, resetting


@app.task(
    name="web.send_reset_link",
    queue="mail",
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),
)
def send_reset_link(email: str) -> None:
    """Send the link for a new password, if the address is somebody's."""
    resetting.send_reset_link(email)


@app.task(
    name="web.send_letter",
    queue="mail",
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),
)
def send_letter(about: str, person_id: int, device: str, network: str, at: str) -> None:
    """Tell a person what was changed about their account."""
    letters.send_letter(about, person_id, device, network, at)


@app.task(name="web.note_refusal")
def note_refusal(email: str, why: str, address: str, agent: str) -> None:
    """Keep that somebody was not let in, if the address is somebody's."""
    signing_in.note_refusal(email, why, signing_in.Whence(address, agent))


@app.task(
    name="web.tell_of_way_back",
    queue="mail",
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),
)
def tell_of_way_back(key: int, about: str) -> None:
    """Write to those whom a way back concerns."""
    from parley.web.account import way_back

    way_back.send(coming_back.way_back(key), about)


@app.periodic(cron="* * * * *")
@app.task(name="web.open_ways_back", queue="sweeps", queueing_lock="ways-back")
def open_ways_back(timestamp: int) -> None:
    """Tell of the ways back whose time has come, and end those that are too old."""
    with transaction.atomic():
        for key in coming_back.claim_opened():
            tell_of_way_back.defer(key=key, about="open")
    coming_back.let_lapse()


@app.periodic(cron="17 4 * * *")
@app.task(name="web.forget_old_sessions", queue="sweeps", queueing_lock="old-sessions")
def forget_old_sessions(timestamp: int) -> None:
    """Delete sessions that are over."""
    signing_in.forget_old_sessions()
