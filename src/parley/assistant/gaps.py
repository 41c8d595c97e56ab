"""The articles to write: what people asked for and did not get, most asked first (M7)."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from parley.assistant.events import ArticleDrafted, GapReopened, GapSettled
from parley.assistant.gathering import Said, masked_line, ways_asked
from parley.assistant.models import Gap, Question, SearchInGap
from parley.assistant.new_articles import draft_article
from parley.assistant.roles import MayNotChange, may_look
from parley.help_centre.addressing import languages
from parley.help_centre.models import LONGEST_TITLE, Article
from parley.help_centre.writing import MOST_PHRASES, Written, keep_draft
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership
from parley.postgres.keysets import Keyset, Page

PAGE = 20
EXAMPLES = 4
"""Ways of asking that the list shows of each gap."""


@dataclass
class ShownGap:
    """A gap as the list shows it: with some of the ways in which it was asked, the latest first."""

    gap: Gap
    questions: list[Said] = field(default_factory=list)
    searches: list[Said] = field(default_factory=list)

    @property
    def asked_again(self) -> bool:
        """Whether it was asked once more after it had been settled."""
        return self.gap.settled_at is not None and self.gap.last_at > self.gap.settled_at


def gaps_visible_to(reader: Membership) -> QuerySet[Gap]:
    """The door to gaps: all of them for leads and administrators, nothing for anybody else."""
    return Gap.objects.all() if may_look(reader) else Gap.objects.none()


def list_gaps(reader: Membership, *, settled: bool = False, cursor: str = "") -> Page[ShownGap]:
    """One page of the gaps still open, or of those settled; the most asked first, in three queries.

    Raises CursorUnreadable.
    """
    keyset = Keyset(("times", "id"), cursor, PAGE)
    rows = gaps_visible_to(reader).filter(settled_at__isnull=not settled).select_related("article")
    page = keyset.page(list(keyset.cut(rows)))
    return Page(with_examples(list(page.rows)), page.older, page.newer)


def with_examples(gaps: list[Gap], most: int = EXAMPLES) -> list[ShownGap]:
    """The gaps with the latest ways in which each was asked, in two queries."""
    shown = {gap.pk: ShownGap(gap) for gap in gaps}
    latest = Window(RowNumber(), partition_by=[F("gap_id")], order_by=F("message_id").desc())
    questions = (
        Question.objects.filter(gap__in=shown)
        .annotate(place=latest)
        .filter(place__lte=most)
        .select_related("message")
        .order_by("-message_id")
    )
    for question in questions:
        text = masked_line(question.message.text, question.language)
        said = Said(text, question.language, 1)
        if said not in shown[question.gap_id or 0].questions:
            shown[question.gap_id or 0].questions.append(said)
    most_times = Window(RowNumber(), partition_by=[F("gap_id")], order_by=F("times").desc())
    searches = (
        SearchInGap.objects.filter(gap__in=shown)
        .annotate(place=most_times)
        .filter(place__lte=most)
        .select_related("search")
        .order_by("-times")
    )
    for one in searches:
        text = masked_line(one.search.words, one.search.language)
        shown[one.gap_id].searches.append(Said(text, one.search.language, one.times))
    return list(shown.values())


def settle(gap_id: int, *, by: Membership) -> Gap:
    """Take a gap off the list: it is written, or needs no article. Settled twice, nothing happens.

    What is asked of it later still counts there. Raises Gap.DoesNotExist.
    """
    with transaction.atomic():
        gap = _locked(gap_id, by)
        if gap.settled_at is None:
            gap.settled_at = now()
            gap.save(update_fields=["settled_at"])
            record(GapSettled(gap=gap.pk, label=gap.label, times=gap.times), by=by)
    return gap


def reopen(gap_id: int, *, by: Membership) -> Gap:
    """Put a settled gap back on the list. Raises Gap.DoesNotExist."""
    with transaction.atomic():
        gap = _locked(gap_id, by)
        if gap.settled_at is not None:
            gap.settled_at = None
            gap.save(update_fields=["settled_at"])
            record(GapReopened(gap=gap.pk, label=gap.label), by=by)
    return gap


def _locked(gap_id: int, by: Membership) -> Gap:
    if not may_look(by):
        raise MayNotChange
    return (
        gaps_visible_to(by).select_related("article").select_for_update(of=("self",)).get(pk=gap_id)
    )


def write_article(gap_id: int, *, by: Membership) -> Article:
    """Begin the article that a gap asks for: a draft, found by all the ways in which it was asked.

    There is one draft for a gap: asked again, it is that one. The gap is settled once the editor says
    so. Raises Gap.DoesNotExist, and NotAnEditor.
    """
    with transaction.atomic():
        gap = _locked(gap_id, by)
        if gap.article is not None:
            return gap.article
        own = [said for said in ways_asked(gap) if said.language == gap.language]
        title = gap.label[:LONGEST_TITLE]
        phrases = [said.text for said in own if said.text != title]
        written = Written(title=title, also_asked_as=phrases[:MOST_PHRASES])
        article = draft_article(written, gap.language, by=by)
        _phrases_of_others(gap, article, by)
        gap.article = article
        gap.save(update_fields=["article"])
        record(ArticleDrafted(article=article.pk, gap=gap.pk), by=by)
    return article


def _phrases_of_others(gap: Gap, article: Article, by: Membership) -> None:
    """A draft in each other language in which it was asked, called by its most frequent question."""
    others: dict[str, list[Said]] = {}
    for said in ways_asked(gap):
        if said.language != gap.language and said.language in languages():
            others.setdefault(said.language, []).append(said)
    for language, asked in others.items():
        title, *phrases = (one.text for one in sorted(asked, key=lambda one: -one.times))
        written = Written(title=title[:LONGEST_TITLE], also_asked_as=phrases[:MOST_PHRASES])
        keep_draft(article, language, written, by=by)
