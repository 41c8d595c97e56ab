from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import PartyKind, Person

LONGEST_TITLE = 200
LONGEST_PATH = 200


class Collection(models.Model):
    """A shelf of articles. `slug` is its folder's name, empty for articles that lie in none."""

    slug = models.CharField(max_length=LONGEST_PATH, unique=True, blank=True)
    icon = models.CharField(max_length=40, blank=True, help_text=_("name of a lucide icon"))
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.slug or "/"


class CollectionText(models.Model):
    """What a collection is called in one language.

    `header` is the head of the file it was imported from, as it was written there.
    """

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=LONGEST_TITLE)
    description = models.CharField(max_length=500, blank=True)
    header = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "language"], name="one_collection_text_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Article(models.Model):
    """One matter explained, in each language that somebody has written.

    `path` is its readable address below `/help/<language>/`: `orders/ship-an-order`; what it was
    before stands in `OldPath`. `audience` are the kinds of party it is for; empty: everybody, signed
    in or not. `related` are paths.
    """

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="articles")
    path = models.CharField(max_length=LONGEST_PATH, unique=True)
    audience = ArrayField(
        models.CharField(max_length=10, choices=PartyKind.choices), default=list, blank=True
    )
    related = ArrayField(models.CharField(max_length=LONGEST_PATH), default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, help_text=_("kept, but shown to editors alone"))

    class Meta:
        indexes = [models.Index(fields=["collection", "position", "id"], name="articles_in_order")]

    def __str__(self) -> str:
        return self.path

    @property
    def is_public(self) -> bool:
        return not self.audience


class OldPath(models.Model):
    """An address that an article had once: whoever comes by it is sent on."""

    path = models.CharField(max_length=LONGEST_PATH, primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="old_paths")

    def __str__(self) -> str:
        return self.path


class Translation(models.Model):
    """An article in one language: the draft that is worked on, and the version that is published.

    Everybody but editors sees `published` alone. `follows` is the version in the first language that
    this text says the same as: once there is a newer one, the translation is outdated. `header` is
    the head of the file that the text was imported from, as it was written there, and `ending` how
    that file's name ended (empty: it never was a file): an export gives back what came in.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)

    title = models.CharField(max_length=LONGEST_TITLE)
    summary = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True, help_text=_("Markdown"))
    also_asked_as = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    changed_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    published = models.ForeignKey(
        "Version", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    published_at = models.DateTimeField(null=True)
    follows = models.ForeignKey(
        "Version", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    words = SearchVectorField(
        null=True,
        help_text=_("of the published version; title A, headings and phrasings B, text D"),
    )
    phrases = models.TextField(
        blank=True, help_text=_("title and phrasings of the published version, for mistyped words")
    )
    header = models.TextField(blank=True)
    ending = models.CharField(max_length=10, blank=True)
    helped = models.PositiveIntegerField(default=0)
    did_not_help = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_text_a_language"),
            models.CheckConstraint(
                condition=Q(published=None, words=None)
                | Q(published__isnull=False, words__isnull=False),
                name="what_is_published_is_found",
            ),
        ]
        indexes = [
            GinIndex(fields=["words"], name="translation_words"),
            GinIndex(fields=["phrases"], name="phrases_trigrams", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """What was published once: it is never changed. `html` is made from `body` when it is published."""

    translation = models.ForeignKey(Translation, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE)
    summary = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    also_asked_as = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    html = models.TextField()
    headings = models.JSONField(default=list, help_text=_("[level, anchor, words] in order"))
    text = models.TextField(blank=True, help_text=_("the body without its marks"))
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["translation", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Image(models.Model):
    """A picture of an article. `path` is how its Markdown names it, beside the article's own file.

    A text without a picture of that name in its own `language` shows that of another one.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="images")
    language = models.CharField(max_length=10)
    path = models.CharField(max_length=LONGEST_PATH)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)
    width = models.PositiveIntegerField(help_text=_("pixels"))
    height = models.PositiveIntegerField(help_text=_("pixels"))
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language", "path"], name="one_image_a_path_and_language"
            )
        ]

    def __str__(self) -> str:
        return self.path


class Opinion(models.Model):
    """Whether an article helped somebody, and why not. One each: a later one takes its place.

    `reader` is `person:7` or, of a stranger, a random key that their browser keeps.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="opinions")
    language = models.CharField(max_length=10)
    reader = models.CharField(max_length=60)
    helped = models.BooleanField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language", "reader"], name="one_opinion_a_reader"
            )
        ]

    def __str__(self) -> str:
        return f"{'helped' if self.helped else 'did not help'}: {self.article_id}"


class MissedSearch(models.Model):
    """What people searched the help centre for and did not find; nobody's name stands here."""

    words = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    times = models.PositiveIntegerField(default=1)
    last_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True, help_text=_("an editor has seen to it"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["words", "language"], name="one_row_a_missed_search")
        ]
        indexes = [models.Index(fields=["-times", "-id"], name="most_missed_searches")]

    def __str__(self) -> str:
        return self.words
