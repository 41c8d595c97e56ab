"""A program that calls the API: a test client with somebody's token."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from parley.parties.models import Membership
from parley.parties.tokens import make_token

BASE = "/api/v1"


class Caller:
    """Calls the API as `who`; a stranger without one. Every answer is checked to be of its kind."""

    def __init__(self, who: Membership | None = None, **headers: str) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = headers
        if who is not None:
            _token, secret = make_token(who, "tests")
            self.headers["Authorization"] = f"Bearer {secret}"

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self._checked(
            self.client.get(f"{BASE}{path}", query, headers={**self.headers, **headers})
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send(path, json.dumps(body or {}), **headers)

    def send(
        self,
        path: str,
        content: str | bytes,
        content_type: str = "application/json",
        **headers: str,
    ) -> Any:
        return self._checked(
            self.client.post(
                f"{BASE}{path}", content, content_type, headers={**self.headers, **headers}
            )
        )

    def upload(self, name: str, content: bytes) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        return self._checked(
            self.client.post(
                f"{BASE}/attachments",
                {"file": SimpleUploadedFile(name, content)},
                headers=self.headers,
            )
        )

    def delete(self, path: str) -> Any:
        return self._checked(self.client.delete(f"{BASE}{path}", headers=self.headers))

    def _checked(self, response: HttpResponse) -> HttpResponse:
        if response.status_code >= 400:
            assert response.headers["Content-Type"] == "application/problem+json"
            problem = response.json()  # type: ignore[attr-defined]
            assert problem["status"] == response.status_code
            assert problem["type"].startswith("urn:parley:problem:")
            assert problem["title"]
        return response


def pointers(response: Any) -> set[str]:
    """Where the faults of a 422 lie."""
    return {
        fault.get("pointer") or fault.get("parameter") or fault["header"]
        for fault in response.json()["errors"]
    }
