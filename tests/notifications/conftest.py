"""A mail server, and telling everything that has happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from notifications.mailbox import Mailbox
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.notifications.pooling import hang_up_idle

Tell = Callable[[], None]


@pytest.fixture
def tell() -> Tell:
    """Run the later reactions of everything recorded so far, as the worker would."""

    def run() -> None:
        for pk in Entry.objects.order_by("pk").values_list("pk", flat=True):
            run_later(pk)

    return run


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A mail server that takes what the site sends."""
    box = Mailbox()
    settings.EMAIL_BACKEND = "parley.notifications.outgoing.OutgoingBackend"
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = box.start()
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
    settings.EMAIL_TIMEOUT = 10
    settings.PUBLIC_URL = "https://desk.example"
    settings.DEFAULT_FROM_EMAIL = "Harbour Market <desk@desk.example>"
    yield box
    hang_up_idle()
    box.stop()
