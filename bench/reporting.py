"""The figures, as a table and as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from typing import Any

from bench.measuring import Figures, Key
from bench.operations import Operation

MOST_QUERIES = 6
MOST_GROWTH = 1.2

Measured = Mapping[Key, Figures]
Counted = Mapping[int, Mapping[str, float]]


def rows(
    operations: Sequence[Operation], measured: Measured, queries: Counted, clients: Sequence[int]
) -> list[dict[str, Any]]:
    """One row for each operation, size and number of clients; times in milliseconds."""
    sizes = sorted(queries)
    return [
        {
            "operation": operation.name,
            "tickets": tickets,
            "clients": at_once,
            "queries": queries[tickets][operation.name],
            "target": operation.ratio,
            **_compared(
                measured[Key(operation.name, "parley", tickets, at_once)],
                measured[Key(operation.name, "floor", tickets, at_once)],
                measured[Key(operation.name, "parley", sizes[0], at_once)],
            ),
        }
        for operation in operations
        for tickets in sizes
        for at_once in clients
    ]


def _compared(parley: Figures, floor: Figures, smallest: Figures) -> dict[str, Any]:
    return {
        "parley": _figures(parley),
        "floor": _figures(floor),
        "ratio": round(parley.cpu_ms / floor.cpu_ms, 2),
        "growth": round(parley.cpu_ms / smallest.cpu_ms, 2),
    }


def _figures(figures: Figures) -> dict[str, float]:
    return {
        "server_cpu_ms": round(figures.server_ms, 3),
        "database_cpu_ms": round(figures.database_ms, 3),
        "cpu_ms": round(figures.cpu_ms, 3),
        "median_ms": round(figures.median_ms, 3),
        "p95_ms": round(figures.p95_ms, 3),
        "bytes": round(figures.bytes),
    }


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as text. What misses its target is marked with an exclamation mark."""
    head = (
        f"{'operation':<21}{'tickets':>8}{'at once':>8} |{'server':>8}{'db':>7}{'median':>8}"
        f"{'p95':>8}{'queries':>8}{'bytes':>8} |{'floor':>7}{'ratio':>8}{'target':>7}{'growth':>8}"
    )
    lines = [head, "-" * len(head)]
    for row in rows:
        parley, floor = row["parley"], row["floor"]
        lines.append(
            f"{row['operation']:<21}{row['tickets']:>8}{row['clients']:>8} |"
            f"{parley['server_cpu_ms']:>8.2f}{parley['database_cpu_ms']:>7.2f}"
            f"{parley['median_ms']:>8.2f}{parley['p95_ms']:>8.2f}{row['queries']:>8g}"
            f"{parley['bytes']:>8} |{floor['cpu_ms']:>7.2f}"
            f"{_marked(row['ratio'], row['target']):>8}{row['target'] or '-':>7}"
            f"{_marked(row['growth'], MOST_GROWTH):>8}"
        )
    return "\n".join(lines)


def _marked(value: float, most: float | None) -> str:
    return f"{value:.2f}{'!' if most and value > most else ' '}"


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }
