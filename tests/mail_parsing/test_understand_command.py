"""`parley mail understand` prints what mails mean, one JSON object a line, and touches nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

MAIL = (
    "From: Анна <anna@shop.example>\r\nTo: desk@parley.example\r\nSubject: [T-1] счёт\r\n"
    "Message-ID: <1@shop.example>\r\nIn-Reply-To: <0@parley.example>\r\n"
    "References: <a@x> <0@parley.example>\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nСпасибо!\r\n\r\n> Готово?\r\n"
    "--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\n1;2\r\n--b--\r\n"
).encode()


def understand(*files: str, given: bytes = b"") -> tuple[list[dict[str, object]], str, int]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    done = subprocess.run(
        [sys.executable, "-m", "parley.site.cli", "mail", "understand", *files],
        input=given,
        capture_output=True,
        env=environment,
        check=False,
    )
    return (
        [json.loads(line) for line in done.stdout.splitlines()],
        done.stderr.decode(),
        done.returncode,
    )


def test_each_mail_is_a_line_in_the_order_of_the_files(tmp_path: Path) -> None:
    first, second = tmp_path / "first.eml", tmp_path / "second.eml"
    first.write_bytes(MAIL)
    second.write_bytes(b"Subject: \xff\n\nbroken \xff")
    before = sorted(tmp_path.iterdir())
    said, complaints, code = understand(str(first), str(second), str(first))
    assert (len(said), complaints, code) == (3, "", 0)
    assert said[0] == said[2]
    assert sorted(tmp_path.iterdir()) == before
    whole = said[0]
    assert whole["from"] == "Анна <anna@shop.example>"
    assert whole["to"] == ["desk@parley.example"]
    assert whole["subject"] == "[T-1] счёт"
    assert (whole["message_id"], whole["in_reply_to"]) == ("<1@shop.example>", "<0@parley.example>")
    assert whole["references"] == ["<a@x>", "<0@parley.example>"]
    assert (whole["text"], whole["folded"]) == ("Спасибо!", "> Готово?")
    assert whole["attachments"] == [
        {"name": "a.csv", "type": "text/csv", "size": 3, "inline": False}
    ]
    assert (whole["automatic"], whole["bounce"]) == (None, None)


def test_a_mail_may_come_by_standard_input() -> None:
    said, _, code = understand("-", given=MAIL)
    assert (said[0]["subject"], code) == ("[T-1] счёт", 0)


def test_a_file_that_is_not_there_is_named_and_leaves_its_place(tmp_path: Path) -> None:
    there = tmp_path / "there.eml"
    there.write_bytes(MAIL)
    said, complaints, code = understand(str(tmp_path / "none.eml"), str(there))
    assert said[0] == {}
    assert said[1]["subject"] == "[T-1] счёт"
    assert "none.eml" in complaints
    assert code == 1


LINE = b"From anna@shop.example Mon Mar  2 10:00:00 2026\n"


def test_an_mbox_file_is_a_line_for_each_mail_in_it(tmp_path: Path) -> None:
    text = b"Subject: %d\n\nHello.\n\nFrom Monday on we are closed at 18:00, as in 2025.\n"
    box = tmp_path / "old.mbox"
    box.write_bytes(b"\n".join(LINE + text % number for number in range(3)))
    said, complaints, code = understand(str(box))
    assert [one["subject"] for one in said] == ["0", "1", "2"]
    assert (complaints, code) == ("", 0)
    assert str(said[0]["text"]).endswith("as in 2025.")


def test_an_mbox_within_a_mail_is_its_file(tmp_path: Path) -> None:
    within = LINE + b"Subject: within\n\nOne.\n\n" + LINE + b"Subject: too\n\nTwo.\n"
    header = b"Subject: outer\nContent-Type: multipart/mixed; boundary=b\n"
    file = b"--b\nContent-Type: application/mbox; name=old.mbox\n\n" + within + b"\n--b--\n"
    box = tmp_path / "a.eml"
    box.write_bytes(LINE + header + b"\n" + file + b"\n" + LINE + b"Subject: next\n\nThree.\n")
    said, _, _ = understand(str(box))
    assert [one["subject"] for one in said] == ["outer", "next"]
    assert [one["name"] for one in said[0]["attachments"]] == ["old.mbox"]  # type: ignore[attr-defined]


def test_a_folder_is_read_with_all_below_it_and_an_empty_file_is_a_mail_of_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1").write_bytes(MAIL)
    (tmp_path / "cur" / "2").write_bytes(b"")
    said, complaints, code = understand(str(tmp_path))
    assert [one["subject"] for one in said] == ["[T-1] счёт", ""]
    assert (complaints, code) == ("", 0)
