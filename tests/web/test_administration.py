"""The front of Administration (S5)."""

from __future__ import annotations

from django.urls import reverse

from cast import Cast
from parley.web.desk.administration.sections import SECTIONS
from web.matrix import WHO_MAY
from web.pages import Browser


def test_everybody_finds_the_sections_they_may_come_into(cast: Cast) -> None:
    for name in ("agent", "lead", "admin"):
        reader = cast.everybody[name]
        page = Browser(reader).see("/desk/administration/")
        for section in SECTIONS:
            address = reverse(section.address, args=section.given)
            assert (address in page.having("href")) == section.may(reader), (name, address)


def test_a_section_is_shown_to_whom_its_page_opens(cast: Cast) -> None:
    for section in SECTIONS:
        for name in ("agent", "lead", "admin"):
            comes_in = name in WHO_MAY[section.address].roles
            assert section.may(cast.everybody[name]) == comes_in, (name, section.address)


def test_administration_is_one_step_from_anywhere_at_the_desk(cast: Cast) -> None:
    links = Browser(cast.agent).see("/settings/").links
    assert "/desk/administration/" in links.values()
    assert "/desk/administration/" not in Browser(cast.seller).see("/settings/").links.values()
