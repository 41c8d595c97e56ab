"""The tables of the operator's desk, by what they are about."""

from parley.desk.models.bulk import Bulk, BulkAction, BulkItem, BulkState, Fate
from parley.desk.models.looking import Looking
from parley.desk.models.macros import Hands, Macro
from parley.desk.models.routing import Duty, Rota
from parley.desk.models.views import SavedView, Shared

__all__ = [
    "Bulk",
    "BulkAction",
    "BulkItem",
    "BulkState",
    "Duty",
    "Fate",
    "Hands",
    "Looking",
    "Macro",
    "Rota",
    "SavedView",
    "Shared",
]
