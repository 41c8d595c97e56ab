"""Tags on a ticket, from its page at the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.parties.models import Membership
from parley.tickets.keeping_tags import TagRefused, TagTyped, add_tag, tag_named, tags
from parley.tickets.models import Ticket
from parley.tickets.tagging import TagUnknown, put_tag, take_tag
from parley.web.desk.more import more_again
from parley.web.filtering import number_in
from parley.web.reader import SignedInRequest, operator_only


@require_GET
@operator_only
def choices(request: SignedInRequest) -> HttpResponseBase:
    """What can be put on, for the field where a tag is typed: `desk/_tags.html`. Context: `tags`."""
    return render(request, "desk/_tags.html", {"tags": tags()})


@require_POST
@operator_only
def tagging(request: SignedInRequest, number: int) -> HttpResponseBase:
    """Put on the tag called `name`, making it where there is none; or take `off` the one of that id."""
    off = number_in(request.POST.get("off"))
    try:
        if off is not None:
            take_tag(number, off, by=request.reader)
        else:
            _put(number, request.POST.get("name", ""), request.reader)
    except Ticket.DoesNotExist:
        raise Http404 from None
    except TagRefused as refusal:
        messages.error(request, str(refusal))
    except TagUnknown:
        messages.error(request, _("This tag is not in use any more."))
    return more_again(request, number)


def _put(number: int, name: str, by: Membership) -> None:
    tag = tag_named(name) or add_tag(TagTyped(name=name), by=by)
    put_tag(number, tag.pk, by=by)
