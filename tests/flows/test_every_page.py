"""Every page, light and dark, at a desk and on a phone: axe finds nothing, nothing sticks out.

That the console stays silent and the CSP refuses nothing is seen to by `House` itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from cast import Cast
from flows.browsing import PHONE, WIDE, Desk, House
from flows.scene import LONG_TITLE, LONG_WORD, Scene, set_scene
from parley.journal.moment import now
from parley.mailboxes.models import Mailbox, Outcome
from parley.mailboxes.reasons import STRANGER, TOO_LARGE, reason
from web.mailboxed import mailbox
from web.mailed import bounced, came_in, nothing_arrives

AXE = Axe()
ALL_RULES = {"resultTypes": ["violations"]}
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}

PICTURES = os.environ.get("TEST_PICTURES", "")
"""A folder to leave a picture of every page in, for people to look at."""

# Colours and places change over some frames.
SETTLED = """
() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  .then(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)))
"""

# What sticks out of the window sideways, outermost first.
STICKING_OUT = """
() => document.documentElement.scrollWidth <= innerWidth ? []
  : [...document.querySelectorAll("main *, header *, nav *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 3).map((e) => e.outerHTML.slice(0, 120))
"""


@pytest.fixture
def scene(cast: Cast, house: House) -> Scene:
    return set_scene(cast)


def portal_pages(scene: Scene) -> list[str]:
    return [
        "/",
        "/tickets/",
        "/tickets/?status=answered&status=waiting&q=parcel&due=soon",
        "/tickets/?q=nothing-is-called-that",
        "/tickets/new/",
        f"/tickets/new/?continues={scene.completed.pk}",
        *[f"/tickets/{ticket.pk}/" for ticket in vars(scene).values()],
        f"/tickets/{scene.waiting.pk}/opened/",
        "/notices/",
        "/settings/",
        "/settings/company/",
        "/safety/",
        "/account/password/",
    ]


def desk_pages(scene: Scene) -> list[str]:
    queues = ["mine", "unassigned", "due-soon", "ran-out", "urgent", "disputes", "snoozed", "all"]
    return [
        *[f"/desk/queues/{queue}/" for queue in queues],
        "/desk/queues/all/?status=answered&q=parcel",
        *[f"/desk/tickets/{ticket.pk}/" for ticket in vars(scene).values()],
        "/notices/",
        "/settings/",
        "/settings/company/",
    ]


def mail_pages(cast: Cast, scene: Scene) -> list[str]:
    """Mails that look different from each other, the lists of them, and a mailbox with all it says."""
    nothing_arrives(cast)
    kept = mailbox(name=LONG_WORD, held_at=now(), held=HELD)
    trouble = {"trouble": "sign_in_refused", "detail": f"[AUTH] {LONG_WORD}"}
    broken = Mailbox.objects.create(
        address="orders@market.example",
        imap_host="mail.market.example",
        trouble=trouble,
        trouble_at=now(),
    )
    stranger = {"ticket": scene.answered, "reason": reason(STRANGER)}
    mails = [
        came_in(subject=LONG_TITLE, mailbox=kept),
        came_in(**stranger),
        came_in(bounced(cast.seller), outcome=Outcome.BOUNCE, reason=BOUNCED),
        came_in(outcome=Outcome.AUTOMATIC, reason=reason("auto_submitted")),
        came_in(
            outcome=Outcome.SET_ASIDE, reason=reason(TOO_LARGE, size=90_000_000, limit=50_000_000)
        ),
    ]
    boxes = "/desk/administration/mailboxes/"
    return [
        "/desk/mail/",
        "/desk/mail/?q=nothing-is-called-that",
        "/desk/mail/review/",
        "/desk/mail/undeliverable/",
        *[f"/desk/mail/{mail.pk}/" for mail in mails],
        f"/desk/tickets/{scene.answered.pk}/",
        boxes,
        *[f"{boxes}{page}" for page in ("new/", "limits/", f"{kept.pk}/", f"{broken.pk}/")],
        *[f"{boxes}{kept.pk}/{page}/" for page in ("change", "removal")],
        "/desk/dashboard/",
    ]


BOUNCED = {"code": "bounce", "permanent": True, "address": "jo@depot.example", "words": LONG_WORD}
HELD = {"held": 1204, "taken": 1200, "missing": 2, "aside": 1, "skipped": {"before": 2}, "gone": 3,
        "named": [{"uid": 17, "size": 2048, "at": ""}]}  # fmt: skip
DOOR_PAGES = ["/account/sign-in/", "/account/password/reset/", "/account/password/reset/sent/"]


def test_the_pages_of_a_seller(house: House, cast: Cast, scene: Scene) -> None:
    look_at(house.desk(cast.seller), portal_pages(scene))


def test_the_pages_of_the_operator(house: House, cast: Cast, scene: Scene) -> None:
    look_at(house.desk(cast.lead), desk_pages(scene))


def test_the_pages_of_mail(house: House, cast: Cast, scene: Scene) -> None:
    pages = mail_pages(cast, scene)
    look_at(house.desk(cast.admin), pages)
    look_at(house.desk(cast.admin, language="ru"), pages, axe=False)


def test_the_pages_at_the_door(house: House) -> None:
    look_at(house.desk(), DOOR_PAGES)


def test_the_pages_of_russian_readers(house: House, cast: Cast, scene: Scene) -> None:
    """Russian words are longer: nothing sticks out."""
    look_at(house.desk(cast.seller_member), portal_pages(scene), axe=False)
    look_at(house.desk(cast.agent), desk_pages(scene), axe=False)


def look_at(desk: Desk, paths: list[str], *, axe: bool = True) -> None:
    """Everything that is wrong with these pages, told together."""
    wrong = []
    for path in paths:
        for size in (WIDE, PHONE):
            # Each size is a fresh visit: nobody's window turns into a phone while the night falls.
            desk.page.set_viewport_size({"width": size[0], "height": size[1]})
            desk.page.emulate_media(color_scheme="light")
            page = desk.go(path)
            page.evaluate(SETTLED)
            wrong += [
                f"{path} at {size[0]}: sticks out: {it}" for it in page.evaluate(STICKING_OUT)
            ]
            _picture(page, path, size, "light")
            if not axe:
                continue
            wrong += [f"{path} at {size[0]}: {it}" for it in _violations(page, ALL_RULES)]
            page.emulate_media(color_scheme="dark")
            page.evaluate(SETTLED)
            wrong += [f"{path} at {size[0]}, dark: {it}" for it in _violations(page, COLOURS)]
            _picture(page, path, size, "dark")
    assert not wrong, "\n".join(wrong)


def _violations(page: Page, options: dict[str, object]) -> Iterator[str]:
    for violation in AXE.run(page, options=options).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html'][:160]} — {node['failureSummary'][:200]}"


def _picture(page: Page, path: str, size: tuple[int, int], scheme: str) -> None:
    if not PICTURES:
        return
    language = page.locator("html").get_attribute("lang")
    name = path.strip("/").replace("/", "-").replace("?", "-") or "home"
    file = f"{name}-{language}-{size[0]}-{scheme}.png"
    page.screenshot(path=Path(PICTURES) / file, full_page=size[0] < 500)
