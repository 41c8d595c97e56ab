"""How figures are made: what the operator settles of it (S5)."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parley.parties.models import PartyKind
from parley.parties.settling import CannotBeSo, settle, settled
from parley.reports.complaints import is_complaint
from parley.reports.jobs import follow_zone
from parley.reports.settings import COMPLAINT_TOPICS, SELLERS_SEE_SUPPLIERS, TIME_ZONE
from parley.tickets.access import topics_in_use
from parley.tickets.models import Topic
from parley.web.desk.reports.doors import setters_only
from parley.web.filtering import number_in, sorted_by_name
from parley.web.reader import SignedInRequest


@require_http_methods(["GET", "POST"])
@setters_only
def setting(request: SignedInRequest) -> HttpResponseBase:
    """The page: `reports/setting.html`; posted, it holds from now on.

    Context: `zone`, `zones`, `sellers_see`, `topics` (those that go to the operator), `chosen` (ids of
    those that are complaints), `problem` (of the zone, or "").
    """
    topics = [
        topic
        for topic in sorted_by_name(topics_in_use(request.reader))
        if topic.goes_to == PartyKind.OPERATOR
    ]
    if request.method == "GET":
        return _page(request, topics, settled(TIME_ZONE))
    zone = request.POST.get("zone", "")
    known = {topic.pk for topic in topics}
    chosen = [
        number for one in request.POST.getlist("topic") if (number := number_in(one)) in known
    ]
    was = settled(TIME_ZONE)
    try:
        settle(TIME_ZONE, zone, by=request.reader)
    except CannotBeSo:
        return _page(request, topics, zone, _("There is no such time zone."))
    settle(SELLERS_SEE_SUPPLIERS, "sellers_see" in request.POST, by=request.reader)
    settle(COMPLAINT_TOPICS, sorted(chosen), by=request.reader)
    if zone != was:
        follow_zone.defer()
        messages.success(request, _("Saved. The figures move to the days of that zone."))
    else:
        messages.success(request, _("Saved."))
    return redirect("reports:setting")


def _page(
    request: SignedInRequest, topics: list[Topic], zone: str, problem: str = ""
) -> HttpResponseBase:
    chosen = settled(COMPLAINT_TOPICS)
    context: dict[str, Any] = {
        "zone": zone,
        "zones": sorted(zoneinfo.available_timezones()),
        "sellers_see": settled(SELLERS_SEE_SUPPLIERS),
        "topics": topics,
        "chosen": {topic.pk for topic in topics if is_complaint(topic, chosen)},
        "problem": problem,
    }
    return render(request, "reports/setting.html", context, status=422 if problem else 200)
