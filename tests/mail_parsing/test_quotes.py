"""What a person wrote is told from what they quoted and how they signed, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.mail_parsing.quotes import divide

# The line that a program writes above a quote. Each stands in a mail of its own kind.
ABOVE_A_QUOTE = [
    "On Tue, May 5, 2026 at 3:59 PM Anna Petrova <anna@shop.example> wrote:",
    "On 5 May 2026, at 15:59, Anna Petrova <anna@shop.example> wrote:",
    "On 05/05/2026 03:59 PM, Anna Petrova wrote:",
    "On 2026-05-05 15:59, Anna Petrova via Marketplace wrote:",
    "---- On Tue, 05 May 2026 15:59:00 +0000 Anna <anna@shop.example> wrote ----",
    "On Tue, 5 May 2026 at 15:59, Somebody with a name <\nsomebody.long@warehouse.example>\nwrote:",
    "On Tuesday, May 5th, 2026 at 3:59 PM, Anna <anna@shop.example> wrote:",
    "On Tue, 5 May 2026 15:59:00 +0100\nAnna Petrova <anna@shop.example> wrote:",
    "Am 05.05.2026 um 15:59 schrieb Anna Petrova:",
    "Am Di., 5. Mai 2026 um 15:59 Uhr schrieb Anna Petrova <\nanna@shop.example>:",
    "Anna Petrova <anna@shop.example> schrieb am Di., 5. Mai 2026 um 15:59:",
    "Le mar. 5 mai 2026 à 15:59, Anna Petrova <anna@shop.example> a écrit :",
    "Le 05/05/2026 à 15:59, Anna Petrova a écrit\xa0:",
    "El mar, 5 may 2026 a las 15:59, Anna Petrova (<anna@shop.example>) escribió:",
    "El 5/5/26 a las 15:59, Anna Petrova escribió:",
    "Em ter., 5 de mai. de 2026 às 15:59, Anna <anna@shop.example> escreveu:",
    "Il giorno mar 5 mag 2026 alle ore 15:59 Anna <anna@shop.example> ha scritto:",
    "Op di 5 mei 2026 om 15:59 schreef Anna Petrova <anna@shop.example>:",
    "Op 5 mei 2026, om 15:59 heeft Anna <anna@shop.example> het volgende geschreven:",
    "W dniu 05.05.2026 o 15:59, Anna Petrova pisze:",
    "wt., 5 maj 2026 o 15:59 Anna Petrova <anna@shop.example> napisał(a):",
    "Den tis 5 maj 2026 kl 15:59 skrev Anna Petrova <anna@shop.example>:",
    "tir. 5. mai 2026 kl. 15:59 skrev Anna Petrova <anna@shop.example>:",
    "ti 5. toukok. 2026 klo 15.59 Anna Petrova (anna@shop.example) kirjoitti:",
    "út 5. 5. 2026 v 15:59 odesílatel Anna Petrova <anna@shop.example> napsal:",
    "вт, 5 мая 2026 г. в 15:59, Анна Петрова <anna@shop.example>:",
    "05.05.2026, 15:59, «Анна Петрова» <anna@shop.example>:",
    "Вторник, 5 мая 2026, 15:59 +03:00 от Анна Петрова <anna@shop.example>:",
    "05.05.2026 15:59, Анна Петрова пишет:",
    "5 мая 2026 г., в 15:59, Анна Петрова <anna@shop.example> написал(а):",
    "вт, 5 трав. 2026 р. о 15:59 Анна Петрова <anna@shop.example> пише:",
    "Anna Petrova <anna@shop.example>, 5 May 2026 Sal, 15:59 tarihinde şunu yazdı:",
    "Anna Petrova <anna@shop.example> hat am 05.05.2026 15:59 geschrieben:",
    "3:59 PM, May 5, 2026, Anna Petrova <anna@shop.example>:",
    "On Tue, 5 May at 3:59 PM, Anna Petrova <anna@shop.example> wrote:",
    "El martes, 5 de mayo de 2026, Anna Petrova escribió:",
    "Dne 05. 05. 26 v 15:59 Anna Petrova napsal(a):",
    "Στις Τρί, 5 Μαΐ 2026, 3:59 μ.μ. ο χρήστης Anna <anna@shop.example> έγραψε:",
    "2026年5月5日(火) 15:59 Anna Petrova <anna@shop.example>:",
    "在 2026年5月5日，15:59，Anna Petrova <anna@shop.example> 写道：",
    "Anna Petrova <anna@shop.example> 于2026年5月5日周二 15:59写道：",
    "Anna Petrova <anna@shop.example>于2026年5月5日周二下午3:59写道：",
    "2026. 5. 5. 오후 3:59 Anna Petrova <anna@shop.example> 작성:",
    "Anna Petrova <anna@shop.example> wrote:",
    "Anna Petrova <anna@shop.example> schrieb:",
    "2026년 5월 5일 (화) 오후 3:59, Anna Petrova <anna@shop.example>님이 작성:",
]
HEADERS = [
    "From: Anna Petrova\nSent: \u200eTuesday\u200e, \u200eMay\u200e 5, 2026 \u200e3\u200e:59\nTo: Desk",
    "From: Anna Petrova\nSent: Tuesday, May 5, 2026 3:59 PM\nTo: Desk\nSubject: Boxes",
    "*From:* Anna <anna@shop.example>\n*Sent:* Tuesday\n*To:* Desk\n*Subject:* Boxes",
    "________________________________\nFrom: Anna <anna@shop.example>\nSent: Tuesday",
    "-----Original Message-----\nFrom: Anna [mailto:anna@shop.example]\nSubject: Boxes",
    "Von: Anna Petrova\nGesendet: Dienstag, 5. Mai 2026 15:59\nAn: Desk\nBetreff: Kisten",
    "-----Ursprüngliche Nachricht-----\nVon: Anna Petrova\nBetreff: Kisten",
    "De : Anna Petrova\nEnvoyé : mardi 5 mai 2026 15:59\nÀ : Desk\nObjet : Caisses",
    "De: Anna Petrova\nEnviado: martes, 5 de mayo de 2026 15:59\nPara: Desk\nAsunto: Cajas",
    "Da: Anna Petrova\nInviato: martedì 5 maggio 2026 15:59\nA: Desk\nOggetto: Scatole",
    "От: Анна Петрова\nОтправлено: 5 мая 2026 г. 15:59\nКому: Поддержка\nТема: Коробки",
    "-------- Исходное сообщение --------\nОт: Анна <anna@shop.example>\nДата: 05.05.2026",
    "-------- Пересылаемое сообщение --------\n05.05.2026, 15:59, Анна <a@shop.example>:",
    "Van: Anna Petrova\nVerzonden: dinsdag 5 mei 2026 15:59\nAan: Desk\nOnderwerp: Dozen",
    "Od: Anna Petrova\nWysłano: wtorek, 5 maja 2026 15:59\nDo: Desk\nTemat: Pudełka",
    "Från: Anna Petrova\nSkickat: den 5 maj 2026 15:59\nTill: Desk\nÄmne: Lådor",
    "发件人: Anna Petrova\n发送时间: 2026年5月5日 15:59\n收件人: Desk\n主题: 箱子",
    "---------- Forwarded message ---------\nFrom: Anna <anna@shop.example>\nDate: Tue\nTo: x",
    "---- Anna Petrova wrote ----",
    '>>> "Anna Petrova" <anna@shop.example> 05.05.26 15:59 >>>',
    ">>> Anna Petrova 05/05/26 3:59 PM >>>",
    ">>> On 5/5/2026 at 3:59 PM, in message\n<4FA@shop.example>, Anna <anna@shop.example> wrote:",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Tuesday, Anna <anna@shop.example> wrote:",
    "Message du 05/05/26 15:59\nDe : Anna <anna@shop.example>\nA : Desk\nObjet : Caisses",
    "From: Anna <anna@shop.example> Sent: Tuesday, May 5, 2026 To: Desk Subject: Boxes",
    "———— Bitte oberhalb dieser Linie antworten ————",
    "##- Please type your reply above this line -##",
]
QUOTE = "Two boxes are missing.\n\nCould you look?"
MARKED = "> Two boxes are missing.\n>\n> Could you look?"


@pytest.mark.parametrize("above", ABOVE_A_QUOTE)
class TestAnAnswerAboveAQuote:
    def test_the_quote_carries_marks(self, above: str) -> None:
        divided = divide(f"They left on Friday.\n\n{above}\n\n{MARKED}\n")
        assert divided.text == "They left on Friday."
        assert divided.folded == f"{above}\n\n{MARKED}"

    def test_the_quote_carries_no_marks(self, above: str) -> None:
        divided = divide(f"They left on Friday.\n\n{above}\n\n{QUOTE}\n")
        assert divided.text == "They left on Friday."
        assert "Could you look?" in divided.folded

    def test_the_answer_stands_below(self, above: str) -> None:
        divided = divide(f"{above}\n{MARKED}\n\nThey left on Friday.\n")
        assert divided.text == "They left on Friday."

    def test_the_answer_stands_between(self, above: str) -> None:
        divided = divide(f"{above}\n> Boxes?\nGone.\n> Lids?\n\nGone too.\n")
        assert divided.text == "Gone.\n\nGone too."


@pytest.mark.parametrize("header", HEADERS)
def test_all_below_a_header_is_folded(header: str) -> None:
    divided = divide(f"They left on Friday.\n\n{header}\n\n{QUOTE}\n")
    assert divided.text == "They left on Friday."
    assert divided.folded.startswith(header.split("\n", maxsplit=1)[0])
    assert divided.folded.endswith("Could you look?")


@pytest.mark.parametrize("header", [one for one in HEADERS if "From: Anna <" in one])
def test_what_is_passed_on_without_a_word_is_the_message(header: str) -> None:
    divided = divide(f"{header}\n\n{QUOTE}\n")
    assert "Could you look?" in divided.text
    assert divided.folded == ""


def test_what_apple_mail_passes_on_is_read_without_its_marks() -> None:
    divided = divide(f"Begin forwarded message:\n\n> From: Anna <a@shop.example>\n>\n{MARKED}\n")
    assert "\nTwo boxes are missing." in divided.text
    assert divided.folded == ""


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I asked for the invoice and at 14:00 your colleague wrote:\nwe will look.",
        "On 12 May 2026 at 14:00 I ordered two boxes and your colleague wrote:\nit is on its way.",
        (
            "It was packed\non Thu, 17 Aug 2000 16:10:54. The box has since been changed by"
            " <a@shop.example>:\nthe lid was new."
        ),
        "On the other hand, they wrote:\nnothing at all.",
        "On 5 May 2026 at 15:59 the driver wrote:\nwe come tomorrow.\n\nNobody came. What now?",
        "5 мая 2026 г. в 15:59 водитель написал:\nприеду завтра.\n\nИ не приехал. Что делать?",
        "Our driver (ivan@shop.example) wrote:\nno boxes.\n\nIs it so?",
        "Order: 123\nDate: 5.5.2026\nFrom: store\nTo: shop\nSubject: boxes\n\nTwo boxes are missing.",
        "Hello,\nFrom: London\nTo: Paris\nDate: 12 May\nWeight: 3 kg\nWhen will it leave?",
        "These are the times:\n\n2026-01-15 14:30:25\n15.01.2026 14:30\nJan 15, 2026 at 14:30\n\nOK?",
        "The mail was sent from my iPhone app to all users.\n\nAll were sent from the main server.",
        "Key points\n----\n\n1. One\n2. Two\n\n----\n\nThe dashes are mine.\n\n====\n\nSo are these.",
        "We wrote to them:\n- Anna\n- Ivan\nand nobody answered.",
        "A form was filled in:\n\nFrom: Ivan <i@shop.example>\nSubject: Boxes\n\nMessage: two are lost.",
        "Please answer above this line of boxes in the picture.\nThanks, Anna",
        "| box | many |\n|-----|------|\n| red | 3    |",
        "В 2026 году мы писали вам:\nответа нет.",
        ">>> import parley\n>>> parley.answer()\n42",
        "As regards the payment\nwe are still waiting for your answer, are we not?",
        "С уважением отношусь к вашей работе, но товар не пришёл.",
        "See <https://shop.example/a/very/long/link\n> for more",
        "Best regards to Anna as well.\nWhen will the boxes arrive?",
        "Отправлено со склада 12 мая.\nКогда будет?",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert divide(text).text == text


def test_text_below_a_quote_without_marks_is_not_swallowed_when_nothing_stands_above() -> None:
    text = "On Tue, 5 May 2026 at 15:59, Anna <a@shop.example> wrote:\n\nBoxes?\n\nThey left."
    assert divide(text).text == text


def test_an_answer_glued_to_the_line_above_the_quote_is_parted() -> None:
    divided = divide("They left. On Tue, May 5, 2026 at 3:59 PM, a@shop.example wrote:\n> Boxes?")
    assert divided.text == "They left."


@pytest.mark.parametrize("between", ["   ", ">", "> "])
def test_a_quote_that_begins_in_the_line_that_announces_it_is_folded(between: str) -> None:
    above = "On Tue, 5 May 2026 at 15:59, Anna<a@shop.example> wrote:"
    divided = divide(f"They left.\n\n{above}{between}Two boxes\nare missing.")
    assert divided.text == "They left."
    assert divided.folded == f"{above}\nTwo boxes\nare missing."


def test_what_somebody_wrote_is_retold_in_a_sentence() -> None:
    text = "On 5 May 2026 at 15:59 Anna (a@shop.example) wrote: we come.\n\nNobody came."
    assert divide(text).text == text


def test_a_mail_of_nothing_but_an_answered_quote_says_nothing() -> None:
    for mark in ("", "> "):
        above = f"{mark}On Tue, 5 May 2026 at 15:59, Anna <a@shop.example> wrote:"
        divided = divide(f"{above}\n> Boxes?\n")
        assert divided.text == ""
        assert "Boxes?" in divided.folded


def test_the_end_of_a_wrapped_quoted_line_goes_with_the_quote() -> None:
    long = "> the boxes that we have ordered in the spring of last year have not arrived at"
    divided = divide(f"Anna wrote:\n{long}\nthe warehouse\n> until now.\n\nWhich ones?")
    assert divided.text == "Which ones?"


def test_a_signature_below_the_quote_is_one_too() -> None:
    divided = divide("They left.\n\n> Boxes?\n\n--\nAnna\n")
    assert (divided.text, divided.signature) == ("They left.", "--\nAnna")


def test_other_marks_are_quotes_below_a_line_that_says_so() -> None:
    divided = divide("On 05/05/2026 15:59, Anna wrote:\n| Boxes?\n| Lids?\n\nGone.")
    assert divided.text == "Gone."
    assert divide("AP> Boxes?\nAP> Lids?\n\nGone.").text == "Gone."


@pytest.mark.parametrize(
    "above", ["2026-05-05 15:59 GMT+01:00 Anna", "Excerpts from Anna's message of May 5:"]
)
def test_what_says_little_goes_with_a_marked_quote(above: str) -> None:
    divided = divide(f"They left on Friday.\n\n{above}\n{MARKED}")
    assert divided.text == "They left on Friday."
    assert divided.folded.startswith(above)


def test_below_the_line_of_a_phone_a_quote_needs_no_date() -> None:
    divided = divide(
        "They left.\n\nSent from my iPhone\n\na@shop.example wrote:\n\nBoxes?\n\nLids?"
    )
    assert divided.text == "They left."
    assert divided.folded.endswith("Boxes?\n\nLids?")


def test_an_answer_that_is_only_named_is_folded() -> None:
    header = "From: Anna\nSent: 5 May 2026\nTo: Desk\nSubject: x"
    divided = divide(f"Thanks for your reply below.\n\n{header}\n\nBoxes?")
    assert divided.text == "Thanks for your reply below."


def test_what_a_phone_passes_on_without_a_word_is_the_message() -> None:
    divided = divide(
        "Отправлено с iPhone\n\nНачало переадресованного сообщения:\n\n"
        "> От: Анна <a@shop.example>\n> Кому: Desk\n> Тема: Коробки\n>\n> Двух коробок нет."
    )
    assert divided.text.endswith("Двух коробок нет.")
    assert divided.signature == "Отправлено с iPhone"


@pytest.mark.parametrize(
    "announced",
    [
        "My answers are in red below.",
        "Please find my comments inline.",
        "Meine Antworten stehen unten im Text.",
        "Mes réponses sont en rouge.",
        "Mis respuestas, abajo.",
        "Ответы ниже красным.",
    ],
)
def test_answers_within_a_quote_without_marks_are_not_folded(announced: str) -> None:
    text = f"{announced}\n\nFrom: Anna\nSent: 5 May 2026\nTo: Desk\nSubject: x\n\nBoxes?\nGone."
    assert divide(text).text == text


def test_initials_are_marks_as_emacs_has_them() -> None:
    quote = '>>>>> "AP" == Anna Petrova <a@shop.example> writes:\n\n    AP> Boxes?\n    AP> Lids?'
    assert divide(f"{quote}\n\nGone.").text == "Gone."


def test_what_the_driver_said_is_told_by_the_writer() -> None:
    divided = divide("The driver said:\n> no boxes today\nIs it so?")
    assert divided.text == "The driver said:\n\nIs it so?"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnna Petrova\nNorthwind Supply\n+44 20 7946 0000",
        "--\nAnna Petrova\nNorthwind Supply",
        "-- Anna",
        "--Anna Petrova\nNORTHWIND, LLC",
        "---\nAnna Petrova\nNorthwind Supply\n+44 20 7946 0000",
        "___________\nАнна Петрова, ООО «Северный ветер»\nanna@shop.example",
        "Sent from TypeApp<https://type.example/r>",
        "Sent from my HTC M8 Android phone. Please excuse typos",
        "Загрузите Outlook для iOS",
        "Az iPhone-omról küldve",
        "--\nWe deliver boxes to the whole of the country.",
        "—————\nAnna Petrova\nanna@shop.example",
        "Cheers 🎉\nAnna",
        "Sent from my iPhone",
        "Sent from my cell, please excuse any typos.",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows 10",
        "Von meinem iPhone gesendet",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Skickat från min iPhone",
        "Отправлено с iPhone",
        "Отправлено из мобильной Почты Mail.ru",
        "Отправлено из мобильного приложения Яндекс Почты",
        "Надіслано з iPhone",
        "iPhoneから送信",
        "发自我的iPhone",
        "Best regards,\nAnna Petrova\nNorthwind Supply Ltd.",
        "Kind regards\n\nAnna Petrova | Head of Boxes | Tel +44 20 7946 0000",
        "Thanks and best regards,\nAnna",
        "Mit freundlichen Grüßen\nAnna Petrova\nNorthwind GmbH, Hauptstraße 1, 10115 Berlin",
        "Viele Grüße aus Berlin\nAnna",
        "Mit freundlichen Grüßen / Best regards\nAnna",
        "Cordialement,\nAnna Petrova",
        "Saludos cordiales,\nAnna",
        "Un saludo,\nAnna",
        "Gracias y saludos\nAnna",
        "Vielen Dank und beste Grüße\nAnna",
        "Warmly,\nAnna",
        "С уважением,\nАнна Петрова\nООО «Северный ветер»\n+7 495 000-00-00",
        "С уважением, Анна Петрова",
        "С наилучшими пожеланиями,\nАнна",
        "З повагою,\nАнна",
        "Atenciosamente,\nAnna",
        "Cordiali saluti\nAnna",
        "Met vriendelijke groet,\nAnna",
        "Z poważaniem\nAnna",
        "_______________________________________________\nboxes mailing list\nhttps://l.example/boxes",
    ],
)
def test_signatures_are_told_from_the_text(signature: str) -> None:
    divided = divide(
        f"They left on Friday.\n\n{signature}\n\nOn 5/5/2026 15:59, A wrote:\n> Boxes?"
    )
    assert divided.text == "They left on Friday."
    assert divided.signature == signature.replace(" \n", "\n")
    assert divide(f"They left.\n\n{signature}\n").signature == signature.replace(" \n", "\n")


@pytest.mark.parametrize(
    "text",
    [
        "They left.\n\nThanks,\nAnna",
        "They left.\n\nBonne journée,\nAnna",
        "Size:\n\n---\n\nRed Box\n\n---\n\nCall 555-123-4567 when it is there.",
        "Boxes:\n\n--RED\n--BLUE",
        "All is well.\n--\nOne more thing: could you send the invoice?",
        "Best regards,\nAnna\n\nOne more thing: when will the invoice for these boxes arrive, please?",
        "They left.\n\nImportant note: please call before you deliver the boxes.",
        "They left.\n\nPrivacy notice me when my data are gone, and tell Anna.",
        "Sent from my iPhone app we get the message that the order is lost.\nWhat now?",
    ],
)
def test_words_are_not_taken_for_a_signature(text: str) -> None:
    assert divide(text).text == text


def test_a_postscript_below_a_signature_is_text() -> None:
    divided = divide("They left.\n\n-- \nAnna\n\nP.S. Send the invoice, please.")
    assert divided.text == "They left.\n\nP.S. Send the invoice, please."
    assert divided.signature == "-- \nAnna".replace(" \n", "\n")


def test_thanks_are_said_to_the_reader_and_the_address_below_is_a_signature() -> None:
    divided = divide("They left.\n\nThanks!\n\nAnna Petrova\nHead of Boxes\n+44 20 7946 0000")
    assert divided.text == "They left.\n\nThanks!"
    assert divided.signature == "Anna Petrova\nHead of Boxes\n+44 20 7946 0000"


def test_small_print_is_folded_into_the_signature() -> None:
    for small in (
        "This e-mail and any attachments are confidential and intended for the addressee only.",
        "Disclaimer\n\nThe information contained in this communication from the sender is confidential.",
        "The content of this email is confidential and intended for its recipient only.",
    ):
        assert divide(f"They left.\n\n{small}").signature == small


@given(st.text(alphabet=">| \n:-_ABab1@<>.,", max_size=300) | st.text(max_size=200))
def test_no_letter_is_lost(text: str) -> None:
    divided = divide(text)
    told = f"{divided.text}{divided.folded}{divided.signature}"
    unseen = str.maketrans("", "", ">\ufeff\u200b\ufffc")
    assert _letters(told.translate(unseen)) == _letters(text.replace("&gt;", ">").translate(unseen))


def _letters(text: str) -> list[str]:
    return sorted("".join(text.split()))
