"""HTTP to an address that a person has typed: what its name leads to is looked at (`hosts`) first.

The name is resolved once, and that very address is connected to; no proxy and no setting of the
environment is used.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from parley.transfer.hosts import addresses_of


class GuardedTransport(httpx.HTTPTransport):
    """Connects to nothing but what `addresses_of` has looked at, which says what is raised.

    `this_machine`: see there. `seconds`: how long all of a connection may take, from when this is
    made; without it the timeouts of httpx alone count, which are for one piece each.
    """

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        *,
        this_machine: bool = False,
        seconds: float | None = None,
    ) -> None:
        super().__init__(trust_env=False)
        end = None if seconds is None else time.monotonic() + seconds
        self._pool = httpcore.ConnectionPool(
            ssl_context=context or httpx.create_ssl_context(trust_env=False),
            network_backend=_LookingFirst(this_machine, end),
        )


class _LookingFirst(httpcore.NetworkBackend):
    def __init__(self, this_machine: bool, end: float | None) -> None:
        self._plain = httpcore.SyncBackend()
        self._this_machine, self._end = this_machine, end

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        last: Exception | None = None
        for address in addresses_of(host, port, this_machine=self._this_machine):
            try:
                stream = self._plain.connect_tcp(
                    address, port, _left(self._end, timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
            else:
                return _Timed(stream, self._end)
        raise last or httpcore.ConnectError(host)


class _Timed(httpcore.NetworkStream):
    """A stream that is over at `end`, however slowly the server goes on writing."""

    def __init__(self, stream: httpcore.NetworkStream, end: float | None) -> None:
        self._stream, self._end = stream, end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._end, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._end, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._end, timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._end)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(
    end: float | None, timeout: float | None, over: type[Exception] = httpcore.ConnectTimeout
) -> float | None:
    """What is left of `timeout` until `end`. Raises `over` if nothing is."""
    if end is None:
        return timeout
    left = end - time.monotonic()
    if left <= 0:
        raise over("it took too long")
    return left if timeout is None else min(timeout, left)
