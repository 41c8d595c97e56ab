"""Settings → Security: what can be written in one's name by mail; and, everywhere, that mails come back."""

from __future__ import annotations

from cast import Cast
from parley.mailboxes.models import ReplyAddress
from parley.mailboxes.reply_addresses import address_of
from parley.notifications.models import Undeliverable
from parley.parties.models import Membership, Person
from web.pages import Browser

SECURITY = "/settings/security/"


def of(who: Membership) -> Browser:
    browser = Browser()
    browser.force_login(who.person)
    return browser


def test_the_mails_sent_so_far_take_no_answers_once_revoked(cast: Cast) -> None:
    ticket = cast.ticket()
    mine, others = (address_of(who, ticket=ticket) for who in (cast.seller, cast.supplier))
    browser = of(cast.seller)
    assert "Mails about 1 matter can be answered in your name." in browser.see(SECURITY).words
    said = browser.post(f"{SECURITY}answers/revocation/", follow=True).content.decode()
    assert "The mails sent so far take no answers any more." in said
    assert "There is no mail yet that can be answered in your name." in said
    assert ReplyAddress.objects.get(pk=mine.pk).revoked_at is not None
    assert ReplyAddress.objects.get(pk=others.pk).revoked_at is None


def test_whoever_mails_come_back_from_is_told_on_every_page_until_they_try_again(
    cast: Cast,
) -> None:
    email = cast.seller.person.email
    Undeliverable.objects.create(person=cast.seller.person, address=email, status="5.1.1")
    Person.objects.filter(pk=cast.seller.person_id).update(mail_fails=email)
    words = f"Our mails to {email} come back"
    browser = of(cast.seller)
    for path in ("/", "/tickets/", SECURITY):
        assert words in browser.see(path).words
    assert words not in of(cast.supplier).see("/tickets/").words
    browser.post(f"{SECURITY}answers/trying-again/")
    assert words not in browser.see("/tickets/").words
    assert not Undeliverable.objects.filter(cleared_at=None).exists()
