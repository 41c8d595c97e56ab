"""What a source says, and what only sounds like it."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import snowballstemmer  # type: ignore[import-untyped]

from parley.assistant import checking
from parley.assistant.checking import Given, passes
from parley.assistant.with_model import likeness

ENDINGS = ["ion", "ions", "ed", "ing", "ive", "ively", "ionally", "able", "ability", "ableness"]

ARTICLE = Given(
    id="P1",
    kind="article",
    title="Change the delivery address",
    address="https://desk.example/help/en/orders/change-address/",
    text="An order in QUEUE, held, or paid less than 60 minutes ago is still yours.\n"
    "Correct the address in the shop the order came from, with the full postcode.\n"
    "The supplier answers within 1 working day. We refund the fee of £2.50.\n"
    "Only the carrier can redirect a parcel that was shipped.\n"
    "Never send the new address by telephone or e-mail.\n"
    "Connect Shopify under Settings → Channels.",
    language="en",
    links=frozenset({"https://carriers.example/redirect"}),
)
ORDER = Given(
    id="O7",
    kind="order",
    title="Order 1042",
    address="https://desk.example/orders/7/",
    text="Paid · with   · to be shipped.",
    language="en",
    quotes=("Northwind Supply", "Enamel kettle, refunded in full"),
)

SAID = [
    "Correct the address in the shop the order came from.",
    "The supplier answers within 1 working day.",
    "The supplier responds within one working day.",
    "Only the carrier can redirect the parcel once it was shipped.",
    "Never send the new address by e-mail.",
    "You can correct the address with the full postcode in your shop.",
    "Connect Shopify under Settings → Channels.",
    "We refund the fee of £2.50.",
    "[Only the carrier](https://carriers.example/redirect) can redirect a parcel that was shipped.",
    "Поставщик отвечает в течение 1 рабочего дня.",
    "Исправьте адрес в магазине, из которого пришёл заказ, с полным почтовым индексом.",
]
NOT_SAID = [
    "The supplier answers within 2 working days.",
    "The supplier answers within two working days.",
    "The supplier never answers within 1 working day.",
    "The supplier doesn't answer within 1 working day.",
    "Send the new address by telephone or e-mail.",
    "Connect WooCommerce under Settings → Channels.",
    "We refund the fee of €2.50.",
    "We will refund the fee of £2.50 twice.",
    "I correct the address in the shop the order came from.",
    "Only the carrier can redirect a parcel to the moon.",
    "Only the carrier can [redirect](https://evil.example/) a parcel that was shipped.",
    "Only the carrier can redirect a parcel that was shipped: www.evil.example.",
    "Only the carrier can redirect a parcel that was shipped, write to a@evil.example.",
    "Only the carrier ![x](https://carriers.example/redirect) can redirect a parcel that was shipped.",
    "Returns are free of charge.",
    "Your address has been corrected in the shop.",
    "Возврат бесплатный.",
    "Поставщик отвечает в течение 3 рабочих дней.",
    "Yes.",
    "",
    "Correct the address in the shop. " * 30,
]


@pytest.mark.parametrize("sentence", SAID)
def test_said(sentence: str) -> None:
    assert passes(sentence, [ARTICLE], likeness)


@pytest.mark.parametrize("sentence", NOT_SAID)
def test_not_said(sentence: str) -> None:
    assert not passes(sentence, [ARTICLE], likeness)


def test_nothing_is_said_by_no_source() -> None:
    assert not passes(SAID[0], [], likeness)


def test_one_of_several_sources_is_enough() -> None:
    assert passes(SAID[0], [ORDER, ARTICLE], likeness)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Order 1042 is paid, with Northwind Supply, to be shipped.", True),
        ("Order 1042 with Enamel kettle, refunded in full is paid and to be shipped.", True),
        ("Order 1042 was refunded in full.", False),
        ("Order 1043 is paid, to be shipped.", False),
        ("Order 1042 is not paid, to be shipped.", False),
    ],
)
def test_what_others_wrote_is_repeated_and_supports_nothing(sentence: str, said: bool) -> None:
    assert passes(sentence, [ORDER], likeness) is said


def test_threads_that_stem_at_once_get_what_one_would() -> None:
    words = [f"{word}{end}" for word in ("connect", "generat", "relat") for end in ENDINGS]
    alone = {word: snowballstemmer.stemmer("english").stemWord(word) for word in words}
    pace = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            asked = [word for _n in range(40) for word in words]
            list(threads.map(checking._stem.__wrapped__, asked))
            stems = dict(zip(asked, threads.map(checking._stem.__wrapped__, asked), strict=True))
    finally:
        sys.setswitchinterval(pace)
    assert stems == alone
