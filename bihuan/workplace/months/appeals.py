"""A monthly result may be appealed by the person it is about: the kind `result` of appeals, an item for each of its terms.

What is asked of a term is whether the figures behind it are right. Its weight and formula are the edition's and no matter
of appeals; a verdict or an evaluation behind a daily score has its own kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.appeals.kinds import Choice, Item, Kind, Matter, Span
from bihuan.appeals.models import Appeal, Decision
from bihuan.appeals.queries import Window, decisions_on, pending_on, window_of
from bihuan.appeals.wording import OUTCOMES, TONES
from bihuan.appraisal.appealed import KIND, notes_on, subject_of, unchanged_since, versions_of
from bihuan.appraisal.keeping import kept_edition
from bihuan.appraisal.models import NotedAppeal, Result
from bihuan.appraisal.queries import day_scores
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.kit.errors import InputError
from bihuan.people.rules.roles import Permission
from bihuan.standards.queries import find_edition
from bihuan.standards.rules.edition import Edition, Label
from bihuan.standards.rules.tree import ScoreNode
from bihuan.ui import formats
from bihuan.ui.values import language
from bihuan.workplace.months.page import edition_behind
from bihuan.workplace.months.result_words import in_words, label_of
from bihuan.workplace.months.reviewed import rates_of_months

STANDS, MISSING, FOREIGN, WRONG = "stands", "missing", "foreign", "wrong"
CHOICES: Final = (
    Choice(STANDS, Label("数据成立", "The figures stand"), "met"),
    Choice(MISSING, Label("有遗漏", "Something is missing"), "bad"),
    Choice(FOREIGN, Label("计入了不属于本人的", "Counts what is not theirs"), "bad"),
    Choice(WRONG, Label("原始记录有误", "The record is wrong"), "bad"),
)


def find(subject: str) -> Matter | None:
    """The newest version of a result with its terms; the window runs from when these figures could first be read."""
    versions = versions_of(subject)
    return _matter(subject, versions) if versions else None


def _matter(subject: str, versions: Sequence[Result]) -> Matter:
    newest = versions[0]
    return Matter(
        subject=subject,
        title=f"{newest.set.month:%Y-%m} {newest.scheme}",
        person=newest.person,
        team=newest.team,
        told_at=unchanged_since(versions).set.computed_at,
        edition=newest.set.edition_hash,
        items=tuple(_items(ScoreNode.from_json(newest.tree))),
    )


def context(subject: str) -> dict[str, Any]:
    """The result's figures, without the person's name and number."""
    versions = versions_of(subject)
    if not versions:
        return {}
    newest = versions[0]
    return {
        "tree": in_words(ScoreNode.from_json(newest.tree)),
        "days": day_scores(newest),
        "contacts": newest.contacts,
        "reviewed": rates_of_months(Reader(open_archive()), newest.person, [newest.set.month])[newest.set.month],
        "scheme": _scheme(newest),
    }


def quote(subject: str, span: Span) -> str | None:
    """A result holds no words to point to."""
    return None


def url(subject: str) -> str:
    """The page of the newest version."""
    versions = versions_of(subject)
    return reverse("workplace:result", args=[versions[0].pk]) if versions else reverse("workplace:months")


def says(title: str, edition: str) -> str:
    """Month and scheme in the reader's language; a scheme whose edition is gone, and what was kept in words, as it stands."""
    month, _space, scheme = title.partition(" ")
    try:
        declared = _named_by(edition).schemes.get(scheme)
    except InputError:
        return title
    return f"{month} {declared.label.said(language())}" if declared else title


@lru_cache(maxsize=16)
def _named_by(digest: str) -> Edition:
    """The edition with this hash, which never changes; InputError where it is gone."""
    return kept_edition(digest) or find_edition(digest)


RESULT: Final = Kind(
    name=KIND,
    label=gettext_lazy("Monthly result"),
    find=find,
    template="workplace/_appeal_result.html",
    context=context,
    quote=quote,
    url=url,
    stylesheets=("workplace/results.css",),
    opens=gettext_lazy("Open the result"),
    has_places=False,
    says=says,
)


@dataclass(frozen=True)
class Asked:
    """What was or may be asked about one result, for its page."""

    result: Result
    window: Window | None
    decided: Mapping[str, Decision]
    pending: Mapping[str, Appeal]
    notes: Sequence[NotedAppeal]
    opens: frozenset[Any]
    at: datetime

    @property
    def may_appeal(self) -> bool:
        return self.window is not None and not self.pending and self.window.is_open(self.at)

    @property
    def address(self) -> str:
        return reverse("appeals:making", args=[KIND, subject_of(self.result)])

    @property
    def lines(self) -> list[tuple[str, str, str, str, str]]:
        """(term, words, tone, reason, address of the appeal) of what is asked and what was decided."""
        terms = {node.id: label_of(node) for node in ScoreNode.from_json(self.result.tree).children}
        open_now = [
            (terms.get(key, key), _("Appeal open"), "accent", "", self._page(row.pk))
            for key, row in self.pending.items()
        ]
        done = [
            (terms.get(key, key), str(OUTCOMES[row.outcome]), TONES[row.outcome], row.reason, self._page(row.item.appeal_id))
            for key, row in self.decided.items()
        ]  # fmt: skip
        return [*open_now, *done]

    @property
    def told(self) -> list[str]:
        """What became of upheld appeals, in sentences."""
        return [_became(note, self.result) for note in self.notes if note.is_upheld]

    def _page(self, pk: Any) -> str:
        return reverse("appeals:appeal", args=[pk]) if pk in self.opens else ""


def asked_about(result: Result, user: Any, at: datetime) -> Asked:
    """For the person's own newest result also whether it may be appealed now."""
    subject = subject_of(result)
    decided, pending = decisions_on(KIND, subject), pending_on(KIND, subject)
    keys = {row.item.appeal_id for row in decided.values()} | {row.pk for row in pending.values()}
    opens = set(Appeal.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    person = getattr(user, "person", None)
    mine = person is not None and person.number == result.person and user.has_perm(Permission.APPEAL)
    versions = versions_of(subject) if mine else []
    matter = _matter(subject, versions) if versions and versions[0].pk == result.pk else None
    window = window_of(KIND, matter, at=at) if matter else None
    if window is not None and matter is not None and all(item.key in window.spent for item in matter.items):
        window = None
    notes = notes_on(result) if decided else []
    return Asked(result, window, decided, pending, notes, frozenset(opens), at)


def _became(note: NotedAppeal, shown: Result) -> str:
    """Whether the upheld decision has led to new figures."""
    if note.computation is not None and not note.computation.is_finished:
        return _("An input did not hold; the month is being computed again.")
    if shown.set.sequence > note.result.set.sequence and shown.tree != note.result.tree:
        return _("An input did not hold; this is the version after it was put right (#%(sequence)s).") % {
            "sequence": shown.set.sequence
        }
    return _(
        "An input did not hold. The record has not been corrected since, so the figures are as they were:"
        " once it is, the month is computed again and this note leads to the new version."
    )


def _items(tree: ScoreNode) -> Iterator[Item]:
    for node in tree.children:
        value = formats.number(node.value, 2) if node.value is not None else "—"
        n = f" · n {formats.number(node.n)}" if node.n is not None else ""
        label = Label(node.label.zh or node.id, node.label.en or node.id)
        yield Item(node.id, label, STANDS, CHOICES, Label(f"{value} 分{n}", f"{value} points{n}"))


def _scheme(result: Result) -> str:
    edition = edition_behind(result.set)
    declared = edition.schemes.get(result.scheme) if edition else None
    return declared.label.said(language()) if declared else result.scheme
