"""The desk's door for mail, as `site.mailroom` opens it, in a thread of the test; and its letters."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import make_msgid

from parley.mailboxes.listening import Room, listen, stop_listening

SECONDS = 20


@contextmanager
def door_for_mail() -> Iterator[int]:
    """Listens by SMTP as long as the block lasts; gives the port."""
    opened, over, found = threading.Event(), threading.Event(), []

    async def stay() -> None:
        room = Room()
        server = await listen("smtp://127.0.0.1:0", room)
        found.append(server.sockets[0].getsockname()[1])
        opened.set()
        await asyncio.to_thread(over.wait)
        await stop_listening([server], room)

    thread = threading.Thread(target=lambda: asyncio.run(stay()), daemon=True)
    thread.start()
    assert opened.wait(SECONDS)
    try:
        yield found[0]
    finally:
        over.set()
        thread.join(SECONDS)


class MailClient:
    """Somebody's mail program: what it writes goes to the desk's door by SMTP."""

    def __init__(self, port: int, address: str, name: str) -> None:
        self.port, self.address, self.name = port, address, name

    def send(self, raw: bytes, *, to: str, sender: str | None = None) -> None:
        """Hand a mail over as it is; `sender` is what the envelope says (empty: nobody)."""
        said = self.address if sender is None else sender
        with smtplib.SMTP("127.0.0.1", self.port, timeout=SECONDS) as client:
            client.sendmail(said, [to], raw)

    def written(
        self,
        text: str,
        *,
        to: str,
        subject: str,
        files: tuple[tuple[str, bytes], ...] = (),
        **headers: str,
    ) -> bytes:
        """A mail; `headers` have _ for -."""
        made = EmailMessage()
        made["From"] = f"{self.name} <{self.address}>"
        made["To"], made["Subject"] = to, subject
        made["Message-ID"] = make_msgid(domain=self.address.rpartition("@")[2])
        for name, value in headers.items():
            made[name.replace("_", "-")] = value
        made.set_content(text)
        for name, content in files:
            made.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        return made.as_bytes()

    def answer(
        self, mail: EmailMessage, text: str, *, files: tuple[tuple[str, bytes], ...] = ()
    ) -> bytes:
        """An answer to a mail of the desk's, with all of it quoted below."""
        body = mail.get_body(("plain",))
        quoted = body.get_content() if body is not None else ""
        below = "\n".join(f"> {line}" for line in quoted.splitlines())
        return self.written(
            f"{text}\n\nOn Tue, 17 Nov 2026 at 10:00, Harbour Market wrote:\n{below}\n\n-- \n{self.name}\n",
            to=str(mail["Reply-To"]),
            subject=f"Re: {mail['Subject']}",
            files=files,
            In_Reply_To=str(mail["Message-ID"]),
            References=str(mail["Message-ID"]),
        )
