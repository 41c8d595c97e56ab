"""An article for suppliers with a picture, for the addresses of the help centre."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cast import Cast
from help_centre.articles import article
from parley.help_centre.models import Image

PATH = "orders/ship-an-order"
OPINION = {"path": PATH, "language": "en", "helped": "yes"}


def explained(cast: Cast) -> tuple[Image, dict[str, Callable[[str], str]]]:
    """The picture, and what stands in the addresses of the help centre."""
    made = article(cast, PATH, audience=("supplier",))
    stored_as = default_storage.save("shown.png", ContentFile(b"PNG"))
    image = Image.objects.create(
        article=made, language="en", path="images/shown.png", media_type="image/png", size=3,
        sha256="a" * 64, stored_as=stored_as, width=1, height=1,
    )  # fmt: skip
    return image, {
        "<help_language:language>": lambda name: "en",
        "<path:path>": lambda name: PATH,
        "<slug:content>": lambda name: "a" * 12,
        "<path:name>": lambda name: "shown.png",
    }
