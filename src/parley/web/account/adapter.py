from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People join by invitation: nobody signs up by themselves, and nothing greets them twice."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out are seen for themselves: no toast says so as well."""
