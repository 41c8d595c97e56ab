"""`bin/bench mail`: how many mails a second are understood on one core, and what the worst ones cost.

Typical mails are made as people's programs make them: a reply over a quoted history in plain text
and HTML, in three charsets, some with a picture and a document. The worst are what nobody writes
but anybody can send. Time is the processor's, memory what Python holds at most.
"""

from __future__ import annotations

import base64
import gc
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from parley.mail_parsing.understanding import understand

MB = 1_000_000
TYPICAL = 300
LEAST_A_SECOND = 50
MOST_SECONDS = 1.0
MOST_TIMES_ITS_SIZE = 10
_HEAD = b"From: anna@shop.example\r\nTo: desk@parley.example\r\nSubject: order\r\n"
_WORDS = {
    "utf-8": "Where is my order? It should have come on Monday. Please have a look at it. Thank you.",
    "koi8-r": "Где мой заказ? Он должен был прийти в понедельник. Посмотрите, пожалуйста. Спасибо.",
    "windows-1251": "Здравствуйте, прошу вернуть деньги за заказ, товар пришёл повреждённым.",
    "iso-8859-1": "Guten Tag, wo bleibt meine Bestellung? Schöne Grüße aus München.",
}


@dataclass(frozen=True)
class Cost:
    """What one mail cost: seconds of the processor, and memory in times its size."""

    name: str
    megabytes: float
    seconds: float
    times: float

    @property
    def is_bounded(self) -> bool:
        """Whether it keeps what is promised."""
        return self.seconds <= MOST_SECONDS and self.times <= MOST_TIMES_ITS_SIZE


def typical(number: int) -> bytes:
    """A mail as they come: the same number gives the same mail."""
    chance = random.Random(number)
    charset = chance.choice(list(_WORDS))
    words = _WORDS[charset]
    new = "\n".join(words for _ in range(chance.randint(1, 6)))
    old = "\n".join(f"> {words}" for _ in range(chance.randint(0, 80)))
    plain = f"{new}\n\n-- \nAnna\n+7 900 000-00-00\n\nOn Mon, 5 Jan 2026, Desk wrote:\n{old}\n"
    html = (
        f"<html><body><div>{new}</div><div class='gmail_quote'>On Mon, 5 Jan 2026, Desk wrote:"
        f"<blockquote>{'<p>'.join(old.split(chr(10)))}</blockquote></div></body></html>"
    )
    parts = [_text("plain", charset, plain), _text("html", charset, html)]
    body = b"--b\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\n"
    body += b"\r\n--a\r\n".join(parts) + b"\r\n--a--\r\n"
    if chance.random() < 0.4:
        body += b"--b\r\nContent-Type: image/jpeg; name=photo.jpg\r\n"
        body += b"Content-Transfer-Encoding: base64\r\n\r\n"
        body += base64.encodebytes(chance.randbytes(chance.randint(20_000, 400_000)))
    head = _HEAD + f"Message-ID: <{number}@shop.example>\r\n".encode()
    head += b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + body + b"\r\n--b--\r\n"


def _text(kind: str, charset: str, text: str) -> bytes:
    head = (
        f"Content-Type: text/{kind}; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(text.encode(charset)).replace(b"\n", b"\r\n")


def worst() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """What costs most, each made when it is asked for."""
    multipart = _HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"
    html = _HEAD + b"Content-Type: text/html\n\n"
    line = b"> a line of what was said before, and before that\n"
    yield "40 MB quoted", lambda: _HEAD + b"\nThanks\n\nOn Monday, Bo wrote:\n" + line * 800_000
    yield "100,000 parts", lambda: multipart + b"--b\nContent-Type: text/plain\n\nx\n" * 100_000
    yield "almost boundaries", lambda: multipart + b"--bc\n" * 2_000_000
    yield (
        "20,000 deep",
        lambda: b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (deep, deep)
            for deep in range(20_000)
        ),
    )
    yield (
        "60 deep, 30 MB",
        lambda: (
            b"".join(
                b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (deep, deep)
                for deep in range(59)
            )
            + b"\n"
            + line * 600_000
        ),
    )
    yield (
        "a header of 10 MB",
        lambda: b"To: " + b"Anna <anna@shop.example>,\n " * 370_000 + b"\n\nx",
    )
    yield "a subject of 10 MB", lambda: b"Subject: " + b"=?utf-8?q?=D0?= " * 600_000 + b"\n\nx"
    yield "quotes and brackets", lambda: b"From: " + b'"\\(<' * 2_000_000 + b"\n\nx"
    yield (
        "40 MB of base64",
        lambda: (
            _HEAD
            + b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
            + b"QUJD\n" * 8_000_000
        ),
    )
    yield "20 MB of HTML", lambda: html + b"<p>so <b>it</b> was</p>\n" * 870_000
    yield "2 million divs", lambda: html + b"<div>" * 2_000_000
    yield "nested quotes", lambda: html + b"<blockquote>a" * 800_000
    yield "20 MB of one mark", lambda: _HEAD + b"\n" + b">" * (20 * MB)
    yield "20 MB of rules", lambda: _HEAD + b"\n" + b"-- \n" * (5 * MB)
    yield "who wrote", lambda: _HEAD + b"\n" + b"On Monday Anna wrote:\n" * 900_000
    to = b"To: Support <support+r1.abc@market.exampleBerg <anna@s1.abc@market.example>\n\n"
    yield "20 MB of To", lambda: _HEAD + b"\n" + to * 250_000
    yield "10 MB of noise", lambda: _HEAD + b"\n" + random.Random(1).randbytes(10 * MB)


def main(arguments: Sequence[str]) -> int:
    """Measure, print a table (`--json`: the figures), and say by the code whether promises were kept."""
    mails = [typical(number) for number in range(TYPICAL)]
    understand(mails[0])
    began = time.process_time()
    for raw in mails:
        understand(raw)
    a_second = TYPICAL / (time.process_time() - began)
    size = sum(map(len, mails)) / TYPICAL / 1000
    costs = [_cost(name, make()) for name, make in worst()]
    if "--json" in arguments:
        figures = {"mails_a_second": a_second, "worst": [asdict(one) for one in costs]}
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    else:
        sys.stdout.write(
            f"typical mails: {a_second:.0f} a second on one core ({size:.0f} kB each)\n"
        )
        for one in costs:
            sys.stdout.write(
                f"{one.name:22}{one.megabytes:7.1f} MB{one.seconds:7.2f} s{one.times:6.1f} x its size"
                f"{'' if one.is_bounded else '  TOO MUCH'}\n"
            )
    return 0 if a_second >= LEAST_A_SECOND and all(one.is_bounded for one in costs) else 1


def _cost(name: str, raw: bytes) -> Cost:
    gc.collect()
    began = time.process_time()
    understand(raw)
    seconds = time.process_time() - began
    tracemalloc.start()
    understand(raw)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Cost(name, len(raw) / MB, seconds, (most + len(raw)) / len(raw))
