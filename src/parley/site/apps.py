from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "parley.site"
    label = "site"

    def ready(self) -> None:
        from parley.journal import recording
        from parley.site.reactions import REACTIONS

        recording.use(REACTIONS)
