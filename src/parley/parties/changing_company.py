"""A company's own people changing what stands of it on papers: legal name, address, VAT number.

An invoice must name both companies with their addresses, and the VAT number of the one that supplies:
the United Kingdom's VAT Regulations 1995, regulation 14; Directive 2006/112/EC, article 226.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from babel import Locale
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.journal.recording import record
from parley.parties.events import CompanyChanged
from parley.parties.models import Membership, Party, Role

LONGEST_NAME = 200
LONGEST_LINE = 100
MOST_LINES = 6
_VAT_NUMBER = re.compile(r"[A-Z0-9]{4,14}")
_CHANGE_IT = frozenset({Role.OWNER, Role.ADMIN})


class NotTheirs(PermissionError):
    """The company's details are its owners' to change, and the operator's its administrators'."""


class CompanyRefused(ValueError):
    """Something can't stand on a paper so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class CompanyDetails:
    """As typed. `address` has its lines, `country` is an ISO 3166-1 code; anything may be left empty."""

    legal_name: str = ""
    address: str = ""
    country: str = ""
    vat_number: str = ""


def may_change_company(reader: Membership) -> bool:
    """Whether `reader` may change what stands on papers of their own company."""
    return reader.role in _CHANGE_IT


def lacks_for_invoices(party: Party) -> bool:
    """Whether the invoices that `party` gives would be without its address or its VAT number."""
    return not (party.address and party.vat_number)


@transaction.atomic
def change_company(details: CompanyDetails, *, by: Membership) -> None:
    """Keep the details of the company of `by`; papers issued from now on carry them.

    Raises NotTheirs, or CompanyRefused, and then nothing is changed.
    """
    if not may_change_company(by):
        raise NotTheirs
    kept = asdict(_tidied(details))
    problems = {name: words for name, words in _problems(CompanyDetails(**kept)).items() if words}
    if problems:
        raise CompanyRefused(problems)
    party = Party.objects.select_for_update().get(pk=by.party_id)
    changed = {
        name: (getattr(party, name), value)
        for name, value in kept.items()
        if getattr(party, name) != value
    }
    if not changed:
        return
    for name, (_before, after) in changed.items():
        setattr(party, name, after)
    party.save(update_fields=list(changed))
    record(CompanyChanged(party=party.pk, fields=changed), by=by)


def _tidied(typed: CompanyDetails) -> CompanyDetails:
    """Without empty lines and spaces nobody meant; a VAT number is written without any."""
    lines = (" ".join(line.split()) for line in typed.address.replace("\x00", "").splitlines())
    return CompanyDetails(
        legal_name=" ".join(typed.legal_name.replace("\x00", "").split()),
        address="\n".join(line for line in lines if line),
        country=typed.country.strip().upper(),
        vat_number="".join(typed.vat_number.split()).upper(),
    )


def _problems(details: CompanyDetails) -> dict[str, str]:
    return {
        "legal_name": _name_problem(details.legal_name),
        "address": _address_problem(details.address),
        "country": _country_problem(details),
        "vat_number": _vat_number_problem(details.vat_number),
    }


def _name_problem(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return ""
    return _("Write the name in at most %(most)s characters.") % {"most": LONGEST_NAME}


def _address_problem(address: str) -> str:
    lines = address.splitlines()
    if len(lines) > MOST_LINES:
        return ngettext(
            "Write the address in at most %(num)s line.",
            "Write the address in at most %(num)s lines.",
            MOST_LINES,
        ) % {"num": MOST_LINES}
    if any(len(line) > LONGEST_LINE for line in lines):
        return _("A line of the address has at most %(most)s characters.") % {"most": LONGEST_LINE}
    return ""


def _country_problem(details: CompanyDetails) -> str:
    if not details.country:
        return _("Pick the country of the address.") if details.address else ""
    known = len(details.country) == 2 and details.country in Locale("en").territories
    return "" if known else _("Pick a country from the list.")


def _vat_number_problem(number: str) -> str:
    if not number or _VAT_NUMBER.fullmatch(number):
        return ""
    return _("A VAT number has 4 to 14 letters and digits, such as GB123456789.")
