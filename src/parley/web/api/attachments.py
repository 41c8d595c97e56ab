"""Files: sent up first, then sent with a message; had again only through the ticket."""

from __future__ import annotations

from django.http import HttpResponseBase
from ninja import File, Router, UploadedFile
from ninja.responses import Status as Answer

from parley.conversations.attaching import receive, take_back
from parley.tickets.access import attachments_visible_to
from parley.web.api.addresses import FileKey, TicketKey, number_of, uuid_of
from parley.web.api.auth import ApiRequest
from parley.web.api.problems import not_found, refusals
from parley.web.api.shapes import Attachment
from parley.web.files import serve

router = Router(tags=["attachments"])


@router.post(
    "/attachments",
    response={201: Attachment, **refusals(400, 413, 415)},
    operation_id="upload",
    summary="Send up a file",
)
def upload(request: ApiRequest, file: File[UploadedFile]) -> Answer[Attachment]:
    """Keep a file until a message of yours names its id, a week at most. It is yours alone."""
    kept = receive(request.auth, file.name or "file", file)
    return Answer(201, Attachment.of(kept))


@router.delete(
    "/attachments/{attachment}",
    response={204: None, **refusals()},
    operation_id="take_back_upload",
    summary="Take back an upload",
)
def taking_back(request: ApiRequest, attachment: FileKey) -> Answer[None]:
    """Throw away a file of one's own that no message has sent yet."""
    if not take_back(request.auth, uuid_of(attachment)):
        raise not_found()
    return Answer(204, None)


@router.get(
    "/tickets/{ticket}/attachments/{attachment}",
    response={200: None, 304: None, **refusals()},
    operation_id="attachment",
    summary="Get a file",
    openapi_extra={
        "responses": {
            200: {
                "description": "the file's bytes, always as a download",
                "content": {
                    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
                },
            }
        }
    },
)
def attachment(request: ApiRequest, ticket: TicketKey, attachment: FileKey) -> HttpResponseBase:
    """A file of a message that one may see. Answers 304 to an `If-None-Match` that knows it."""
    of_ticket = attachments_visible_to(request.auth).filter(
        message__conversation__ticket=number_of(ticket)
    )
    found = of_ticket.filter(pk=uuid_of(attachment)).first()
    if found is None:
        raise not_found()
    return serve(request, found)
