from __future__ import annotations

import pytest

from cast import Cast
from web.api.calling import Caller


@pytest.fixture
def seller(cast: Cast) -> Caller:
    return Caller(cast.seller)


@pytest.fixture
def supplier(cast: Cast) -> Caller:
    return Caller(cast.supplier)


@pytest.fixture
def agent(cast: Cast) -> Caller:
    return Caller(cast.agent)


@pytest.fixture
def other(cast: Cast) -> Caller:
    """Somebody of another company."""
    return Caller(cast.other_seller)
