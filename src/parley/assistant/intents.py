"""What a question asks of the asker's own orders and tickets: a pure reading, in both languages.

A question is taken only when it names an order or a ticket *and* asks how it stands ("where is order
1042", "что с моим обращением 31?"), or is nothing but the number. One that asks how something is done,
or in which a number merely occurs ("error 1042 in the export"), is the help centre's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_NUMBERS = 3
LONGEST = 300
"""Characters: whoever writes more than that tells a story, and asks more than how something stands."""


class About(StrEnum):
    """What kind of thing is asked about."""

    ORDER = "order"
    TICKET = "ticket"


class Which(StrEnum):
    """Which of them: those numbered, the latest ones, or those that are open."""

    NUMBERED = "numbered"
    LATEST = "latest"
    OPEN = "open"


@dataclass(frozen=True)
class Asked:
    """A question about the asker's own rows; `numbers` are digits alone, in the order named."""

    about: About
    which: Which
    numbers: tuple[str, ...] = ()


_ORDER = r"(?:orders?|purchases?|заказ(?:а|у|ом|е|ы|ов|ам|ами|ах)?)"
_TICKET = (
    r"(?:(?:support\s+)?tickets?|cases?|requests?"
    r"|обращени(?:е|я|ю|ем|и|й|ям|ями|ях)|тикет(?:а|у|ом|е|ы|ов|ам|ами|ах)?"
    r"|заявк(?:а|и|у|е|ой|ам|ами|ах)|заявок|запрос(?:а|у|ом|е|ы|ов)?)"
)
_SIGN = r"(?:(?:number|no\.?|nr\.?|num\.?|id|№|#|номер(?:ом|а)?|ном\.?|с\s+номером|под\s+номером|:)\s*)*"
_DIGITS = r"\d{1,12}"
_MORE = rf"(?:\s*(?:,|and|&|или|or|и)\s*(?:№|#)?\s*{_DIGITS})*"
_NOT_GLUED = r"(?![\w%]|[.,:/-]\d)"

_NAMED_ORDER = re.compile(rf"(?<!in )\b{_ORDER}\s*{_SIGN}({_DIGITS}{_MORE}){_NOT_GLUED}")
_NAMED_TICKET = re.compile(rf"\b{_TICKET}\s*{_SIGN}(?:[tт]-?)?({_DIGITS}{_MORE}){_NOT_GLUED}")
_TICKET_NUMBER = re.compile(rf"(?<!\w)[tт]-\s?({_DIGITS}){_NOT_GLUED}")
_HASH = re.compile(rf"(?<!\w)(?:#|№)\s?({_DIGITS}){_NOT_GLUED}")
_BARE = re.compile(r"^(?:#|№)?\s*(\d{3,12})$")

# What asks how a thing stands.
_STANDS = re.compile(
    r"""\bwhere(?:'s|\s+is|\s+are|\s+has|\s+did)\b | \bwheres\b | \bstatus\b | \bstate\s+of\b
    | \bwhat(?:'s|\s+is|\s+has|s)?\s+(?:about|up\s+with|happening|happened|going\s+on|with|become\s+of)\b
    | \bwhat\s+(?:became|happened)\b | \bany\s+(?:news|updates?|progress|answer|reply)\b
    | \bwhen\s+(?:will|does|do|is|was|are|can)\b | \beta\b | \btrack(?:ing)?\b | \bhow\s+is\b | \bhow's\b
    | \bhas\b | \bhave\s+(?:you|they)\s+(?:sent|shipped|answered)\b | \bdid\b | \bis\b | \bare\b | \bwas\b
    | \bwhy\b | \bupdate\s+on\b | \bshow\b | \bcheck\b | \blook\s+up\b | \bfind\b | \btell\s+me\s+about\b
    | \bwhose\s+turn\b
    | \bгде\b | \bкуда\b | \bстатус\w* | \bсостояни\w+ | \bчто\s+(?:там\s+)?(?:с|со|по|слышно)\b
    | \bчто\s+там\b | \bкогда\b | \bкак\s+(?:там|дела|обстоят|продвига\w+)\b
    | \bесть\s+(?:ли\s+)?(?:новости|ответ)\b
    | \bкакие\s+новости\b | \bнов(?:ости|остей)\s+по\b | \bпочему\b | \bпокажи(?:те)?\b | \bпроверь(?:те)?\b
    | \bнайди(?:те)?\b | \bотслед\w+ | \b(?:отправ|отгру|опла[тч]|достав|прин|закры|реш|отвеч?)\w*\s+ли\b
    | \bли\b | \bответил\w*\b | \bчей\s+ход\b | \bна\s+каком\s+этапе\b | \bв\s+каком\b | \bскоро\s+ли\b
    | \b(?:отправлен|отгружен|оплачен|доставлен|отменён|отменен|закрыт|решен|решён)(?:о|а|ы)?\b
    | \bтрек\b | \bпри(?:дёт|дет|едет|шёл|шел|ехал)\b
    """,
    re.VERBOSE,
)
# What asks how something is done, or to do it: the help centre's, whatever number it names.
_HOW_TO = re.compile(
    r"""\bhow\s+(?:do|can|to|should|would|could|does|long|much|many|come)\b | \bwhere\s+(?:do|can|should|to)\b
    | \bwhat\s+(?:do|should|can|does|if)\b | \b(?:can|could|may|should|must)\s+(?:i|we|you|my|a|the)\b
    | \bcan't\b | \bcannot\b | ^(?:please\s+)?(?:cancel|refund|return|change|delete|close|reopen|ship|pay)\b
    | \b(?:want|need|like|trying|try)\s+to\b | \bis\s+it\s+(?:possible|allowed|ok)\b | \bpossible\s+to\b
    | \b(?:error|ошибк)\w*\b
    | \bкак\s+(?:мне\s+|нам\s+|я\s+|можно\s+|правильно\s+)*\w+(?:ть|ти|чь|ться|тись)\b
    | \bгде\s+(?:мне\s+|я\s+|можно\s+)*(?:\w+(?:ть|ти|чь|ться)\b|могу\b|найду\b|вижу\b)
    | \bчто\s+(?:делать|значит|означает|если)\b | \bможно\b | \bнельзя\b | \b(?:могу|можем)\b | \bнужно\b
    | \bхо(?:чу|тим|телось)\b | \bсколько\s+(?:стоит|времени|дней)\b | \bзачем\b
    | ^(?:пожалуйста,?\s+)?(?:отмените|отмени|верните|верни|измените|закройте|закрой|удалите|оплатите)\b
    """,
    re.VERBOSE,
)  # fmt: skip

_MINE = (
    r"(?:my|our|мо(?:й|я|ё|е|и|его|ему|ей|их|им|ими|ем|ём)|наш(?:а|е|и|его|ему|им|их|ими|ем)?|у\s+меня"
    r"|у\s+нас)"
)
_LAST = (
    r"(?:last|latest|most\s+recent|newest|recent|current|последн(?:ий|ее|яя|ие|его|ему|им|ем|их|ими|юю|ей)"
    r"|недавн\w+|свеж\w+|текущ\w+)"
)
_OPENED = (
    r"(?:open|unresolved|pending|unanswered|active|открыт\w+|незакрыт\w+|активн\w+"
    r"|нерешённ\w+|нерешенн\w+)"
)
_LATEST_ORDER = re.compile(
    rf"\b{_MINE}\s+(?:\w+\s+)?{_LAST}\s+{_ORDER}\b | \b{_LAST}\s+(?:\w+\s+)?{_ORDER}\b"
    rf"| \b{_MINE}\s+(?:{_OPENED}\s+)?{_ORDER}\b",
    re.VERBOSE,
)
_LATEST_TICKET = re.compile(
    rf"\b{_MINE}\s+(?:\w+\s+)?{_LAST}\s+{_TICKET}\b | \b{_LAST}\s+{_TICKET}\b | \b{_MINE}\s+{_TICKET}\b",
    re.VERBOSE,
)
_OPEN_TICKETS = re.compile(
    rf"\b(?:{_MINE}|i\s+have|any|what|which|list|какие|сколько|есть)\b[\w\s]{{0,20}}?\b{_OPENED}\s+{_TICKET}\b"
    rf"| ^{_OPENED}\s+{_TICKET}$ | \b{_TICKET}\s+(?:do\s+i\s+have|are\s+)?\s*{_OPENED}\b",
    re.VERBOSE,
)
_ONLY_THAT = re.compile(
    rf"^(?:(?:and|the|a|to|me|please|about|list|all|with|of|и|а|пожалуйста|про|по|все|мне)\s+|{_MINE}\s+|{_LAST}\s+"
    rf"|{_OPENED}\s+)*(?:{_ORDER}|{_TICKET})\s*{_SIGN}(?:[tт]-?)?(?:{_DIGITS})?(?:\s*please|\s*пожалуйста)?$"
)
_PLEASANT = re.compile(
    r"^(?:(?:hi|hello|hey|good\s+(?:morning|day|afternoon|evening)|thanks|please|ok|so"
    r"|здравствуйте|привет|добрый\s+(?:день|вечер)|доброе\s+утро|подскажите|скажите|пожалуйста)"
    r"(?:\s+there)?[\s,!.:–—-]+)+"
)


def intent_of(question: str) -> Asked | None:
    """What `question` asks of the asker's own orders or tickets; None when it is none of that."""
    text = _plain(question)
    if not text or len(text) > LONGEST:
        return None
    if bare := _BARE.match(text):
        return Asked(About.ORDER, Which.NUMBERED, (bare[1],))
    if _HOW_TO.search(text):
        return None
    return _numbered(text) or _unnumbered(text)


def speaks_of_own(question: str) -> bool:
    """Whether it speaks of an order or ticket of the asker's in whatever way: for a model to look up."""
    text = _plain(question)
    own = re.search(rf"\b{_MINE}\b", text)
    thing = re.search(rf"\b(?:{_ORDER}|{_TICKET})\b", text)
    return bool(own and thing) or bool(_numbers_in(text))


def _numbered(text: str) -> Asked | None:
    named = _numbers_in(text)
    if named is None:
        return None
    about, numbers = named
    if _is_little_else(text) or _STANDS.search(text):
        return Asked(about, Which.NUMBERED, numbers)
    return None


def _numbers_in(text: str) -> tuple[About, tuple[str, ...]] | None:
    """The order or tickets that are named by number, those named first."""
    for about, pattern in (
        (About.TICKET, _NAMED_TICKET),
        (About.TICKET, _TICKET_NUMBER),
        (About.ORDER, _NAMED_ORDER),
        (About.ORDER, _HASH),
    ):
        if found := pattern.findall(text):
            numbers = [one for part in found for one in re.findall(_DIGITS, part)]
            return about, tuple(dict.fromkeys(numbers))[:MOST_NUMBERS]
    return None


def _is_little_else(text: str) -> bool:
    """Whether the text is nothing but the name of the thing: “order 1042”, “T-31?”, “#1042”."""
    return bool(_ONLY_THAT.match(text) or re.match(rf"^(?:[tт]-\s?|#|№)\s?{_DIGITS}$", text))


def _unnumbered(text: str) -> Asked | None:
    asks = bool(
        _STANDS.search(text)
        or _ONLY_THAT.match(text)
        or re.match(r"^(?:do\s+i\s+have|есть|list)\b", text)
    )
    if _OPEN_TICKETS.search(text):
        return Asked(About.TICKET, Which.OPEN)
    if not asks or len(text) > 120:
        return None
    if _LATEST_TICKET.search(text):
        return Asked(About.TICKET, Which.LATEST)
    if _LATEST_ORDER.search(text):
        return Asked(About.ORDER, Which.LATEST)
    return None


def _plain(question: str) -> str:
    text = question.lower().replace("’", "'")
    text = re.sub(r"[«»“”\"()]", " ", text)
    text = " ".join(text.split()).strip(" ?!.,;:")
    return _PLEASANT.sub("", text + " ").strip(" ?!.,;:")
