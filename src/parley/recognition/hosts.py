"""Which hosts are whose: carriers, messengers, mail providers, and what ends a host's name."""

from __future__ import annotations

from collections.abc import Collection

from linkify_it.tlds import TLDS

from parley.recognition.patterns import words

CARRIERS = {
    "17track.net", "boxberry.ru", "cdek.ru", "dhl.co.uk", "dhl.com", "dpd.co.uk", "dpd.com", "dpd.ru",
    "dpdlocal.co.uk", "dx-delivery.co.uk", "evri.com", "fedex.com", "gls-group.com", "gls-group.eu",
    "hermesworld.com", "inpost.co.uk", "myhermes.co.uk", "parcel2go.com", "parcelforce.com",
    "parcelforce.net", "pochta.ru", "postnl.nl", "royalmail.com", "tnt.com", "tuffnells.co.uk",
    "ups.com", "usps.com", "yodel.co.uk",
}  # fmt: skip
MESSENGERS = {
    "chat.whatsapp.com", "discord.com", "discord.gg", "discordapp.com", "facebook.com", "fb.com",
    "fb.me", "instagr.am", "instagram.com", "linkedin.com", "line.me", "m.me", "max.ru", "ok.ru",
    "ok.me", "signal.me", "skype.com", "snapchat.com", "t.me", "telegram.dog", "telegram.me",
    "telegram.org", "threads.net", "tiktok.com", "twitter.com", "viber.com", "vk.cc", "vk.com",
    "vk.me", "vk.ru", "wa.me", "wechat.com", "whatsapp.com", "x.com",
}  # fmt: skip
MERE_NAMES = {
    "ado.net", "asp.net", "ml.net", "vb.net", "amazon.co.uk", "amazon.com", "amazon.de", "aliexpress.com",
    "aliexpress.ru", "avito.ru", "booking.com", "ebay.co.uk", "ebay.com", "etsy.com", "ozon.ru",
    "wildberries.ru", "gov.uk", "companieshouse.gov.uk", "hmrc.gov.uk", "nalog.ru",
}  # fmt: skip
"""What is named without being led to, if nothing but the name stands there."""
PROVIDERS = {
    "aol", "fastmail", "gmail", "gmx", "googlemail", "hotmail", "icloud", "mail", "outlook", "proton",
    "protonmail", "rambler", "yahoo", "yandex", "ymail", "zoho", "inbox", "ya",
    "гмейл", "гмаил", "джимейл", "яндекс", "мейл", "мэйл", "майл", "рамблер", "яху", "аутлук", "инбокс",
}  # fmt: skip
SAID_ENDINGS = {
    "ру": "ru", "ком": "com", "рф": "рф", "орг": "org", "нет": "net", "уа": "ua", "бай": "by",
    "кз": "kz", "юк": "uk", "ко": "co", "онлайн": "online", "шоп": "shop",
}  # fmt: skip
_WORDS = words(
    "ad ae ai am ar as at au be by cat do es et fm foo go he hm id ie im in is it la ma me ml mm mo "
    "ms mu my na ne no nu om pa pm pn re se sh si sk sm so st to top tv us vi we call new now here "
    "one free best works work place plus red blue box fast fit care cars day date deal deals click "
    "link open page pay parts phone press prime post read run save safe sale search show spot stream "
    "team tips today tools trade watch win you yes zero"
)
_FILES = words("ai app cab cc js md mm mov pl ps py rs sh so st zip")
_PLAIN_ENDINGS = words(
    "com net org info biz pro ru su by ua kz uz eu uk co fr de nl pl ie it es at ch cz se dk fi pt tr "
    "lv lt ee ge am cn in hk us ca au io me tv gg ly example shop store online site website space "
    "tech xyz top club ltd live press agency market wiki cloud dev app one link ai cc to gl рф рус "
    "бел укр example"
)
_TELLING = words("com net org ru uk рф biz info shop store example online")
_ENDINGS = {ending.lower() for ending in TLDS} | _PLAIN_ENDINGS | {"онлайн", "сайт", "москва"}


def is_ending(label: str) -> bool:
    """Whether `label` is a top-level domain, .example among them."""
    return label in _ENDINGS


def tells_a_host(label: str) -> bool:
    """Whether `label` is an ending that is seldom anything else: com, ru, shop."""
    return label in _TELLING


def ends_bare_host(label: str) -> bool:
    """Whether a name that ends so is a host without `https://`: not a file's name, nor a word."""
    return label in _PLAIN_ENDINGS and may_end_host(label)


def may_end_host(label: str) -> bool:
    """Whether `label` is a top-level domain and neither a common word nor a file's ending."""
    return label in _ENDINGS and label not in _WORDS and label not in _FILES


def belongs(host: str, hosts: Collection[str]) -> bool:
    """Whether `host` is one of `hosts` or stands under one: `www.ups.com` under `ups.com`."""
    if not hosts:
        return False
    labels = host.split(".")
    return any(".".join(labels[i:]) in hosts for i in range(max(0, len(labels) - 6), len(labels)))
