"""A script in anything a person can write stays text, in every page of every side."""

from __future__ import annotations

import dataclasses

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import Desk, House
from flows.scene import set_scene
from flows.test_every_page import desk_pages, portal_pages
from parley.conversations.attaching import receive
from parley.conversations.models import Attachment
from parley.parties.models import Party, Person
from parley.tickets.models import Category, Ticket, Topic
from parley.tickets.replying import Reply, reply

CATCH = """
window.ran = [];
window.pwned = (what) => { window.ran.push(what ?? "something"); console.error("A script ran: " + what); };
"""

ATTACKS = [
    "<script>pwned(1)</script><b class=pwned>",
    '"><img src=x onerror=pwned(2) class=pwned>',
    "'><svg onload=pwned(3) class=pwned>",
    "</textarea></title></template><script>pwned(4)</script><i class=pwned>",
    "{{ 7*7 }}{% raw %}${pwned(5)}<b class=pwned hx-on:load=pwned(6) hx-get=/x hx-trigger=load>",
]
NAME = "<img src=x onerror=pwned(7) class=pwned>\"'><script>pwned(8)</script>"

MARKDOWN = """
[a link](javascript:pwned(9)) [another](JaVaScRiPt&colon;pwned(10)) <javascript:pwned(11)>
[data](data:text/html;base64,PHNjcmlwdD5wd25lZCgxMik8L3NjcmlwdD4=)
![picture](x" onerror="pwned(13)) <iframe src="javascript:pwned(14)" class=pwned></iframe>
<a href="javascript:pwned(15)" class=pwned>raw</a> <form action=/account/sign-out/ class=pwned>
[title](https://x.example "\\"onmouseover=pwned(16) class=pwned")
"""

SVG = b"""<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="parent.pwned(17)">
<script>top.pwned(18)</script><image href="x" onerror="top.pwned(19)"/></svg>"""
HTML = b"<!doctype html><script>(opener || top).pwned(20)</script><b class=pwned>"


@pytest.fixture
def attacked(cast: Cast, house: House) -> tuple[Cast, Ticket, Attachment]:
    """A marketplace in which everybody is called, and says, something nasty."""
    scene = set_scene(cast)
    for model in (Person, Party):
        for row in model.objects.all():
            row.name = f"{NAME} {row.pk}"[:200]
            row.save()
    for model in (Topic, Category):
        for row in model.objects.all():
            row.names = dict.fromkeys(("en", "ru"), f"{ATTACKS[1]} {row.pk}")
            row.save()
    files = [
        receive(cast.seller, name, ContentFile(data, name)).pk
        for name, data in [
            (f"{ATTACKS[1]}.svg", SVG),
            ("photo.png", HTML),
            ("<script>pwned(21)</script>.html", HTML),
        ]
    ]
    ticket = cast.ticket(
        title=" ".join(ATTACKS)[:200],
        text="\n\n".join([*ATTACKS, MARKDOWN]),
        order_number=ATTACKS[1][:60],
        attachments=files,
    )
    reply(ticket.pk, Reply(text=MARKDOWN), by=cast.supplier)
    Ticket.objects.exclude(pk=ticket.pk).update(title=ATTACKS[0], rating_comment=ATTACKS[1])
    attacked = dataclasses.replace(scene, waiting=ticket)
    cast.__dict__["attacked"] = attacked
    svg = Attachment.objects.filter(message__isnull=False, name__endswith=".svg").get()
    return cast, ticket, svg


def test_in_the_portal(house: House, attacked: tuple[Cast, Ticket, Attachment]) -> None:
    cast, ticket, svg = attacked
    desk = attacked_desk(house, house.desk(cast.seller))
    pages = portal_pages(cast.__dict__["attacked"])
    for path in [
        *pages,
        "/tickets/?q=" + "%3Cscript%3Epwned(22)%3C/script%3E%3Cb%20class=pwned%3E",
    ]:
        desk.go(path)
        unharmed(desk)
    desk.go(f"/tickets/{ticket.pk}/")
    # What arrives live, and what one sends oneself, takes another way into the page.
    desk.say(f"{ATTACKS[0]} own words")
    reply(ticket.pk, Reply(text=f"{ATTACKS[1]} arrived"), by=cast.supplier)
    expect(desk.page.locator("#thread .message", has_text="arrived")).to_be_visible()
    for link in desk.page.locator("#thread .prose a").all():
        assert (link.get_attribute("href") or "").startswith(("http://", "https://", "mailto:"))
    unharmed(desk)
    with desk.page.expect_download():  # never shown in the site's own name
        desk.page.locator(f'#thread a[href="/attachments/{svg.pk}/"]').click()
    unharmed(desk)


def test_in_what_scripts_put_into_the_page(
    house: House, attacked: tuple[Cast, Ticket, Attachment]
) -> None:
    cast, _ticket, _svg = attacked
    desk = attacked_desk(house, house.desk(cast.seller))
    page = desk.go("/tickets/new/")
    page.locator("#f-topic-find").click()
    page.locator(f"[role=option][data-value='{cast.late_parcel.pk}']").click()
    page.locator("#f-to-find").click()
    unharmed(desk)
    nasty = {"name": f"{ATTACKS[1]}.png", "mimeType": "image/png", "buffer": HTML}
    page.locator("[data-attach-input]").set_input_files([nasty])  # type: ignore[list-item]
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(1)
    unharmed(desk)
    desk.go("/tickets/")
    page.locator("[popovertarget=filters]").click()
    expect(page.locator("#filter-topic-find")).to_be_visible()
    page.locator("#filter-topic-find").click()
    unharmed(desk)


def test_at_the_desk(house: House, attacked: tuple[Cast, Ticket, Attachment]) -> None:
    cast, ticket, _svg = attacked
    desk = attacked_desk(house, house.desk(cast.lead))
    for path in desk_pages(cast.__dict__["attacked"]):
        desk.go(path)
        unharmed(desk)
    page = desk.go(f"/desk/tickets/{ticket.pk}/")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("[popovertarget=assign-menu]").click()
    expect(page.locator("#assign-menu .menu-item").first).to_be_visible()
    page.locator("#assign-menu .menu-item").first.click()
    desk.say(f"{ATTACKS[2]} a note", way="note")
    unharmed(desk)


def attacked_desk(house: House, desk: Desk) -> Desk:
    desk.context.add_init_script(CATCH)
    return desk


def unharmed(desk: Desk) -> None:
    """Nothing ran, and nothing that was typed became an element."""
    assert desk.page.evaluate("window.ran") == []
    assert desk.page.locator(".pwned, [onerror], [onload], [onmouseover]").count() == 0
