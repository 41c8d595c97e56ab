"""Search (T11): words in two languages, numbers in all their forms, names as people misspell them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cast import Cast
from parley.journal.moment import at, now
from parley.parties.models import Membership
from parley.postgres.keysets import CursorUnreadable
from parley.tickets.assigning import assign
from parley.tickets.finding import Filters, find
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.searching import number_in
from parley.tickets.states import Side


def found(reader: Membership, text: str, **filters: object) -> list[int]:
    page = find(reader, Filters(text=text, **filters))  # type: ignore[arg-type]
    return [row.ticket_id for row in page.rows]


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        # English and Russian stems
        ("The parcels were delayed at the depot", "parcel"),
        ("The parcels were delayed at the depot", "delaying depots"),
        ("Посылки застряли на складе", "посылка"),
        ("Посылки застряли на складе", "складом застряла"),
        ("Полученный товар повреждён", "повреждены товары"),
        # ё and е, accents, letter case
        ("Чёрный чехол не пришёл", "черный"),
        ("Черный чехол не пришел", "чёрный пришёл"),
        ("The café is closed", "cafe"),
        ("IKEA Billy", "ikea BILLY"),
        # both at once
        ("Заказ IKEA: shipping задержан", "ikea задержаны"),
        # what stands in angle brackets, and behind many letters without a gap
        ("Subject: <zebra> & more", "zebra"),
        ("Subject: <zebra> & more", "<zebra>"),
        ("ab" * 20_000 + " zebra", "zebra"),
        # hyphenated words, addresses, figures
        ("Please follow-up on the e-mail", "e-mail"),
        ("Please follow-up on the e-mail", "follow-up"),
        ("Please follow-up on the e-mail", "mail"),
        ("Доставка в Санкт-Петербург", "санкт-петербург"),
        ("Доставка в Санкт-Петербург", "Петербурге"),
        ("see https://track.example/a/b?no=17 for it", "track.example/a/b?no=17"),
        ("see https://track.example/a/b?no=17 for it", "https://track.example/a/b?no=17"),
        ("Charged 12.50 twice", "12.50"),
        ("Size 5.5kg, box №12", "№12"),
        # hyphenated numbers
        ("about AB-1042-7, again", "AB-1042-7"),
        ("about AB-1042-7.", "ab-1042-7"),
        ("about AB-1042-7", "AB10427"),
        ("order 205-1234567-1234567", "205-1234567-1234567"),
        ("накладная ДТ-55/7 утеряна", "ДТ-55/7"),
        ("накладная ДТ-55/7 утеряна", "дт-55/7 накладная"),
        ("about AB‑1042‑7 with other hyphens", "AB-1042-7"),
        # quotes and minus
        ("late parcel", '"late parcel"'),
        ("late parcel", "late -lost"),
    ],
)
def test_what_is_said_is_found(cast: Cast, text: str, sought: str) -> None:
    ticket = cast.ticket(title="Help", text=text)
    cast.ticket(title="Help", text="Something else entirely")
    for reader in (cast.seller, cast.supplier_member, cast.agent):
        assert found(reader, sought) == [ticket.pk]
    assert found(cast.other_seller, sought) == []


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("late parcel", "late lamp"),
        ("late and lost parcel", "late -lost"),
        ("about AB-1042-7", "AB-1042-8"),
        ("about AB-1042-7", "1042-77"),
        ("order 205-1234567-1234567", "205-1234567-7654321"),
    ],
)
def test_what_is_not_said_is_not_found(cast: Cast, text: str, sought: str) -> None:
    cast.ticket(text=text)
    assert found(cast.seller, sought) == []


@pytest.mark.parametrize("where", ["title", "order_number", "reply"])
def test_words_are_found_wherever_they_stand(cast: Cast, where: str) -> None:
    if where == "reply":
        ticket = cast.ticket()
        reply(ticket.pk, Reply(text="It is a zebra-42"), by=cast.supplier)
    else:
        ticket = cast.ticket(**{where: "zebra-42"})
    assert found(cast.agent, "zebra-42") == [ticket.pk]


@pytest.mark.parametrize(
    "form",
    [
        "T-{}",
        "t-{}",
        "T{}",
        "t{}",
        "#{}",
        "# {}",
        "№{}",
        "Т-{}",
        "т{}",
        " {} ",
        "{}",
        "T - {}",
        "T–{}",
    ],
)
def test_a_number_is_found_in_all_its_forms(cast: Cast, form: str) -> None:
    ticket, _other = cast.ticket(), cast.ticket()
    text = form.format(ticket.pk)
    if "–" in form:
        assert number_in(text) is None
        return
    for reader in (cast.seller_member, cast.supplier, cast.lead):
        assert found(reader, text) == [ticket.pk]
    for stranger in (cast.other_seller, cast.other_supplier):
        assert found(stranger, text) == []


def test_a_bare_number_may_be_an_orders_too(cast: Cast) -> None:
    ticket = cast.ticket()
    named = cast.ticket(text=f"It is about order {ticket.pk}")
    assert found(cast.seller, f"T-{ticket.pk}") == [ticket.pk]
    assert found(cast.seller, f"{ticket.pk}") == [ticket.pk, named.pk]
    page = find(cast.seller, Filters(text=f"{ticket.pk}"), size=1)
    assert [row.ticket_id for row in page.rows] == [ticket.pk, named.pk]


@pytest.mark.parametrize(
    "misspelt",
    ["Nortwind", "Norhtwind", "northwin", "Northwind Suply", "nothwind", "Selmaa", "Prodavtsov?"],
)
def test_names_are_found_as_people_misspell_them(cast: Cast, misspelt: str) -> None:
    ticket = cast.ticket()
    cast.ticket(to=cast.second_supplier, by=cast.other_seller)
    expected = [] if "?" in misspelt else [ticket.pk]
    assert found(cast.agent, misspelt) == expected


@pytest.mark.parametrize("misspelt", ["Брайт", "Продавцав", "Северав", "продовцов"])
def test_russian_names_are_found_as_people_misspell_them(cast: Cast, misspelt: str) -> None:
    ticket = cast.ticket(by=cast.seller_member)
    reply(ticket.pk, Reply(text="Ищем"), by=cast.supplier_member)
    assert found(cast.agent, misspelt) == ([] if misspelt == "Брайт" else [ticket.pk])


def test_a_misspelt_name_among_other_words(cast: Cast) -> None:
    ticket = cast.ticket(text="The lamps are broken")
    cast.ticket(text="The chairs are late")
    assert found(cast.agent, "broken lamp nortwind") == [ticket.pk]
    assert found(cast.agent, "broken chair nortwind") == []


def test_a_word_that_is_said_is_not_taken_for_a_name(cast: Cast) -> None:
    ticket = cast.ticket(text="Please see the northern depot", to=cast.second_supplier)
    cast.ticket()
    assert found(cast.agent, "northern") == [ticket.pk]


JUNK = [
    "", "   ", '"', '"""', "-", "--", "- -", "'", "''; DROP TABLE", "\\", "%", "_", "%_%", "%s", "🎉",
    "\x00", "a\x00b", "\ud800", "!", "&", "|", "<->", ":*", "( )", "the", "и", "1" * 18, "1" * 19,
    "T-", "T-0", "#", "9" * 10_000, "x" * 10_000, "слово " * 2_000, "-" * 10_000, '"' * 9_999,
    "a-" * 5_000, "{} {{ }} ${x}", "<script>alert(1)</script>", "\u202e\u200b", "or", "AND OR NOT",
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: ascii(junk)[:20])
def test_junk_is_searched_for_in_vain(cast: Cast, junk: str) -> None:
    ticket = cast.ticket()
    for reader in (cast.agent, cast.seller):
        assert found(reader, junk) in ([], [ticket.pk])
        assert found(reader, f"parcel {junk}") in ([], [ticket.pk])
        assert found(reader, "", order_number=junk) in ([], [ticket.pk])


def test_nothing_to_search_for_is_no_search(cast: Cast) -> None:
    ticket = cast.ticket()
    assert found(cast.seller, "  \t ") == [ticket.pk]


@pytest.mark.parametrize(
    "cursor",
    ["x", "-", "1", "999999999999999999.1",
     "1.", ".1", "1.2.3", "1.x", "-1", "--1.2", "1.2\n", "١.٢", "9" * 5_000,
     "99999999999999999999.1", "1.99999999999999999999", "1e9.1", " 1.2", "0x1.2", "\x00.1"],
    ids=lambda cursor: ascii(cursor)[:20],
)  # fmt: skip
def test_a_cursor_nobody_gave_is_refused(cast: Cast, cursor: str) -> None:
    cast.ticket()
    for text in ("", "parcel"):
        with pytest.raises(CursorUnreadable):
            find(cast.seller, Filters(text=text), cursor=cursor)


@pytest.mark.parametrize("cursor", ["0.0", "99999999999999999.999999999999999999", "-0.0", "1.1"])
def test_a_cursor_far_from_everything_is_an_end_of_the_list(cast: Cast, cursor: str) -> None:
    cast.ticket()
    assert len(find(cast.seller, Filters(), cursor=cursor).rows) in (0, 1)


# --- filters ---


@pytest.fixture
def marketplace(cast: Cast) -> dict[str, int]:
    """Tickets that differ in one thing each, by name."""
    start = now() - timedelta(days=30)
    made: dict[str, Ticket] = {}
    for i, (name, fields) in enumerate(
        {
            "plain": {},
            "other topic": {"topic": cast.return_of_goods, "order_number": "R-1"},
            "other party": {"to": cast.second_supplier},
            "of an order": {"order_number": "AB-1042-7"},
            "urgent": {"priority": "urgent"},
            "answered": {},
            "assigned": {},
            "to the operator": {"topic": cast.payouts, "to": None},
        }.items()
    ):
        with at(start + timedelta(days=i)):
            made[name] = cast.ticket(text="A lamp", **fields)
            if name == "answered":
                reply(made[name].pk, Reply(text="Here"), by=cast.supplier)
            if name == "assigned":
                assign(made[name].pk, cast.agent.person_id, by=cast.lead)
    return {name: ticket.pk for name, ticket in made.items()}


def test_each_filter_narrows(cast: Cast, marketplace: dict[str, int]) -> None:
    def names(**filters: object) -> set[str]:
        by_number = {pk: name for name, pk in marketplace.items()}
        without = find(cast.agent, Filters(**filters))  # type: ignore[arg-type]
        searched = find(cast.agent, Filters(text="lamp", **filters))  # type: ignore[arg-type]
        assert [r.pk for r in without.rows] == [r.pk for r in searched.rows], "search narrows alike"
        return {by_number[row.ticket_id] for row in without.rows}

    everything = set(marketplace)
    day = timedelta(days=1)
    first = Ticket.objects.get(pk=marketplace["plain"]).created_at
    assert names() == everything
    assert names(topic=cast.return_of_goods.pk) == {"other topic"}
    assert names(party=cast.second_supplier.pk) == {"other party"}
    assert names(party=cast.bright_home.pk) == everything
    assert names(order_number="AB-1042-7") == {"of an order"}
    assert names(statuses=("answered",)) == {"answered"}
    assert names(statuses=("answered", "created")) == everything
    assert names(assignee=cast.agent.person_id) == {"assigned"}
    assert names(created_from=first, created_to=first + day) == {"plain"}
    assert names(created_from=first + day, created_to=first + 3 * day) == {
        "other topic",
        "other party",
    }
    assert names(due="over") == everything - {"answered"}
    assert names(due="soon") == set()
    assert names(queue="urgent") == {"urgent"}
    assert names(queue="mine") == {"assigned"}
    assert names(queue="unassigned") == {"to the operator"}
    assert names(queue="disputes") == set()
    # and together
    assert names(party=cast.northwind.pk, statuses=("created",), created_to=first + 4 * day) == {
        "plain",
        "other topic",
        "of an order",
    }
    assert names(topic=cast.late_parcel.pk, party=cast.second_supplier.pk) == {"other party"}
    assert names(topic=cast.return_of_goods.pk, order_number="AB-1042-7") == set()


@pytest.mark.parametrize(
    "strange",
    [
        {"topic": 10**30},
        {"party": 10**30},
        {"assignee": -1},
        {"statuses": ("asleep", "\x00")},
        {"due": "whenever"},
        {"order_number": "\x00"},
    ],
    ids=str,
)
def test_a_strange_filter_is_no_error(cast: Cast, strange: dict[str, object]) -> None:
    ticket = cast.ticket()
    for text in ("", "parcel"):
        assert found(cast.agent, text, **strange) in ([], [ticket.pk])


def test_an_unknown_queue_is_a_key_error(cast: Cast) -> None:
    with pytest.raises(KeyError):
        find(cast.agent, Filters(queue="everybody's"))


# --- a ticket that says very much ---


def test_a_ticket_can_always_be_replied_on(cast: Cast) -> None:
    """The words of a ticket have a limit in the database; what is said has none."""
    ticket = cast.ticket()
    for n in range(8):
        words = " ".join(f"{chr(0x20000 + n * 40 + i)}{'𠀀' * 120}-{i}x" for i in range(380))
        reply(ticket.pk, Reply(text=words), by=cast.seller)
    reply(ticket.pk, Reply(text="zebra", audience="side", side=Side.OPENER), by=cast.seller)
    assert found(cast.seller, "arrived") == [ticket.pk]


def test_a_word_too_long_to_index_is_no_error(cast: Cast) -> None:
    ticket = cast.ticket(text="parcel " + "ab" * 20_000)
    assert found(cast.seller, "parcel") == [ticket.pk]
