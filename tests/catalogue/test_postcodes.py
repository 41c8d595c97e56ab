"""Postcode rules as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.catalogue.postcodes import (
    AREAS,
    STARTER_SETS,
    Postcode,
    Rule,
    read_postcode,
    read_rules,
)


def catches(rules: str, postcode: str) -> bool:
    reading, read = read_rules(rules), read_postcode(postcode)
    assert not reading.misread, reading.misread
    assert read is not None
    return reading.rule_for(read) is not None


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("BT", "BT"),
        ("bt", "BT"),
        ("AB31-38", "AB31-38"),
        ("AB31-AB38", "AB31-38"),
        ("ab31 – ab38", "AB31-38"),
        ("AB31 to AB38", "AB31-38"),
        ("AB 31-38", "AB31-38"),
        ("AB31-38 IV", "AB31-38, IV"),
        ("BT IV\nHS;ZE", "BT, IV, HS, ZE"),
        ("BT, , BT,", "BT"),
        ("KW17 2AB", "KW17 2AB"),
        ("kw172ab", "KW17 2AB"),
        ("KW17 2AB KW15 1AA", "KW17 2AB, KW15 1AA"),
        ("KW17 2", "KW17 2"),
        ("KW172", "KW17 2"),
        ("KW17 2-4", "KW17 2-4"),
        ("KW17, 2", "KW17, KW2"),
        ("PA20-49, 60-78", "PA20-49, PA60-78"),
        ("AB31 33 35", "AB31, AB33, AB35"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("EC1", "EC1"),
        ("EC1A", "EC1A"),
        ("W1A", "W1A"),
        ("IV (all), JE (all)", "IV, JE"),
        ("CM0", "CM0"),
        ("", ""),
    ],
)
def test_rules_are_read_as_people_write_them(written: str, means: str) -> None:
    reading = read_rules(written)
    assert (str(reading), reading.misread) == (means, ())


@pytest.mark.parametrize(
    ("rules", "postcode", "caught"),
    [
        ("G", "GY9 3TA", False),
        ("G", "G1 1AA", True),
        ("B", "BT7 1NN", False),
        ("BT", "bt7 1nn", True),
        ("GY9", "GY9 3TA", True),
        ("GY9", "GY90 3TA", False),
        ("AB3", "AB31 4AA", False),
        ("AB31-38", "AB31 4AA", True),
        ("AB31-38", "AB38 9AA", True),
        ("AB31-38", "AB39 2AA", False),
        ("AB31-38", "AB3 1AA", False),
        ("PO30-41", "PO41 0AA", True),
        ("EC1", "EC1A 1BB", True),
        ("EC1A", "EC1V 9HQ", False),
        ("EC1-2", "EC2Y 8DS", True),
        ("EC1", "EC11 1AA", False),
        ("KW17 2", "KW17 2AB", True),
        ("KW17 2", "KW17 3AB", False),
        ("KW1 7", "KW17 2AB", False),
        ("KW17 2AB", "KW17 2AB", True),
        ("KW17 2AB", "KW17 2AD", False),
    ],
)
def test_rules_catch_parts_and_not_beginnings(rules: str, postcode: str, caught: bool) -> None:
    assert catches(rules, postcode) is caught


@pytest.mark.parametrize(
    ("written", "piece", "code"),
    [
        ("BT, Scotland", "SCOTLAND", "strange"),
        ("BT, QQ", "QQ", "no_area"),
        ("P030-41", "P030-41", "strange"),
        ("AB38-31", "AB38-31", "backwards"),
        ("AB31-IV38", "AB31-IV38", "two_areas"),
        ("31-38", "31-38", "no_area_before"),
        ("BT; AB3*", "AB3*", "strange"),
        ("AB031", "AB031", "strange"),
    ],
)
def test_what_is_not_understood_is_named(written: str, piece: str, code: str) -> None:
    misread = read_rules(written).misread
    assert [(one.piece, one.code) for one in misread] == [(piece, code)]
    assert piece in misread[0].in_words()


@pytest.mark.parametrize(
    "text",
    ["", "N1", "London", "ZZ1 1AA", "N1 0E", "N1 0EBX", "0N1 0EB", "10115", "EC11A 1AA", "1" * 99],
)
def test_what_is_no_whole_postcode(text: str) -> None:
    assert read_postcode(text) is None


def test_starter_sets_are_rules() -> None:
    for _key, name, rules in STARTER_SETS:
        assert read_rules(rules).rules, name
        assert not read_rules(rules).misread, name


letters = st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ")
postcodes = st.builds(
    Postcode,
    st.sampled_from(sorted(AREAS)),
    st.integers(0, 99),
    st.just(""),
    st.integers(0, 9),
    st.text(letters, min_size=2, max_size=2),
) | st.builds(
    Postcode,
    st.sampled_from(["EC", "W", "SW", "WC", "E", "N", "SE", "NW"]),
    st.integers(0, 9),
    letters,
    st.integers(0, 9),
    st.text(letters, min_size=2, max_size=2),
)


def _pair(most: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, most), st.integers(0, most)).map(
        lambda two: (min(two), max(two))
    )


areas = st.sampled_from(sorted(AREAS))
one_district = st.integers(0, 99).map(lambda n: (n, n))
rules = (
    st.builds(Rule, areas)
    | st.builds(Rule, areas, _pair(99))
    | st.builds(Rule, areas, st.integers(0, 9).map(lambda n: (n, n)), letters)
    | st.builds(Rule, areas, one_district, st.just(""), _pair(9))
    | st.builds(
        Rule,
        areas,
        one_district,
        st.just(""),
        st.integers(0, 9).map(lambda n: (n, n)),
        st.text(letters, min_size=2, max_size=2),
    )
)


@given(st.lists(rules, max_size=6, unique=True), st.sampled_from([", ", ";", "\n", " , "]))
def test_rules_written_out_are_read_back(made: list[Rule], between: str) -> None:
    assert read_rules(between.join(map(str, made))).rules == tuple(made)


@given(rules, st.booleans())
def test_case_and_spaces_do_not_matter(rule: Rule, narrow: bool) -> None:
    text = str(rule).lower()
    written = text.replace("-", " – ") if not narrow else text
    assert read_rules(written).rules == (rule,)


@given(postcodes, st.sampled_from(["", " ", "  "]), st.booleans())
def test_postcodes_are_read_however_they_are_spaced(
    postcode: Postcode, gap: str, lower: bool
) -> None:
    text = str(postcode).replace(" ", gap)
    assert read_postcode(text.lower() if lower else text) == postcode


@given(postcodes, areas)
def test_an_area_catches_its_own_and_no_other(postcode: Postcode, area: str) -> None:
    assert catches(area, str(postcode)) == (postcode.area == area)


@given(postcodes, areas, _pair(99))
def test_ranges_include_both_ends(postcode: Postcode, area: str, bounds: tuple[int, int]) -> None:
    first, last = bounds
    expected = postcode.area == area and first <= postcode.district <= last
    assert catches(f"{area}{first}-{last}", str(postcode)) == expected
    for district in (first, last):
        assert catches(f"{area}{first}-{last}", f"{area}{district} 1AA")


@given(postcodes, rules)
def test_a_district_catches_its_own_number_alone(postcode: Postcode, rule: Rule) -> None:
    """Whatever begins alike: AB3 and AB31, EC1 and EC11."""
    if rule.catches(postcode) and rule.districts:
        assert rule.districts[0] <= postcode.district <= rule.districts[1]


@given(st.text(max_size=300) | st.text("ABEGTY0139-– ,;\n", max_size=60))
def test_whatever_is_typed_is_read_or_named(text: str) -> None:
    reading = read_rules(text)
    for one in reading.misread:
        assert one.in_words()
    for rule in reading.rules:
        assert rule.in_words()
        assert read_rules(str(rule)).rules == (rule,)
    read_postcode(text)
