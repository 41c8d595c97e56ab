"""The permission matrix: every role at every address, and a stranger at each.

What is not for somebody is not there for them: the answer is that of a thing that does not exist.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import signing
from django.test import Client, override_settings

from cast import Cast
from parley.notifications.models import Kind
from web.matrix import SIGNED_IN, WHO_MAY, addresses
from web.scene import Scene

GONE = 404


@pytest.fixture
def scene(cast: Cast, settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return Scene(cast)


def test_every_address_is_in_the_table_and_no_other() -> None:
    assert set(addresses()) == set(WHO_MAY)


@pytest.mark.parametrize("name", sorted(WHO_MAY))
def test_each_role_gets_in_or_finds_nothing(scene: Scene, name: str) -> None:
    for method in WHO_MAY[name].methods.split():
        _strangers(scene, name, method)
        for role in sorted(SIGNED_IN):
            answer = scene.ask(role, name, method)
            told = f"{role} {method} {scene.path(name)}: {answer.status_code}"
            assert answer.status_code < 500 or name == "live", told
            if role in WHO_MAY[name].refused:
                assert answer.status_code == 403, told
                continue
            assert (answer.status_code != GONE) == (role in WHO_MAY[name].roles), told
            if role == "other_seller" and answer.status_code == GONE:
                missing = scene.ask(role, name, method, missing=True)
                assert missing.status_code == GONE
                assert _plain(answer) == _plain(missing), (
                    "what is hidden looks like what is not there"
                )


def _strangers(scene: Scene, name: str, method: str) -> None:
    """A stranger is sent to sign in, and does not learn what there is."""
    rule = WHO_MAY[name]
    answer = scene.ask("stranger", name, method)
    if rule.public:
        assert answer.status_code < 500
        return
    assert answer.status_code == scene.ask("stranger", name, method, missing=True).status_code
    if name.startswith("api:"):
        assert answer.status_code == 401
    elif answer.status_code == 302:
        assert answer.headers["Location"].startswith("/account/sign-in/?next=/")
    else:
        assert answer.status_code in (401, GONE) or name == "live"


def _plain(answer: Any) -> str:
    """A page without what differs from one request to the next."""
    text = answer.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": )"?[^"}]+', "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|9{9}|\b\d{5}\b", "#", text)
    return re.sub(r'value="/[^"]*"', "", text)


def test_no_address_takes_a_method_it_is_not_made_for(scene: Scene) -> None:
    for name, rule in WHO_MAY.items():
        if name in ("live", "account_logout") or name.startswith("account_"):
            continue
        wrong = "POST" if "POST" not in rule.methods else "GET"
        if wrong == "GET" and "GET" in rule.methods:
            continue
        role = min(rule.roles, default="seller")
        assert scene.ask(role, name, wrong).status_code in (404, 405), name


def test_the_demo_alone_signs_one_in_without_a_password(scene: Scene) -> None:
    email = scene.cast.seller.person.email
    with override_settings(DEMO=True):
        answer = Client().post("/account/sign-in/as/", {"email": email})
    assert answer.status_code == GONE, "nobody but the demo's own people"


def test_an_unsubscribing_link_of_ones_own_making_does_nothing(cast: Cast) -> None:
    forged = signing.Signer(key="x" * 50).sign(f"{cast.seller.person_id}:{Kind.REPLY}")
    answer = Client().post(f"/notices/unsubscribe/{forged}/")
    assert answer.status_code in (400, GONE)
