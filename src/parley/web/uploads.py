"""Receiving uploads: the limits are kept while the bytes arrive, not afterwards."""

from __future__ import annotations

from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from parley.conversations.attaching import FileTooLarge, MessageTooLarge, clean_name


class LimitedUploadHandler(FileUploadHandler):
    """Streams each file to disk, and stops at the limit for a file and for a message.

    Raises FileTooLarge or MessageTooLarge out of reading `request.FILES`; what had arrived is gone
    with the request. The sum counts all files of the request.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.total = 0
        self.received: list[TemporaryUploadedFile] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = TemporaryUploadedFile(
            self.file_name or "file", self.content_type or "", 0, self.charset, self.content_type_extra
        )
        self.written = 0
        self.received.append(self.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.written += len(raw_data)
        self.total += len(raw_data)
        if self.written > settings.FILE_LIMIT:
            self._refuse(FileTooLarge, self._size_told(), settings.FILE_LIMIT)
        if self.total > settings.MESSAGE_LIMIT:
            self._refuse(MessageTooLarge, self.total, settings.MESSAGE_LIMIT)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> TemporaryUploadedFile:
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        self._forget()

    def _refuse(self, refusal: type[FileTooLarge], size: int, limit: int) -> None:
        self._forget()
        raise refusal(clean_name(self.file_name or ""), size, limit)

    def _size_told(self) -> int:
        """The file's size, as far as it is known: the whole body's, while that has not ended."""
        return (
            max(self.written, self.content_length or 0)
            if self.total == self.written
            else self.written
        )

    def _forget(self) -> None:
        for file in self.received:
            file.close()


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
