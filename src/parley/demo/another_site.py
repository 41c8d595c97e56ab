"""The demo's other site: a shop that has the messenger on its page (`examples/other-site`)."""

from __future__ import annotations

from parley.messenger.models import Site

KEY = "tidemark-demo"
SECRET = "tidemark-demo-secret-that-opens-nothing-real"  # noqa: S105 - of a shop that there isn't
PORT = 8090


def know_the_shop() -> Site:
    """Let the shop's pages ask, on the port that it is served on; gives its row."""
    origins = [f"http://127.0.0.1:{PORT}", f"http://localhost:{PORT}"]
    return Site.objects.create(name="Tidemark", key=KEY, secret={"now": SECRET}, origins=origins)
