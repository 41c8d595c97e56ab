"""Opening a connection to the machine that was looked at, and saying in words why there is none."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from parley.transfer.hosts import HostRefused, HostUnknown, addresses_of
from parley.transfer.troubles import PlaceTrouble, Step, Trouble


def looked_at(host: str, port: int, *, this_machine: bool = False) -> list[str]:
    """The addresses of `host`. Raises PlaceTrouble where there are none, or none to be reached."""
    try:
        return addresses_of(host, port, this_machine=this_machine)
    except HostUnknown:
        raise PlaceTrouble(Step.NAME, Trouble.NAME_UNKNOWN) from None
    except HostRefused:
        raise PlaceTrouble(Step.NAME, Trouble.HOST_REFUSED) from None


def connected(host: str, port: int, timeout: float, *, this_machine: bool = False) -> socket.socket:
    """A connection to one of the addresses of `host`, tried in order. Raises PlaceTrouble.

    `this_machine`: see `hosts.addresses_of`.
    """
    trouble: OSError = ConnectionRefusedError()
    for address in looked_at(host, port, this_machine=this_machine):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            trouble = error
    raise PlaceTrouble(Step.CONNECTION, trouble_of(trouble)) from trouble


def trouble_of(error: BaseException) -> Trouble:
    """What an error of the network means."""
    if isinstance(error, TimeoutError):
        return Trouble.TIMED_OUT
    if isinstance(error, ConnectionRefusedError):
        return Trouble.CONNECTION_REFUSED
    return Trouble.CONNECTION_LOST


@contextmanager
def network_at(step: Step) -> Iterator[None]:
    """Errors of the network in the block are PlaceTrouble at this step."""
    try:
        yield
    except TimeoutError as error:
        stalled = Trouble.STALLED if step in _WRITING else Trouble.TIMED_OUT
        raise PlaceTrouble(step, stalled) from error
    except (OSError, EOFError) as error:
        raise PlaceTrouble(step, trouble_of(error)) from error


_WRITING = {Step.PERMISSION, Step.SPACE, Step.SIZE, Step.RENAME}
