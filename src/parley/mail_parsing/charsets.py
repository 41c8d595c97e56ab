"""Bytes to text, whatever their label says: names of charsets in the wild, and what to do when one is wrong.

Sources: the labels of the WHATWG Encoding Standard (browsers and mail programs read ISO-8859-1 as
windows-1252, GB2312 as GB18030, …), and what mail programs are seen to write.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from parley.mail_parsing.guessing import guess, is_surely_not_western
from parley.mail_parsing.iso_2022 import decode_iso_2022_jp

_WIDER = {
    "ascii": "ascii",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16",
}
"""A charset is read as the wider one that its label is used for."""

_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "unicode": "utf-16",
    "ucs-2": "utf-16",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "cp65001": "utf-8",
    "65001": "utf-8",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ks_c_5601": "cp949",
    "ksc_5601": "cp949",
    "ksc5601": "cp949",
    "windows-949": "cp949",
    "x-euc-kr": "cp949",
    "windows-874": "cp874",
    "windows-936": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "csgb2312": "gb18030",
    "chinesebig5": "big5hkscs",
    "x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "cn-gb": "gb18030",
    "windows-31j": "cp932",
    "windows-932": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "shift-jis": "cp932",
    "ms_kanji": "cp932",
    "x-ms-cp932": "cp932",
    "x-euc-jp": "euc_jp",
    "x-euc": "euc_jp",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    "x-mac-ce": "mac_latin2",
    "x-mac-greek": "mac_greek",
    "x-mac-turkish": "mac_turkish",
    "x-macroman": "mac_roman",
    "macintosh": "mac_roman",
    "mac": "mac_roman",
    "dos-866": "cp866",
    "x-cp866": "cp866",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "dos-862": "cp862",
    "x-ansi": "cp1252",
    "ansi": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "x-cp1252": "cp1252",
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "koi8r": "koi8-r",
    "koi8-ru": "koi8-u",
    "koi8u": "koi8-u",
    "cskoi8r": "koi8-r",
    "hz-gb-2312": "hz",
}

_UNFIT = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf-7"})
_MULTIBYTE = frozenset(
    {"gb18030", "big5hkscs", "cp932", "euc_jp", "euc_jis_2004", "shift_jis_2004", "shift_jisx0213"}
    | {"euc_jisx0213", "cp949", "johab", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}
    | {"utf-32-le", "utf-32-be"}
)
_WESTERN = frozenset({"cp1252", "cp1250", "cp1254", "iso8859-2"})
"""Charsets of languages whose letters beyond ASCII seldom stand side by side."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_JAPANESE_SHIFT = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\(J|\(I)")
_KOREAN_SHIFT = b"\x1b$)C"
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a]")
_HIGH = re.compile(rb"[\x80-\xff]")
_SAMPLE = 100_000
_LONGEST_MIXED = 20_000
"""Bytes of a western text of which pieces may be UTF-8, as what a server puts beneath it."""
_WITHIN = re.compile(
    r"utf-?(?:8|16)|(?:iso-?)?8859-\d{1,2}|windows-?125\d|cp125\d|koi8-?[ru]|gb2312|gbk|gb18030|big5"
    r"|shift_jis|euc-(?:jp|kr)|iso-2022-(?:jp|kr)|us-ascii"
)
"""A label somewhere in something that is none."""


@lru_cache(maxsize=1_000)
def codec_of(label: str) -> str:
    """The name of Python's codec for a charset's label, as mails write it; empty: nobody knows it."""
    plain = label[:200].strip().strip("\"'").strip().lower().partition("*")[0]
    plain = re.split(r"[\s;,\"']", plain, maxsplit=1)[0].strip("_$=")
    if not plain or len(plain) > 60:
        return ""
    if plain in _ALIASES:
        return _ALIASES[plain]
    for spelt in _spellings(plain):
        try:
            found = codecs.lookup(spelt)
        except (LookupError, ValueError):
            continue
        if found.name in _UNFIT or not getattr(found, "_is_text_encoding", True):
            return ""
        if found.name.startswith("iso2022_jp"):
            return "iso2022_jp"
        return _WIDER.get(found.name, found.name)
    within = _WITHIN.search(label[:200].lower())
    return codec_of(within[0]) if within and within[0] != plain else ""


def _spellings(plain: str) -> list[str]:
    found = [plain]
    if match := re.fullmatch(
        r"(?:x-)?(?:windows|win|cp|ibm|dos|x-cp|microsoft-cp)[-_ ]?(\d{3,5})", plain
    ):
        found.append(f"cp{match[1]}")
    if match := re.fullmatch(r"(?:x-)?(?:iso|is0)?[-_ ]?8859[-_ ]?(\d{1,2})(?:[-_:].*)?", plain):
        found.append(f"iso8859-{match[1]}")
    if match := re.match(r"(?:x-)?utf[-_ ]?(8|16|32)", plain):
        found.append(f"utf-{match[1]}")
    if plain.startswith("x-"):
        found.append(plain[2:])
    found.append(plain.replace(" ", "-"))
    return found


def decode(content: bytes, label: str = "", hint: str = "") -> str:
    """The text in these bytes. Never raises.

    `label` is the charset they are said to be in, `hint` the one that the rest of the mail is in,
    for bytes without a label. What the bytes themselves prove goes before what is said of them.
    """
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return cleaned(content.decode(codec, "replace").lstrip("\ufeff"))
    return cleaned(_decoded(content, codec_of(label), codec_of(hint)))


def _decoded(content: bytes, codec: str, hint: str) -> str:
    if content.isascii() and codec not in _SEVEN_BIT and codec not in _MULTIBYTE:
        return _seven_bits(content)
    if codec in ("", "ascii"):
        return _unlabelled(content, hint)
    if codec == "utf-8":
        return _said_to_be_utf_8(content, hint)
    if codec == "iso2022_jp":
        return decode_iso_2022_jp(content) if content.isascii() else _unlabelled(content, "")
    if (
        codec.startswith(("utf-16", "utf-32"))
        and b"\0" not in content
        and _is_mostly_ascii(content)
    ):
        return _unlabelled(content, hint)
    if codec not in _SEVEN_BIT and _is_surely_utf_8(content, 5 if codec in _MULTIBYTE else 1):
        return content.decode("utf-8", "replace")
    if codec == "cp1252" and is_surely_not_western(content):
        return content.decode(guess(content), "replace")
    return _strictly(content, codec) or _in_doubt(content, codec)


def _seven_bits(content: bytes) -> str:
    """Plain ASCII, unless it carries the escapes of a Japanese or Korean charset."""
    if b"\x1b" in content:
        if _KOREAN_SHIFT in content:
            return content.decode("iso2022_kr", "replace")
        if _JAPANESE_SHIFT.search(content):
            return decode_iso_2022_jp(content)
    return content.decode("ascii")


def _strictly(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return ""


def _in_doubt(content: bytes, codec: str) -> str:
    """Bytes that are not what their label says: UTF-8 where they prove it, else mended."""
    if not content:
        return ""
    if is_utf_8(content):
        return content.decode("utf-8", "replace")
    mended = content.decode(codec, "replace")
    broken = mended.count("\ufffd")
    if codec in _SEVEN_BIT or broken * 20 <= len(_HIGH.findall(content[:_SAMPLE])) or broken <= 2:
        return mended
    return _unlabelled(content, "")


def is_utf_8(content: bytes) -> bool:
    """Whether these bytes are UTF-8 beyond doubt: they have letters beyond ASCII, and all fit."""
    if content.isascii():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_surely_utf_8(content: bytes, letters: int) -> bool:
    """Whether it has so many letters of UTF-8, and nothing that is none."""
    return is_utf_8(content) and len(_SEQUENCE.findall(content[:_SAMPLE])) >= letters


def _is_mostly_ascii(content: bytes) -> bool:
    """Whether more than half of it is ASCII letters, blanks and the like."""
    sample = content[:_SAMPLE]
    return len(_HIGH.findall(sample)) * 2 < len(sample) and not _CONTROLS.search(sample)


def _said_to_be_utf_8(content: bytes, hint: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    sample = content[:_SAMPLE]
    sequences = _SEQUENCE.findall(sample)
    stray = len(_HIGH.findall(sample)) - sum(map(len, sequences))
    if len(sequences) >= 2 * stray:  # a letter cut in two, a few bytes that a server broke
        return content.decode("utf-8", "replace")
    return _unlabelled(content, hint)


def _unlabelled(content: bytes, hint: str) -> str:
    if is_utf_8(content):
        return content.decode("utf-8")
    if hint and hint not in ("ascii", "utf-8") and (found := _strictly(content, hint)):
        return found
    sample = content[:_SAMPLE]
    sequences = _SEQUENCE.findall(sample)
    if sequences and sum(map(len, sequences)) * 10 >= len(_HIGH.findall(sample)) * 9:
        return content.decode("utf-8", "replace")
    if sequences and len(content) <= _LONGEST_MIXED:
        rest = _SEQUENCE.sub(b"", content)
        codec = guess(rest)
        if codec in _WESTERN and len(_HIGH.findall(rest)) * 10 <= len(content):
            return content.decode("utf-8", _ELSE_BY[codec])
    return content.decode(guess(content), "replace")


def _register(codec: str) -> str:
    """Have what is no UTF-8 read by another codec; the name of that rule.

    Western letters make no UTF-8 by chance: they would have to stand side by side.
    """

    def by_codec(wrong: UnicodeError) -> tuple[str, int]:
        if not isinstance(wrong, UnicodeDecodeError):
            raise wrong
        return wrong.object[wrong.start : wrong.end].decode(codec, "replace"), wrong.end

    codecs.register_error(f"parley-{codec}", by_codec)
    return f"parley-{codec}"


_ELSE_BY = {codec: _register(codec) for codec in _WESTERN}


def cleaned(text: str) -> str:
    """Without what no database and no page can take: NULs, halves of surrogate pairs."""
    if "\0" in text:
        text = text.replace("\0", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
