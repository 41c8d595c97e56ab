"""The text of RTF, as Outlook packs it (MS-OXRTFCP, MS-OXRTFEX): unpacked, and HTML within it taken out."""

from __future__ import annotations

import re
import struct

from parley.mail_parsing.charsets import codec_of

_PRIMED = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_MOST = 30_000_000
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})?[ ]?"
    rb"|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+"
)
_SKIPPED = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer"}
    | {b"generator", b"listtable", b"listoverridetable", b"themedata", b"datastore", b"xmlnstbl"}
)
_SPOKEN = {
    b"par": "\n", b"line": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘",
    b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"row": "\n", b"cell": "\t",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_DEEPEST = 500
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D


def decompressed(packed: bytes) -> bytes:
    """The RTF in a PR_RTF_COMPRESSED; empty: it is none, or broken from its start."""
    if len(packed) < 16:
        return b""
    _, size, kind, _ = struct.unpack_from("<IIII", packed)
    if kind == _PLAIN:
        return packed[16 : 16 + size]
    if kind != _COMPRESSED:
        return b""
    return _unpacked(packed[16:], min(size, _MOST))


def _unpacked(packed: bytes, size: int) -> bytes:
    window = bytearray(_PRIMED.ljust(_WINDOW, b"\0"))
    place, made, at = len(_PRIMED), bytearray(), 0
    while at < len(packed) and len(made) < size:
        flags = packed[at]
        at += 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 1 >= len(packed):
                    return bytes(made)
                reference = packed[at] << 8 | packed[at + 1]
                at += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == place:
                    return bytes(made)
                for step in range(length):
                    byte = window[(offset + step) % _WINDOW]
                    made.append(byte)
                    window[place] = byte
                    place = (place + 1) % _WINDOW
            elif at < len(packed):
                made.append(packed[at])
                window[place] = packed[at]
                place = (place + 1) % _WINDOW
                at += 1
    return bytes(made)


class _Reader:
    """Reads RTF once, from its start to its end."""

    def __init__(self, rtf: bytes) -> None:
        self.is_html = b"\\fromhtml1" in rtf[:2_000]
        self._rtf = rtf
        self._made: list[str] = []
        self._bytes = bytearray()
        self._codec = "cp1252"
        self._after_letter = 1  # how many characters stand in for a Unicode one
        self._to_skip = 0
        # Of each open group: whether its text is left out, and whether it is a tag of HTML.
        self._groups: list[tuple[bool, bool, bool]] = [(False, False, False)]
        self._starts = False

    def read(self) -> str:
        """The text, or the HTML that was made RTF."""
        for token in _TOKEN.finditer(self._rtf):
            self._take(token)
        self._flush()
        return "".join(self._made)

    def _take(self, token: re.Match[bytes]) -> None:
        if brace := token["brace"]:
            self._brace(brace)
        elif symbol := token["symbol"]:
            self._symbol(symbol)
        elif word := token["word"]:
            self._word(word, int(token["number"]) if token["number"] else None)
        elif digits := token["hex"]:
            self._write_bytes(bytes((int(digits, 16),)))
        elif text := token["text"]:
            self._write_bytes(text)
        if not token["brace"] and token["symbol"] != b"*":
            self._starts = False

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._to_skip = 0
        if brace == b"{" and len(self._groups) < _DEEPEST:
            self._groups.append(self._groups[-1])
            self._starts = True
        elif brace == b"}" and len(self._groups) > 1:
            self._groups.pop()

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            hidden, tag, plain = self._groups[-1]
            self._groups[-1] = (hidden or not self.is_html, tag, plain)
            if self.is_html:
                self._groups[-1] = (True, tag, plain)
            return
        self._write(_SYMBOLS.get(symbol, ""))

    def _word(self, word: bytes, number: int | None) -> None:
        hidden, tag, plain = self._groups[-1]
        if word == b"htmltag" and self.is_html:
            self._groups[-1] = (False, True, False)
        elif word == b"htmlrtf" and self.is_html:
            self._flush()
            self._groups[-1] = (hidden, tag, number != 0)
        elif word in _SKIPPED and self._starts:
            self._groups[-1] = (True, tag, plain)
        elif word == b"ansicpg" and number:
            self._codec = codec_of(f"cp{number}") or self._codec
        elif word == b"uc" and number is not None:
            self._after_letter = max(0, min(number, 8))
        elif word == b"u" and number is not None:
            self._write(chr(number % 0x10000))
            self._to_skip = self._after_letter
        elif word in _SPOKEN:
            self._write("\r\n" if self.is_html and word == b"par" else _SPOKEN[word])

    def _is_silent(self) -> bool:
        hidden, _, plain = self._groups[-1]
        return hidden or plain

    def _write(self, text: str) -> None:
        if text and not self._is_silent():
            self._flush()
            self._made.append(text)

    def _write_bytes(self, content: bytes) -> None:
        skipped = min(self._to_skip, len(content))
        self._to_skip -= skipped
        if not self._is_silent():
            self._bytes += content[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            self._made.append(self._bytes.decode(self._codec, "replace"))
            self._bytes.clear()


def text_of_rtf(rtf: bytes) -> tuple[str, bool]:
    """The text of RTF, and whether it is HTML; empty where it is no RTF. Linear, never raises."""
    if not rtf.lstrip().startswith(b"{\\rtf"):
        return "", False
    reader = _Reader(rtf[:_MOST])
    return reader.read().strip(), reader.is_html
