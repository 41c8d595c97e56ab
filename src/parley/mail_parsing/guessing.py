"""Which charset bytes without a label are in, judged by how common the letters are that each would give."""

from __future__ import annotations

from dataclasses import dataclass

_SAMPLE = 6_000
_TYPOGRAPHY = frozenset("«»“”„‘’–—…€№°§©®·•\u00a0")


@dataclass(frozen=True)
class _Reading:
    """A charset with the letters of the languages written in it.

    `common` are those that such texts are full of, `others` the rest of the alphabet. `apart`: its
    letters beyond ASCII stand between ASCII ones, seldom side by side. `whole`: its words are
    wholly of its own letters, none of them ASCII.
    """

    codec: str
    common: frozenset[str]
    others: frozenset[str]
    prior: float = 0.0
    apart: bool = False
    whole: bool = False


_RUSSIAN = frozenset("оеаинтсрвлкмдпуяьы")
_CYRILLIC = frozenset("збгчйхжшюцщэфъёіїєґўјљњћЁІЇЄҐЎ№") | frozenset(map(chr, range(0x410, 0x430)))
_KANA = frozenset(map(chr, range(0x3041, 0x30FD)))
_JAPANESE = _KANA | frozenset(
    "、。・「」ー日本人大年一二三十会国中出上生分行者時事子社見何前後間今思言手方自高新同場合用様件名送信宛株式返信"
    "学先名前東京下部長小物入動作品電話番号問題体代理明全度定回的実金注文月火水木土曜願致申連絡確認添付山田"
)
_SIMPLIFIED = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家"
    "种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日者意无力它与长把机十"
    "民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯"
    "月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打"
    "，。、：；？！（）“”您请谢件邮单货号电订查询收退款客服测试附"
)
_TRADITIONAL = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家"
    "種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日者意無力它與長把機十"
    "民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體相見被利什二等產或新己制身果加月話合回"
    "，。、：；？！（）「」您請謝件郵單貨號電訂查詢收退款客服測試附信件台灣"
)
_HANGUL = frozenset(
    "이다는을에가의로고하한지기사해은도를시어나아대자리인있수정일요보게서그니부라들으만과구전상주여세입면신거성것제안오"
    "때스장우없년동와원소모습됩합감님문의메드유공개생트경관용중내위무조화물발방연국실계더했받말마바적비간선분치등행학회답변"
)
_HIGH_HANGUL = frozenset(map(chr, range(0xAC00, 0xD7A4)))
_GREEK = frozenset("αοιετσνηυρπκμλωςάέήίόύώ")
_GREEK_OTHERS = frozenset(map(chr, range(0x386, 0x3CE)))
_HEBREW = frozenset("יוהלאתרבמשנם")
_HEBREW_OTHERS = frozenset(map(chr, range(0x5D0, 0x5EB)))
_ARABIC = frozenset("اليمنوربتعدسهفقكة")
_ARABIC_OTHERS = frozenset("حجىأشصطخذضغزثءئؤإآظ،؟")
_THAI = frozenset("านรกเงมยลวดทสตะปบคหพชขจแไใโ่้ิีัุู")
_THAI_OTHERS = frozenset(map(chr, range(0xE01, 0xE4F)))
_WESTERN = frozenset("äöüßéèêàçñóíáúôâãåøæÄÖÜÉ¿¡")
_WESTERN_OTHERS = frozenset("õîïëìòùûœÀÁÂÃÅÆÇÈÊËÌÍÎÏÑÒÓÔÕØÙÚÛÝŒŸÿýºªšžŠŽþðÞÐ")
_CENTRAL = frozenset("ąćęłńóśźżáčďéěíňřšťúůýžőűäöüăâîş")
_CENTRAL_OTHERS = frozenset("ĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽŐŰÄÖÜĂÂÎŞŢôŔŕĽľĹĺĐđßëçţ")
_TURKISH = frozenset("ığşİŞĞçöüÇÖÜ")

_READINGS = (
    _Reading("cp1252", _WESTERN, _WESTERN_OTHERS, 0.05, apart=True),
    _Reading("cp1251", _RUSSIAN, _CYRILLIC, 0.02, whole=True),
    _Reading("koi8-u", _RUSSIAN, _CYRILLIC, 0.01, whole=True),
    _Reading("cp866", _RUSSIAN, _CYRILLIC, 0.0, whole=True),
    _Reading("iso8859-5", _RUSSIAN, _CYRILLIC, 0.0, whole=True),
    _Reading("mac_cyrillic", _RUSSIAN, _CYRILLIC, -0.02, whole=True),
    _Reading("cp932", _JAPANESE, frozenset()),
    _Reading("euc_jp", _JAPANESE, frozenset()),
    _Reading("gb18030", _SIMPLIFIED, frozenset(), 0.02),
    _Reading("big5hkscs", _TRADITIONAL, frozenset()),
    _Reading("cp949", _HANGUL, _HIGH_HANGUL),
    _Reading("iso8859-2", _CENTRAL, _CENTRAL_OTHERS, apart=True),
    _Reading("cp1250", _CENTRAL, _CENTRAL_OTHERS, 0.02, apart=True),
    _Reading("cp1254", _TURKISH, frozenset(), 0.03, apart=True),
    _Reading("cp1253", _GREEK, _GREEK_OTHERS, whole=True),
    _Reading("cp1255", _HEBREW, _HEBREW_OTHERS, whole=True),
    _Reading("cp1256", _ARABIC, _ARABIC_OTHERS, -0.05, whole=True),
    _Reading("iso8859-6", _ARABIC, _ARABIC_OTHERS, -0.05, whole=True),
    _Reading("cp874", _THAI, _THAI_OTHERS, -0.05, whole=True),
)
_LEAST = 0.2
_SEVEN_BITS = bytes(range(128))
_LEAST_LETTERS = 5
_WESTERN_AT_LEAST = 0.0
_SURELY = 0.6


def guess(content: bytes) -> str:
    """The codec that these bytes, which are neither ASCII nor UTF-8, are most likely in."""
    sample = _sample(content)
    best, most = "cp1252", _LEAST
    for reading in _READINGS:
        score = _score(sample, reading)
        if score > most:
            best, most = reading.codec, score
    return best


def is_surely_not_western(content: bytes) -> bool:
    """Whether bytes that are said to be windows-1252, the label of who knows of no other, are not.

    A word of a western language has no three letters beyond ASCII side by side, and its bytes make
    no common letters of another alphabet.
    """
    sample = _sample(content)
    if len(sample.translate(None, _SEVEN_BITS)) < _LEAST_LETTERS:
        return False
    if _score(sample, _READINGS[0]) > _WESTERN_AT_LEAST:
        return False
    return max(_score(sample, reading) for reading in _READINGS[1:]) > _SURELY


def _sample(content: bytes) -> bytes:
    lines, size = [], 0
    for line in content[:200_000].split(b"\n"):
        if line.isascii():
            continue
        lines.append(line[:_SAMPLE])
        size += len(lines[-1])
        if size > _SAMPLE:
            break
    return b"\n".join(lines)


def _score(sample: bytes, reading: _Reading) -> float:
    """How well the reading fits: 1 where every letter beyond ASCII is a common one."""
    try:
        text = sample.decode(reading.codec)
    except UnicodeDecodeError as broken:
        # The sample may end inside of a character; anything else speaks against the reading.
        if broken.start < len(sample) - 3:
            return -1.0
        text = sample[: broken.start].decode(reading.codec, "replace")
    total, count, before = 0.0, 0, " "
    for letter in text:
        if letter >= "\x80":
            total += _worth(letter, before, reading)
            count += 1
        elif reading.whole and before >= "\x80" and letter.isalpha() and before.isalpha():
            total -= 1.0
        before = letter
    return total / count + reading.prior if count else -1.0


def _worth(letter: str, before: str, reading: _Reading) -> float:
    if reading.apart and before >= "\x80" and before.isalpha() and letter.isalpha():
        return -0.7
    within = reading.whole and before.isalpha() and letter.isalpha()
    if within and (before < "\x80" or (letter.isupper() and before.islower())):
        return -1.0  # Koi-8 read as windows-1251 is capitals after small letters
    if letter in reading.common:
        return 1.0
    if letter in reading.others:
        return 0.4
    if letter in _TYPOGRAPHY:
        return 0.1
    return -0.4 if letter.isalpha() else -1.0
