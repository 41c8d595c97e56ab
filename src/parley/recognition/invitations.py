"""Invitations to a messenger that name nobody yet: "message me on WhatsApp", "пишите в вацап"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from parley.recognition.messengers import CHAT, SOCIAL, UNSURE
from parley.recognition.passages import Passage, key
from parley.recognition.patterns import compiled
from parley.recognition.sentences import clause_start, sentences

_THING = (
    r"(?!-(?!канал|чат|групп|бот|channel|chat|group|bot)"
    r"| (?:business|catalogue|import|pixel|page|shop|store|advert\w*|ads?|button|logo|icon"
    r"|sticker\w*|mug\w*|case\w*|style|themed|certified|compatible|design\w*"
    r"|marketplace|feed|camera|post|story|reel|campaign|numbers? of"
    r"|магазина|покупател\w+|камер\w+|бизнес|сери\w+)(?![^\W_]))"
)
_SIGNALS = compiled(
    rf"""(?<![^\W_-])(?:
    (?P<doit>(?:what'?s ?app|telegram|skype|viber|dm|insta) (?:me|us)
        |(?:есть|got|have you got|do you have|do you use|are you on|пользуетесь
            |пользуешься)(?: ли)?(?: у вас)? (?:{CHAT}|{SOCIAL}){_THING}|(?:my|мо[йяе][мй]?
            |в моей|в нашей) {SOCIAL}{_THING}
        |(?:вотс|ватс|вац|вотц)а?п?(?:ни|ните|аните|ай|айте)(?: мне| нам)?
    )
    |(?P<excuse>rather than|нет|кто-то|чужой|instead of|not|can't|don't|won't|never|no
        |customers?'?s?|buyers?'?s?
        |they|she|he|somebody|someone
        |ads?|advert\w*|ran|posted|shared|saw|seen|logos?|не(?! против)|вместо|нельзя|никогда
            |покупател\w+|клиент\w*|реклам\w+|написали
        |прислал\w*|логотип\w*|кнопк\w+|наклейк\w+|значок|чехл\w*|импорт\w*|чужие|цвет\w*|colou?rs?
    )
    |(?P<chat>(?:(?:on|in|via|through|by|over|to|в|во|по|через|на) )?{CHAT}(?: ?(?:or|/|и
        |или) ?{CHAT}(?: me)?)?{_THING})
    |(?P<social>(?:on|in|via|through|by|over|to|в|во|через|на) {SOCIAL}{_THING})
    |(?P<unsure>(?:on|in|via|through|over|to|our|в|через) {UNSURE}{_THING})
    |(?P<go>message|msg|dm|pm|text|write|ping|contact|call|reach|find|add|hit|chat|talk|speak
        |catch|get|join|answer|reply|move
        |go|switch|continue|discuss|faster|quicker|quickest|easier|better|best|hmu|drop|number
            |shout|look|see|watch
        |(?:на|от)?пиши(?:те)?|черкни(?:те)?|стучи(?:те)?|стукни(?:те)?|маякни(?:те)?
            |(?:по)?звони(?:те)?|наберите|свяжитесь|свяжись
        |связаться|связь|спишемся|созвонимся|общаться|пообщаемся|обсудим|перейд[её]м
            |переходи(?:те)?|давай(?:те)?|уйд[её]м
        |отвечу|отвечаю|отвечаем|кину|скину|пришлю|отправлю|скинь(?:те)?|кинь(?:те)?|пришлите
            |продолж\w+|найди(?:те)?|ищи(?:те)?
        |добавь(?:те)?|заходи(?:те)?|загляни\w*|гляньте|быстрее|удобнее|проще|лучше|номер\w?
    )
    |(?P<person>me|us|you|your|my|our|we|we've|i|i'm|i'll|we're|let's|мне|нам|меня|нас|мой
        |мо[еяю]|наш\w*|ваш\w*|вы|вам|вас|я|мы)
    )(?![^\W_])"""
)
_REFUSED_AFTER = re.compile(
    r"[ ,]{1,2}(?:не|нет|нельзя|is not|isn't|not|(?:was|got|is) hacked|взлом\w+)(?!\w)"
)
_PLACES = {"chat", "social", "unsure"}


def invitations_in(text: str, named: Iterable[Passage]) -> Iterator[Passage]:
    """The sentences of `text` (plain) that ask over to a messenger.

    Those in which one of `named`, a phone number or a name, is found already say it by that.
    """
    places = sorted(passage.start for passage in named if passage.kind in {"phone", "handle"})
    at = 0
    for start, end in sentences(text):
        while at < len(places) and places[at] < start:
            at += 1
        if at < len(places) and places[at] < end:
            continue
        found = _invitation(text, start, list(_SIGNALS.finditer(text, start, end)))
        if found:
            yield Passage("handle", *found.span(), key(found[0]))


def _invitation(text: str, start: int, signals: list[re.Match[str]]) -> re.Match[str] | None:
    """The messenger that one sentence asks over to, if it does."""
    kinds = {signal.lastgroup for signal in signals}
    for signal in signals:
        if signal.lastgroup in _PLACES | {"doit"} and _asked(signal.lastgroup or "", kinds):
            begins = clause_start(text, start, signal.start())
            excused = any(
                other.lastgroup == "excuse" and begins <= other.start() < signal.start()
                for other in signals
            )
            if not excused and not _REFUSED_AFTER.match(text, signal.end()):
                return signal
    return None


def _asked(place: str, kinds: set[str | None]) -> bool:
    if place == "chat":
        return "go" in kinds or "person" in kinds
    return place == "doit" or "go" in kinds
