from __future__ import annotations

import pytest

from cast import Cast
from parley.demo.loading import load
from parley.parties.models import Party
from parley.tickets.models import Ticket


def test_another_marketplace_is_left_alone(cast: Cast) -> None:
    with pytest.raises(Party.DoesNotExist):
        load(10)
    assert not Ticket.objects.exists()
