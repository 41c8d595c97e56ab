"""What is different between two versions of an article."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from parley.help_centre.comparing import Change, Line, Unchanged, compare

LINES = st.lists(st.sampled_from(["a b c", "a b d", "", "1. Open **Orders**.", "e"]), max_size=12)


def test_a_changed_word_is_marked_within_its_line() -> None:
    difference = compare("Open **Orders** and wait.\nDone.", "Open **Products** and wait.\nDone.")
    (changed,) = [line for line in difference.lines if line.change == Change.CHANGED]
    assert [(w.change, w.text) for w in changed.words if w.change != Change.SAME] == [
        (Change.GONE, "Orders"),
        (Change.NEW, "Products"),
    ]
    assert (difference.new, difference.gone) == (1, 1)


def test_another_line_is_one_gone_and_one_new() -> None:
    difference = compare("Click Accept.", "Refunds take three days")
    assert [line.change for line in difference.lines] == [Change.GONE, Change.NEW]


def test_only_what_is_near_a_change_is_shown() -> None:
    before = "\n".join(f"line {n}" for n in range(20))
    after = before.replace("line 10", "line ten")
    shown = compare(before, after).shown()
    assert shown[0] == Unchanged(8)
    assert shown[-1] == Unchanged(7)
    assert sum(isinstance(line, Line) for line in shown) == 5
    assert compare(before, before).is_none


@given(LINES, LINES)
@settings(max_examples=300, deadline=None)
def test_both_texts_can_be_read_out_of_the_comparison(old: list[str], new: list[str]) -> None:
    difference = compare("\n".join(old), "\n".join(new))
    before, after = [], []
    for line in difference.lines:
        if line.change != Change.NEW:
            before.append("".join(w.text for w in line.words if w.change != Change.NEW))
        if line.change != Change.GONE:
            after.append("".join(w.text for w in line.words if w.change != Change.GONE))
    assert before == "\n".join(old).splitlines()
    assert after == "\n".join(new).splitlines()


def test_texts_that_repeat_themselves_are_compared_roughly() -> None:
    """Many equal lines, or words, would take time that grows with their square, or worse."""
    before, after = "\n".join(["", "same"] * 30_000), "\n".join(["same", ""] * 30_000 + ["end"])
    assert len(compare(before, after).lines) > 60_000
    line = "word " * 20_000
    assert len(compare(line + "a", "b " + line).lines) == 2
