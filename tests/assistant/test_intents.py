"""What is asked of one's own orders and tickets, and what is none of that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.assistant.intents import About, Asked, Which, intent_of

ORDER = Asked(About.ORDER, Which.NUMBERED, ("1042",))
TICKET = Asked(About.TICKET, Which.NUMBERED, ("31",))
LATEST_ORDERS = Asked(About.ORDER, Which.LATEST)
LATEST_TICKETS = Asked(About.TICKET, Which.LATEST)
OPEN_TICKETS = Asked(About.TICKET, Which.OPEN)

TAKEN = {
    ORDER: [
        "where is order 1042", "Where is order 1042?", "#1042", "1042", "№1042", "order 1042",
        "Order #1042?",
        "Where's my order no. 1042", "what is the status of order number 1042", "status order 1042",
        "has order 1042 shipped yet?", "did order 1042 go out", "when will order 1042 arrive?",
        "any news on order 1042", "why is order 1042 held", "tracking for order 1042",
        "Hi! Where is order 1042",
        "hello, what about order 1042?", "what happened to order #1042", "is order 1042 paid",
        "где заказ 1042", "Где мой заказ 1042?", "что с заказом 1042", "статус заказа № 1042",
        "статус возврата по заказу 1042", "заказ 1042", "заказ №1042 уже отправлен?",
        "когда придёт заказ 1042",
        "Здравствуйте! Подскажите, что с заказом 1042?", "почему заказ 1042 задержан",
        "отправлен ли заказ 1042",
        "есть новости по заказу 1042?", "на каком этапе заказ с номером 1042", "покажи заказ 1042",
        "трек заказа 1042", "где «заказ 1042»",
    ],
    TICKET: [
        "what about my ticket T-31", "T-31", "t-31?", "ticket 31", "what is up with ticket 31",
        "status of ticket T-31", "is my ticket 31 answered?", "any update on ticket #31",
        "whose turn is it in T-31",
        "что с моим обращением 31?", "обращение 31", "статус обращения Т-31",
        "ответили ли на обращение 31",
        "что там с тикетом 31", "где мой тикет 31", "есть ответ по обращению 31?", "чей ход в T-31",
    ],
    LATEST_ORDERS: [
        "where is my order?", "where's my order", "my last order", "my latest order?",
        "status of my last order",
        "show me my recent orders", "my orders", "где мой заказ?", "мой последний заказ",
        "последний заказ",
        "что с моим последним заказом", "статус моего заказа", "покажи мои заказы",
    ],
    LATEST_TICKETS: [
        "what about my ticket?", "my tickets", "status of my ticket", "show my tickets",
        "мои обращения",
        "что с моим обращением?", "статус моего обращения",
    ],
    OPEN_TICKETS: [
        "my open tickets", "do I have any open tickets?", "any open tickets", "list my open tickets",
        "мои открытые обращения", "мои открытые тикеты", "какие у меня открытые обращения",
        "открытые обращения",
        "сколько у меня открытых обращений?",
    ],
}  # fmt: skip

NOT_TAKEN = [
    "error 1042 in export", "the export fails with error 1042", "ошибка 1042 при выгрузке",
    "how do I cancel order 1042?", "cancel order 1042", "I want to return order 1042",
    "can I cancel order 1042",
    "how can I change the address of order 1042", "как отменить заказ 1042", "отмените заказ 1042",
    "можно вернуть заказ 1042?", "хочу отменить заказ 1042", "where do I find my orders?",
    "how do I track an order",
    "где найти мои заказы", "где посмотреть мои обращения", "how do I ship an order",
    "what is an order",
    "how long does a ticket take", "in order 2 ship on time, what is needed", "postcode BT31",
    "what does QUEUE mean", "how many orders fit in a file of 1042 rows", "SKU-1042",
    "port 2022 for sftp",
    "my order is late, what should I do", "что делать, если заказ не пришёл",
    "как закрыть обращение 31",
    "how do I reopen T-31", "VAT 20%", "12", "hello", "", "   ", "???",
    "can my last order be cancelled?",
    "the customer of order 1042 phoned, is very angry, and says " + "very " * 60 + "much",
    "what should I do with tickets", "who sees my ticket, can others read it", "как отследить заказ",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "asked"), [(text, asked) for asked, texts in TAKEN.items() for text in texts]
)
def test_taken(text: str, asked: Asked) -> None:
    assert intent_of(text) == asked


@pytest.mark.parametrize("text", NOT_TAKEN)
def test_not_taken(text: str) -> None:
    assert intent_of(text) is None


def test_several_at_once() -> None:
    assert intent_of("where are orders 1042, 1043 and 1044, 1045?") == Asked(
        About.ORDER, Which.NUMBERED, ("1042", "1043", "1044")
    )
    assert intent_of("что с заказами 1042 и 1043") == Asked(
        About.ORDER, Which.NUMBERED, ("1042", "1043")
    )


@given(st.text(max_size=400))
def test_anything_can_be_read(text: str) -> None:
    asked = intent_of(text)
    assert asked is None or all(number.isdigit() for number in asked.numbers)


@given(
    st.integers(1, 999_999_999),
    st.sampled_from(["where is order {}", "что с обращением {}?", "№ {}"]),
)
def test_any_number_is_taken_as_it_is(number: int, question: str) -> None:
    asked = intent_of(question.format(number))
    assert asked is not None
    assert asked.numbers == (str(number),)
