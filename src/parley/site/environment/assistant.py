"""The language model that the assistant may write with."""

from __future__ import annotations

from dataclasses import dataclass

from parley.site.environment.setting import setting
from parley.site.environment.values import address, model, text, whole


@dataclass(frozen=True)
class Assistant:
    """The language model that the assistant may write with."""

    model: str = setting(
        "PARLEY_MODEL",
        model,
        "",
        "The language model the assistant writes with: openai:NAME (any server that speaks that protocol) "
        "or anthropic:NAME.",
        default_in_words="none (the assistant answers in the articles' own words)",
    )
    model_url: str | None = setting(
        "PARLEY_MODEL_URL",
        address("https", "http"),
        None,
        "Where the model is reached, such as http://127.0.0.1:11434/v1, if it isn't its maker's own server.",
    )
    model_key: str | None = setting(
        "PARLEY_MODEL_KEY", text, None, "The key to the model.", secret=True
    )
    model_seconds: int = setting(
        "PARLEY_MODEL_SECONDS",
        whole(1, 300),
        20,
        "How many seconds the model has for an answer; then the assistant answers without it.",
    )
    model_per_hour: int = setting(
        "PARLEY_MODEL_PER_HOUR",
        whole(0, 100_000),
        30,
        "How many questions of one person the model is asked in an hour; the others are answered without it.",
    )
    silent_hours: int = setting(
        "PARLEY_SILENT_HOURS",
        whole(1, 8760),
        24,
        "After how many hours without another word an answer of the assistant is counted as assumed to help.",
    )
