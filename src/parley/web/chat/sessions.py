"""Beginning in the messenger: who is there, in which language, and all its words; and signing out."""

from __future__ import annotations

from django.conf import settings
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _

from parley.messenger.keeping_sites import site_of_key
from parley.messenger.limiting import SESSIONS_OF_ADDRESS, spend
from parley.messenger.listing import unread_of
from parley.messenger.models import Site
from parley.messenger.presence import someone_is_there
from parley.messenger.visiting import (
    Caller,
    caller_by_token,
    go_on,
    newcomer,
    read_in,
    sign_out,
    zone_or_utc,
)
from parley.messenger.vouching import TokenRefused
from parley.parties.access import operator
from parley.parties.models import Membership, Party, PartyKind
from parley.web.chat import shapes
from parley.web.chat.doors import Answer, Asking, address, as_they_read, nothing
from parley.web.chat.problems import Problem
from parley.web.chat.words import component_words

RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


def _begin(asking: Asking) -> Answer:
    spend("session", asking.address, SESSIONS_OF_ADDRESS)
    site = _site(asking)
    language, zone = _language(asking), zone_or_utc(asking.body.text("zone"))
    refused = ""
    by_cookie = asking.caller if asking.caller and not asking.caller.key else None
    if site is None and by_cookie is not None:
        caller = by_cookie
    else:
        caller, refused = _by_key(asking, site, language, zone)
    asking.caller = caller
    with as_they_read(asking):
        session = _session(asking, caller, site)
    return session | ({"token_refused": refused} if refused else {})


def _site(asking: Asking) -> Site | None:
    """The site whose page asks; None for our own pages. Raises Problem for a page of no site's."""
    named = asking.body.text("site")
    site = site_of_key(named) if named else None
    if named and site is None:
        raise Problem(403, _("The messenger is not meant for this site."), field="site")
    if asking.origin and (site is None or asking.origin not in site.origins):
        raise Problem(403, _("The messenger is not meant for this site."), field="site")
    return site


def _by_key(asking: Asking, site: Site | None, language: str, zone: str) -> tuple[Caller, str]:
    """Whom the page's token or the browser's key stands for, or somebody new; and why no token did."""
    token, key = asking.body.text("token"), asking.body.text("key")
    refused = ""
    if token and site is not None:
        try:
            said = caller_by_token(site, token, key=key, language=language, time_zone=zone)
        except TokenRefused as trouble:
            refused = str(trouble)
        else:
            read_in(said, language, zone)
            return said, ""
    known = go_on(key, site)
    if known is not None and known.is_known:
        read_in(known, language, zone)
        return known, refused
    return newcomer(site, language=language, time_zone=zone), refused


def _language(asking: Asking) -> str:
    for wanted in (asking.body.text("language"), translation.get_language() or ""):
        try:
            return get_supported_language_variant(wanted[:20])
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _session(asking: Asking, caller: Caller, site: Site | None) -> shapes.Shape:
    reader = caller.membership
    language = translation.get_language() or settings.LANGUAGE_CODE
    company = operator_or_none()
    return {
        **({"key": caller.key} if caller.key else {"csrf": get_token(asking.request)}),
        "language": language,
        "dir": "rtl" if language[:2] in RIGHT_TO_LEFT else "ltr",
        "words": component_words(),
        "person": _person(reader) if reader else _vouched(caller),
        "name": company.name if company else "Parley",
        "assistant_name": _("Assistant"),
        "assistant_label": _("AI assistant"),
        "online": someone_is_there(),
        "stream": reverse("chat:stream"),
        "unread": unread_of(reader) if reader else 0,
        "limits": {"file": settings.FILE_LIMIT, "message": settings.MESSAGE_LIMIT},
        "help_url": f"/help/{language}/",
        "safety": reverse("safety") if _has_pages(caller) else "",
        "page": reverse("chat:page") + (f"?site={site.key}" if site else ""),
    }


def operator_or_none() -> Party | None:
    """The operator, once the marketplace is set up."""
    try:
        return operator()
    except Party.DoesNotExist:
        return None


def _person(reader: Membership) -> shapes.Shape:
    is_visitor = reader.party.kind == PartyKind.VISITOR
    return {
        "name": "" if is_visitor and not reader.visitor.subject else reader.person.name,
        "kind": reader.party.kind,
        "email_known": bool(reader.person.mailbox),
    }


def _vouched(caller: Caller) -> shapes.Shape | None:
    if not caller.subject:
        return None
    name, email = caller.vouched.get("name", ""), caller.vouched.get("email", "")
    return {"name": name, "kind": PartyKind.VISITOR.value, "email_known": bool(email)}


def _has_pages(caller: Caller) -> bool:
    return not caller.key


def _unread(asking: Asking) -> Answer:
    """The number at the messenger's button, for pages where it has not been opened."""
    return {"unread": unread_of(asking.reader) if asking.reader else 0}


def _sign_out(asking: Asking) -> Answer:
    if asking.caller is not None and asking.caller.key:
        sign_out(asking.caller)
    return nothing()


session = address(is_for_anybody=True, POST=_begin)
unread = address(is_for_anybody=True, GET=_unread)
signing_out = address(POST=_sign_out)
