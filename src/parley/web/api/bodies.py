"""Reading bodies: JSON that is nothing but JSON, and uploads that are nothing but uploads."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from parley.web.api.problems import Refused, unsupported

JSON = "application/json"
UPLOAD = "multipart/form-data"


class StrictParser(Parser):
    """Refuses what says it is something else, and depths that no request of ours has."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body's JSON. Raises Refused."""
        if request.content_type != JSON:
            raise unsupported(JSON)
        try:
            read: dict[str, Any] = json.loads(request.body, parse_constant=_no_constant)
        except (ValueError, RecursionError) as reason:
            detail = "nested too deeply" if isinstance(reason, RecursionError) else str(reason)
            raise Refused(400, "unreadable", "The body is not JSON.", detail[:200]) from None
        return read

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Query or files by name. Raises Refused for an upload that is not multipart."""
        if data is not request.GET and request.content_type != UPLOAD:
            raise unsupported(UPLOAD)
        return super().parse_querydict(data, list_fields, request)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
