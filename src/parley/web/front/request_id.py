"""A request's own number: the proxy's or made here, told in the answer and in every log line."""

from __future__ import annotations

import logging
import re
import secrets
from contextvars import ContextVar
from typing import Any

HEADER = "X-Request-ID"
IN_ENVIRON = "HTTP_X_REQUEST_ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}")

current: ContextVar[str] = ContextVar("request_id", default="")
"""The number of the request that is being worked on here; empty outside of one."""


def given_or_new(given: str) -> str:
    """The number the request came with, if it is fit to stand in a log; otherwise a new one."""
    return given if _ACCEPTED.fullmatch(given) else secrets.token_hex(6)


def mark_log_lines() -> None:
    """Let every log record of this process carry `request_id`."""
    make = logging.getLogRecordFactory()

    def make_marked(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.request_id = current.get()
        return record

    logging.setLogRecordFactory(make_marked)
