"""What holds for tickets, their clocks and their files."""

from __future__ import annotations

from dataclasses import dataclass

from parley.site.environment.setting import setting
from parley.site.environment.values import scanner, whole, zone


@dataclass(frozen=True)
class Support:
    """What holds for tickets, their clocks and their files."""

    time_zone: str = setting(
        "PARLEY_TIME_ZONE",
        zone,
        "UTC",
        "The operator's time zone, such as Europe/London; people choose their own in Settings.",
    )
    cool_down_minutes: int = setting(
        "PARLEY_COOL_DOWN_MINUTES",
        whole(0, 10080),
        15,
        "How many minutes a party waits before a second ticket on the same topic; 0 means none.",
    )
    auto_complete_days: int = setting(
        "PARLEY_AUTO_COMPLETE_DAYS",
        whole(1, 365),
        5,
        "After how many days an answered ticket that nobody rates or continues completes itself.",
    )
    file_mb: int = setting(
        "PARLEY_FILE_MB", whole(1, 1000), 10, "The largest attachment, in megabytes."
    )
    message_mb: int = setting(
        "PARLEY_MESSAGE_MB",
        whole(1, 5000),
        50,
        "The most that all attachments of one message may weigh, in megabytes.",
    )
    clamav: str = setting(
        "PARLEY_CLAMAV",
        scanner,
        "",
        "The ClamAV daemon that looks at every file: unix:/run/clamav/clamd.ctl, or host:port.",
        default_in_words="none (files are not scanned)",
    )

    @property
    def file_bytes(self) -> int:
        """The largest attachment, in bytes."""
        return self.file_mb * 1024 * 1024

    @property
    def message_bytes(self) -> int:
        """The most all attachments of a message may weigh, in bytes."""
        return self.message_mb * 1024 * 1024
