"""Publishing drafts, one or a thousand at once: each becomes a version that is never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import Max

from parley.help_centre import events
from parley.help_centre.addressing import first_language, image_address
from parley.help_centre.cutting import plain_text
from parley.help_centre.models import Image, Translation, Version
from parley.help_centre.rendering import Shown, headings_as_kept, pictures_by_name, render
from parley.journal.events import Actor
from parley.journal.moment import now
from parley.journal.recording import record
from parley.postgres.text_search import CONFIGURATION, searchable

_PUT_OUT = f"""
UPDATE help_centre_translation AS text
SET published_id = given.version, published_at = %(moment)s, follows_id = given.follows,
    phrases = given.phrases,
    words = setweight(to_tsvector('{CONFIGURATION}', given.phrases), 'A')
         || setweight(to_tsvector('{CONFIGURATION}', given.headings), 'B')
         || setweight(to_tsvector('{CONFIGURATION}', given.summary), 'C')
         || setweight(to_tsvector('{CONFIGURATION}', given.body), 'D')
FROM unnest(%(texts)s::bigint[], %(versions)s::bigint[], %(follows)s::bigint[], %(phrases)s::text[],
            %(headings)s::text[], %(summaries)s::text[], %(bodies)s::text[])
     AS given(id, version, follows, phrases, headings, summary, body)
WHERE text.id = given.id
"""  # noqa: S608 - the configuration's name is ours
_FOLLOW = """
UPDATE help_centre_translation AS text SET follows_id = first.published_id
FROM help_centre_translation AS first
WHERE first.id = ANY(%s) AND text.article_id = first.article_id AND text.id <> first.id
  AND text.follows_id IS NULL AND text.published_id IS NOT NULL
"""


def publish_drafts(drafts: Sequence[Translation], *, by: Actor | None) -> list[Version]:
    """Publish each draft as it stands, in the caller's transaction, which has locked them.

    Each must have its `article` at hand. A text in another language than the first follows what is
    published in the first language now. Gives the versions, in the same order.
    """
    if not drafts:
        return []
    images = _images({draft.article_id for draft in drafts})
    numbers = _last_numbers(drafts)
    moment = now()
    versions = [
        _version(draft, numbers.get(draft.pk, 0) + 1, images.get(draft.article_id, ()), by)
        for draft in drafts
    ]
    Version.objects.bulk_create(versions, batch_size=200)
    follows = _published_in_the_first(drafts, versions)
    with connection.cursor() as cursor:
        cursor.execute(
            _PUT_OUT,
            {
                "moment": moment,
                "texts": [draft.pk for draft in drafts],
                "versions": [version.pk for version in versions],
                "follows": follows,
                "phrases": [searchable("\n".join(phrases_of(version))) for version in versions],
                "headings": [searchable(_headings(version)) for version in versions],
                "summaries": [searchable(version.summary) for version in versions],
                "bodies": [searchable(version.text) for version in versions],
            },
        )
        cursor.execute(_FOLLOW, [[d.pk for d in drafts if d.language == first_language()]])
    for draft, version, followed in zip(drafts, versions, follows, strict=True):
        draft.published, draft.published_at, draft.follows_id = version, moment, followed
        _tell(draft, version, by)
    return versions


def phrases_of(version: Version) -> list[str]:
    """What a version is called: its title, and what people say instead."""
    return [version.title, *version.also_asked_as]


def shown_pictures(images: Iterable[Image], language: str) -> Mapping[str, Shown]:
    """The pictures for a text in `language`, by name: its own, and those of others for want of one."""
    ordered = sorted(images, key=lambda image: (image.language == language, image.pk))
    return {image.path: Shown(image_address(image), image.width, image.height) for image in ordered}


def _version(draft: Translation, number: int, images: Iterable[Image], by: Actor | None) -> Version:
    path = draft.article.path
    rendered = render(
        draft.body,
        language=draft.language,
        path=path,
        title=draft.title,
        image_url=pictures_by_name(shown_pictures(images, draft.language)),
    )
    return Version(
        translation=draft,
        number=number,
        title=draft.title,
        summary=draft.summary,
        body=draft.body,
        also_asked_as=draft.also_asked_as,
        html=rendered.html,
        headings=headings_as_kept(rendered.headings),
        text=plain_text(draft.body),
        at=now(),
        by_id=by.person_id if by else None,
    )


def _headings(version: Version) -> str:
    return "\n".join(str(words) for _level, _anchor, words in version.headings)


def _images(articles: set[int]) -> dict[int, list[Image]]:
    found: dict[int, list[Image]] = {}
    for image in Image.objects.filter(article__in=articles):
        found.setdefault(image.article_id, []).append(image)
    return found


def _last_numbers(drafts: Sequence[Translation]) -> dict[int, int]:
    versions = Version.objects.filter(translation__in=[draft.pk for draft in drafts]).order_by()
    return dict(
        versions.values_list("translation")
        .annotate(last=Max("number"))
        .values_list("translation", "last")
    )


def _published_in_the_first(
    drafts: Sequence[Translation], versions: Sequence[Version]
) -> list[int | None]:
    """Of each draft, the version in the first language that it follows from now on."""
    first = first_language()
    articles = {draft.article_id for draft in drafts if draft.language != first}
    published: dict[int, int | None] = dict(
        Translation.objects.filter(article__in=articles, language=first).values_list(
            "article_id", "published_id"
        )
    )
    for draft, version in zip(drafts, versions, strict=True):
        if draft.language == first:
            published[draft.article_id] = version.pk
    return [
        None if draft.language == first else published.get(draft.article_id) for draft in drafts
    ]


def _tell(draft: Translation, version: Version, by: Actor | None) -> None:
    record(
        events.ArticlePublished(
            article=draft.article_id,
            language=draft.language,
            version=version.pk,
            path=draft.article.path,
            title=version.title,
        ),
        by=by,
    )
