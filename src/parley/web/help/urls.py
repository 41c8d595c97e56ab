from __future__ import annotations

from django.urls import path, register_converter

from parley.web.help import images, opinions, pages, searching, sitemap
from parley.web.help.showing import LanguageConverter

register_converter(LanguageConverter, "help_language")

app_name = "help"
urlpatterns = [
    path("", pages.front, name="front"),
    path("search/", searching.searching, name="searching"),
    path("opinions/", opinions.opinions, name="opinions"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("images/<int:key>/<slug:content>/<path:name>", images.image, name="image"),
    path("<help_language:language>/", pages.home, name="home"),
    path("<help_language:language>/<path:path>/", pages.page, name="page"),
]
