"""The delivery details of an order as a person types them, read field by field."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from parley.catalogue.eligibility import BRITISH, country_choices
from parley.catalogue.postcodes import read_postcode
from parley.conversations.typed import typed, typed_line
from parley.orders.models import Address

FIELDS = ("name", "company", "street", "city", "region", "postcode", "country", "phone", "email")


def read_recipient(written: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The columns of an order's address in what was written, and what is wrong: field → sentence.

    A British postcode is put into its usual form.
    """
    lines = {field: typed_line(written.get(field, "")) for field in FIELDS}
    street = "\n".join(filter(None, map(typed_line, typed(written.get("street", "")).splitlines())))
    lines |= {"street": street, "country": lines["country"].upper()}
    problems = {field: words for field in FIELDS if (words := _problem(field, lines))}
    if lines["country"] in BRITISH and (postcode := read_postcode(lines["postcode"])):
        lines["postcode"] = str(postcode)
    return {f"to_{field}": text for field, text in lines.items()}, problems


def _problem(field: str, lines: Mapping[str, str]) -> str:
    text = lines[field]
    most: int = getattr(Address._meta.get_field(f"to_{field}"), "max_length", 0)  # noqa: SLF001
    if len(text) > most:
        return _("Use at most %(most)s characters.") % {"most": most}
    if not text:
        return _missing(field, lines["country"])
    if field == "country" and text not in dict(country_choices()):
        return _("Pick a country from the list.")
    if field == "postcode" and lines["country"] in BRITISH and read_postcode(text) is None:
        return _("“%(text)s” is not a British postcode. Write it like N1 0EB.") % {"text": text}
    if field == "email":
        try:
            validate_email(text)
        except ValidationError:
            return _("“%(text)s” is not an e-mail address.") % {"text": text}
    return ""


def _missing(field: str, country: str) -> str:
    if field == "postcode" and country in BRITISH:
        return _("Write the postcode: it tells where the goods may go.")
    needed = {
        "name": _("Write who gets the goods."),
        "street": _("Write the street and the house."),
        "city": _("Write the town."),
        "country": _("Pick the country."),
    }
    return needed.get(field, "")
