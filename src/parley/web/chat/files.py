"""Files in the messenger: sending one up, taking it back, and having it again."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from parley.conversations.access import unsent_attachments_of
from parley.conversations.attaching import EmptyFile, receive, take_back
from parley.conversations.models import Attachment
from parley.messenger.access import attachment_visible_to
from parley.messenger.limiting import FILES, spend
from parley.web.chat import shapes
from parley.web.chat.doors import Answer, Asking, address, made, nothing
from parley.web.chat.problems import Problem
from parley.web.files import serve, serve_thumbnail


def _receive(asking: Asking) -> Answer:
    file = asking.request.FILES.get("file")
    if file is None:
        raise EmptyFile("file")
    by = asking.arrived()
    spend("file", by.person_id, FILES)
    return made(shapes.file(receive(by, file.name or "file", file)))


def _serve(asking: Asking, key: uuid.UUID) -> Answer:
    return serve(asking.request, _file(asking, key))


def _serve_small(asking: Asking, key: uuid.UUID) -> Answer:
    found = _file(asking, key)
    if not found.thumbnail:
        raise Problem(404, _("There is nothing here."))
    return serve_thumbnail(asking.request, found)


def _take_back(asking: Asking, key: uuid.UUID) -> Answer:
    if not take_back(asking.known, key):
        raise Problem(404, _("There is nothing here."))
    return nothing()


def _file(asking: Asking, key: uuid.UUID) -> Attachment:
    reader = asking.known
    found = attachment_visible_to(reader, key)
    found = found or unsent_attachments_of(reader).filter(pk=key).first()
    if found is None:
        raise Problem(404, _("There is nothing here."))
    return found


files = address(POST=_receive)
file = address(GET=_serve, DELETE=_take_back)
file_small = address(GET=_serve_small)
