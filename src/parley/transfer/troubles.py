"""What can go wrong on the way to another server, by step and in plain words.

A trouble is kept as its code and said in the reader's own language: who set an export up, and who
reads of its failure, may be two people.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Step(StrEnum):
    """What is done one after the other; each only where the kind of place has it."""

    NAME = "name"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    HOST_KEY = "host_key"
    GRANT = "grant"
    SIGN_IN = "sign_in"
    FOLDER = "folder"
    PERMISSION = "permission"
    SPACE = "space"
    SIZE = "size"
    RENAME = "rename"


STEP_WORDS = {
    Step.NAME: _("The server's name"),
    Step.CONNECTION: _("The connection"),
    Step.CERTIFICATE: _("The server's certificate"),
    Step.HOST_KEY: _("The server's host key"),
    Step.GRANT: _("The token to sign in with"),
    Step.SIGN_IN: _("Signing in"),
    Step.FOLDER: _("The folder"),
    Step.PERMISSION: _("Permission to write"),
    Step.SPACE: _("Space for the file"),
    Step.SIZE: _("The file arrives whole"),
    Step.RENAME: _("Giving the file its name"),
}


class Trouble(StrEnum):
    """What is wrong; `WORDS` says it."""

    NAME_UNKNOWN = "name_unknown"
    HOST_REFUSED = "host_refused"
    CONNECTION_REFUSED = "connection_refused"
    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    OTHER_LANGUAGE = "other_language"
    NO_DATA_CONNECTION = "no_data_connection"
    NO_TLS = "no_tls"
    CERTIFICATE_UNTRUSTED = "certificate_untrusted"
    CERTIFICATE_CHANGED = "certificate_changed"
    HOST_KEY_CHANGED = "host_key_changed"
    SIGN_IN_REFUSED = "sign_in_refused"
    CLIENT_UNKNOWN = "client_unknown"
    CLIENT_REFUSED = "client_refused"
    GRANT_REFUSED = "grant_refused"
    SCOPE_REFUSED = "scope_refused"
    NOTHING_GRANTED = "nothing_granted"
    NOT_NOW = "not_now"
    NOT_LET_IN = "not_let_in"
    NO_OAUTH = "no_oauth"
    KEY_UNREADABLE = "key_unreadable"
    WRONG_REGION = "wrong_region"
    FOLDER_MISSING = "folder_missing"
    FOLDER_OUTSIDE = "folder_outside"
    NO_FOLDERS_HERE = "no_folders_here"
    NOT_PERMITTED = "not_permitted"
    NO_SPACE = "no_space"
    WRITE_FAILED = "write_failed"
    STALLED = "stalled"
    SIZE_DIFFERS = "size_differs"
    RENAME_REFUSED = "rename_refused"
    FILE_MISSING = "file_missing"
    FILE_TOO_LARGE = "file_too_large"
    REFUSED = "refused"


WORDS = {
    Trouble.NAME_UNKNOWN: _("There is no server of this name. Look for a typing error."),
    Trouble.HOST_REFUSED: _("This address leads to a machine that can't be reached from here."),
    Trouble.CONNECTION_REFUSED: _(
        "The machine is there, but nothing answers at this port. Check the port and the kind."
    ),
    Trouble.TIMED_OUT: _(
        "The server did not answer in time. A firewall may be in the way, or the port is another."
    ),
    Trouble.CONNECTION_LOST: _("The server broke off the connection."),
    Trouble.OTHER_LANGUAGE: _(
        "Something answers at this port, but it is no server of this kind. Check the port and the kind."
    ),
    Trouble.NO_DATA_CONNECTION: _(
        "Signed in, but the connection for the files failed. Try passive mode the other way round."
    ),
    Trouble.NO_TLS: _(
        "The server does not offer encryption (TLS) here. Check the kind and the port."
    ),
    Trouble.CERTIFICATE_UNTRUSTED: _(
        "The server's certificate is not vouched for by anybody known. If it is your own, accept it."
    ),
    Trouble.CERTIFICATE_CHANGED: _(
        "The server shows another certificate than the one that was accepted. Nothing was sent."
    ),
    Trouble.HOST_KEY_CHANGED: _(
        "The server shows another host key than before: it was set up anew, or it is another server. "
        "Nothing was sent."
    ),
    Trouble.SIGN_IN_REFUSED: _("The server does not know this user with this password or key."),
    Trouble.CLIENT_UNKNOWN: _(
        "The token server does not know this client. Check the client ID and, at Microsoft, the tenant ID."
    ),
    Trouble.CLIENT_REFUSED: _(
        "The token server does not take this client secret: it is another one's, or it has run out."
    ),
    Trouble.GRANT_REFUSED: _(
        "The client may not have tokens of its own. Allow it the client credentials grant."
    ),
    Trouble.SCOPE_REFUSED: _("The token server does not give out this scope."),
    Trouble.NOTHING_GRANTED: _(
        "What answers at the address of the token server gives no token. Check the address."
    ),
    Trouble.NOT_NOW: _("The token server can't give out a token at the moment."),
    Trouble.NOT_LET_IN: _(
        "There is a token, but the mail server does not let it into this mailbox. Check the user, and "
        "whether the client has permission to read or send there."
    ),
    Trouble.NO_OAUTH: _("The mail server lets nobody sign in by OAuth. Check the server."),
    Trouble.KEY_UNREADABLE: _(
        "The private key can't be read. Is it complete, is its password right?"
    ),
    Trouble.WRONG_REGION: _("The bucket is in another region."),
    Trouble.FOLDER_MISSING: _("There is no such folder on the server."),
    Trouble.FOLDER_OUTSIDE: _("The folder has to lie within your own."),
    Trouble.NO_FOLDERS_HERE: _("The operator has set no folder up for exports."),
    Trouble.NOT_PERMITTED: _("The user may not write there."),
    Trouble.NO_SPACE: _("The server has no space left for the file."),
    Trouble.WRITE_FAILED: _("The server gave up in the middle of the file. Its disk may be full."),
    Trouble.STALLED: _("The server stopped answering in the middle of the file."),
    Trouble.SIZE_DIFFERS: _("The file on the server has another size than was sent."),
    Trouble.RENAME_REFUSED: _("The file was written, but the user may not rename it."),
    Trouble.FILE_MISSING: _("There is no such file on the server."),
    Trouble.FILE_TOO_LARGE: _("The file on the server is too large."),
    Trouble.REFUSED: _("The server refused."),
}


class PlaceTrouble(Exception):
    """A place could not be reached or used.

    `step` is the one that failed, `trouble` what is wrong, `detail` what the server itself said, and
    `fingerprint` the certificate or host key it showed, where that is what is wrong.
    """

    def __init__(
        self, step: Step, trouble: Trouble, detail: str = "", fingerprint: str = ""
    ) -> None:
        super().__init__(f"{step}: {trouble} {detail}".strip())
        self.step, self.trouble = step, trouble
        self.detail, self.fingerprint = _shown(detail), fingerprint

    @property
    def words(self) -> str:
        """In the language of whoever reads it now."""
        return in_words(self.kept())

    def kept(self) -> dict[str, str]:
        """What is kept of it in a row; `in_words` reads it."""
        return {
            "step": str(self.step),
            "trouble": str(self.trouble),
            "detail": self.detail,
            "fingerprint": self.fingerprint,
        }


def in_words(kept: dict[str, Any], special: Mapping[Trouble, Any] = MappingProxyType({})) -> str:
    """A kept trouble as a sentence, with the server's own words behind it; empty for none.

    `special` says some of them as it helps where they are read.
    """
    if not kept:
        return ""
    try:
        trouble = Trouble(kept.get("trouble", ""))
        said = str(special.get(trouble) or WORDS[trouble])
    except ValueError:
        said = gettext("Something went wrong on our side.")
    if kept.get("step") == Step.GRANT:
        said = gettext("The token to sign in with could not be had. %(why)s") % {"why": said}
    if detail := kept.get("detail"):
        return gettext("%(what)s The server said: “%(detail)s”") % {"what": said, "detail": detail}
    return said


def _shown(detail: str) -> str:
    """The server's words on one line, without what can't be seen, and not too many."""
    line = " ".join(detail.split())
    return "".join(letter for letter in line if letter.isprintable())[:300]
