"""Pictures that are small as files and large in memory."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cast import Cast
from parley.conversations import picturing
from parley.conversations.attaching import receive
from parley.conversations.models import Attachment

pytestmark = pytest.mark.django_db

DRAWING = """
import io, resource, sys
import django
from PIL import Image
django.setup()
from parley.conversations.picturing import _small

def taken():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

packed = io.BytesIO(sys.stdin.buffer.read())
before = taken()
with Image.open(packed) as opened:
    assert max(_small(opened).size) == 480
print((taken() - before) // 1024)
"""


def _png(edge: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (edge, edge), (40, 90, 60, 128)).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _received(cast: Cast, data: bytes) -> Attachment:
    return receive(cast.seller, "photo.png", SimpleUploadedFile("photo.png", data))


def test_a_bomb_is_not_unpacked(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    bomb = _received(cast, _png(6_100))
    assert not picturing.make_thumbnail(bomb.pk)


def test_a_large_picture_takes_no_more_than_it_has_to() -> None:
    """Itself, and once more itself with its colours weighed by their transparency."""
    took = subprocess.run(
        [sys.executable, "-c", DRAWING], input=_png(5_000), capture_output=True, check=True
    )
    assert int(took.stdout) < 2.5 * 5_000 * 5_000 * 4 / 1024 / 1024


def test_one_is_drawn_at_a_time(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    drawing, most = threading.Semaphore(0), []

    def draw(_attachment: Attachment) -> None:
        drawing.release()
        time.sleep(0.02)
        most.append(drawing._value)
        drawing.acquire()

    picture = Attachment(media_type="image/png")
    monkeypatch.setattr(picturing, "_draw", draw)
    monkeypatch.setattr(Attachment.objects, "filter", lambda **_: _Only(picture))
    with ThreadPoolExecutor(4) as workers:
        list(workers.map(picturing.make_thumbnail, [picture.pk] * 8))
    assert most == [1] * 8


class _Only:
    def __init__(self, one: Attachment) -> None:
        self.one = one

    def first(self) -> Attachment:
        return self.one
