"""HTML mails are read as a person sees them, and divided as the programs that wrote them mark them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.mail_parsing.html_text import as_text, divide_html
from parley.mail_parsing.html_tokens import tokens_of

SAID = "They left on Friday."
ASKED = "Two boxes are missing."

# What each program's answer looks like, after its own way of writing HTML.
ANSWERS = {
    "gmail": f'<div dir="ltr">{SAID}</div><br><div class="gmail_quote"><div dir="ltr"'
    ' class="gmail_attr">On Tue, May 5, 2026 at 3:59 PM Anna &lt;<a href="mailto:a@shop.example">'
    "a@shop.example</a>&gt; wrote:<br></div><blockquote class=gmail_quote"
    f' style="margin:0 0 0 .8ex;border-left:1px #ccc solid">{ASKED}</blockquote></div>',
    "gmail, in a language nobody knows": f"<div>{SAID}</div><div class=gmail_quote><div"
    f" class=gmail_attr>Anna zapisa:</div><blockquote class=gmail_quote>{ASKED}</blockquote></div>",
    "apple": f"<html><body>{SAID}<br><div><br><blockquote type='cite'><div>On 5 May 2026, at 15:59,"
    f" Anna &lt;a@shop.example&gt; wrote:</div><br><div>{ASKED}</div></blockquote></div></body></html>",
    "outlook": f"<div class=WordSection1><p class=MsoNormal>{SAID}<o:p></o:p></p><div><div style='"
    "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>"
    "From:</b> Anna &lt;a@shop.example&gt;<br><b>Sent:</b> Tuesday<br><b>To:</b> Desk<br>"
    f"<b>Subject:</b> Boxes</p></div></div><p class=MsoNormal>{ASKED}</p></div>",
    "outlook in an unknown language": f"<div>{SAID}</div><hr><div id=divRplyFwdMsg><b>Nuo:</b>"
    f" Anna<br><b>Kam:</b> Desk</div><div>{ASKED}</div>",
    "outlook, beside a blue line": f"<p class=MsoNormal>Hello.</p><div style='border:none;border-left:"
    f"solid blue 1.5pt;padding:0cm 0cm 0cm 4.0pt'><p>Anna hat geschrieben</p><p>{ASKED}</p></div>"
    f"<p class=MsoNormal>{SAID}</p>",
    "yahoo": f"<div>{SAID}</div><div id='yahoo_quoted_1' class='yahoo_quoted'><div>On Tuesday, Anna"
    f" wrote:</div><div>{ASKED}</div></div>",
    "yahoo, below another page": f"<div>{SAID}</div><div class='ydpdb28840fyahoo_quoted'><div>Anna"
    f" hat geschrieben</div><div>{ASKED}</div></div>",
    "thunderbird": f"<p>{SAID}</p><div class='moz-cite-prefix'>On 05/05/2026 15:59, Anna wrote:<br>"
    f"</div><blockquote type='cite' cite='mid:1@shop.example'><p>{ASKED}</p></blockquote>",
    "proton": f"<div>{SAID}</div><div class='protonmail_quote'>On Tuesday, 5 May 2026, Anna wrote:"
    f"<br><blockquote class='protonmail_quote' type='cite'>{ASKED}</blockquote></div>",
    "mail.ru": f"<HTML><BODY><p>{SAID}</p><br>Вторник, 5 мая 2026, 15:59 +03:00 от Анна"
    f" &lt;a@shop.example&gt;:<br><blockquote style='border-left:1px solid #0857A6'>{ASKED}"
    "</blockquote></BODY></HTML>",
    "yandex": f"<div>{SAID}</div><div>05.05.2026, 15:59, «Анна» &lt;a@shop.example&gt;:</div>"
    f"<blockquote><p>{ASKED}</p></blockquote>",
    "hotmail": f"<div>{SAID}<br><hr id='stopSpelling'>Date: Tue, 5 May 2026<br>Subject: Boxes<br>"
    f"From: a@shop.example<br>To: desk@shop.example<br><br>{ASKED}</div>",
    "spark": f"<div name='messageBodySection'>{SAID}</div><div name='messageReplySection'>{ASKED}</div>",
}


@pytest.mark.parametrize("program", ANSWERS)
def test_the_answer_is_told_from_the_quote(program: str) -> None:
    divided = divide_html(ANSWERS[program])
    assert divided.text.removeprefix("Hello.\n\n") == SAID
    assert ASKED in divided.folded


def test_answers_between_the_quotes_of_one_box_are_kept() -> None:
    divided = divide_html(
        "<div class='protonmail_quote'>On Tuesday, 5 May 2026 15:59, Anna wrote:<blockquote"
        " type=cite>Boxes?</blockquote><div>Gone.</div><blockquote type=cite>Lids?</blockquote>"
        "<div>Gone too.</div></div>"
    )
    assert divided.text == "Gone.\n\nGone too."
    assert divided.folded.endswith("> Boxes?\n\n> Lids?")


def test_an_indented_paragraph_is_no_quote() -> None:
    indented = (
        "<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>three boxes</blockquote>"
    )
    assert divide_html(f"<div>Missing:</div>{indented}").text == "Missing:\n\nthree boxes"


def test_signatures_that_a_program_names_are_taken_as_such() -> None:
    divided = divide_html(
        f"<div>{SAID}</div><div>-- </div><div class='gmail_signature'>Anna<br>Northwind</div>"
    )
    assert (divided.text, divided.signature) == (SAID, "--\nAnna\nNorthwind")


@pytest.mark.parametrize(
    "signature",
    [
        "<br id='lineBreakAtBeginningOfSignature'><div>Anna</div><div>Northwind</div>",
        "<div id='Zm-_Id_-Sgn'>Anna<br>Northwind</div>",
        "<div name='messageSignatureSection'>Anna<br>Northwind</div>",
        "<div class='front-signature'>Anna<br>Northwind</div>",
        "<div data-signature-widget='container'>Anna<br>Northwind</div>",
        "<signature id='1'>Anna<br>Northwind</signature>",
    ],
)
def test_programs_have_names_of_their_own_for_a_signature(signature: str) -> None:
    divided = divide_html(f"<div>{SAID}{signature}</div><blockquote type=cite>{ASKED}</blockquote>")
    assert (divided.text, divided.signature) == (SAID, "Anna\nNorthwind")


def test_what_was_typed_into_the_signatures_box_is_the_text() -> None:
    assert divide_html(f"<div id='Signature'>{SAID}</div>").text == SAID


def test_what_is_passed_on_without_a_word_is_the_message() -> None:
    divided = divide_html(
        "<div class='gmail_quote'><div class='gmail_attr'>---------- Forwarded message ---------<br>"
        f"From: <b>Anna</b> &lt;a@shop.example&gt;<br>Date: Tue<br></div><br>{ASKED}</div>"
    )
    assert divided.text.endswith(ASKED)


def test_a_plain_text_put_into_html_is_divided_by_its_marks() -> None:
    divided = divide_html("<pre>Hello,\n\n&gt; Boxes?\nThey left.\n</pre>")
    assert (divided.text, divided.folded) == ("Hello,\n\nThey left.", "> Boxes?")


def test_an_answer_without_a_word_says_nothing() -> None:
    divided = divide_html(
        "<blockquote type=cite>On 5 May 2026, at 15:59, Anna &lt;a@shop.example&gt; wrote:<br>Boxes?"
        "</blockquote>"
    )
    assert divided.text == ""
    assert "Boxes?" in divided.folded


def test_words_in_a_frame_without_letters_of_its_own_are_seen() -> None:
    html = "<td style='font-size:0px'><div style='font-size:13px'>They left.</div></td>"
    assert as_text(html) == "They left."


def test_lists_tables_and_links_are_readable() -> None:
    html = (
        "<p>We <b>miss</b>:</p><ul><li>boxes</li><li>lids<ol><li>red</li><li>blue</li></ol></li></ul>"
        "<table><tr><td><p>red</p></td><td><p>3</p></td></tr><tr><td>blue</td><td>4</td></tr></table>"
        "<p>See <a href='https://shop.example/1'>the order</a> or <a href='https://shop.example/'>"
        "shop.example</a>, <a href='mailto:a@shop.example'>a@shop.example</a>, <a href='javascript:x()'>"
        "this</a>.</p><pre>a\n  b</pre>"
    )
    assert as_text(html) == (
        "We miss:\n\n- boxes\n- lids\n  1. red\n  2. blue\n\nred | 3\nblue | 4\n\n"
        "See the order <https://shop.example/1> or shop.example, a@shop.example, this.\n\na\n  b"
    )


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display:none'>secret</div>",
        "<p hidden>secret</p>",
        "<p style='VISIBILITY: hidden'>secret</p>",
        "<div style='max-height:0;overflow:hidden'>secret</div>",
        "<script>secret</script>",
        "<style>p { secret }</style>",
        "<title>secret</title>",
        "<!-- secret <p>x</p> -->",
        "<!--[if mso]><p>secret</p><![endif]-->",
    ],
)
def test_what_nobody_sees_is_left_out(hidden: str) -> None:
    assert as_text(f"<p>before</p>{hidden}<p>after</p>") == "before\n\nafter"


@pytest.mark.parametrize(
    ("broken", "read"),
    [
        ("<p>one<p>two", "one\n\ntwo"),
        ("<div>one<blockquote>two</div>three", "one\n\n> two\n\nthree"),
        ("1 < 2 and 3 <4 &amp; &nbsp;5", "1 < 2 and 3 <4 & 5"),
        ("<html><head><meta charset=utf-8><body>one", "one"),
        ("<style>never closed <p>one", "never closed\n\none"),
        ("<!-- never closed <p>one", "never closed\n\none"),
        ("one</div></p></table>two", "one\ntwo"),
        ('<a href="never closed>one</a> two', "one two"),
        ("&#99999999999999999999;one", "\ufffdone"),
        ("no tags\nat all", "no tags at all"),
        (
            "Anna <anna@shop.example> and <https://shop.example>",
            "Anna <anna@shop.example> and <https://shop.example>",
        ),
    ],
)
def test_broken_html_loses_no_word(broken: str, read: str) -> None:
    assert as_text(broken) == read


@given(st.lists(st.sampled_from(["<p>", "</p>", "<div>", "</div>", "<blockquote>", "</blockquote>",
    "<td>", "<tr>", "<table>", "</table>", "<li>", "<ul>", "</ul>", "<a href=x>", "</a>", "<span>",
    "</span>", "<hr>", "<br>", "word", " ", "&nbsp;", "<div id=Signature>", "<pre>", "</pre>",
    "<div class=yahoo_quoted>", "</td>", "</tr>"]), max_size=60))  # fmt: skip
def test_whatever_the_tags_every_word_is_there(pieces: list[str]) -> None:
    divided = divide_html("".join(pieces))
    told = f"{divided.text}\n{divided.folded}\n{divided.signature}"
    assert told.count("word") == pieces.count("word")


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    divide_html(text)
    assert sum(1 for _ in tokens_of(text)) <= len(text)
