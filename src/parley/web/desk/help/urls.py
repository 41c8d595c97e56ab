from __future__ import annotations

from django.urls import path

from parley.web.desk.help import (
    articles,
    collections,
    editor,
    hearing,
    placing,
    publishing,
    versions,
)

app_name = "writing"
TEXT = "articles/<int:article>/<slug:language>/"
urlpatterns = [
    path("", articles.articles, name="articles"),
    path("new/", articles.new_article, name="new_article"),
    path("articles/<int:article>/place/", placing.place, name="place"),
    path("articles/<int:article>/withdrawal/", publishing.withdrawal, name="withdrawal"),
    path(TEXT, editor.editor, name="editor"),
    path(f"{TEXT}draft/", editor.draft, name="draft"),
    path(f"{TEXT}draft/removal/", editor.removal, name="draft_removal"),
    path(f"{TEXT}draft/giving-way/", editor.giving_way, name="giving_way"),
    path(f"{TEXT}preview/", editor.preview, name="preview"),
    path(f"{TEXT}images/", editor.images, name="images"),
    path(f"{TEXT}publishing/", publishing.publishing, name="publishing"),
    path(f"{TEXT}versions/", versions.versions, name="versions"),
    path(f"{TEXT}versions/restoring/", versions.restoring, name="restoring"),
    path("collections/", collections.collections, name="collections"),
    path("collections/order/", collections.order, name="collection_order"),
    path("collections/<int:collection>/", collections.collection, name="collection"),
    path("collections/<int:collection>/removal/", collections.removal, name="collection_removal"),
    path("missed/", hearing.missed, name="missed"),
    path("missed/<int:missed>/settling/", hearing.settling, name="settling"),
    path("opinions/", hearing.opinions, name="opinions"),
]
