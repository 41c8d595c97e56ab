"""How mail programs mark quotes, signatures and hidden text in their HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto


class Role(Enum):
    """What a program says of an element by its name."""

    ATTRIBUTION = auto()
    SIGNATURE = auto()
    CUT = auto()


@dataclass(slots=True)
class Element:
    """An open element. `quotes`: what is in it was written before, by whoever.

    `holds_quote`: a quote of its own stands in it, so that the element itself quotes nothing.
    `tight`: no empty line follows it.
    """

    name: str
    hidden: bool = False
    quotes: bool = False
    tight: bool = False
    role: Role | None = None
    href: str = ""
    alt: str = ""
    holds_quote: bool = False


# The classes and ids of what stands around a quote.
_QUOTES_NAMES = """
olk_src_body_section yahoo_quoted yahoo-quoted-begin protonmail_quote tutanota_quote zmail_extra
zmail_extra_hr appleoriginalcontents messagereplysection isreplycontent iosymail
moz-forward-container ms-outlook-mobile-reference-message
mail-editor-reference-message-container missive_quote front-blockquote airmail_ext_quote
sh-quoted-content reply-original-content mcntquote freemail_quote gmx_quote bloop_original_html
hey_quote fastmail-quoted ik_mail_quote forwardcontentmessage isforwardcontent origbody
orimsghtmlseperator reply139content skiff_quote
"""
# Outlook on the web, Hotmail and Yahoo put this before the names in what they quote.
_PUT_BEFORE = re.compile(r"^(?:x_|ecx|ydp[0-9a-f]{6,12})+")
_QUOTES = frozenset(_QUOTES_NAMES.split())
_ATTRIBUTIONS_NAMES = """
gmail_attr moz-cite-prefix reply-intro replyheader airmail_on bloop_on hmailattribution
"""
_ATTRIBUTIONS = frozenset(_ATTRIBUTIONS_NAMES.split())
_CUTS = frozenset(("divrplyfwdmsg", "stopspelling", "replysplit", "reply_head", "zwchr"))
_SIGNATURES_NAMES = """
gmail_signature gmail_signature_prefix moz-signature applemailsignature signature
protonmail_signature_block ms-outlook-mobile-signature yahoo_signature mobile-signature
tutanota_signature mail-signature email-signature signature-block zmail_signature bloop_sign
airmail_sign missive_signature mcntsignature _mailsignature zm-_id_-sgn front-signature
messagesignaturesection composer_signature sh-signature bluemail-signature ymail_android_signature
ymail_ios_signature ms-outlook-ios-signature editorusersignature
"""
_SIGNATURES = frozenset(_SIGNATURES_NAMES.split())
_SIGNATURE_MARKS = frozenset(("data-signatureblock", "data-signature-widget"))
# Not `font-size:0` or `mso-hide:all`, which newsletters put around words that are seen all the same.
_HIDDEN_STYLE = re.compile(r"display:none|visibility:hidden|opacity:0(?:\.0)?(?:;|!|$)")
_NO_HEIGHT_STYLE = re.compile(r"max-height:0(?:px)?(?:;|!|$)")
_TIGHT_STYLE = re.compile(r"margin:0[a-z]{0,2}(?:;|$)|margin-bottom:(?:0|\.0001pt)")
_INDENT_STYLE = re.compile(r"border(?:-left)?(?:-style|-width)?:(?:none|0(?:px)?(?:;|$|none))")
_LEFT_LINE = re.compile(r"border-left(?:-width|-style|-color)?:(?!none|0)")
# The line that Outlook draws above the header of a quote, and the blue one beside a quote.
_OUTLOOK_ABOVE = re.compile(
    r"border:none;border-top:solid#[0-9a-f]{6}1\.0pt;padding:3\.0pt0(?:in|cm)0(?:in|cm)0(?:in|cm)"
)
_OUTLOOK_BESIDE = re.compile(
    r"border:none;border-left:solid(?:blue|#[0-9a-f]{6})1\.5pt;padding:0(?:in|cm)0(?:in|cm)0(?:in|cm)4\.0pt"
)


def element_of(name: str, attributes: dict[str, str]) -> Element:
    """The element a start tag opens. `attributes` by their names in small letters."""
    element = Element(name)
    if not attributes:
        element.quotes = name == "blockquote"
        return element
    named = _names(attributes)
    style = "".join(attributes.get("style", "")[:1_000].lower().split())
    element.hidden = "hidden" in attributes or _is_hidden(style)
    element.quotes = _quotes(name, named, style, attributes)
    element.role = Role.CUT if _OUTLOOK_ABOVE.search(style) else _role({*named, name}, attributes)
    element.tight = name == "p" and (
        any(one.startswith("mso") for one in named) or _TIGHT_STYLE.search(style) is not None
    )
    element.href = _href(attributes) if name == "a" else ""
    element.alt = attributes.get("alt", "")[:20] if name == "img" else ""
    return element


def is_shown(element: Element) -> bool:
    """Whether a reader sees the element."""
    return not element.hidden and element.name != "head"


def _is_hidden(style: str) -> bool:
    if not style:
        return False
    if _HIDDEN_STYLE.search(style):
        return True
    return "overflow:hidden" in style and _NO_HEIGHT_STYLE.search(style) is not None


def _names(attributes: dict[str, str]) -> set[str]:
    written = " ".join(
        attributes.get(key, "")[:300] for key in ("class", "id", "name", "data-smartmail")
    )
    return {_PUT_BEFORE.sub("", name) for name in written.lower().split()}


def _quotes(name: str, named: set[str], style: str, attributes: dict[str, str]) -> bool:
    if name != "blockquote":
        return not named.isdisjoint(_QUOTES) or _OUTLOOK_BESIDE.search(style) is not None
    if (
        attributes.get("type", "").lower() == "cite"
        or "gmail_quote" in named
        or "cite" in attributes
    ):
        return True
    if _LEFT_LINE.search(style):
        return True
    # “Increase indent” in Gmail and Apple Mail.
    return not (_INDENT_STYLE.search(style) or "webkit-indent-blockquote" in named)


def _role(named: set[str], attributes: dict[str, str]) -> Role | None:
    if not named.isdisjoint(_CUTS):
        return Role.CUT
    if not named.isdisjoint(_ATTRIBUTIONS):
        return Role.ATTRIBUTION
    if not named.isdisjoint(_SIGNATURES) or not attributes.keys().isdisjoint(_SIGNATURE_MARKS):
        return Role.SIGNATURE
    return None


def _href(attributes: dict[str, str]) -> str:
    href = attributes.get("href", "").strip()[:2_000]
    scheme = href.split(":", 1)[0].lower()
    return href if scheme in ("http", "https", "mailto", "tel") else ""
