"""Administration → Messenger: sites, their addresses, and a secret that is shown once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from cast import Cast
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.messenger.keeping_sites import (
    OVERLAP,
    SiteRefused,
    make_site,
    origin_of,
    rotate_secret,
    secrets_of,
)
from parley.messenger.models import Site


@pytest.fixture
def admin(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.admin.person)
    return client


def test_a_site_is_added_and_its_secret_shown_once(admin: Client) -> None:
    given = {"name": "Shop", "origins": "https://Shop.Example/\nhttp://localhost:8080"}
    shown = admin.post("/desk/messenger/", given).content.decode()
    site = Site.objects.get()
    secret = site.secret["now"]
    assert secret in shown
    assert site.origins == ["https://shop.example", "http://localhost:8080"]
    again = admin.get(f"/desk/messenger/{site.pk}/").content.decode()
    assert secret not in again
    assert f"data-site=&#34;{site.key}&#34;" in again or f'data-site="{site.key}"' in again
    entry = Entry.objects.get(kind="SiteChanged")
    assert secret not in str(entry.data), "the journal knows that, and not what"


def test_what_is_no_address_is_refused_and_kept_in_the_form(admin: Client) -> None:
    answer = admin.post("/desk/messenger/", {"name": "Shop", "origins": "javascript:alert(1)"})
    assert answer.status_code == 422
    assert "javascript:alert(1)" in answer.content.decode()
    assert not Site.objects.exists()


def test_a_secret_is_replaced_with_an_overlap_or_at_once(cast: Cast, admin: Client) -> None:
    site, first = make_site("Shop", ["https://shop.example"], by=cast.admin)
    answer = admin.post(f"/desk/messenger/{site.pk}/secret/")
    shown = re.search(r'id="new-secret">([^<]+)<', answer.content.decode())
    site.refresh_from_db()
    assert shown is not None
    assert secrets_of(site) == [shown[1], first]
    with at(now() + OVERLAP + timedelta(seconds=1)):
        assert secrets_of(site) == [shown[1]]
    admin.post(f"/desk/messenger/{site.pk}/secret/", {"at_once": "on"})
    site.refresh_from_db()
    assert len(secrets_of(site)) == 1
    assert first not in secrets_of(site)


def test_a_site_is_changed_and_switched_off(cast: Cast, admin: Client) -> None:
    site, _secret = make_site("Shop", ["https://shop.example"], by=cast.admin)
    admin.post(
        f"/desk/messenger/{site.pk}/",
        {"name": "Shop two", "origins": "https://two.example", "trusted": "on"},
    )
    site.refresh_from_db()
    assert (site.name, site.origins, site.trusted, site.active) == (
        "Shop two",
        ["https://two.example"],
        True,
        False,
    )


def test_administrators_alone_keep_sites(cast: Cast) -> None:
    for who in (cast.lead, cast.agent, cast.seller):
        with pytest.raises(PermissionDenied):
            make_site("Mine", ["https://mine.example"], by=who)
    site, _secret = make_site("Shop", ["https://shop.example"], by=cast.admin)
    with pytest.raises(PermissionDenied):
        rotate_secret(site.pk, by=cast.lead)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("https://shop.example", "https://shop.example"),
        (" https://shop.example:443/cart?x=1 ", "https://shop.example"),
        ("shop.example", "https://shop.example"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("https://магазин.example", "https://xn--80aairftm.example"),
        ("https://user@shop.example", None),
        ("ftp://shop.example", None),
        ("*", None),
        ("null", None),
        ("http://shop-server", "http://shop-server"),
        ("https://", None),
        ("", None),
    ],
)
def test_origins_are_read_as_browsers_write_them(text: str, meant: str | None) -> None:
    assert origin_of(text) == meant


def test_a_site_needs_a_name_and_an_address(cast: Cast) -> None:
    with pytest.raises(SiteRefused) as refusal:
        make_site(" ", [], by=cast.admin)
    assert set(refusal.value.problems) == {"name", "origins"}
