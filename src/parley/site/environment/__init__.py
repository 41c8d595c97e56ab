"""The settings of an installation: read from environment variables, typed and strict.

Everything an operator can set stands in one dataclass, `Environment`, made of a group in a file each.
A setting carries the name of its variable and one sentence saying what it is for; `docs/operate.md`
lists the same, checked by a test. Junk is refused by name, and so is a `PARLEY_…` variable nobody
knows: a misspelt setting that is silently ignored is worse than a site that doesn't start.
"""

from parley.site.environment.databases import database_settings
from parley.site.environment.everything import Environment, EnvironmentRefused
from parley.site.environment.modes import DEMO_SECRET_PREFIX, default_data
from parley.site.environment.reading import environment, read, variables

__all__ = [
    "DEMO_SECRET_PREFIX",
    "Environment",
    "EnvironmentRefused",
    "database_settings",
    "default_data",
    "environment",
    "read",
    "variables",
]
