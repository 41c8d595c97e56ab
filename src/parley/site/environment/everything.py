"""All settings of one installation in one place."""

from __future__ import annotations

from dataclasses import dataclass

from parley.site.environment.assistant import Assistant
from parley.site.environment.installation import Installation
from parley.site.environment.mail import Mail
from parley.site.environment.sign_in import SignIn
from parley.site.environment.support import Support
from parley.site.environment.trade import Trade


class EnvironmentRefused(Exception):
    """The environment can't be used; `problems` holds one sentence for each thing that is wrong."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


# The last comes first: a dataclass takes the fields of its bases from the last to the first.
@dataclass(frozen=True)
class Environment(Assistant, SignIn, Trade, Support, Mail, Installation):
    """Made by `read`; asked for by `environment()`."""
