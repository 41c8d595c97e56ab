"""The API is what its description says it is, whatever is sent to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings

from cast import Cast
from parley.conversations.models import Audience
from parley.parties import limiting
from parley.tickets.models import Outcome, Priority, StatusChoices
from parley.tickets.queues import QUEUES
from parley.tickets.replying import Reply, reply
from parley.web.api import problems, shapes
from parley.web.api.assembly import api
from parley.web.api.describing import description
from parley.web.api.tickets import Narrowing
from web.api.calling import BASE, Caller

DOCUMENT = description(api)
OPERATIONS = [(path, method) for path, found in DOCUMENT["paths"].items() for method in found]
schemathesis.checks.load_all_checks()
CHECKS = schemathesis.checks.CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    ]
)


def test_the_description_is_valid_and_public() -> None:
    answer = Caller().get("/openapi.json")
    document = answer.json()
    assert document["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(document).validate()
    again = Caller().get("/openapi.json", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_every_operation_is_described() -> None:
    for path, method in OPERATIONS:
        operation = DOCUMENT["paths"][path][method]
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"]
        assert operation["security"] == [{"Token": []}]
        assert {"401", "404", "422", "429"} <= set(operation["responses"])


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the test's connection, and so its transaction, over the requests of a real server."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The site, with each answer read to its end and closed, as a server does it."""
    answer = WSGIHandler()(environ, start_response)
    try:
        return list(answer)
    finally:
        answer.close()


@pytest.mark.slow
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.parametrize("who", ["seller", "agent"])
def test_nothing_that_is_sent_breaks_it(
    cast: Cast, who: str, path: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiting, "_STEP", limiting.WINDOW / 1_000_000)
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="On its way."), by=cast.supplier)
    caller = Caller(cast.everybody[who])
    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", application)
    operation = schema[path][method]

    @given(case=operation.as_strategy())
    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        if "ticket" in case.path_parameters and len(case.path_parameters["ticket"]) % 2:
            case.path_parameters["ticket"] = str(ticket.pk)
        answer = case.call(headers=caller.headers)
        case.validate_response(answer, checks=CHECKS)

    call()


def test_its_words_are_the_rooms_words() -> None:
    assert set(get_args(shapes.StatusName)) == set(StatusChoices.values)
    assert set(get_args(shapes.PriorityName)) == set(Priority.values)
    assert set(get_args(shapes.AudienceName)) == set(Audience.values)
    assert set(get_args(shapes.OutcomeName)) == set(Outcome.values)
    queues = get_args(Narrowing.model_fields["queue"].annotation)
    assert set(queues) == {"", *QUEUES}


def test_the_page_in_the_docs_has_every_address_and_problem() -> None:
    page = Path(__file__).parents[3].joinpath("docs/api.md").read_text()
    for path, method in OPERATIONS:
        assert f"| `{method.upper()} {path}` |" in page
    source = Path(problems.__file__).read_text()
    for status, name in re.findall(r'(?:Refused|refused)\(\s*(\d{3}),\s*"([a-z-]+)"', source):
        assert f"| {status} | `{name}` |" in page
