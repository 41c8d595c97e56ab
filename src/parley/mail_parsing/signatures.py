"""What a writer signs with, told apart from what they say.

It is worse to lose a person's words than to show a signature: where neither a delimiter nor a
closing that everybody knows stands, nothing is taken away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parley.mail_parsing import signature_words as words
from parley.mail_parsing.told import plainly

# Lines of a signature that are not blank: below `-- ` (RFC 3676, 4.3) and below anything else.
MOST_DELIMITED = 25
MOST_CLOSED = 14
# How far from its end a text is searched.
REACH = 120
LONGEST_LINE = 160
LONGEST_SMALL_PRINT = 60

_DELIMITER = re.compile(r"\s{0,3}(?:--|- -|[—–]{1,10})\s*$")
# A line that parts anything, and is above a signature if a name and an address stand below it.
_LINE = re.compile(r"\s{0,3}[-_=*~]{3,80}\s*$")
_DASHES = re.compile(r"\s{0,3}--\s*$")
_EXACT_DELIMITER = re.compile(r"-- \s*$")
_NAMED_DELIMITER = re.compile(r"--\s?[^\W\d_]+[.,]?(?:\s[^\W\d_]+\.?){0,3}\s*$")
_LIST_FOOTER = re.compile(r"\s{0,3}_{20,}\s*$")
_POSTSCRIPT = re.compile(
    r"\W{0,3}(?:p\.?\s?){1,3}s(?:\.|:|,|\s|$)|\W{0,3}(?:п\.\s?с\.|з\.\s?ы\.|зы[:. ]|постскриптум)"
)
_CLOSING = re.compile(
    rf"\W{{0,3}}(?:{'|'.join(words.CLOSINGS)})"
    rf"(?:\s?[/|,&]\s?(?:{'|'.join(words.CLOSINGS)}))?(?P<rest>(?:[\s,.!;:*_–—-].*)?)$"
)
_WISH = re.compile(rf"\W{{0,3}}(?:{'|'.join(words.WISHES)})[\s,.!;:)]{{0,6}}$")
# Words in capitals, and what their bearer is: `Anna Petrova`, `J. R. Smith, Head of Boxes`.
_CAPITAL = r"[^\W\d_a-zа-яё][^\W\d_]{0,20}"
_NAME = re.compile(
    rf"[*_]{{0,2}}{_CAPITAL}(?:[\s.'’-]{{1,2}}{_CAPITAL}){{1,4}}[*_.]{{0,2}}(?:\s?[,|/–—(].{{0,80}})?$"
)
_DEVICE = re.compile(
    r"[\W_]{0,6}(?:"
    + "|".join(line.replace("{device}", f"(?:{words.DEVICES})") for line in words.DEVICE_LINES)
    + r")[\W_]{0,6}$"
)
_DEVICE_HINT = re.compile(
    r"sent|send|mobile|outlook|get |download|try|from my|wurde|отправлен|послан|написано|надіслан|відправлен"
    r"|envoy|envia|invia|verz|verst|wysła|skick|sänt|lähet|odesl|odosl|posl|gönder|küld|trimis|送信"
    r"|我的|보냄|נשלח|رسل|gửi|checked|scanned|vir|вирус|excuse|forgive|environment|pobierz|hämta|hent"
    r"|få |scarica|ottieni|obt|bai|descargar|télécharge|скачать|verschickt|gesendet"
)
_SMALL_PRINT = re.compile(rf"[\W_]{{0,6}}(?:{'|'.join(words.SMALL_PRINT)})")
_LINK = re.compile(r"[<(\[]?(?:https?://|www\.|mailto:|cid:)\S*[>)\]]?\.?$")
_LINKS = re.compile(r"<?(?:https?://|mailto:)[^\s<>]{1,300}>?|\[cid:[^\]]{1,200}\]")
_REACHED = re.compile(r"\w@\w|\+?\d[\d ().-]{6,}\d")
_CONTACT = re.compile(r"@|https?:|www\.|\d[\d\s().+/-]{5,}\d|\||\b(?:tel|fax|mob|phone|тел)\b")


def signature_of(texts: Sequence[str], *, alone: bool) -> set[int]:
    """The indices of the lines of a text (without quotes) that sign it.

    `alone`: nothing else of the mail was written by this person, so that something of it stays.
    """
    end = len(texts)
    begin = max(0, end - REACH)
    rows = [row for row in range(begin, end) if texts[row].strip()]
    taken = _device_rows(texts, rows)
    rows = [row for row in rows if row not in taken]
    taken |= _delimited(texts, rows, below_quote=not alone)
    for find in (_small_print, _closed):
        rows = [row for row in rows if row not in taken]
        taken |= find(texts, rows)
    rows = [row for row in rows if row not in taken]
    something = rows or any(texts[row].strip() for row in range(begin))
    if alone and not something:
        told = any(
            _EXACT_DELIMITER.match(texts[row]) or _LIST_FOOTER.match(texts[row]) for row in taken
        )
        return taken if told or _all_devices(texts, taken) else set()
    return taken


def _all_devices(texts: Sequence[str], rows: set[int]) -> bool:
    return all(is_device_line(texts[row]) or _LINK.match(texts[row].strip()) for row in rows)


def _device_rows(texts: Sequence[str], rows: list[int]) -> set[int]:
    """`Sent from my iPhone`, wherever it stands by itself: programs put it above a quote or an end."""
    taken: set[int] = set()
    for number, row in enumerate(rows):
        if not is_device_line(texts[row]):
            continue
        follows = rows[number + 1] if number + 1 < len(rows) else None
        apart = row == 0 or not texts[row - 1].strip() or row - 1 in taken or follows is None
        if not apart:
            continue
        last = follows is None or not texts[row + 1].strip() or _may_follow(texts[follows])
        if last:
            taken.add(row)
            if follows is not None and follows == row + 1 and _LINK.match(texts[follows].strip()):
                taken.add(follows)
    return taken


def is_device_line(line: str) -> bool:
    """Whether a program added the line by itself: `Sent from my iPhone`."""
    if not 6 <= len(line.strip()) <= 300:
        return False
    plain = plainly(_LINKS.sub(" ", line))
    if len(plain) > 120 or not _DEVICE_HINT.search(plain):
        return False
    return _DEVICE.match(plain) is not None


def _may_follow(line: str) -> bool:
    return _LINK.match(line.strip()) is not None or is_device_line(line)


def _delimited(texts: Sequence[str], rows: list[int], *, below_quote: bool) -> set[int]:
    """What stands below `-- `, or below a mailing list's line of underscores."""
    for number, row in enumerate(rows):
        tail = [texts[one] for one in rows[number + 1 :]]
        below = number > 0 or below_quote
        if _is_list_end(texts[row], tail) or (below and _is_named(texts[row], tail)):
            return set(rows[number:])
        if below and _LINE.match(texts[row]) and _apart(texts, row) and _is_card(tail):
            return set(rows[number:])
        if not _DELIMITER.match(texts[row]):
            continue
        signed = tail[: _before_postscript(tail)]
        if _EXACT_DELIMITER.match(texts[row]):
            if len(signed) <= MOST_DELIMITED:
                return set(rows[number : number + 1 + len(signed)])
        elif not tail and _DASHES.match(texts[row]):
            return {row}
        elif (
            below
            and signed
            and _signs(signed, dashes=_is_dashes(texts[row]), apart=_apart(texts, row))
        ):
            return set(rows[number : number + 1 + len(signed)])
    return set()


def _is_dashes(line: str) -> bool:
    return line.strip() in ("--", "- -")


def is_delimiter(line: str) -> bool:
    """Whether the line is nothing but the dashes above a signature."""
    return _DELIMITER.match(line) is not None


def _is_list_end(line: str, tail: list[str]) -> bool:
    if not _LIST_FOOTER.match(line) or not 0 < len(tail) <= 8:
        return False
    return any(_is_list_footer(one) for one in tail)


def _is_named(line: str, tail: list[str]) -> bool:
    """`-- Anna`, with little below it."""
    name = line.strip()[2:].lstrip()[:2]
    if not _NAMED_DELIMITER.match(line) or not name[:1].isupper() or name.isupper():
        return False
    return len(tail) <= 5 and all(
        _is_short(one) and (not one.startswith("--") or is_delimiter(one)) for one in tail
    )


def _apart(texts: Sequence[str], row: int) -> bool:
    return row == 0 or not texts[row - 1].strip()


def _signs(tail: list[str], *, dashes: bool, apart: bool) -> bool:
    """Whether lines below a dash that need not be a delimiter are a signature all the same."""
    if len(tail) > MOST_CLOSED or not all(_is_short(one) for one in tail):
        return False
    if not dashes and not any(_CONTACT.search(one) for one in tail):
        return False
    if any("?" in _LINKS.sub("", one) for one in tail):
        return False
    sentences = sum(_is_sentence(one) for one in tail)
    return sentences * 2 < len(tail) or (dashes and apart and len(tail) <= 4)


def _is_list_footer(line: str) -> bool:
    plain = plainly(line)
    return "http" in plain or "mailing list" in plain or "unsubscribe" in plain


def _before_postscript(tail: list[str]) -> int:
    """How many lines stand before a `P.S.`, which says something again."""
    for number, line in enumerate(tail):
        if _POSTSCRIPT.match(plainly(line)):
            return number
    return len(tail)


def _small_print(texts: Sequence[str], rows: list[int]) -> set[int]:
    """A company's notice on what may be done with its mails, down to the end."""
    for number, row in enumerate(rows[-LONGEST_SMALL_PRINT:]):
        above = texts[row - 1].strip() if row else ""
        if above and any(c.isalnum() for c in above):
            continue
        if number or len(rows) > LONGEST_SMALL_PRINT:
            paragraph = " ".join(texts[row : row + 6])
            if _SMALL_PRINT.match(plainly(paragraph)):
                return set(rows[-LONGEST_SMALL_PRINT:][number:])
    return set()


def _closed(texts: Sequence[str], rows: list[int]) -> set[int]:
    """A closing near the end, with the name and address below it."""
    if len(rows) < 2:
        return set()
    found: set[int] = set()
    for number in range(len(rows) - 1, max(-1, len(rows) - 1 - MOST_CLOSED), -1):
        line = texts[rows[number]]
        if _is_closing(line):
            found = set(rows[number:])
            continue
        if not found and _is_wish(line, [texts[row] for row in rows[number + 1 :]]):
            return set(rows[number + 1 :])
        if found or not _is_signed(line):
            break
    return found


def _is_closing(line: str) -> bool:
    if len(line) > 120:
        return False
    found = _CLOSING.match(plainly(line))
    if found is None:
        return False
    rest = found["rest"].strip(" ,.!;:*_–—-")
    if not any(c.isalnum() for c in rest):
        return True
    named = line.strip()[-len(rest) - 8 :].split()[-len(rest.split()) :]
    if len(named) > 4 or rest[-1] in "?!.":
        return False
    after_comma = found["rest"].lstrip()[:1] == ","
    return after_comma or all(word[:1].isupper() for word in named)


def _is_wish(line: str, below: list[str]) -> bool:
    """Whether this is `Thanks!` above a name and an address."""
    if len(below) < 2 or len(line) > 60 or not _WISH.match(plainly(line)):
        return False
    return _is_card(below)


def _is_card(lines: list[str]) -> bool:
    """Whether this is what stands on a card: a name, and how to reach who has it."""
    if not 2 <= len(lines) <= 10 or not _NAME.match(lines[0].strip()):
        return False
    reached = any(_REACHED.search(one) for one in lines[1:])
    return reached and not any(_is_sentence(one) for one in lines)


def _is_short(line: str) -> bool:
    return len(_LINKS.sub("", line).strip()) <= LONGEST_LINE


def _is_signed(line: str) -> bool:
    """Whether the line may stand below a closing: a name, a company, a number; no sentence."""
    if not _is_short(line) or _POSTSCRIPT.match(plainly(line)):
        return False
    if not _is_sentence(line):
        return True
    return "?" not in line and len(line.split()) <= 10 and _CONTACT.search(line) is not None


def _is_sentence(line: str) -> bool:
    bare = _LINKS.sub("", line).strip()
    many = len(bare.split())
    if "?" in bare:
        return True
    return many > 12 or (many >= 4 and bare[-1:] in (".", "!", "…", ":", ",", ";"))
