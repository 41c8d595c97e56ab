"""Taking out of a text what tells of a person: addresses, numbers, names.

Questions are shown to editors, and answers become articles: neither needs to know who it was about.
Rather a number too many is taken out than one too few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import pgettext

# Each is looked for from where it can begin alone, so that fifty thousand letters are read once.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\b(?:https?://|www\.)\S+")
_TELLS = re.compile(r"\d{4,}|[?&=]")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{2,4}){2,8}\b")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d(?:[ ().\u00a0-]{0,2}\d){8,14}(?!\w)")
_HANDLE = re.compile(r"(?<![\w@/])@\w{3,}")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_CODE = re.compile(r"(?<!\w)#?[A-Z]{1,4}-?\d(?=[A-Z0-9-]*\d)[A-Z0-9-]{2,}\b")
_DIGITS = re.compile(r"(?<![\w.,])[#№]?\s?\d{4,}(?!\w)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LAST_LETTER = re.compile(r"[аеёийоуыьэюяй]$", re.IGNORECASE)
SHORTEST_NAME = 3
"""Letters of a name that is looked for: shorter ones are words of the language as well."""


def masked(text: str) -> str:
    """`text` with e-mail addresses, telltale links, IBANs, phones, postcodes and numbers taken out.

    In their place stands what they were, in the active language: `[e-mail]`, `[number]`. Amounts,
    years and small numbers stay: they are what a question is about.
    """
    text = _LINK.sub(_link, text)
    text = _EMAIL.sub(pgettext("instead of it", "[e-mail]"), text)
    text = _IBAN.sub(pgettext("instead of it", "[account]"), text)
    text = _PHONE.sub(pgettext("instead of it", "[phone]"), text)
    text = _HANDLE.sub(pgettext("instead of it", "[name]"), text)
    number = pgettext("instead of it", "[number]")
    text = _POSTCODE.sub(pgettext("instead of it", "[postcode]"), text)
    text = _CODE.sub(number, text)
    return _DIGITS.sub(lambda found: _long_number(found[0], number), text)


def without_names(text: str, people: Iterable[str], instead: Mapping[str, str]) -> str:
    """`text` without the names of `people`, whole or in part, in whatever case they are declined.

    `instead` says what stands for other names: of a company, what it is on the marketplace.
    """
    for name in sorted(instead, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){_declined(name)}(?!\w)", instead[name], text, flags=re.IGNORECASE)
    name_words = {word for name in people for word in re.findall(r"[^\W\d_]+", name)}
    long_enough = sorted((w for w in name_words if len(w) >= SHORTEST_NAME), key=len, reverse=True)
    if not long_enough:
        return text
    one = "|".join(map(_declined, long_enough))
    return re.sub(rf"(?<!\w)(?:{one})(?:[ -](?:{one}))*(?!\w)", _nobody, text)


def _nobody(_found: re.Match[str]) -> str:
    return pgettext("instead of it", "[name]")


def _declined(name: str) -> str:
    """A pattern for a name as it stands or, in Cyrillic, with another ending."""
    if not re.search(r"[а-яё]$", name, re.IGNORECASE):
        return re.escape(name)
    stem = _LAST_LETTER.sub("", name)
    return rf"{re.escape(stem)}[а-яё]{{0,3}}"


def _link(found: re.Match[str]) -> str:
    address = found[0]
    return pgettext("instead of it", "[link]") if _TELLS.search(address) else address


def _long_number(found: str, instead: str) -> str:
    bare = found.strip("#№ \u00a0")
    if _YEAR.fullmatch(bare) and bare == found.strip():
        return found
    lead = found[: len(found) - len(found.lstrip())]
    return f"{lead}{instead}"
