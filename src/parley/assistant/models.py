from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pgvector.django import HnswIndex, VectorField

from parley.conversations.models import Message
from parley.help_centre.models import Article, MissedSearch, Version
from parley.journal.moment import now
from parley.messenger.models import Chat
from parley.parties.models import Person
from parley.tickets.models import Ticket

DIMENSIONS = 512
"""Of the sentence encoder's vectors."""


class Passage(models.Model):
    """A piece of a published article that can answer by itself: the text below one heading."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    position = models.PositiveIntegerField()
    heading = models.CharField(max_length=300, blank=True)
    anchor = models.CharField(max_length=120, blank=True)
    body = models.TextField(help_text=_("Markdown, as in the article"))
    text = models.TextField(help_text=_("the same without marks"))
    vector = VectorField(dimensions=DIMENSIONS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_passage_a_position")
        ]

    def __str__(self) -> str:
        return self.heading or self.text[:60]


class PhraseKind(models.TextChoices):
    TITLE = "title", _("Title")
    HEADING = "heading", _("Heading")
    ASKED = "asked", _("Also asked as")
    LEARNED = "learned", _("Learned from a chat that helped")


class Phrase(models.Model):
    """A short way to ask for an article: its title, a heading, what editors say people ask."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    kind = models.CharField(max_length=8, choices=PhraseKind.choices)
    text = models.CharField(max_length=300)
    vector = VectorField(dimensions=DIMENSIONS)

    def __str__(self) -> str:
        return self.text


class Word(models.Model):
    """A word that articles are written with, and its meaning alone: a question may use another."""

    text = models.CharField(max_length=60, primary_key=True, help_text=_("small letters, no ё"))
    stem = models.CharField(max_length=200, help_text=_("as PostgreSQL searches for it"))
    vector = VectorField(dimensions=DIMENSIONS)

    def __str__(self) -> str:
        return self.text


class QuestionState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ANSWERING = "answering", _("Being answered")
    DONE = "done", _("Done")


class Outcome(models.TextChoices):
    """How a question ended. What is not an answer always offers a person."""

    NONE = "", _("None yet")
    ANSWER = "answer", _("Answered")
    OFFER = "offer", _("Did you mean")
    UNKNOWN = "unknown", _("Does not know")
    FAILED = "failed", _("Failed")
    PERSON = "person", _("Asked for a person")


class Helped(models.TextChoices):
    """What became of it: said is not the same as assumed (M7)."""

    NONE = "", _("Not known yet")
    SAID = "said", _("Helped, they said so")
    ASSUMED = "assumed", _("They went silent")
    HANDED_OVER = "handed_over", _("Handed over to a person")
    ASKED_ON = "asked_on", _("They asked on")


LEFT_OPEN = Q(gathered_at=None, state="done") & (
    Q(outcome__in=["unknown", "failed"])
    | Q(outcome="answer", helped="handed_over")
    | Q(outcome="offer", helped__in=["handed_over", "asked_on"])
)
"""The questions that an article might have answered, and nobody has gathered yet."""


class Question(models.Model):
    """One question to the assistant: a row first, then a job, then exactly one reply.

    `so_far` is what a model's answer has come to, sentence by checked sentence, while it is written.
    """

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, related_name="question", primary_key=True
    )
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="questions")
    reply = models.OneToOneField(
        Message, null=True, on_delete=models.PROTECT, related_name="answers"
    )
    language = models.CharField(max_length=10)
    state = models.CharField(
        max_length=10, choices=QuestionState.choices, default=QuestionState.WAITING
    )
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    helped = models.CharField(max_length=12, choices=Helped.choices, blank=True)
    confidence = models.FloatField(null=True)
    answerer = models.CharField(max_length=100, blank=True, help_text=_("built-in, or a model"))
    sources = models.JSONField(
        default=list, help_text=_("what it was answered from: kind, id, title, address, score")
    )
    so_far = models.TextField(blank=True)
    trouble = models.TextField(blank=True, help_text=_("what went wrong, for the operator"))
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=now)
    claimed_until = models.DateTimeField(null=True)
    first_words_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    gap = models.ForeignKey("Gap", null=True, on_delete=models.SET_NULL, related_name="questions")
    gathered_at = models.DateTimeField(
        null=True, help_text=_("when it was looked at for an article to write")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at=None)),
                name="done_questions_say_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=~Q(state="done"), name="questions_unanswered"
            ),
            models.Index(fields=["message"], condition=LEFT_OPEN, name="questions_to_gather"),
            models.Index(fields=["gap", "-message"], name="questions_of_gap",
                         condition=Q(gap__isnull=False)),
            models.Index(fields=["-asked_at", "-message"], name="questions_by_time"),
            # The counters read this index alone.
            models.Index(
                fields=["asked_at"],
                include=["outcome", "helped", "language"],
                name="questions_counted",
            ),
            models.Index(
                fields=["outcome", "helped", "-asked_at", "-message"], name="questions_by_end"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"question {self.pk}: {self.outcome or self.state}"


class Gap(models.Model):
    """An article to write: questions of one meaning that the help centre does not answer."""

    label = models.CharField(max_length=300, help_text=_("the question in the middle of them"))
    language = models.CharField(max_length=10)
    vector = VectorField(dimensions=DIMENSIONS)
    times = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=now)
    article = models.ForeignKey(
        Article, null=True, on_delete=models.SET_NULL, related_name="+", help_text=_("the draft")
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-times", "-id"], name="most_asked_gaps")]

    def __str__(self) -> str:
        return self.label


class SearchInGap(models.Model):
    """A search of the help centre that found nothing, and how many of its times a gap has counted."""

    search = models.OneToOneField(
        MissedSearch, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="searches")
    times = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.search_id} in {self.gap_id}"


class Wording(models.Model):
    """How somebody asked for an article who was helped by it: it counts once an editor has said so."""

    question = models.OneToOneField(
        Question, on_delete=models.CASCADE, primary_key=True, related_name="wording"
    )
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)
    text = models.CharField(max_length=300, help_text=_("without what tells of a person"))
    at = models.DateTimeField(default=now)
    taken = models.BooleanField(null=True, help_text=_("empty until somebody decides"))
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken=None, decided_at=None)
                | Q(taken__isnull=False, decided_at__isnull=False),
                name="decided_wordings_say_when",
            )
        ]
        indexes = [
            models.Index(fields=["-question"], name="wordings_to_decide", condition=Q(taken=None)),
            models.Index(fields=["article", "language"], name="wordings_taken",
                         condition=Q(taken=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text


class TicketVector(models.Model):
    """What a ticket is about, as a vector of its title and first message: similar ones lie near it."""

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    vector = VectorField(dimensions=DIMENSIONS)

    class Meta:
        indexes = [
            HnswIndex(fields=["vector"], name="similar_tickets", opclasses=["vector_cosine_ops"])
        ]

    def __str__(self) -> str:
        return f"vector of {self.ticket_id}"


class ArticleOfTicket(models.Model):
    """An article that was drafted from how a ticket was resolved."""

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.article_id} of {self.ticket_id}"


class Thresholds(models.Model):
    """From which confidence on it answers, and offers. One row; without it, what was measured."""

    answer = models.FloatField()
    offer = models.FloatField()
    changed_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"answer from {self.answer}, offer from {self.offer}"
