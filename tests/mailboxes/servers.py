"""Mail servers to test against: Debian's dovecot where it is installed, and pymap, which is Python.

Each runs as a process of this one's, on loopback, in a folder of its own, and is gone afterwards.
"""

from __future__ import annotations

import contextlib
import getpass
import imaplib
import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

DOVECOT = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
EXIM = shutil.which("exim4", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
USER, PASSWORD = "support", "open-sesame-17"
FOLDER = "Desk"
"""A folder of its own, since INBOX can't be made anew."""


@dataclass
class MailServer:
    """A mailbox on a server that runs: `port` for IMAP, `lmtp` where it takes mail (0: nowhere)."""

    port: int
    user: str = USER
    password: str = PASSWORD
    lmtp: int = 0
    root: Path | None = None
    stop: Callable[[], None] = field(default=lambda: None)
    start: Callable[[], None] = field(default=lambda: None)

    @contextmanager
    def session(self, folder: str = FOLDER) -> Iterator[imaplib.IMAP4]:
        """Signed in as a mail program that may do anything, with the folder open."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        try:
            client.login(self.user, self.password)
            client.create(folder)
            client.select(folder)
            yield client
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def put(self, *mails: bytes, folder: str = FOLDER, at: datetime | None = None) -> None:
        """Lay mails into it, as if they had come at that time."""
        with self.session(folder) as client:
            when = imaplib.Time2Internaldate(at) if at else ""
            for mail in mails:
                said, told = client.append(folder, "", when, mail)
                assert said == "OK", told

    def remove(self, *numbers: int) -> None:
        """Have mails (the first is 1) deleted for good, as by another program."""
        with self.session() as client:
            for number in numbers:
                client.store(str(number), "+FLAGS", r"(\Deleted)")
            client.expunge()

    def make_anew(self, *mails: bytes) -> None:
        """Lose the folder and make it again: other numbers, under another UIDVALIDITY."""
        with self.session() as client:
            client.close()
            client.delete(FOLDER)
        time.sleep(1.1)  # numbers of mailboxes are seconds, on many servers
        self.put(*mails)

    def flags(self) -> list[bytes]:
        """What stands on each mail: read, answered …"""
        with self.session() as client:
            told = client.fetch("1:*", "(FLAGS)")[1]
        flags = [one if isinstance(one, bytes) else one[0] for one in told if one]
        return [one.replace(rb"\Recent", b"").replace(b" )", b")") for one in flags]

    def deliver(self, mail: bytes, *, to: str = USER) -> None:
        """Bring a mail by LMTP."""
        with smtplib.LMTP("127.0.0.1", self.lmtp, timeout=20) as client:
            client.sendmail("sender@shop.example", [to], mail)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until something answers there."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        assert process is None or process.poll() is None, "it ended at once"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing answers at port {port}")


@contextmanager
def dovecot(introspection: str = "") -> Iterator[MailServer]:
    """Dovecot, with IMAP and LMTP; it lets tokens in, too, that the address says it knows (RFC 7662)."""
    assert DOVECOT
    root = Path(tempfile.mkdtemp(prefix="parley-dovecot-", dir="/tmp"))
    root.chmod(0o755)
    imap, lmtp = free_port(), free_port()
    conf = _dovecot_conf(root, imap, lmtp)
    if introspection:
        (root / "oauth2.conf").write_text(_oauth2_conf(introspection))
        conf = _with_tokens(root) + conf
    (root / "dovecot.conf").write_text(conf)
    (root / "mail").mkdir()
    if os.geteuid() == 0:
        shutil.chown(root / "mail", "dovecot", "dovecot")
    server = MailServer(imap, lmtp=lmtp, root=root)
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        command = [str(DOVECOT), "-F", "-c", str(root / "dovecot.conf")]
        running.append(subprocess.Popen(command, start_new_session=True))
        wait_for(imap, running[-1])
        wait_for(lmtp, running[-1])

    def stop() -> None:
        while running:
            _end(running.pop())

    server.start, server.stop = start, stop
    try:
        start()
        yield server
    finally:
        stop()
        shutil.rmtree(root, ignore_errors=True)


def _dovecot_conf(root: Path, imap: int, lmtp: int) -> str:
    me = getpass.getuser()
    own = os.geteuid() == 0
    login, internal, owner = ("dovenull", "dovecot", "dovecot") if own else (me, me, me)
    return f"""
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
ssl = no
disable_plaintext_auth = no
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {_group(internal)}
first_valid_uid = 1
first_valid_gid = 1
auth_failure_delay = 0
mail_max_userip_connections = 100
mail_location = maildir:{root}/mail/%n
auth_username_format = %Ln
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={owner} gid={_group(owner)} home={root}/mail/%n allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


def _with_tokens(root: Path) -> str:
    return f"""
auth_mechanisms = plain xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {root}/oauth2.conf
}}
"""


def _oauth2_conf(introspection: str) -> str:
    return f"""
introspection_mode = post
introspection_url = {introspection}
username_attribute = username
active_attribute = active
active_value = true
"""


def _group(user: str) -> str:
    import grp
    import pwd

    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


@contextmanager
def pymap() -> Iterator[MailServer]:
    """pymap, in memory: it forgets everything when it is stopped."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(port), "--no-tls",
        "dict", "--demo-user", USER, "--demo-password", PASSWORD,
    ]  # fmt: skip
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield MailServer(port)
    finally:
        process.kill()  # it holds nothing that could be lost
        process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


class Wire:
    """A way to a server that is cut after so many bytes from it, again and again, or holds still.

    `cuts` are the lengths of the connections, one after the other; the ones behind them are whole.
    """

    def __init__(self, to: int, *cuts: int, silent: bool = False) -> None:
        self.to, self.cuts, self.silent = to, list(cuts), silent
        self.connections = 0
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client = self._door.accept()[0]
                self.connections += 1
                self._ends.append(client)
                if self.silent:
                    continue
                server = socket.create_connection(("127.0.0.1", self.to))
                self._ends.append(server)
                left = self.cuts.pop(0) if self.cuts else None
                threading.Thread(target=_pass, args=(client, server, None), daemon=True).start()
                threading.Thread(target=_pass, args=(server, client, left), daemon=True).start()

    def cut(self) -> None:
        """Cut everything that is connected now."""
        while self._ends:
            with contextlib.suppress(OSError), self._ends.pop() as end:
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._door.close()
        self.cut()


def _pass(source: socket.socket, target: socket.socket, left: int | None) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(4096):
            if left is not None:
                data, left = data[:left], left - len(data)
            target.sendall(data)
            if left is not None and left <= 0:
                break
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
            one.close()


def mail(number: int, body: str = "Where is my parcel?", *, size: int = 0) -> bytes:
    """A mail from a person, of about `size` bytes."""
    text = body + "\r\n" + ("x" * 76 + "\r\n") * (size // 78)
    return (
        f"From: Ann <ann@shop.example>\r\nTo: support@market.example\r\n"
        f"Subject: Order {number}\r\nMessage-ID: <order-{number}@shop.example>\r\n"
        f"Date: Mon, 16 Nov 2026 10:00:00 +0000\r\n\r\n{text}"
    ).encode()


@contextmanager
def exim(lmtp: int) -> Iterator[int]:
    """Exim as a marketplace's own mail server: takes mail by SMTP, passes all of it on by LMTP.

    Gives its port. What it can't pass on it tries again each second.
    """
    assert EXIM
    root = Path(tempfile.mkdtemp(prefix="parley-exim-", dir="/tmp"))
    owner = "Debian-exim" if os.geteuid() == 0 else getpass.getuser()
    port = free_port()
    conf = root / "exim.conf"
    conf.write_text(_exim_conf(root, owner, lmtp))
    (root / "spool").mkdir()
    root.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(root / "spool", owner, _group(owner))
    command = [EXIM, "-C", str(conf), "-bdf", "-q1s", "-oX", f"127.0.0.1.{port}"]
    user = {"user": owner, "group": _group(owner), "extra_groups": []} if os.geteuid() == 0 else {}
    process = subprocess.Popen(command, start_new_session=True, cwd=root, **user)
    try:
        wait_for(port, process)
        yield port
    finally:
        _end(process)
        shutil.rmtree(root, ignore_errors=True)


def _exim_conf(root: Path, owner: str, lmtp: int) -> str:
    return f"""
exim_user = {owner}
exim_group = {_group(owner)}
spool_directory = {root}/spool
log_file_path = {root}/spool/%slog
pid_file_path = {root}/spool/pid
primary_hostname = mail.market.example
keep_environment =
deliver_drop_privilege
disable_ipv6
tls_advertise_hosts =
chunking_advertise_hosts =
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_rcpt

begin acl
acl_rcpt:
  accept

begin routers
to_the_desk:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = by_lmtp

begin transports
by_lmtp:
  driver = smtp
  protocol = lmtp
  port = {lmtp}
  hosts_max_try = 5
  connection_max_messages = 20

begin retry
* * F,1h,1s
"""
