"""How mail goes out, and how it comes in."""

# ruff: noqa: RUF009  (`setting` gives a dataclass field, made once for the class)

from __future__ import annotations

from dataclasses import dataclass

from parley.site.environment.setting import setting
from parley.site.environment.values import address, doors, keys, one_of, sign_in, text, whole

MAIL_PROVIDERS = (
    "amazon_ses", "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postal",
    "postmark", "resend", "scaleway", "sendgrid", "sparkpost", "unisender_go",
)  # fmt: skip


@dataclass(frozen=True)
class Mail:
    """How mail goes out, and how it comes in."""

    smtp_url: str | None = setting(
        "PARLEY_SMTP_URL",
        address("smtp", "smtps"),
        None,
        "The mail server, such as smtp://user:password@host:587 (STARTTLS) or smtps://host:465.",
        secret=True,
        default_in_words="none (mails are written to the data folder)",
    )
    mail_from: str = setting(
        "PARLEY_MAIL_FROM",
        text,
        "Parley <parley@localhost>",
        "The sender of the mails this site writes.",
    )
    mail_listen: tuple[str, ...] = setting(
        "PARLEY_MAIL_LISTEN",
        doors,
        (),
        "Where mail to the mailboxes is taken in from a mail server: lmtp://127.0.0.1:8024, smtp://…:8025.",
        default_in_words="none (the demo: SMTP, 25 above its port)",
    )
    mail_provider: str = setting(
        "PARLEY_MAIL_PROVIDER",
        one_of(*MAIL_PROVIDERS),
        "",
        "The mail provider that sends, where no mail server is set, and brings mail: mailgun, postmark, …",
        default_in_words="none",
    )
    mail_provider_keys: dict[str, str] | None = setting(
        "PARLEY_MAIL_PROVIDER_KEYS",
        keys,
        None,
        "What the provider asks for, by the names django-anymail gives it: API_KEY=…,SENDER_DOMAIN=….",
        secret=True,
    )
    mail_webhook_secret: str | None = setting(
        "PARLEY_MAIL_WEBHOOK_SECRET",
        sign_in,
        None,
        "The user:password with which the provider calls /mail/incoming/ and /mail/tracking/.",
        secret=True,
        default_in_words="none (they are not there)",
    )
    mail_mb: int = setting(
        "PARLEY_MAIL_LIMIT",
        whole(1, 500),
        50,
        "The largest mail that is taken in, in megabytes.",
    )

    @property
    def mail_provider_settings(self) -> dict[str, str]:
        """What the provider asks for, as django-anymail's settings call it: MAILGUN_API_KEY."""
        prefix = f"{self.mail_provider.upper()}_"
        keys = self.mail_provider_keys or {}
        return {f"{prefix}{name.removeprefix(prefix)}": value for name, value in keys.items()}

    @property
    def mail_bytes(self) -> int:
        """The largest mail that is taken in, in bytes."""
        return self.mail_mb * 1024 * 1024
