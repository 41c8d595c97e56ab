"""Which machines a typed address may lead to."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from parley.transfer.hosts import HostRefused, HostUnknown, addresses_of

OFF_LIMITS = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "169.254.169.254",
    "168.63.129.16",
    "100.100.100.200",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "224.0.0.1",
    "240.0.0.1",
]
REACHED = ["10.1.2.3", "192.168.0.9", "172.16.0.1", "203.0.113.7", "93.184.216.34", "fd12::1"]


@pytest.fixture(autouse=True)
def strict(settings: Any) -> None:
    settings.ALLOW_LOCAL_HOSTS = False


@pytest.mark.parametrize("address", OFF_LIMITS)
def test_this_machine_and_what_manages_it_are_off_limits(address: str) -> None:
    with pytest.raises(HostRefused):
        addresses_of(address, 21)


@pytest.mark.parametrize("address", REACHED)
def test_others_are_reached_private_networks_too(address: str) -> None:
    assert addresses_of(address, 21) == [address]


@pytest.mark.parametrize("spelling", ["2130706433", "0x7f000001", "127.1", "localhost"])
def test_other_spellings_of_this_machine_are_off_limits_too(spelling: str) -> None:
    with pytest.raises((HostRefused, HostUnknown)):
        addresses_of(spelling, 21)


def test_one_bad_address_among_good_ones_is_enough(monkeypatch: Any) -> None:
    def both(*_a: Any, **_k: Any) -> Any:
        return [(0, 0, 0, "", ("203.0.113.7", 21)), (0, 0, 0, "", ("127.0.0.1", 21))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(HostRefused):
        addresses_of("two.example", 21)


def test_an_operator_may_allow_this_machine(settings: Any) -> None:
    settings.ALLOW_LOCAL_HOSTS = True
    assert addresses_of("127.0.0.1", 21) == ["127.0.0.1"]


@pytest.mark.parametrize("name", ["no such host", "x" * 300, "", "a..b"])
def test_what_is_no_name_is_nobodys(name: str) -> None:
    if name:
        with pytest.raises(HostUnknown):
            addresses_of(name, 21)
