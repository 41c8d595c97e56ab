from __future__ import annotations

from django.urls import path

from parley.web.chat import articles, conversations, files, handing_over, page, sessions, stream

app_name = "chat"
urlpatterns = [
    path("", page.page, name="page"),
    path("session", sessions.session, name="session"),
    path("unread", sessions.unread, name="unread"),
    path("signing-out", sessions.signing_out, name="signing_out"),
    path("stream", stream.stream, name="stream"),
    path("conversations", conversations.conversations, name="conversations"),
    path("conversations/<int:key>", conversations.conversation, name="conversation"),
    path("conversations/<int:key>/messages", conversations.messages, name="messages"),
    path("conversations/<int:key>/reading", conversations.reading, name="reading"),
    path("conversations/<int:key>/typing", conversations.typing, name="typing"),
    path("conversations/<int:key>/helped", conversations.helped, name="helped"),
    path("conversations/<int:key>/closing", conversations.closing, name="closing"),
    path("conversations/<int:key>/rating", conversations.rating, name="rating"),
    path("conversations/<int:key>/handover", handing_over.handover, name="handover_of"),
    path("handover", handing_over.handover, name="handover"),
    path("home", articles.home, name="home"),
    path("search", articles.searching, name="searching"),
    path("help", articles.shelving, name="shelving"),
    path("articles/<path:path>/opinion", articles.opinion, name="opinion"),
    path("articles/<path:path>", articles.article, name="article"),
    path("files", files.files, name="files"),
    path("files/<uuid:key>", files.file, name="file"),
    path("files/<uuid:key>/small", files.file_small, name="file_small"),
]
