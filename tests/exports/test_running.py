"""A run, with a real server: whole files, no order twice, none forgotten, the supplier told."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from exports.conftest import Desk
from parley.exports import asking, making, running
from parley.exports.models import Export, Picked, Run, State, Which
from parley.journal.moment import at, now
from parley.orders.models import Consignment, Order, OrderLine
from parley.transfer.places import PART
from parley.transfer.troubles import Trouble

FOR_HOURS = (0, 2, 6, 20, 70, 200)
"""Minutes after which each try is due."""


def test_open_orders_are_at_the_place_and_marked(desk: Desk) -> None:
    orders = desk.orders(3)
    run = desk.run(desk.export())
    assert (run.state, run.orders, run.trouble, run.attempts) == (State.DELIVERED, 3, {}, 1)
    assert run.file_name == f"orders-{run.asked_at:%Y%m%d}-1.csv"
    content = desk.server.content()[run.file_name]
    assert run.size == len(content)
    assert run.sha256 == hashlib.sha256(content).hexdigest()
    with default_storage.open(run.stored_as) as kept:
        assert kept.read() == content
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert [row["order_number"] for row in rows] == [str(order.number) for order in orders]
    assert rows[0]["sku"] == "KET-100"
    assert rows[0]["supplier_product_id"] == "NW-77001"
    assert rows[0]["quantity"] == "1"
    assert (rows[0]["recipient"], rows[0]["postcode"]) == ("Margaret Hale", "N1 0EB")
    assert desk.not_marked() == 0
    [told] = desk.told("ExportDelivered")
    assert (told["orders"], told["sha256"], told["party"]) == (
        3,
        run.sha256,
        desk.cast.northwind.pk,
    )


def test_nothing_of_what_it_was_sold_for_or_of_other_suppliers(desk: Desk) -> None:
    shop = desk.shop
    both = shop.passed(shop.kettle, shop.lamp, sale_minor=777_77)
    shop.passed(shop.lamp)
    OrderLine.objects.filter(order=both).update(sold_for_minor=555_55)
    desk.run(desk.export(columns=[]))
    [text] = desk.files().values()
    assert len(text.splitlines()) == 2
    assert "LAMP-9" not in text
    assert "777" not in text
    assert "555" not in text


def test_what_is_not_open_is_not_in_it(desk: Desk) -> None:
    shipped, cancelled, part, kept = desk.orders(4)
    Consignment.objects.filter(order=shipped).update(fulfilment="shipped")
    OrderLine.objects.filter(order=shipped).update(shipped=1)
    Consignment.objects.filter(order=cancelled).update(cancellation="cancelled")
    OrderLine.objects.filter(order=part).update(quantity=5, shipped=2, declined=1)
    Consignment.objects.filter(order=part).update(fulfilment="part_shipped")
    desk.shop.paid(desk.shop.kettle)
    run = desk.run(desk.export())
    assert run.orders == 2
    [text] = desk.files().values()
    rows = {row["order_number"]: row["quantity"] for row in csv.DictReader(io.StringIO(text))}
    assert rows == {str(part.number): "2", str(kept.number): "1"}


def test_each_order_is_in_one_file(desk: Desk) -> None:
    export = desk.export()
    numbers = []
    for _ in range(3):
        numbers += [str(order.number) for order in desk.orders(2)]
        desk.run(export)
    assert len(desk.files()) == 3
    assert desk.numbers() == sorted(numbers)


def test_two_exports_of_a_supplier_share_its_orders_out(desk: Desk) -> None:
    """Not exported yet means: in no file that the supplier has had."""
    desk.orders(2)
    assert desk.run(desk.export()).orders == 2
    assert desk.run(desk.export(name="Another")).state == State.NOTHING


def test_all_open_orders_each_time(desk: Desk) -> None:
    export = desk.export(which=Which.ALL_OPEN)
    desk.orders(2)
    assert desk.run(export).orders == 2
    assert desk.run(export).orders == 2
    assert desk.not_marked() == 2, "they are not taken from other exports"


def test_a_run_without_orders_makes_no_file(desk: Desk) -> None:
    run = desk.run(desk.export())
    assert (run.state, run.has_file, desk.files()) == (State.NOTHING, False, {})


def test_orders_cancelled_before_the_file_is_made_are_not_in_it(desk: Desk) -> None:
    gone, kept = desk.orders(2)
    run = asking.run_now(desk.export(), by=desk.cast.supplier)
    running.choose(run)
    Consignment.objects.filter(order=gone).update(cancellation="cancelled")
    running.carry_out(run.pk)
    assert desk.numbers() == [str(kept.number)]


# --- cut off, anywhere ---


@pytest.mark.parametrize("where", ["choose", "make_file", "put_whole", "mark", "_pin", "_finish"])
def test_cut_off_anywhere_it_is_resumed_exactly_once(
    desk: Desk, cut_off: Callable[[str], None], where: str
) -> None:
    orders = desk.orders(3)
    export = desk.export()
    run = asking.run_now(export, by=desk.cast.supplier)
    cut_off(where)
    with pytest.raises(KeyboardInterrupt):
        running.carry_out(run.pk)
    first = desk.files()
    late = desk.orders(1)
    running.carry_out(run.pk)
    assert Run.objects.get().attempts == 1, "not at once: it is looked at a minute later"
    desk.hurry()
    desk.tick()
    run.refresh_from_db()
    assert (run.state, run.orders) == (State.DELIVERED, 3 if where != "choose" else 4)
    assert all(desk.files()[name] == text for name, text in first.items())
    desk.tick(later=timedelta(hours=2))
    assert desk.numbers() == sorted(str(order.number) for order in [*orders, *late])
    assert desk.not_marked() == 0
    assert not [name for name in desk.files() if name.endswith(PART)]


def test_a_file_taken_away_before_it_was_marked_is_not_sent_again(
    desk: Desk, cut_off: Callable[[str], None]
) -> None:
    """The supplier's system was quicker than we were: it must not get the orders twice."""
    desk.orders(2)
    run = asking.run_now(desk.export(), by=desk.cast.supplier)
    cut_off("_finish")
    with pytest.raises(KeyboardInterrupt):
        running.carry_out(run.pk)
    [taken] = desk.server.root.iterdir()
    taken.unlink()
    desk.hurry()
    desk.tick()
    run.refresh_from_db()
    assert run.state == State.DELIVERED
    assert desk.files() == {}
    assert desk.not_marked() == 0


def test_a_note_of_another_place_counts_for_nothing(
    desk: Desk, cut_off: Callable[[str], None]
) -> None:
    desk.orders(1)
    export = desk.export()
    run = asking.run_now(export, by=desk.cast.supplier)
    cut_off("_finish")
    with pytest.raises(KeyboardInterrupt):
        running.carry_out(run.pk)
    (desk.server.root / "elsewhere").mkdir()
    Export.objects.update(place={**export.place, "folder": "elsewhere"})
    desk.hurry()
    desk.tick()
    assert f"elsewhere/{run.file_name}" in desk.files()


def test_two_workers_do_not_carry_out_one_run(desk: Desk, monkeypatch: Any) -> None:
    desk.orders(1)
    run = asking.run_now(desk.export(), by=desk.cast.supplier)
    seen: list[str] = []

    def meanwhile(run_: Run) -> None:
        seen.append(Run.objects.get(pk=run_.pk).state)
        Run.objects.filter(pk=run_.pk, state=State.RUNNING, next_try_at__gt=now()).get()
        running.carry_out(run_.pk)

    monkeypatch.setattr(running, "choose", lambda r: (meanwhile(r), choose(r))[1])
    choose = monkeypatch._setattr[-1][2]
    running.carry_out(run.pk)
    run.refresh_from_db()
    assert (run.attempts, run.state, seen) == (1, State.DELIVERED, ["running"])


# --- trouble ---


def _fails(desk: Desk, wrong: str, value: Any) -> Run:
    desk.orders(2)
    setattr(desk.server.wrong, wrong, value)
    return desk.run(desk.export(place={**desk.export(name="x").place, "timeout": 1}))


@pytest.mark.parametrize(
    ("wrong", "value", "trouble"),
    [
        ("full_after", 0, Trouble.NO_SPACE),
        ("full_after", 40, Trouble.NO_SPACE),
        ("dies_after", 40, Trouble.CONNECTION_LOST),
        ("stalls_after", 0, Trouble.STALLED),
        ("says_size", 17, Trouble.SIZE_DIFFERS),
        ("renames", False, Trouble.RENAME_REFUSED),
    ],
)
def test_what_goes_wrong_is_said_and_tried_again(
    desk: Desk, wrong: str, value: Any, trouble: Trouble
) -> None:
    run = _fails(desk, wrong, value)
    assert (run.state, run.trouble["trouble"]) == (State.WAITING, trouble)
    assert run.trouble_words
    assert run.file_name not in desk.files()
    assert desk.not_marked() == 2
    setattr(desk.server.wrong, wrong, type(desk.server.wrong)().__dict__[wrong])
    desk.tick(later=timedelta(minutes=2))
    run.refresh_from_db()
    assert (run.state, run.orders, run.trouble) == (State.DELIVERED, 2, {})
    assert list(desk.files()) == [run.file_name]
    assert desk.not_marked() == 0


def test_after_the_last_try_the_supplier_is_told_once(desk: Desk) -> None:
    desk.orders(2)
    export = desk.export(secrets={"secret": "wrong"}, next_run_at=now() + timedelta(days=1))
    run = desk.run(export)
    for minutes in FOR_HOURS[1:]:
        assert desk.told("ExportFailed") == []
        desk.tick(later=timedelta(minutes=minutes))
        desk.hurry()
    run.refresh_from_db()
    assert (run.state, run.attempts) == (State.FAILED, 6)
    [told] = desk.told("ExportFailed")
    assert told["trouble"]["trouble"] == Trouble.SIGN_IN_REFUSED
    desk.tick(later=timedelta(days=2))
    assert len(desk.told("ExportFailed")) == 1, "not again for the same run"


def test_a_failed_run_is_taken_up_by_the_schedule_with_its_own_orders(desk: Desk) -> None:
    first = desk.orders(2)
    export = desk.export(secrets={"secret": "wrong"}, next_run_at=now() + timedelta(days=1))
    run = desk.run(export)
    Run.objects.update(state=State.FAILED, next_try_at=None, attempts=6, told=True)
    later = desk.orders(1)
    Export.objects.filter(pk=export.pk).update(
        secrets={"secret": "s3cret-enough"}, next_run_at=now()
    )
    desk.tick()
    run.refresh_from_db()
    assert (run.state, run.orders) == (State.DELIVERED, 2)
    assert desk.numbers() == sorted(str(order.number) for order in first)
    desk.tick(later=timedelta(hours=1))
    assert desk.numbers() == sorted(str(order.number) for order in [*first, *later])


def test_what_breaks_on_our_side_is_tried_again_too(desk: Desk, monkeypatch: Any) -> None:
    desk.orders(1)

    def broken(_run: Run) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(running, "make_file", broken)
        run = desk.run(desk.export())
    assert (run.state, run.trouble_words) == (State.WAITING, "Something went wrong on our side.")
    desk.tick(later=timedelta(minutes=2))
    run.refresh_from_db()
    assert run.state == State.DELIVERED


# --- by the clock and by hand ---


def test_the_schedule_asks_once_and_only_when_there_is_something(desk: Desk) -> None:
    export = desk.export(next_run_at=now() - timedelta(days=3))
    desk.tick()
    assert Run.objects.count() == 0
    export.refresh_from_db()
    assert export.next_run_at is not None
    assert export.next_run_at > now(), "what was missed is not made up for many times"
    desk.orders(1)
    desk.tick(later=timedelta(hours=1))
    assert Run.objects.count() == 1
    desk.tick(later=timedelta(hours=2))
    assert Run.objects.count() == 1


def test_one_that_is_switched_off_does_not_run(desk: Desk) -> None:
    desk.orders(1)
    desk.export(active=False)
    desk.tick()
    assert Run.objects.count() == 0


def test_run_now_hurries_what_is_not_finished(desk: Desk) -> None:
    desk.orders(1)
    export = desk.export(secrets={"secret": "wrong"})
    run = desk.run(export)
    Export.objects.filter(pk=export.pk).update(secrets={"secret": "s3cret-enough"})
    export.refresh_from_db()
    assert desk.run(export).pk == run.pk
    assert Run.objects.get().state == State.DELIVERED


def test_a_file_is_sent_again_as_it_was(desk: Desk) -> None:
    order: Order = desk.orders(1)[0]
    run = desk.run(desk.export())
    before = desk.files()
    for path in desk.server.root.iterdir():
        path.unlink()
    OrderLine.objects.filter(order=order).update(quantity=9)
    desk.orders(1)
    again = asking.send_again(run, by=desk.cast.supplier)
    running.carry_out(again.pk)
    again.refresh_from_db()
    assert desk.files() == before
    assert (again.state, again.again_of_id, again.orders) == (State.DELIVERED, run.pk, 1)
    assert desk.not_marked() == 1, "no other order was marked by it"


def test_files_are_kept_for_a_while(desk: Desk) -> None:
    desk.orders(1)
    run = desk.run(desk.export())
    again = asking.send_again(run, by=desk.cast.supplier)
    assert making.discard_old() == 0
    with at(now() + making.KEPT_FOR + timedelta(days=1)):
        assert making.discard_old() == 1
        assert default_storage.exists(run.stored_as), "another run still sends it"
        running.carry_out(again.pk)
    with at(now() + 2 * making.KEPT_FOR + timedelta(days=2)):
        assert making.discard_old() == 1
    assert not default_storage.exists(run.stored_as)
    run.refresh_from_db()
    with pytest.raises(asking.FileGone):
        asking.send_again(run, by=desk.cast.supplier)
    assert run.sha256, "the list still says what it was"


def test_an_order_is_in_one_run_of_those_not_exported_yet(desk: Desk) -> None:
    desk.orders(2)
    desk.run(desk.export())
    assert Picked.objects.count() == 2
