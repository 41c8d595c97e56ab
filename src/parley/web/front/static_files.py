"""Static files: found once at the start, compressed once, and kept by browsers for good."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from django.contrib.staticfiles.finders import get_finders
from whitenoise import WhiteNoise  # type: ignore[import-untyped]
from whitenoise.responders import StaticFile  # type: ignore[import-untyped]

from parley.web.front.compressing import WORTH_IT, is_text

OURS = str(Path(__file__).parents[1] / "static")
A_DAY = 86_400


class StaticFiles(WhiteNoise):  # type: ignore[misc]
    """The static files of all rooms and libraries, before the pages' WSGI application."""

    def __init__(
        self, pages: Callable[..., Iterable[bytes]], *, address: str, packed: Path
    ) -> None:
        """Serve files under `address`; their compressed twins are kept in the folder `packed`."""
        super().__init__(pages, max_age=A_DAY, allow_all_origins=False)
        self.packed = packed
        for finder in get_finders():
            for name, storage in finder.list([]):
                self.add_file_to_dictionary(address + name, storage.path(name))

    def immutable_file_test(self, path: str, _url: str) -> bool:
        """Ours have a fingerprint in their address; a library's are asked about once a day."""
        return path.startswith(OURS)

    def get_static_file(self, path: str, url: str, **_: Any) -> StaticFile:
        """The file with its headers, and with its compressed twin if it has one."""
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        twin = self._twin(Path(path)) if is_text(headers["Content-Type"] or "") else None
        return StaticFile(path, headers.items(), encodings={"gzip": str(twin)} if twin else None)

    def _twin(self, path: Path) -> Path | None:
        """The file compressed, named by its content: made by the first process that needs it."""
        body = path.read_bytes()
        if len(body) < WORTH_IT:
            return None
        twin = self.packed / f"{hashlib.sha256(body).hexdigest()[:20]}.gz"
        if not twin.exists():
            self.packed.mkdir(parents=True, exist_ok=True)
            unfinished = twin.with_suffix(f".{os.getpid()}")
            unfinished.write_bytes(gzip.compress(body, mtime=0))
            unfinished.rename(twin)
        return twin
