"""Requests to pay outside the marketplace: "send via PayPal friends and family", "на карту"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from parley.recognition.passages import Passage, key
from parley.recognition.patterns import compiled
from parley.recognition.sentences import clause_start, sentences

_SIGNALS = compiled(
    r"""(?<![^\W_])(?:
    (?P<outside>
        off(?: the)? books|в ?черную|по-черному|без (?:кассы|чека|бумаг)|invoice you (?:ourselves
            |direct\w*|privately|separately)
        |выстав\w+ счет (?:сами|напрямую|лично|отдельно)
        |(?:don't|not|rather not)(?: want to| like to)? (?:use|go through
            |pay through) (?:the |this )?(?:platform|marketplace|desk|site)
        |не (?:[а-я]+ ){0,2}через (?:площадк|маркетплейс|платформ)\w+
        |(?:off|outside(?: of)?|without|around|round|past|not through|bypass(?:ing)?
            |not via)(?: the
            | this|-)? ?
            (?:platform|marketplace|desk|system|site(?! (?:logo|name|banner))|middle ?m[ae]n
                |harbour market|parley)
        |(?:skip|cut out) (?:the )?middle ?m[ae]n|(?:do|keep|take|move|settle) [^.!?,]{0,30}offline
        |pay (?:through|via|using|with|at|on) (?:this|the|my|our) link
            |оплат\w+ по (?:этой |нашей )?ссылке|провед\w+ мимо
        |no need (?:to go through|for) (?:the )?(?:platform|marketplace|desk|site|harbour market
            |parley)
        |(?:bypass|avoid|skip|dodge|get around|save|give) (?:(?:on|us both|us|both|you
            |harbour market) )?(?:the |their )?
            (?:(?:\d+ ?%|marketplace) )?(?:fees?|commission|\d+ ?%(?= pay))
        |(?:keep|stays?|just) (?:this |it )?between (?:us|ourselves|you and me)
        |under the table|friends (?:and|&) family|cash in hand|private(?:ly)? deal
        |(?:в обход|мимо|без|вне|минуя|не через|кроме) (?:этой )?(?:площадк|маркетплейс|платформ
            |сайт(?=а)|посредник|parley|harbour)\w*
        |без комисси\w+ площадк\w+|платить комиссию площадке|зачем нам площадка|друзьям и близким
            |из рук в руки
    )
    |(?P<paysus>
        (?:can|could|would) you (?:venmo|paypal|zelle|wire|revolut)|pay (?:my|our) (?:paypal
            |monzo|revolut|bank|card|account)
        |(?:paypal|venmo|revolut|zelle|bank[- ]transfer) (?:it(?! )|it over|the|over)
        |(?:pay|paypal|pay pal|venmo|revolut|zelle|wire|cash app|bank[- ]transfer) (?:me
            |us)(?! (?:attention|back|for|here|from))
        |(?:paid|pays|paying) (?:me|us) (?:direct\w*|through|via|by|in)
    )
    |(?P<direct>direct(?:ly)?(?! debit| sun\w*| line|light\w*| light\w*| dial| number| phone
        | mail| to the (?:customer|buyer))|straight (?:to|from|with) (?:us|me|our)|off-?line
        |лично(?! в руки)
        |напрямую(?! покупат\w+| со склад\w+| из | с | в | от | клиент\w+)
    )
    |(?P<means>
        (?:paypal|pay pal|venmo|zelle|cash ?app|revolut|monzo|starling|western union|moneygram
            |skrill|payoneer|usdt|btc
            |bitcoin|ethereum|crypto(?:currency)?|bank transfer|by transfer|stripe|sumup|bacs
                |wire transfer|faster payments?|transferwise
            |(?:amazon|itunes|steam|apple|google play) (?:gift )?(?:cards?|vouchers?)|in gift cards
            |cash(?! (?:box|register|up|drawer|flow|on delivery|back)|-)
                |(?<! a )wise(?! (?:choice|to|of|idea|man|decision)))(?! fees| payouts?|-\w)
        |(?:to|into|on|onto|via|with|in|by|pay|on to|use|using) (?:my
            |our)(?: [a-z]+){0,2} (?:card|account
            |bank|wallet|paypal|monzo|revolut|wise|starling)(?! (?:manager|reader|stand|range
            |holder|is|page|shows|says))
        |over the phone
        |(?:на|по|через|в) (?:(?:мою|нашу|мой|наш|нашего|моего|мне|вашу|ваш|эту|личную|личный
            |номер\w?|другую|р/с|сч[её]т) ){0,3}
            (?:карт[уе]|карточк[уе](?! товар\w*)|(?:расч[её]тный )?сч[её]т|сбер\w*|тинь\w+
                |т-банк\w*|альф[ау]\w*|втб|киви|qiwi|юмани|юmoney|сбп|юкасс\w+|робокасс\w+
                |кошел[её]к|ип|paypal|пейпал
            |usdt|qr)(?! (?:памяти|мира|сайта|фактур\w*|от|№))
        |крипт(?:ой|у|ы|а|е|овалют\w+)|usdt|биткоин\w*|налич(?:ными|кой|ка|ку)|налом|переводом
            |сбербанк онлайн|тинькофф|юмани|киви
    )
    |(?P<soft>by cheque|bank details|реквизит\w+)
    |(?P<verb>
        pay|send|transfer|wire|refund|settle|accept|take|invoice|to us|to me|prefer|payment
            |paying|ship it for|works(?: too)?|is fine|is (?:easiest|easier|best)|use|удобнее
                |удобней|проще|лучше|перекин\w+|возьм\w+|pop|chuck|stick
        |buy (?:me|us)|put (?:it|the refund) on|do you have|have you got
        |(?:за|о|до|пред)?плат[иь](?:те|ть|м)?|оплат(?:а|у|ой|ите|и|ить|им)|предоплат\w+
            |перевед(?:ите|и|ете|ешь|ем|у|ите)|переводи(?:те)?
        |перевод(?:ом)?|перевести|скин(?:ьте|ь|у|ем|ете)|(?:за)?кин(?:ьте|ь|у|ем)|кидай(?:те)?
            |отправ(?:ьте|ь|им|лю)|отправите
        |перечисл(?:ите|и|им)|пришли(?:те)?|верн(?:ите|и|ем|у)|внеси(?:те)?|рассчита\w+
            |рассч[её]т\w*|принимаем|бер[её]м|возьм[её]м|подойд\w+
        |подходит|отдайте|вручите|можно|давай(?:те)?|есть|заберу|отдам|отгружу|вперед|аванс\w*
            |задат\w+
    )
    |(?P<deal>come(?= to us)|приходи\w*|обращай\w+|order|брать|взять|возьм\w+|бер[её]\w+|buy|deal
        |purchase|trade|sell|оформ\w+|дела(?:йте|ем|ть)|заказыва\w+|закаж\w+|договори\w+
        |работа(?:ть|ем|йте)|куп\w+)
    |(?P<excuse>the (?:marketplace|platform|desk)(?= (?:take|accept|pay|charge)s?)|not|(?:i|we
        |i've|we've) (?:have )?(?:already )?paid|top(?:ped|ping)?(?: it)?[ -]up|пополн\w+|(?:о
        |за)?плати(?:л\w*)|перевели|перев[её]л
        |can't|don't|won't|never|refused?|customers?'?s?|buyers?'?s?|they|she|he|her|his|their
            |(?:from|to|on|in|with) (?:the |our |my |your )?balance|somebody|someone
        |wants? to|asked|offered|suggested|не|никогда|нельзя|покупател\w+|клиент\w*|она|он|они
            |(?:с|на|из) (?:наш\w+ |мо\w+ |ваш\w+ )?баланс\w*|предлага\w+|прос[ия]т\w*|отказ\w*
        |вместо|никому)
    |(?P<person>me|us|my|our|i|i'll|we|we'll|let's|let us|нас|нам|мне|меня|наш\w*|мо[йяе]|лично)
    |(?P<gain>cheaper|discount\w*|better price|save|knock|% off|off|дешевле|скидк\w+|сэконом\w+)
    |(?P<shipping>ship\w*|deliver\w*|dispatch\w*|отгрузите|отгружай\w*|отправля\w+|доставля\w+)
    )(?![^\W_])"""
)
_NUMBERS = compiled(
    r"""(?<![^\W_])(?:
    sort code:? ?\d\d[- ]?\d\d[- ]?\d\d(?:[^\n]{0,20}?\d{8})?
    |р/с:? ?\d{20}(?:[^\n]{0,6}бик:? ?\d{9})?|(?:расч[её]тный )?сч[её]т:? ?40[78]\d{17}
    |(?:give|send|tell|text) (?:me|us) (?:your|the) (?:card|bank|account) (?:number|details)
    |(?:дайте|скажите|напишите|пришлите|скиньте
        |нужен) (?:мне |нам )?(?:ваш )?номер (?:вашей )?карты
    |(?:paypal|stripe|revolut|monzo)(?:\.me)? link|кошел[её]к (?:usdt|btc|trc
        |биткоин)\w*(?:[: ]{1,3}[a-z0-9]{26,62})?
    |bc1[a-z0-9]{25,60}|0x[0-9a-f]{40}|t(?=[a-z]{0,20}\d)[a-z0-9]{33}
    )(?![^\W_])"""
)
_REFUSED_AFTER = re.compile(
    r"[^.!?\n,]{0,20}?(?<!\w)(?:не (?:буд|работа|хо|прин|плат)\w+|отказ\w+|нельзя|запрещ\w+|не защищен\w*"
    r"|is not allowed|isn't allowed|said no)"
)
_FURTHEST = 64


def payments_in(text: str) -> Iterator[Passage]:
    """The requests in `text` (plain) to pay, or to trade, outside the marketplace."""
    for found in _NUMBERS.finditer(text):
        yield _passage(text, *found.span())
    for start, end in sentences(text):
        signals = list(_SIGNALS.finditer(text, start, end))
        core = _core(signals)
        if core and not _excused(text, start, signals, core):
            yield _passage(text, core[0].start(), core[-1].end())


def _passage(text: str, start: int, end: int) -> Passage:
    return Passage("payment", start, end, key(text[start:end]))


def _core(signals: list[re.Match[str]]) -> list[re.Match[str]]:
    """The signals of one sentence that together are a request; none if there is no request."""
    kinds = {signal.lastgroup for signal in signals}
    wanted: set[str] = set()
    if "outside" in kinds or "paysus" in kinds:
        wanted |= {"outside", "paysus"}
    if "means" in kinds and kinds & {"verb", "person", "gain"}:
        wanted |= {"means", "verb", "person", "gain"}
    if {"soft", "verb"} <= kinds:
        wanted |= {"soft", "verb"}
    if "direct" in kinds and _with_us(kinds, signals):
        wanted |= {"direct", "verb", "deal", "gain"}
    core = [signal for signal in signals if signal.lastgroup in wanted]
    if not core or not _close(core):
        return []
    return [signal for signal in core if signal.lastgroup not in {"person", "gain"}]


def _with_us(kinds: set[str | None], signals: list[re.Match[str]]) -> bool:
    """Whether a deal, not a delivery, is with the one who writes; Russian verbs say it by themselves."""
    if "shipping" in kinds or not kinds & {"verb", "deal", "gain"}:
        return False
    if "person" in kinds or any(signal[0].endswith((" us", " me")) for signal in signals):
        return True
    return any("а" <= signal[0][0] <= "я" for signal in signals)


def _close(core: list[re.Match[str]]) -> bool:
    strong = {"outside", "paysus"}
    if any(signal.lastgroup in strong for signal in core):
        return True
    return any(
        other.start() - one.end() <= _FURTHEST
        for one, other in pairwise(core)
        if one.lastgroup != other.lastgroup
    )


def _excused(
    text: str, start: int, signals: list[re.Match[str]], core: list[re.Match[str]]
) -> bool:
    """Whether the clause refuses to, or tells of somebody else."""
    begins = clause_start(text, start, core[0].start())
    if any(
        signal.lastgroup == "excuse" and begins <= signal.start() < core[-1].start()
        for signal in signals
    ):
        return True
    return bool(_REFUSED_AFTER.match(text, core[-1].end()))
