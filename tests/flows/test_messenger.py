"""The messenger on our own pages, from the first question to a person's answer (M1 to M4, M8)."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Page, expect

from cast import Cast
from flows.browsing import PHONE, House
from flows.messenger import Messenger, messenger_of
from flows.pictures import photo
from help_centre.articles import article, translate
from parley.assistant.indexing import index_all
from parley.conversations.models import Message
from parley.messenger.models import Chat
from parley.tickets.models import Ticket

SHIP = """\
Open the order and press **Ship**.

1. Choose the carrier.
2. Enter the tracking number.
3. Press **Send**. More in [the fees](../rules/fees.md).
"""
ASKED = "How do I ship an order and enter the tracking number?"
FOREIGN = "What did Julius Caesar eat for breakfast?"


@pytest.fixture
def helped_by(cast: Cast) -> None:
    """A help centre that knows how to ship, in both languages, and how much it costs."""
    ship = article(
        cast,
        title="Ship an order and enter the tracking",
        body=SHIP,
        summary="Carrier, tracking number, and what the shop is told.",
        also=("mark as dispatched", "How do I ship an order?"),
    )
    translate(
        cast,
        ship,
        "ru",
        "Отгрузить заказ и указать трек-номер",
        "Откройте заказ и нажмите **Отгрузить**.\n\n1. Выберите перевозчика.\n2. Введите трек-номер.",
        also=("Как отгрузить заказ?",),
    )
    article(cast, "rules/fees", "Fees and commission", "The commission is 5 %.")
    index_all()


def paste_a_picture(page: Page, field: str, name: str = "image.png") -> None:
    """Paste a screenshot, as the browser does it."""
    data = base64.b64encode(photo(name)["buffer"]).decode()
    page.locator(field).evaluate(
        """(node, [name, data]) => {
          const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], name, { type: "image/jpeg" }));
          const about = { clipboardData: transfer, bubbles: true, cancelable: true, composed: true };
          node.dispatchEvent(new ClipboardEvent("paste", about));
        }""",
        [name, data],
    )


def hand_over(messenger: Messenger, kind: str) -> str:
    """Pick the kind and send it to a person; gives the number that it got."""
    messenger.panel.locator(".kind", has_text=kind).click()
    messenger.press("Send to a person")
    said = messenger.panel.locator(".confirmed .number").inner_text()
    found = re.search(r"T-\d+", said)
    assert found, said
    return found[0]


@pytest.mark.usefixtures("helped_by")
def test_an_answer_that_helped(house: House, cast: Cast) -> None:
    seller = house.desk(cast.seller)
    messenger = messenger_of(seller).open()
    expect(messenger.panel.get_by_role("heading")).to_contain_text(["Hello, Selma"])
    expect(messenger.panel).to_contain_text("a machine answers")
    messenger.say(ASKED)
    answer = messenger.last_answer
    expect(answer).to_contain_text("Enter the tracking number.")
    expect(answer.locator(".from")).to_contain_text("AI assistant · a machine answers")
    expect(answer.locator(".sources")).to_contain_text("Ship an order and enter the tracking")
    answer.locator(".sources a").first.click()
    expect(messenger.panel.locator(".article h2").first).to_have_text(
        "Ship an order and enter the tracking"
    )
    messenger.panel.get_by_role("button", name="Back").click()
    messenger.press("That helped")
    expect(messenger.panel).to_contain_text("You said that this helped.")
    expect(messenger.panel.get_by_role("button", name="That helped")).to_have_count(0)
    chat = Chat.objects.get()
    assert (chat.asker, chat.state) == (cast.seller, "helped")


@pytest.mark.usefixtures("helped_by")
def test_what_is_not_known_goes_to_a_person_and_is_answered_live(house: House, cast: Cast) -> None:
    seller = house.desk(cast.seller)
    messenger = messenger_of(seller).open()
    messenger.say(FOREIGN)
    person = messenger.last_answer.get_by_role("button", name="Talk to a person")
    expect(person).to_be_visible()
    expect(messenger.last_answer.get_by_role("button", name="That helped")).to_have_count(0)
    person.click()
    expect(messenger.panel.locator(".kind")).to_have_count(3)
    expect(messenger.panel.locator(".kind").first).to_contain_text("Answer by")
    paste_a_picture(seller.page, ".person-form textarea")
    expect(messenger.panel.locator(".picked li progress[hidden]")).to_have_count(1)
    number = hand_over(messenger, "I have a major issue")
    messenger.press("To the conversation")
    expect(messenger.panel.locator(".head")).to_contain_text(number)
    expect(messenger.panel.locator(".state")).to_contain_text("Urgent")
    expect(messenger.panel.locator(".thread canvas")).to_be_visible()
    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.opener) == ("urgent", cast.bright_home)
    assert Message.objects.filter(conversation=ticket.conversation).exclude(attached=0).count() == 1

    agent = house.desk(cast.lead)
    queue = agent.go("/desk/queues/unassigned/")
    row = queue.locator("[data-row]").first
    expect(row).to_contain_text(number)
    agent.go(f"/desk/tickets/{ticket.pk}/")
    expect(agent.page.locator("#thread")).to_contain_text(FOREIGN)
    agent.say("He had bread, cheese and honey.")
    said = messenger.panel.locator(".message[data-side=operator]")
    expect(said).to_contain_text("bread, cheese and honey")
    expect(said).to_contain_text("Léa Lead")

    elsewhere = messenger_of(house.desk(cast.seller, size=PHONE), "/orders/").open()
    elsewhere.go("Messages")
    listed = elsewhere.panel.locator(".row", has_text=number)
    expect(listed).to_contain_text("Urgent")
    listed.click()
    expect(elsewhere.messages.last).to_contain_text("bread, cheese and honey")
    elsewhere.say("Thank you, and to drink?")
    expect(messenger.messages.last).to_contain_text("and to drink?")
    expect(agent.page.locator("#thread")).to_contain_text("and to drink?")


@pytest.mark.usefixtures("helped_by")
def test_the_help_centre_is_searched_and_read_inside_in_russian(house: House, cast: Cast) -> None:
    member = house.desk(cast.seller_member)
    messenger = messenger_of(member).open()
    messenger.panel.locator("input[type=search]").fill("отгрузить")
    found = messenger.panel.locator(".found .row", has_text="Отгрузить заказ")
    expect(found).to_be_visible()
    found.click()
    expect(messenger.panel.locator(".article")).to_contain_text("Введите трек-номер.")
    assert messenger.panel.locator(".article [lang=ru]").count() == 1


def test_a_person_without_the_assistant_and_what_is_lacking_is_said(
    house: House, cast: Cast
) -> None:
    seller = house.desk(cast.seller)
    messenger = messenger_of(seller).open()
    messenger.press("Talk to a person")
    messenger.press("Send to a person")
    expect(messenger.panel.get_by_role("alert")).to_contain_text("pick one of the three")
    messenger.panel.locator(".kind", has_text="general question").click()
    messenger.press("Send to a person")
    expect(messenger.panel.get_by_role("alert")).to_contain_text("Please fill this in.")
    messenger.panel.locator(".person-form textarea").fill("Where do I change my bank account?")
    messenger.panel.get_by_role("button", name="Back").click()
    messenger.press("Talk to a person")
    kept = messenger.panel.locator(".person-form textarea")
    expect(kept).to_have_value("Where do I change my bank account?")
    number = hand_over(messenger, "general question")
    seller.forgive("409")
    messenger.press("To the conversation")
    messenger.panel.get_by_role("button", name="Back").click()
    messenger.press("Talk to a person")
    messenger.panel.locator(".person-form textarea").fill("Another thing.")
    messenger.panel.locator(".kind", has_text="general question").click()
    messenger.press("Send to a person")
    refusal = messenger.panel.locator(".says")
    expect(refusal).to_contain_text(number)
    refusal.get_by_role("button").click()
    expect(messenger.panel.locator(".head")).to_contain_text(number)


def test_files_by_button_and_drop_with_one_taken_back(house: House, cast: Cast) -> None:
    seller = house.desk(cast.seller)
    messenger = messenger_of(seller).open()
    messenger.go("Messages")
    messenger.press("Ask a question")
    messenger.panel.locator("input[type=file]").set_input_files(
        [photo("shelf.jpg"), photo("box.jpg", "tomato")]
    )
    picked = messenger.panel.locator(".picked li")
    expect(picked.locator("progress[hidden]")).to_have_count(2)
    messenger.panel.get_by_role("button", name="Remove box.jpg").click()
    expect(picked).to_have_count(1)
    messenger.say("What is wrong with this shelf?")
    expect(messenger.panel.locator(".thread .thumb canvas")).to_have_count(1)
    messenger.panel.locator(".thread .thumb").click()
    expect(messenger.panel.locator(".lightbox canvas")).to_be_visible()
    seller.page.keyboard.press("Escape")
    expect(messenger.panel.locator(".lightbox")).to_have_count(0)
    expect(messenger.panel).to_be_visible()


def test_what_is_unread_stands_at_the_button_until_it_is_read(house: House, cast: Cast) -> None:
    ticket = cast.ticket(topic=cast.payouts, to=None, title="The payout is missing")
    seller, agent = house.desk(cast.seller), house.desk(cast.lead)
    messenger = messenger_of(seller)
    expect(messenger.button.locator(".badge")).to_be_hidden()
    agent.go(f"/desk/tickets/{ticket.pk}/")
    agent.say("It was sent on Tuesday.")
    expect(messenger.button.locator(".badge")).to_have_text("1")
    expect(messenger.button).to_have_accessible_name(re.compile("unread: 1"))
    messenger.open()
    messenger.panel.locator(".row", has_text="The payout is missing").click()
    expect(messenger.messages.last).to_contain_text("It was sent on Tuesday.")
    messenger.panel.get_by_role("button", name="Back").click()
    expect(messenger.panel.locator(".row[data-unread]")).to_have_count(0)
    seller.page.keyboard.press("Escape")
    expect(messenger.button.locator(".badge")).to_be_hidden()
