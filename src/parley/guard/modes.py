"""How strict the guard is, which the operator's administrators settle."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from parley.parties.settling import Settled


class Mode(models.TextChoices):
    """Off; warn before sending and flag after; or hold what is sent all the same for review."""

    OFF = "off", _("Off")
    WARN = "warn", _("Warn")
    HOLD = "hold", _("Hold for review")


MODE: Settled[str] = Settled("guard.mode", Mode.WARN.value, lambda value: value in Mode.values)
