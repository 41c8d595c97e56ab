"""What well-known providers of mail ask for, so that nobody has to look it up.

Servers, ports and what to do there as the providers' own help pages give them.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parley.mailboxes.connecting import TENANT
from parley.mailboxes.models import Security, SignIn


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A provider: its servers, whether `name+anything@…` arrives there, under which name it checks senders.

    `first` says what is done at the provider before a program may sign in, `steps` one by one. An
    empty host is the administrator's to type. `authserv` only where it is always the same and
    certain: a name that a provider does not write is one that anybody may write, and then each
    mail's own signature counts.
    """

    key: str
    name: str | Promise
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = Security.TLS
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = Security.STARTTLS
    tagged: bool = True
    authserv: str = ""
    sign_in: str = SignIn.PASSWORD
    token_url: str = ""
    scope: str = ""
    first: str | Promise = ""
    steps: tuple[str | Promise, ...] = ()


PRESETS: tuple[Preset, ...] = (
    Preset(
        key="gmail",
        name="Gmail",
        imap_host="imap.gmail.com",
        smtp_host="smtp.gmail.com",
        authserv="mx.google.com",
        first=_(
            "In the Google account, switch 2-Step Verification on and make an app password: that is the "
            "password here."
        ),
    ),
    Preset(
        key="outlook",
        name="Outlook, Microsoft 365",
        imap_host="outlook.office365.com",
        smtp_host="smtp.office365.com",
        sign_in=SignIn.OAUTH,
        token_url=f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token",
        scope="https://outlook.office365.com/.default",
        first=_(
            "Microsoft takes no passwords from programs: they sign in by OAuth. In Microsoft 365, once:"
        ),
        steps=(
            _(
                "In the Entra admin center, under App registrations, register an application. Its overview "
                "has the client ID and the tenant ID. Make it a client secret, and copy the secret's value."
            ),
            _(
                "Under API permissions, give it the application permissions IMAP.AccessAsApp and "
                "SMTP.SendAsApp of Office 365 Exchange Online, and grant admin consent."
            ),
            _(
                "In Exchange Online PowerShell, let it into this one mailbox: New-ServicePrincipal, then "
                "Add-MailboxPermission. docs/mail.md has the commands."
            ),
        ),
    ),
    Preset(
        key="yandex",
        name=_("Yandex Mail"),
        imap_host="imap.yandex.com",
        smtp_host="smtp.yandex.com",
        smtp_port=465,
        smtp_security=Security.TLS,
        first=_(
            "In the settings of the mailbox, allow IMAP; in the Yandex ID, make an app password for mail: "
            "that is the password here."
        ),
    ),
    Preset(
        key="mailru",
        name=_("Mail.ru"),
        imap_host="imap.mail.ru",
        smtp_host="smtp.mail.ru",
        smtp_port=465,
        smtp_security=Security.TLS,
        tagged=False,
        first=_(
            "In the settings of the mailbox, under security, make a password for external applications: "
            "that is the password here."
        ),
    ),
    Preset(
        key="icloud",
        name="iCloud Mail",
        imap_host="imap.mail.me.com",
        smtp_host="smtp.mail.me.com",
        first=_(
            "In the Apple Account, switch two-factor authentication on and make an app-specific password: "
            "that is the password here. The user is the address at iCloud, also for an address of your own "
            "domain."
        ),
    ),
    Preset(
        key="fastmail",
        name="Fastmail",
        imap_host="imap.fastmail.com",
        smtp_host="smtp.fastmail.com",
        smtp_port=465,
        smtp_security=Security.TLS,
        first=_(
            "In the settings of Fastmail, under privacy and security, make an app password for mail: that "
            "is the password here. The user is the address that you sign in with."
        ),
    ),
    Preset(
        key="own",
        name=_("Your own server"),
        tagged=False,
        first=_(
            "Dovecot, Exchange, Cyrus or any other that speaks IMAP. It may stand in your own network, "
            "or on this very machine."
        ),
    ),
)
BY_KEY = {preset.key: preset for preset in PRESETS}
TOKEN_URLS = {preset.token_url for preset in PRESETS if preset.token_url}
"""Addresses that picking a provider has filled in, and nobody typed."""
HOSTS = {host for preset in PRESETS for host in (preset.imap_host, preset.smtp_host) if host}
"""Servers that picking a provider has filled in, and nobody typed."""

FILLED = (
    *("imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security"),
    *("tagged", "authserv", "sign_in", "token_url", "scope"),
)
"""What picking a provider fills in."""
