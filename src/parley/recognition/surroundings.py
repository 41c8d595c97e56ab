"""What the words around a number say it is."""

from __future__ import annotations

import re

REACH = 48
_PHONE_WORDS = re.compile(
    r"""(?<![^\W_])(?:
        tel|telephone|phone|phones|ph|mob|mobile|cell|cellphone|landline|call|calls|calling|ring|dial
        | text|sms|whatsapp|what'?s\ ?app|viber|signal|reach|contact|bell|ext|hotline|fax|m|t|p
        | тел|телефон\w*|моб\w*|сот\w*|звон\w*|позвон\w*|созвон\w*|набер\w+|набирай\w*|наби?рать
        | смс|вот?сап\w*|ват?сап\w*|ватс\w*|вацап\w*|вотс|вайбер\w*|телег\w*|связ\w+|номер\ для\ связи
        | мой\ номер|пишите\ на|пиши\ на|городской|контакт\w*|диктую|запишите
        | my\ number|number'?s|direct\ line
    )(?![^\W_])""",
    re.VERBOSE,
)
_OTHER_WORDS = re.compile(
    r"""(?<![^\W_])(?:
        order|orders|po|invoice|inv|ref|reference|tracking|track|trace|parcel|shipment|consignment
        | batch|lot|ean|gtin|upc|barcode|bar\ code|sku|item|article|part|parts|serial|sn|s/n|imei
        | vat|eori|utr|company|registration|sscc|isbn|issn|hs|code|commodity|awb|container|pallet
        | row|rows|locker|licence|license|key|receipt|label|ticket|claim|case|rma|grn|asn|pod|cmr
        | royal\ mail|dpd|evri|hermes|ups|dhl|fedex|yodel|parcelforce|usps|model|pin|build|version
        | account|acc|sort\ code|swift|bic|customer\ no|quote|policy|duns
        | заказ\w*|накладн\w+|сч[её]т\w*|фактур\w+|трек\w*|отслежив\w+|посылк\w+|отправлени\w+
        | парти\w+|штрих\w*|артикул\w*|сери\w+|инн|кпп|огрн|огрнип|бик|р/с|к/с|снилс|паспорт\w*
        | гтд|тн\ вэд|вэд|упд|торг|платежн\w+|договор\w*|пломб\w+|контейнер\w*|чек\w*|ключ\w*
        | код\w*|ячейк\w+|строк\w+|претензи\w+|обращени\w+|акт\w*|паллет\w*|рейс\w*|модел\w+
        | сдэк|боксберри|почта\ россии|верси\w+|индекс\w*|коробк\w+|партномер\w*|грузомест\w+
    )(?![^\W_])|[\#№]""",
    re.VERBOSE,
)
_FILLER = re.compile(r"[^\d\n.?!;]*(?:no\.|№|\#)?[^\d\n.?!;]*\Z")
_MEASURED = re.compile(
    r" ?(?:[%°₽$£€]|(?:руб|р|шт|мм|см|кг|гр?|л|м|мл|тг|gbp|eur|rub|usd|pcs|pc|mm|cm|kg|g|ml|l|w|v)\b)"
)


def called_phone(text: str, start: int) -> bool:
    """Whether the nearest telling word shortly before `start` speaks of a phone."""
    before = text[max(0, start - REACH) : start].rsplit("\n\n", 1)[-1]
    return _last(_PHONE_WORDS, before) > _last(_OTHER_WORDS, before)


def called_other(text: str, start: int) -> bool:
    """Whether the number at `start` is named as something else: an order, a parcel, an account."""
    before = text[max(0, start - REACH) : start]
    other = _end_of_last(_OTHER_WORDS, before)
    if other < 0 or other < _last(_PHONE_WORDS, before):
        return False
    return len(before) - other <= 24 and bool(_FILLER.match(before, other))


def measured(text: str, start: int, end: int) -> bool:
    """Whether money, a piece count or a unit of measure stands at the number."""
    return text[max(0, start - 1) : start] in set("£$€₽") or bool(_MEASURED.match(text, end))


def part_of_code(text: str, start: int, end: int) -> bool:
    """Whether letters hang on the number, as in an SKU: NW-20418-B, RM123456789GB, 4502-01x."""
    if re.match(r"[^\W\d_]|[-/_][^\W\d_]", text[end : end + 2]):
        return True
    before = text[max(0, start - 16) : start]
    hung = re.search(r"([^\W\d_]+)[\W_]?\Z", before)
    if hung is None or before[-1:].isspace() or before[-1:] in set(".,:;=!?()[]«»\"'*>→|@"):
        return False
    return not _PHONE_WORDS.fullmatch(hung[1])


def _last(words: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in words.finditer(text)), default=-1)


def _end_of_last(words: re.Pattern[str], text: str) -> int:
    return max((found.end() for found in words.finditer(text)), default=-1)
