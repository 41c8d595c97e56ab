"""Bytes become the text that was meant, whatever their label says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.mail_parsing.charsets import codec_of, decode

RUSSIAN = "Здравствуйте! Пришлите, пожалуйста, счёт за заказ 1042."
WRITTEN = [
    ("cp1251", RUSSIAN),
    ("koi8-r", RUSSIAN),
    ("cp866", RUSSIAN),
    ("iso8859-5", RUSSIAN),
    ("koi8-r", "Привет"),
    ("cp1251", "Re: заказ"),
    ("cp1252", "Schöne Grüße aus München, ich hätte gern eine Rückerstattung"),
    ("cp1252", "Déjà reçu, merci à vous! J'ai été très étonné"),
    ("cp1252", "¿Dónde está mi pedido? Señor Núñez"),
    ("cp1252", "Hyvää päivää, tilaukseni ei ole saapunut, kiitos ystävällisesti"),
    ("cp1250", "Dzień dobry, proszę o zwrot pieniędzy za zamówienie, źdźbło"),
    ("iso8859-2", "Dobrý den, chtěl bych vrátit zboží, děkuji, příliš žluťoučký"),
    ("cp1254", "Siparişim nerede? Teşekkürler, iyi günler"),
    ("cp1253", "Καλημέρα, πού είναι η παραγγελία μου;"),
    ("cp1255", "שלום, איפה ההזמנה שלי"),
    ("cp1256", "مرحبا، أين طلبي من فضلك"),
    ("cp874", "สวัสดีครับ สินค้าของฉันอยู่ที่ไหน"),
    ("cp932", "お世話になっております。注文の件について確認をお願いします。"),
    ("euc_jp", "お世話になっております。注文の件について確認をお願いします。"),
    ("gb18030", "你好，请问我的订单什么时候发货？谢谢"),
    ("gb18030", "代开发票"),
    ("big5", "您好，請問我的訂單什麼時候出貨？謝謝"),
    ("cp949", "안녕하세요, 주문한 상품이 언제 도착하나요?"),
]


@pytest.mark.parametrize(("codec", "text"), WRITTEN)
@pytest.mark.parametrize("label", ["", "us-ascii", "unknown-8bit", "utf-8", "x-user-defined"])
def test_bytes_without_a_label_or_with_a_wrong_one_are_recognised(codec, text, label):
    assert decode(text.encode(codec), label) == text


@pytest.mark.parametrize(("codec", "text"), WRITTEN)
def test_bytes_with_their_own_label_are_read_by_it(codec, text):
    assert decode(text.encode(codec), codec) == text


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "koi8-r", "windows-1252", "gb2312", "us-ascii", ""]
)
def test_utf_8_is_seen_through_every_label(label):
    assert decode(RUSSIAN.encode(), label) == RUSSIAN


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r"])
def test_russian_that_claims_to_be_western_is_russian(codec):
    assert decode("Привет, где мой заказ?".encode(codec), "iso-8859-1") == "Привет, где мой заказ?"


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("koi8-u", "Доброго дня, де моє замовлення? Ще раз вітаю, чекаю вже тиждень."),
        ("iso8859-6", "مرحبا، أين طلبي؟ أنا أنتظر منذ أسبوع وشكرا لكم."),
    ],
)
def test_letters_of_their_neighbours_are_told_apart(codec, text):
    assert decode(text.encode(codec), "") == text


def test_western_letters_side_by_side_stay_western():
    assert decode("Ça m'a plu, âgée, Noël, œuvre".encode("cp1252"), "iso-8859-1") == (
        "Ça m'a plu, âgée, Noël, œuvre"
    )


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("Windows-1251", "cp1251"),
        ("cp-1251", "cp1251"),
        ("ISO_8859-1:1987", "cp1252"),
        ('"utf-8"', "utf-8"),
        ("utf-8;format=flowed", "utf-8"),
        ("UTF8", "utf-8"),
        ("charset=utf-8", "utf-8"),
        ("iso-8859-1en", "cp1252"),
        ("ks_c_5601-1987", "cp949"),
        ("GB2312", "gb18030"),
        ("iso-2022-jp-ms", "iso2022_jp"),
        ("unicode-1-1-utf-7", "utf-7"),
        ("rot13", ""),
        ("idna", ""),
        ("hex", ""),
        ("x-unknown", ""),
        ("", ""),
    ],
)
def test_labels_are_known_as_mails_write_them(label, codec):
    assert codec_of(label) == codec


def test_windows_letters_under_a_latin_1_label_are_read():
    assert decode(b"\x93quoted\x94 \x80 5 \x96 7", "iso-8859-1") == "“quoted” € 5 – 7"


def test_japanese_in_seven_bits_is_read_with_and_without_its_label():
    text = "注文の件です"
    for label in ("iso-2022-jp", "", "us-ascii"):
        assert decode(text.encode("iso2022_jp"), label) == text


def test_necs_letters_and_narrow_kana_in_iso_2022_jp_are_read():
    assert decode(b"\x1b$B-!-5\x1b(B No. 1", "iso-2022-jp") == "①Ⅰ No. 1"
    assert decode(b"\x1b(I12\x1b(B", "iso-2022-jp") == "ｱｲ"


def test_a_letter_cut_in_two_spoils_nothing_else():
    assert decode(RUSSIAN.encode()[:-6], "utf-8").startswith("Здравствуйте! Пришлите")
    assert decode("Привет мир".encode()[:-1], "utf-8") == "Привет ми�"


def test_byte_order_marks_go_before_labels():
    assert decode(b"\xef\xbb\xbf" + RUSSIAN.encode(), "koi8-r") == RUSSIAN
    assert decode("\ufeffщи".encode("utf-16-le"), "utf-8") == "щи"


def test_no_text_has_what_a_database_cannot_keep():
    assert decode(b"a\0b", "utf-8") == "ab"
    decode(b"+2AA-", "utf-7").encode()


@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            "",
            "utf-8",
            "koi8-r",
            "iso-2022-jp",
            "utf-7",
            "hz",
            "gb18030",
            "utf-16",
            "iso-2022-kr",
            "big5",
            "shift_jis",
            "x",
            "us-ascii",
            "iso-8859-1",
        ]
    ),
)
def test_any_bytes_with_any_label_give_a_text(content, label):
    decode(content, label).encode("utf-8")
