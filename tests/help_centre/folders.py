"""Folders of articles for the tests, as texts by the names of their files."""

from __future__ import annotations

from pathlib import Path

TWO = {
    "orders/_collection.md": (
        '---\ntitle: "Orders"\ndescription: "All about them."\nposition: 2\nicon: package\n---\n'
    ),
    "orders/ship-an-order.md": (
        '---\ntitle: "Ship an order"\nsummary: "All or part of it."\naudience: [supplier]\nposition: 11\n'
        'also_asked_as:\n  - "mark as dispatched"\nrelated: [cancel-an-order]\n---\n\n'
        "## In one parcel\n\n1. Click **Ship**.\n2. See [cancelling](cancel-an-order.md).\n"
    ),
    "orders/cancel-an-order.md": "# Cancel an order\n\nBefore it is handed over.\n",
}


def lay_down(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write the files into a folder."""
    for name, content in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def picked_up(root: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        file.relative_to(root).as_posix(): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }
