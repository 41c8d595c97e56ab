"""Receiving uploads: the limits are kept while the bytes arrive, not afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponseBase, UnreadablePostError
from django.utils.datastructures import MultiValueDict

from parley.conversations.attaching import FileTooLarge, MessageTooLarge, clean_name
from parley.web.errors import bad_request


class LimitedUploadHandler(FileUploadHandler):
    """Streams each file to disk, and stops at the limit for a file and for a message.

    What had arrived by then is gone. A file over its own limit is counted to its end, so that it can
    be said by how much, but not kept, and not beyond the limit for a message. The sum counts all
    files of the request. Raises FileTooLarge or MessageTooLarge out of reading the form, or leaves
    that to `UploadMiddleware`.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.total = 0
        self.received: list[TemporaryUploadedFile] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = TemporaryUploadedFile(
            self.file_name or "file",
            self.content_type or "",
            0,
            self.charset,
            self.content_type_extra,
        )
        self.written = 0
        self.received.append(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.written += len(raw_data)
        self.total += len(raw_data)
        if self.total > settings.MESSAGE_LIMIT:
            self._refuse(*self._too_much())
        if self.written > settings.FILE_LIMIT:
            self._forget()
            return
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> TemporaryUploadedFile:
        if self.written > settings.FILE_LIMIT:
            self._refuse(FileTooLarge, self.written, settings.FILE_LIMIT)
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        self._forget()

    def _refuse(self, refusal: type[FileTooLarge], size: int, limit: int) -> None:
        self._forget()
        refused = refusal(clean_name(self.file_name or ""), size, limit)
        if not hasattr(self.request, "refused_upload"):
            raise refused
        self.request.refused_upload = refused  # type: ignore[union-attr]
        raise StopUpload(connection_reset=True)

    def _too_much(self) -> tuple[type[FileTooLarge], int, int]:
        """What to say of more than a message takes: files are nearly all of a body, so it tells."""
        body = int(self.request.META.get("CONTENT_LENGTH") or 0) if self.request else 0
        if self.written > settings.FILE_LIMIT:
            only = self.written == self.total
            return FileTooLarge, max(self.written, body if only else 0), settings.FILE_LIMIT
        return MessageTooLarge, max(self.total, body), settings.MESSAGE_LIMIT

    def _forget(self) -> None:
        for file in self.received:
            file.close()


class UploadMiddleware:
    """Lets a refused upload be raised by whatever view asks for its files, and nowhere before.

    Forms are read as soon as somebody asks for a field, and the first to ask is the check of the
    CSRF token, where an exception could only become a 500. The fields before the file are kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, *_arguments: object
    ) -> HttpResponseBase | None:
        """Read a form that may carry files; one that was cut short goes no further."""
        if request.content_type != "multipart/form-data" or getattr(view, "csrf_exempt", False):
            return None
        request.refused_upload = None  # type: ignore[attr-defined]
        try:
            request.POST  # noqa: B018 - asking for it is what reads it
        except UnreadablePostError as cut_short:
            return bad_request(request, cut_short)
        if refusal := request.refused_upload:  # type: ignore[attr-defined]
            request._files = RefusedFiles(refusal)  # type: ignore[attr-defined]  # noqa: SLF001
        return None


class RefusedFiles(MultiValueDict[str, Any]):
    """The files of a request whose upload was refused: asking for any raises the refusal."""

    def __init__(self, refusal: FileTooLarge) -> None:
        super().__init__()
        self.refusal = refusal

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self.refusal

    __getitem__ = __contains__ = __iter__ = getlist = keys = items = lists = _refuse


class CutShort(OSError):
    """The body ended before its Content-Length: the connection was lost half way."""


class WholeBody:
    """A WSGI body that never passes for whole when it was cut short.

    Django's multipart parser takes the end of the stream for the end of the last file; without
    this, half a photo would be kept as a photo.
    """

    def __init__(self, body: IO[bytes], length: int) -> None:
        self.body, self.left = body, length

    def read(self, size: int = -1) -> bytes:
        data = self.body.read(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        if not data and self.left and size:
            raise CutShort
        return data

    def readline(self, size: int = -1) -> bytes:
        data = self.body.readline(self.left if size < 0 else min(size, self.left))
        self.left -= len(data)
        return data
