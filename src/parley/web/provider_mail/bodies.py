"""Reading what a provider sends: a whole mail in one form, which is far more than a page's form holds."""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.utils.datastructures import MultiValueDict

MOST_PARTS = 500


class TooMuch(ValueError):
    """The body is larger than the largest mail can be in it, or has too many parts."""


def read_body(request: HttpRequest) -> None:
    """Read the body of a request whose sender has shown who it is, up to the size of a mail.

    Base64 makes a third more of it, and JSON may double what it quotes. Django's own readers have a
    limit that is made for pages; here the form is read by the standard library.
    Raises TooMuch and UnreadablePostError.
    """
    most = 2 * settings.MAIL_LIMIT + 1_000_000
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        raise TooMuch
    try:
        body = request.read(most + 1)
    except OSError as error:
        raise UnreadablePostError(*error.args) from error
    if len(body) > most:
        raise TooMuch
    request._body = body  # noqa: SLF001 - where Django keeps it
    if request.content_type == "multipart/form-data":
        _read_form(request, body)
    elif request.content_type == "application/x-www-form-urlencoded":
        request._post = QueryDict(body, encoding=request.encoding or "utf-8")  # type: ignore[attr-defined]  # noqa: SLF001
        request._files = MultiValueDict()  # type: ignore[attr-defined]  # noqa: SLF001


def _read_form(request: HttpRequest, body: bytes) -> None:
    kind = request.META.get("CONTENT_TYPE", "").replace("\r", "").replace("\n", "")
    form: EmailMessage = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body
    )
    fields, files = QueryDict(mutable=True), MultiValueDict[str, SimpleUploadedFile]()
    parts = list(form.iter_parts()) if form.is_multipart() else []
    if len(parts) > MOST_PARTS:
        raise TooMuch
    for part in parts:
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        filename = part.get_filename()
        if filename:
            kept = SimpleUploadedFile(filename, content, part.get_content_type())
            files.appendlist(name, kept)
        else:
            charset = part.get_content_charset() or "utf-8"
            fields.appendlist(name, _decoded(content, charset))
    fields._mutable = False  # noqa: SLF001 - as Django's own
    request._post, request._files = fields, files  # type: ignore[attr-defined]  # noqa: SLF001


def _decoded(content: bytes, charset: str) -> str:
    """As text out of which the same bytes can be made again."""
    try:
        return content.decode(charset, "surrogateescape")
    except LookupError:
        return content.decode("utf-8", "surrogateescape")
