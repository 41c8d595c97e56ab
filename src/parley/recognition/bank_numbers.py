"""Card numbers (ISO/IEC 7812) and IBANs (ISO 13616), by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parley.recognition.disguises import latin
from parley.recognition.numbers import Piece, Run
from parley.recognition.passages import Passage
from parley.recognition.surroundings import called_other, part_of_code

_ISSUED = re.compile(
    r"""4\d{15}                                   # Visa
    | (?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}  # Mastercard
    | 3[47]\d{13}                                 # American Express
    | 220[0-4]\d{12,15}                           # Mir
    | 62\d{14,17}                                 # UnionPay
    | (?:6011|65\d\d|64[4-9]\d)\d{12}             # Discover
    | (?:50|5[6-8]|6[0-79])\d{14}                 # Maestro
    """,
    re.VERBOSE,
)
_CARD_WORDS = re.compile(
    r"(?<![^\W_])(?:card|visa|master ?card|maestro|amex|debit|credit card|карт\w+|сбер\w*|мир"
    r"|тинь\w+|т-банк\w*|альфа\w*|втб|кредитк\w+)(?![^\W_])"
)
_MOST_PIECES = 19
IBAN_LENGTHS = {
    code: int(length)
    for code, length in re.findall(
        r"([A-Z]{2})(\d\d)",
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29"
        "ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28"
        "LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25"
        "QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30",
    )
}
_IBAN_START = re.compile(r"(?<![^\W_])[a-zаеорсхткмв]{2} ?\d ?\d[ \-]?(?=[^\W_])")
_LONGEST_IBAN = 34 + 16


def cards_in(text: str, runs: list[Run]) -> Iterator[Passage]:
    """The card numbers among `runs` of `text` (plain)."""
    for run in runs:
        at = 0
        while at < len(run.pieces):
            size = _card_at(text, run.pieces, at)
            if size:
                start, end = run.pieces[at].start, run.pieces[at + size - 1].end
                digits = "".join(piece.digits for piece in run.pieces[at : at + size])
                yield Passage("card", start, end, digits)
            at += size or 1


def _card_at(text: str, pieces: list[Piece], at: int) -> int:
    digits = ""
    for size, piece in enumerate(pieces[at : at + _MOST_PIECES], 1):
        digits += piece.digits
        if len(digits) > 19:
            return 0
        if _ISSUED.fullmatch(digits) and luhn_holds(digits):
            return size if _may_be_card(text, pieces, at, size) else 0
    return 0


def _may_be_card(text: str, pieces: list[Piece], at: int, size: int) -> bool:
    start, end = pieces[at].start, pieces[at + size - 1].end
    if part_of_code(text, start, end):
        return False
    near = text[max(0, start - 48) : start]
    if _CARD_WORDS.search(near):
        return True
    if called_other(text, start):
        return False
    alone_before = at == 0 or text[pieces[at].start - 1] == " "
    after = at + size
    return alone_before and (after == len(pieces) or text[end : end + 1] in {" ", ","})


def luhn_holds(digits: str) -> bool:
    """Whether the last of `digits` is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def ibans_in(text: str) -> Iterator[Passage]:
    """The IBANs in `text` (plain), whole or in groups."""
    end = 0
    for found in _IBAN_START.finditer(text):
        if found.start() < end:
            continue
        written = _iban_at(text, found.start())
        if written:
            end = found.start() + len(written)
            yield Passage("iban", found.start(), end, re.sub(r"[^a-z0-9]", "", latin(written)))


def _iban_at(text: str, start: int) -> str:
    """The IBAN that begins at `start`, as it is written; empty if none does."""
    window = latin(text[start : start + _LONGEST_IBAN])
    length = IBAN_LENGTHS.get(window[:2].upper(), 0)
    taken: list[str] = []
    for place, sign in enumerate(window):
        if sign in " -.":
            continue
        if not (sign.isascii() and sign.isalnum()):
            return ""
        taken.append(sign)
        if len(taken) == length:
            whole = not window[place + 1 : place + 2].isalnum()
            return window[: place + 1] if whole and iban_holds("".join(taken)) else ""
    return ""


def iban_holds(iban: str) -> bool:
    """Whether the check digits of `iban` (letters and digits only) are right (ISO 7064, mod 97-10)."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
