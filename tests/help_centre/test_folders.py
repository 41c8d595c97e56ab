"""Articles come in as a folder of Markdown and go out as the same one (H2)."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from cast import Cast
from help_centre.articles import article, translate
from help_centre.folders import TWO, lay_down, picked_up
from parley.help_centre.exporting import export_folder
from parley.help_centre.folder import FolderRefused
from parley.help_centre.front_matter import quoted
from parley.help_centre.importing import Outcome, import_folder
from parley.help_centre.models import Article, Collection, Translation, Version
from parley.help_centre.reading import read
from parley.help_centre.writing import Written, keep_draft, publish, rename, withdraw
from parley.journal.models import Entry


def take_in(root: Path, files: dict[str, Any], language: str = "en") -> Outcome:
    return import_folder(lay_down(root, files), language)


def given_out(root: Path, language: str = "en") -> dict[str, bytes]:
    export_folder(root, language)
    return picked_up(root)


def forget_everything() -> None:
    Translation.objects.update(published=None, words=None)
    Article.objects.all().delete()


def png(colour: str = "red") -> bytes:
    out = BytesIO()
    Pillow.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def test_what_came_in_goes_out_byte_for_byte(cast: Cast, kept: Path) -> None:
    take_in(kept / "in", TWO)
    assert given_out(kept / "out") == picked_up(kept / "in")


def test_it_is_published_with_all_that_its_head_says(cast: Cast, kept: Path) -> None:
    outcome = take_in(kept, TWO)
    assert sorted(outcome.added) == ["orders/cancel-an-order", "orders/ship-an-order"]
    reading = read(cast.supplier, "en", "orders/ship-an-order")
    assert reading is not None
    assert (reading.version.title, reading.version.also_asked_as) == (
        "Ship an order",
        ["mark as dispatched"],
    )
    assert [link.path for link in reading.related] == ["orders/cancel-an-order"]
    assert 'href="/help/en/orders/cancel-an-order/"' in reading.version.html
    assert read(cast.seller, "en", "orders/ship-an-order") is None
    collection = Collection.objects.get(slug="orders")
    assert (collection.icon, collection.position, collection.texts.get().title) == (
        "package",
        2,
        "Orders",
    )


def test_taken_in_again_it_leaves_no_trace(cast: Cast, kept: Path) -> None:
    take_in(kept, TWO)
    before = Version.objects.count(), Entry.objects.count()
    outcome = take_in(kept, TWO)
    assert (len(outcome.unchanged), outcome.added, outcome.changed) == (2, [], [])
    assert (Version.objects.count(), Entry.objects.count()) == before


def test_one_changed_file_makes_one_version(cast: Cast, kept: Path) -> None:
    take_in(kept, TWO)
    outcome = take_in(
        kept, {**TWO, "orders/cancel-an-order.md": "# Cancel an order\n\nOr after.\n"}
    )
    assert outcome.changed == ["orders/cancel-an-order"]
    assert Version.objects.count() == 3


def test_a_second_language_lies_on_the_same_paths(cast: Cast, kept: Path) -> None:
    take_in(kept / "en", TWO)
    ru = {"orders/ship-an-order.md": "# Отгрузить заказ\n\nНажмите **Отгрузить**.\n"}
    take_in(kept / "ru", ru, "ru")
    reading = read(cast.supplier, "ru", "orders/ship-an-order")
    assert reading is not None
    assert (reading.version.title, reading.is_fallback, reading.is_outdated) == (
        "Отгрузить заказ",
        False,
        False,
    )
    assert given_out(kept / "out", "ru") == picked_up(kept / "ru")
    assert Article.objects.get(path="orders/ship-an-order").audience == ["supplier"]


def test_a_new_version_in_the_first_language_makes_translations_outdated(
    cast: Cast, kept: Path
) -> None:
    take_in(kept / "ru", {"a/b.md": "# Раз\n"}, "ru")
    take_in(kept / "en", {"a/b.md": "# One\n"})
    now = read(None, "ru", "a/b")
    take_in(kept / "en", {"a/b.md": "# One and more\n"})
    then = read(None, "ru", "a/b")
    assert now
    assert then
    assert (now.is_outdated, then.is_outdated) == (False, True)


@pytest.mark.parametrize(
    ("name", "content", "path", "title"),
    [
        ("plain.md", "Just words.", "plain", "Plain"),
        ("a/b/c/deep.markdown", "## Deep down\n\nWords.", "a/b/c/deep", "Deep down"),
        (
            "x/bom.md",
            "\ufeff---\r\ntitle: With a mark\r\n---\r\nWords.\r\n",
            "x/bom",
            "With a mark",
        ),
        ("x/how_to-ship.MD", "", "x/how_to-ship", "How to ship"),
        ("x/Имя файла.md", "Слова", "x/Имя файла", "Имя файла"),
        ("x/line.md", "---\n\nA line above.", "x/line", "Line"),
        ("x/no.md", "---\ntitle: No\n---\n", "x/no", "No"),
    ],
)
def test_files_as_people_write_them_are_taken_in(
    cast: Cast, kept: Path, name: str, content: str, path: str, title: str
) -> None:
    take_in(kept / "in", {name: content})
    assert Translation.objects.get(article__path=path).title == title
    once = given_out(kept / "out")
    assert list(once) == [name]
    assert import_folder(kept / "out", "en").unchanged == [path]
    assert given_out(kept / "again") == once


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"---\ntitle: [a\n---\nx", "x/bad.md, line 3"),
        (b"---\ntitle: a\ntitle: b\n---\nx", "x/bad.md, line 3"),
        (b"---\njust words\n---\n", "x/bad.md, line 2"),
        ("Слова".encode("cp1251"), "x/bad.md: line 1 is not UTF-8"),
        (b"---\naudience: [buyers]\n---\n", "nobody is a"),
        (b"---\nposition: first\n---\n", "whole number"),
        (b"---\ntitle: " + b"x" * 300 + b"\n---\n", "300 characters"),
        (b"a\x00b", "zero byte"),
    ],
)
def test_one_broken_file_is_named_and_nothing_is_taken_in(
    cast: Cast, kept: Path, content: bytes, said: str
) -> None:
    with pytest.raises(FolderRefused) as refused:
        take_in(kept, {**TWO, "x/bad.md": content})
    assert said in refused.value.problems[0]
    assert not Article.objects.exists()


def test_what_its_head_says_besides_is_kept_and_said(cast: Cast, kept: Path) -> None:
    file = "---\n# a remark\ntitle: 'One'\ntags: [a, b]\nowner:\n  name: x\n---\nWords.\n"
    outcome = take_in(kept / "in", {"x/one.md": file})
    assert [warning.split()[0] for warning in outcome.warnings] == ["“owner”", "“tags”"]
    assert given_out(kept / "out")["x/one.md"].decode() == file
    made = Article.objects.get()
    publish(
        keep_draft(made, "en", Written(title="Two", body="Words."), by=cast.admin), by=cast.admin
    )
    changed = given_out(kept / "changed")["x/one.md"].decode()
    assert 'title: "Two"' in changed
    assert "tags: [a, b]\nowner:\n  name: x\n---\n\nWords.\n" in changed


def test_an_article_written_here_goes_out_and_comes_back(cast: Cast, kept: Path) -> None:
    article(
        cast,
        "orders/ship",
        'Ship: "it" \u2028 #1',
        "Text\n\n- a",
        audience=("seller",),
        also=("send\u0085",),
    )
    once = given_out(kept / "one")
    forget_everything()
    import_folder(kept / "one", "en")
    assert given_out(kept / "two") == once
    assert Article.objects.get().audience == ["seller"]


def test_what_was_withdrawn_stays_here_and_drafts_say_so(cast: Cast, kept: Path) -> None:
    withdraw(article(cast, "a/gone"), by=cast.admin)
    keep_draft(article(cast, "a/here"), "ru", Written(title="Черновик"), by=cast.admin)
    assert list(given_out(kept / "en")) == ["a/here.md"]
    assert b"draft: true" in given_out(kept / "ru", "ru")["a/here.md"]
    outcome = import_folder(kept / "ru", "ru")
    assert outcome.unchanged == []
    assert outcome.drafts == ["a/here"]
    assert Translation.objects.get(language="ru").published is None


def test_pictures_come_along_and_a_new_one_makes_a_new_version(cast: Cast, kept: Path) -> None:
    files = {"x/a.md": "![Here](images/here.png)\n\n![](gone.png)\n", "x/images/here.png": png()}
    outcome = take_in(kept / "in", files)
    assert (outcome.pictures, outcome.warnings) == (1, ["x/a.md: there is no picture gone.png."])
    reading = read(None, "en", "x/a")
    assert reading is not None
    assert 'width="40" height="30"' in reading.version.html
    assert given_out(kept / "out") == picked_up(kept / "in")
    assert take_in(kept / "in", files).unchanged == ["x/a"]
    assert take_in(kept / "in", {**files, "x/images/here.png": png("blue")}).changed == ["x/a"]


def test_a_file_of_an_article_that_was_renamed_finds_it(cast: Cast, kept: Path) -> None:
    take_in(kept, TWO)
    rename(Article.objects.get(path="orders/cancel-an-order"), "orders/call-off", by=cast.admin)
    outcome = take_in(kept, TWO)
    assert Article.objects.count() == 2
    assert "call-off" in outcome.warnings[0]


def test_a_head_without_an_audience_opens_nothing(cast: Cast, kept: Path) -> None:
    made = article(cast, "a/b", audience=("seller",))
    take_in(kept, {"a/b.md": "# New words\n"})
    made.refresh_from_db()
    assert made.audience == ["seller"]


def test_nobody_reads_half_an_import(cast: Cast, kept: Path) -> None:
    translate(cast, article(cast, "a/b"), "ru", "Раз")
    take_in(kept, {"a/b.md": "# A\n", "a/c.md": "# C\n"})
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {"ArticleAdded", "ArticlePublished"} <= kinds


names = st.text(st.characters(whitelist_categories=("Ll", "Nd")), min_size=1, max_size=8)
lines = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=60
)


@settings(max_examples=25)
@given(
    folder=st.dictionaries(
        st.tuples(names, names), st.tuples(lines, lines, st.lists(lines, max_size=3)), max_size=3
    )
)
def test_any_articles_go_out_and_come_in_the_same(
    cast: Cast, folder: dict[tuple[str, str], tuple[str, str, list[str]]]
) -> None:
    with tempfile.TemporaryDirectory() as place, override_settings(MEDIA_ROOT=place):
        root = Path(place)
        forget_everything()
        for (shelf, name), (title, body, also) in folder.items():
            article(cast, f"{shelf}/{name}", f"t {title}", body, also=tuple(also))
        once = given_out(root / "one")
        assert len(import_folder(root / "one", "en").unchanged) == len(folder)
        forget_everything()
        import_folder(root / "one", "en")
        assert given_out(root / "two") == once


@settings(max_examples=25)
@given(text=lines, head=st.booleans(), title=lines)
def test_any_file_comes_out_as_it_went_in(cast: Cast, text: str, head: bool, title: str) -> None:
    with tempfile.TemporaryDirectory() as place, override_settings(MEDIA_ROOT=place):
        root = Path(place)
        forget_everything()
        file = (f"---\ntitle: {quoted(title)}\nx: 1\n---\n" if head else "") + text
        try:
            take_in(root / "in", {"a/b.md": file})
        except FolderRefused:
            return
        once = given_out(root / "one")
        as_given = file.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        assert once["a/b.md"].decode().rstrip("\n") == as_given.rstrip("\n")
        assert import_folder(root / "one", "en").unchanged == ["a/b"]
