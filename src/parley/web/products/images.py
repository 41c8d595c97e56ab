"""Pictures of products: adding them, taking them away, and serving them behind the door."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.catalogue.access import products_visible_to
from parley.catalogue.models import ProductImage
from parley.catalogue.picturing import (
    MOST_IMAGES,
    NoPicture,
    TooManyImages,
    add_image,
    image_visible_to,
    remove_image,
)
from parley.conversations.attaching import FileTooLarge
from parley.conversations.scanning import FileNotTaken
from parley.web.files import serve_file
from parley.web.reader import SignedInRequest, signed_in
from parley.web.saying import refusal_words
from parley.web.sides import supplier_only


@require_POST
@supplier_only
def images(request: SignedInRequest, product: int) -> HttpResponseBase:
    """Add pictures (`files`) to one's own product; what can't be kept is said, one by one."""
    if not products_visible_to(request.reader).filter(pk=product).exists():
        raise Http404
    try:
        files = request.FILES.getlist("files")
    except FileTooLarge as refusal:
        messages.error(request, _too_large(refusal))
        return redirect("products:change", product)
    if not files:
        messages.error(request, _("Pick a picture first."))
    for file in files:
        try:
            add_image(product, file.name or "", file, by=request.reader)
        except NoPicture as refusal:
            messages.error(
                request,
                _("%(name)s: not a PNG, JPEG, GIF or WebP picture.") % {"name": refusal.name},
            )
        except FileTooLarge as refusal:
            messages.error(request, _too_large(refusal))
        except FileNotTaken as refusal:
            messages.error(request, refusal_words(refusal))
        except TooManyImages:
            messages.error(
                request, _("A product has at most %(most)s pictures.") % {"most": MOST_IMAGES}
            )
            break
    return redirect("products:change", product)


@require_POST
@supplier_only
def removal(request: SignedInRequest, image: uuid.UUID) -> HttpResponseBase:
    """Take a picture of one's own product away."""
    try:
        product = remove_image(image, by=request.reader)
    except ProductImage.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The picture is gone."))
    return redirect("products:change", product.pk)


@require_GET
@signed_in
def image(request: SignedInRequest, image: uuid.UUID) -> HttpResponseBase:
    """The picture itself, as a download."""
    found = _found(request, image)
    return serve_file(request, found.stored_as, found.name, found.media_type, found.sha256)


@require_GET
@signed_in
def small(request: SignedInRequest, image: uuid.UUID) -> HttpResponseBase:
    """The picture drawn small, shown in place."""
    found = _found(request, image)
    if not found.thumbnail:
        raise Http404
    response = serve_file(request, found.thumbnail, "", "image/webp", f"{found.sha256}-small")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def _found(request: SignedInRequest, image: uuid.UUID) -> ProductImage:
    try:
        return image_visible_to(request.reader, image)
    except ProductImage.DoesNotExist:
        raise Http404 from None


def _too_large(refusal: FileTooLarge) -> str:
    return _("%(name)s is over the limit of %(limit)s.") % {
        "name": refusal.name,
        "limit": filesizeformat(refusal.limit),
    }
