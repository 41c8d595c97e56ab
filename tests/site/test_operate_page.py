"""`docs/operate.md` lists every setting, with the sentence and the default the code has."""

from __future__ import annotations

from pathlib import Path

from parley.site.environment import variables

PAGE = Path(__file__).parents[2] / "docs" / "operate.md"


def rows() -> list[str]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith(("| `PARLEY_", "| `DATABASE_"))]


def test_every_setting_stands_in_the_table_word_for_word() -> None:
    expected = [
        f"| `{variable}`{' †' if setting.metadata['secret'] else ''} "
        f"| {setting.metadata['default']} | {setting.metadata['says']} |"
        for variable, setting in variables().items()
    ]
    assert rows() == expected
