"""A token server on loopback: gives out tokens (RFC 6749), and says whether it knows one (RFC 7662)."""

from __future__ import annotations

import json
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from mailboxes.servers import USER
from parley.mailboxes import tokens

CLIENT, SECRET, SCOPE = "parley-desk", "s3cret~of.the_client", "mail.read mail.send"


@dataclass
class TokenServer:
    """What it knows, what it was asked, and how difficult it is."""

    port: int = 0
    secret: str = SECRET
    lasts: object = 3600
    in_header_alone: bool = False
    """Whether it takes the secret in the header, and nowhere else."""
    answer: tuple[int, str, bytes] | None = None
    """Said instead of giving a token: status, type, body."""
    asked: list[dict[str, str]] = field(default_factory=list)
    certificate: Path | None = None
    """With its key, of a server that is reached by https."""
    known: set[str] = field(default_factory=set)
    _running: list[ThreadingHTTPServer] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http{'s' if self.certificate else ''}://127.0.0.1:{self.port}/token"

    @property
    def introspection(self) -> str:
        return f"http://127.0.0.1:{self.port}/introspect"

    def start(self) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler_of(self))
        server.daemon_threads = True
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        self.port = server.server_address[1]
        self._running.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()

    def stop(self) -> None:
        while self._running:
            server = self._running.pop()
            server.shutdown()
            server.server_close()

    def revoke(self) -> None:
        """Know none of the tokens any more that were given out so far."""
        self.known.clear()

    def token(self, form: dict[str, str], basic: str) -> tuple[int, str, bytes]:
        self.asked.append(form)
        if self.answer:
            return self.answer
        client, secret = form.get("client_id", ""), form.get("client_secret", "")
        if basic:
            client, secret = map(unquote_plus, b64decode(basic).decode().split(":"))
        in_place = bool(basic) or not self.in_header_alone
        if not in_place or (client, secret) != (CLIENT, self.secret):
            return _refusal("invalid_client", "Invalid client credentials")
        if form.get("grant_type") != "client_credentials":
            return _refusal("unsupported_grant_type", "")
        text = f"token-{len(self.asked)}-{'a' * 40}"
        self.known.add(text)
        told = {"access_token": text, "token_type": "Bearer", "expires_in": self.lasts}
        return 200, "application/json", json.dumps(told).encode()

    def introspect(self, form: dict[str, str]) -> tuple[int, str, bytes]:
        told: dict[str, Any] = {"active": False}
        if form.get("token") in self.known:
            told = {"active": True, "username": USER}
        return 200, "application/json", json.dumps(told).encode()


def _refusal(error: str, description: str) -> tuple[int, str, bytes]:
    told = {"error": error, "error_description": description}
    return 401, "application/json", json.dumps(told).encode()


def _handler_of(server: TokenServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            basic = self.headers.get("Authorization", "").removeprefix("Basic ")
            is_token = self.path.startswith("/token")
            status, kind, said = server.token(form, basic) if is_token else server.introspect(form)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status == 302:
                self.send_header("Location", "/token")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def token_server(certificate: Path | None = None) -> Iterator[TokenServer]:
    """One that runs; when it ends, none of its tokens is kept here any more."""
    server = TokenServer(certificate=certificate)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        tokens._kept.clear()
