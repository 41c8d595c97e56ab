"""How people sign in, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from parley.site.environment.setting import setting
from parley.site.environment.values import address, text, whole


@dataclass(frozen=True)
class SignIn:
    """How people sign in, and for how long."""

    session_days: int = setting(
        "PARLEY_SESSION_DAYS",
        whole(1, 365),
        14,
        "After how many days without a visit a person has to sign in again.",
    )
    sso_url: str | None = setting(
        "PARLEY_SSO_URL",
        address("https", "http"),
        None,
        "The OpenID Connect provider people may sign in with: its issuer, such as https://id.example.com.",
    )
    sso_client: str = setting(
        "PARLEY_SSO_CLIENT",
        text,
        "",
        "What this site is called there: the client ID.",
        default_in_words="none",
    )
    sso_secret: str | None = setting(
        "PARLEY_SSO_SECRET", text, None, "The client's secret there.", secret=True
    )
    sso_name: str = setting(
        "PARLEY_SSO_NAME",
        text,
        "your company's sign-in",
        "What the provider is called on the button: Sign in with …",
    )
