"""The house rules that no library checks: what is where, and what reaches what.

`docs/architecture.md` says why. Floors and siblings are kept by import-linter (see pyproject.toml).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import models
from django.db.models import signals

import parley

HOUSE = Path(parley.__file__).parent
ROOMS = sorted(p.name for p in HOUSE.iterdir() if (p / "__init__.py").exists())
HTTP = ("django.http", "django.shortcuts", "django.views", "django.urls", "django.middleware")
KNOWS_HTTP = {"web", "site"}
"""`site` puts the addresses together; nothing else below the pages knows that there are any."""


@cache
def modules() -> dict[str, ast.Module]:
    """All modules but migrations, by their path inside the house."""
    return {
        str(path.relative_to(HOUSE)): ast.parse(path.read_text(), str(path))
        for path in sorted(HOUSE.rglob("*.py"))
        if "migrations" not in path.parts
    }


def room_of(path: str) -> str:
    return path.split("/", maxsplit=1)[0]


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def test_no_room_for_odds_and_ends() -> None:
    banned = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "lib"}
    found = [p for p in modules() if banned & set(re.split(r"[/_.]", p.removesuffix(".py")))]
    assert not found, "name it after what it does"


def test_every_room_says_what_it_is_for() -> None:
    for room in ROOMS:
        docstring = ast.get_docstring(modules()[f"{room}/__init__.py"])
        assert docstring, f"{room}/__init__.py has no docstring"
        assert docstring.endswith("."), room


def test_modules_say_what_they_are_for() -> None:
    obvious = {
        "__init__.py",
        "apps.py",
        "models.py",
        "jobs.py",
        "urls.py",
        "__main__.py",
        "wsgi.py",
    }
    silent = [
        path
        for path, tree in modules().items()
        if path.rsplit("/", maxsplit=1)[-1] not in obvious
        and not ast.get_docstring(tree)
        and len(public(tree)) != 1  # One thing, which says for itself what it is.
    ]
    assert not silent


def public(tree: ast.Module) -> list[ast.stmt]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]


def test_only_web_knows_http() -> None:
    found = [
        (path, name)
        for path, tree in modules().items()
        if room_of(path) not in KNOWS_HTTP
        for name in imported(tree)
        if name.startswith(HTTP)
    ]
    assert not found


def test_only_the_api_knows_ninja() -> None:
    found = [
        path
        for path, tree in modules().items()
        if not path.startswith("web/api/")
        and any(name.split(".")[0] == "ninja" for name in imported(tree))
    ]
    assert not found


def test_nobody_listens_to_model_signals() -> None:
    banned = ("django.db.models.signals", "django.dispatch", "django.db.backends.signals")
    found = [
        path
        for path, tree in modules().items()
        if any(name.startswith(banned) for name in imported(tree))
    ]
    assert not found, "what happens is told by the journal"
    for signal in (signals.pre_save, signals.post_save, signals.pre_delete, signals.post_delete):
        ours = [
            receiver
            for _key, receiver, *_rest in signal.receivers
            if "parley" in getattr(receiver() or receiver, "__module__", "")
        ]
        assert not ours


def test_pages_reach_rows_only_through_doors_and_capabilities() -> None:
    # Sessions are of HTTP itself: they are Django's rows, and nobody's but the pages'.
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if room_of(path) == "web"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_default_manager"}
        and not (isinstance(node.value, ast.Name) and node.value.id == "Session")
    ]
    assert not found, "ask the room's access.py, or a capability"


def test_pages_write_no_sql() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if room_of(path) == "web"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"cursor", "raw", "execute"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"connection", "cursor"}
    ]
    assert not found


def test_the_journal_is_written_by_record_alone() -> None:
    makes_entries = re.compile(r"\bEntry\((?!\))|Entry\.objects\.(create|bulk_create|update)")
    inserts = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM|COPY)\s+journal_entry", re.IGNORECASE)
    allowed = {
        "journal/recording.py",
        "journal/models.py",
        # Fills in years of history by COPY, for measuring.
        "demo/ticket_rows.py",
        "demo/loading.py",
    }
    found = [
        path
        for path in modules()
        if path not in allowed
        and (makes_entries.search(text := (HOUSE / path).read_text()) or inserts.search(text))
    ]
    assert not found


def test_entries_are_never_changed() -> None:
    for path in modules():
        text = (HOUSE / path).read_text()
        assert not re.search(r"Entry\.objects[^\n]*\.(update|delete)\(", text), path


def test_every_capability_has_an_explicit_actor() -> None:
    """What changes a ticket takes `by`, the actor, by name: nobody acts without saying who."""
    files = {
        "opening", "replying", "ending", "disputing", "assigning", "reading",
    }  # fmt: skip
    for name in files:
        for node in modules()[f"tickets/{name}.py"].body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if isinstance(node.returns, ast.Name) and node.returns.id in {"bool", "str"}:
                continue  # It says something, and changes nothing.
            assert "by" in {arg.arg for arg in node.args.kwonlyargs}, f"{name}.{node.name}"


def test_public_functions_are_described() -> None:
    silent = [
        f"{path}: {node.name}"
        for path, tree in modules().items()
        if not path.endswith("apps.py")
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent


def test_files_are_small() -> None:
    lines = {path: (HOUSE / path).read_text().count("\n") for path in modules()}
    big = {path: n for path, n in lines.items() if n > 420}
    assert not big, "two things in one file"


def test_nothing_is_left_to_be_done() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError\(\)")
    found = [p for p in modules() if marks.search((HOUSE / p).read_text())]
    assert not found


def test_migrations_are_named_for_their_purpose() -> None:
    for path in HOUSE.rglob("migrations/0*.py"):
        assert not re.search(r"\d{4}_(auto|alter|add|remove|initial)", path.stem), path


def test_every_model_can_be_read_aloud() -> None:
    """No row shows as `Thing object (7)` anywhere."""
    for model in apps.get_models():
        if model.__module__.startswith("parley."):
            assert model.__str__ is not models.Model.__str__, model


def test_foreign_keys_never_cascade_away_what_was_said() -> None:
    """Deleting a person or a party is refused while something they said or opened stands."""
    for model in apps.get_models():
        if model._meta.app_label not in {"conversations", "tickets"}:
            continue
        for field in model._meta.get_fields():
            to = getattr(field, "related_model", None)
            if not field.concrete or to is None or to == "self":
                continue
            about = f"{model.__name__}.{field.name}"
            if to._meta.app_label == "parties" and about not in {"Draft.person", "Reading.person"}:
                assert field.remote_field.on_delete in (models.PROTECT, models.SET_NULL), about
