"""Numbers as people say them, in English and Russian, and letters that stand in for digits."""

from __future__ import annotations


def _counted(listed: str, first: int) -> dict[str, str]:
    return {word: str(number) for number, word in enumerate(listed.split(), first)}


ZEROES = dict.fromkeys(
    ("zero", "oh", "o", "nought", "naught", "ноль", "нуль", "нолик", "зеро"), "0"
)
UNITS = (
    _counted("one two three four five six seven eight nine", 1)
    | _counted("один два три четыре пять шесть семь восемь девять", 1)
    | {"одна": "1", "две": "2"}
)
TEENS = _counted(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10
) | _counted(
    "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать "
    "восемнадцать девятнадцать",
    10,
)
TENS = (
    _counted("twenty thirty forty fifty sixty seventy eighty ninety", 2)
    | _counted("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто", 2)
    | {"fourty": "4"}
)
"""By their first digit, as the hundreds are."""
HUNDREDS = _counted("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот", 1)
HUNDRED = "hundred"
TIMES = {"double": 2, "treble": 3, "triple": 3, "дважды": 2, "трижды": 3}
PLUS = {"plus", "плюс"}

_STAND_INS = str.maketrans("oоilзб", "001136")


def stood_in(word: str) -> str:
    """The digits that the letters of `word` stand in for, as in 9OO; empty if some stand for none."""
    digits = word.translate(_STAND_INS)
    return digits if digits.isdigit() and digits.isascii() else ""
