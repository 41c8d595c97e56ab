"""A small shop on another origin, with Parley's messenger on its page.

    bin/demo                                   # in one terminal
    python examples/other-site/serve.py        # in another; then open http://127.0.0.1:8090/

It stands for somebody else's site: it has a sheet that is rude to everything, and a policy
(Content-Security-Policy) that lets nothing but its own files and the messenger run. "Sign in as Ana"
shows the same page for one of its customers, whom it vouches for with a token that it signs itself:
see `token_of`, which needs nothing but the standard library.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import html
import json
import time
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

HERE = Path(__file__).parent
KEY_OF_THE_DEMO = "tidemark-demo"
SECRET_OF_THE_DEMO = "tidemark-demo-secret-that-opens-nothing-real"  # noqa: S105 - true
A_FEW_MINUTES = 300
ANA = {"sub": "customer-17", "name": "Ana Marsh", "email": "ana@tidemark.example"}


def token_of(customer: dict[str, str], *, site: str, secret: str) -> str:
    """A JWT (RFC 7519) that says who is signed in here, for `site` alone and a few minutes."""
    now = int(time.time())
    claims = {**customer, "aud": site, "iat": now, "exp": now + A_FEW_MINUTES}
    signed = ".".join(_packed(part) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    seal = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{_base64(seal)}"


def _packed(part: dict[str, object] | dict[str, str]) -> str:
    return _base64(json.dumps(part).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def page(query: dict[str, list[str]], *, desk: str, site: str, secret: str) -> str:
    """The shop's page. `as=customer` signs Ana in; `language` and `csp` are for looking around."""
    is_ana = query.get("as") == ["customer"]
    attributes = {"src": f"{desk}/messenger.js", "data-site": site}
    if is_ana:
        attributes["data-token"] = token_of(ANA, site=site, secret=secret)
    if language := query.get("language", [""])[0]:
        attributes["data-language"] = language
    written = " ".join(f'{name}="{html.escape(value)}"' for name, value in attributes.items())
    greeting = "Hello, Ana Marsh. Your last order is on its way." if is_ana else "Welcome."
    text = (HERE / "index.html").read_text(encoding="utf-8")
    if direction := query.get("dir", [""])[0]:
        text = text.replace('<html lang="en">', f'<html lang="en" dir="{html.escape(direction)}">')
    return text.replace("{{greeting}}", greeting).replace(
        "{{tag}}", f"<script {written} async></script>"
    )


def policy(query: dict[str, list[str]], *, desk: str) -> str:
    """What the shop lets its page do. `csp=closed` forbids the messenger to connect."""
    connects = "'self'" if query.get("csp") == ["closed"] else f"'self' {desk}"
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self' {desk};"
        f" connect-src {connects}; base-uri 'none'; form-action 'self';"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    )


class Shop(BaseHTTPRequestHandler):
    """Two files: the page, and its sheet."""

    def __init__(self, *args: object, desk: str, site: str, secret: str) -> None:
        self.desk, self.site, self.secret = desk, site, secret
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with the page or the sheet; there is nothing else."""
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        if address.path == "/shop.css":
            self._send(200, "text/css", (HERE / "shop.css").read_text(encoding="utf-8"))
        elif address.path == "/":
            shown = page(query, desk=self.desk, site=self.site, secret=self.secret)
            self._send(200, "text/html", shown, policy(query, desk=self.desk))
        elif address.path == "/favicon.ico":
            self._send(204, "image/x-icon", "")
        else:
            self._send(404, "text/plain", "There is nothing here.")

    def _send(self, status: int, kind: str, text: str, policy: str = "") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_about: object) -> None:
        """Say nothing: a demo's terminal is for reading."""


def server(port: int, *, desk: str, site: str, secret: str) -> ThreadingHTTPServer:
    """The shop at `port` of this machine, for the desk at the origin `desk`; not yet serving."""
    shop = partial(Shop, desk=desk.rstrip("/"), site=site, secret=secret)
    return ThreadingHTTPServer(("127.0.0.1", port), shop)


def main() -> None:
    """Serve the shop until told to stop."""
    chosen = argparse.ArgumentParser(description="A shop on another origin, with the messenger.")
    chosen.add_argument("--port", type=int, default=8090)
    chosen.add_argument("--desk", default="http://127.0.0.1:8000", help="where Parley answers")
    chosen.add_argument("--site", default=KEY_OF_THE_DEMO, help="the site's key")
    chosen.add_argument("--secret", default=SECRET_OF_THE_DEMO, help="the site's secret")
    given = chosen.parse_args()
    with server(given.port, desk=given.desk, site=given.site, secret=given.secret) as shop:
        print(f"The shop is open at http://127.0.0.1:{given.port}/", flush=True)  # noqa: T201
        try:
            shop.serve_forever()
        except KeyboardInterrupt:
            print("The shop is closed.")  # noqa: T201


if __name__ == "__main__":
    main()
