"""A request in the words of WSGI."""

from __future__ import annotations

import io
import sys

from parley.web.front import request_id
from parley.web.front.answers import Environ, File
from parley.web.front.bodies import Body
from parley.web.front.wire import Scope
from parley.web.uploads import WholeBody


def environ_of(scope: Scope, body: Body | None, number: str) -> Environ:
    """The WSGI environ of an ASGI request with its body; `number` is the request's own."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": WholeBody(body.file, body.length) if body else io.BytesIO(),  # type: ignore[arg-type]
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": File,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # With an underscore it would pass for its twin with a hyphen, which a proxy vouches for.
        if b"_" not in name:
            _add(environ, name.decode("latin-1").upper().replace("-", "_"), value.decode("latin-1"))
    for name in ("HTTP_TRANSFER_ENCODING", "HTTP_CONTENT_LENGTH"):
        environ.pop(name, None)  # the body is whole, and its length is told next
    environ["CONTENT_LENGTH"] = str(body.length) if body else "0"
    environ[request_id.IN_ENVIRON] = number
    return environ


def _add(environ: Environ, name: str, value: str) -> None:
    key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
    joint = ";" if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
