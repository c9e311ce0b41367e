"""Everything the page of one conversation shows, gathered once and already masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from bihuan.appeals.kinds import Matter
from bihuan.appraisal.queries import contact_verdicts
from bihuan.archive.manifest import day_key
from bihuan.archive.reader import ContactRecord
from bihuan.archive.writer import verdicts_of
from bihuan.inspection.blindness import Owed
from bihuan.inspection.models import Evaluation
from bihuan.inspection.platform_reviews import reviews_about
from bihuan.inspection.queries import evaluation_of
from bihuan.kit.clock import now
from bihuan.people.rules.roles import Permission
from bihuan.standards.checks.personal_data import masked_key
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.scoring import score_contact
from bihuan.standards.rules.tree import ScoreNode
from bihuan.standards.rules.verdict import Verdict
from bihuan.ui import values
from bihuan.ui.figures import Timing
from bihuan.workplace.contacts.appealing import Asked, asked_about, with_appeals
from bihuan.workplace.contacts.appeals import matter_of
from bihuan.workplace.contacts.judged_by import edition_of_day
from bihuan.workplace.contacts.judgement import Bar, Group, Score, groups, meter, score_of
from bihuan.workplace.contacts.names import Names, names_of
from bihuan.workplace.contacts.raw_record import RawPart, origin, raw_parts
from bihuan.workplace.contacts.revealing import LASTS
from bihuan.workplace.contacts.score_rows import TreeRow, score_rows
from bihuan.workplace.contacts.timings import longest_gap, primary_share, timings
from bihuan.workplace.contacts.transcript import Bubble, Transcript, agent_name, sides, transcript
from bihuan.workplace.contacts.wording import CATEGORIES, CHANNELS, OUTCOMES, customer_name, said
from bihuan.workplace.masking import masked
from bihuan.workplace.reading import View


@dataclass(frozen=True)
class ContactPage:
    """One conversation as `view`'s user may see it, judged by `edition`. `revealed` shows what masking hides."""

    view: View
    record: ContactRecord
    edition: Edition
    revealed: bool = False

    @cached_property
    def contact(self) -> Mapping[str, Any]:
        return self.record.contact

    @cached_property
    def names(self) -> Names:
        persons = {row["person"] for row in self.record.rollup} | {row["agent_key"] for row in self.record.events}
        teams = {row["team"] for row in self.record.rollup} | {
            row["team"] or row["queue"] for row in self.record.events
        }
        return names_of(persons, {*teams, self.contact["queue"]})

    @property
    def owed(self) -> Owed | None:
        """The blind answer the reader still owes about this conversation: until it is given, nothing judged is shown."""
        return self.view.blind.get(self.contact["contact_id"])

    @cached_property
    def verdicts(self) -> Mapping[str, Verdict]:
        return {} if self.owed else contact_verdicts(self.view.reader, self.edition, self.contact["contact_id"])

    @cached_property
    def tree(self) -> ScoreNode:
        return score_contact(self.edition, self.verdicts)

    @cached_property
    def score(self) -> Score:
        return score_of(self.tree, self.verdicts)

    @cached_property
    def groups(self) -> Sequence[Group]:
        matter = self._matter if self._is_about_reader else None
        found = groups(self.edition, self.verdicts, self.tree)
        return with_appeals(found, self.asked, user=self.view.user, matter=matter, at=now())

    @cached_property
    def asked(self) -> Asked:
        return asked_about(self.contact["contact_id"], self.edition)

    @cached_property
    def score_in_force(self) -> Score | None:
        """The score with what people decided in the place of the machine's answers; None where that changes nothing."""
        if not self.asked.changes(self.verdicts):
            return None
        counted = self.asked.in_force(self.verdicts)
        tree = score_contact(self.edition, counted)
        same = (tree.value, tree.unfailed, tree.coverage) == (self.tree.value, self.tree.unfailed, self.tree.coverage)
        return None if same and not self.asked.decided else score_of(tree, counted)

    @cached_property
    def human(self) -> Evaluation | None:
        """What people found, beside the machine (X12)."""
        return evaluation_of(self.view.user, self.contact["contact_id"], blind=self.view.blind)

    @cached_property
    def transcript(self) -> Transcript:
        gap = longest_gap(self.edition, self.record)
        return transcript(self.record, self.verdicts, self.names, gap_us=gap, revealed=self.revealed)

    @cached_property
    def tree_rows(self) -> list[TreeRow]:
        bubbles = (line for line in self.transcript.lines if isinstance(line, Bubble))
        texts = {line.seq: "".join(one.text for one in line.segments) for line in bubbles}
        return score_rows(self.tree, texts, self.edition)

    @cached_property
    def timings(self) -> list[Timing]:
        return timings(self.record, self.edition)

    @cached_property
    def raw(self) -> list[RawPart]:
        reviews = reviews_about(self.view.reader, self.record).to_dicts()
        return raw_parts(self.record, self.names, reviews=reviews, revealed=self.revealed)

    @property
    def judged_elsewhere(self) -> list[str]:
        """Hashes of other editions under which this contact's day was judged."""
        if self.owed:
            return []
        key, start = day_key(self.contact["day"]), verdicts_of("")
        tables = self.view.reader.manifest.tables
        judged = [name.removeprefix(start) for name in tables if name.startswith(start) and key in tables[name]]
        return [digest for digest in judged if digest != self.edition.hash]

    @property
    def title(self) -> str:
        return masked(self.contact["subject"], revealed=self.revealed) or self.category or self.channel

    @property
    def category(self) -> str:
        return said(CATEGORIES, self.contact["category"])

    @property
    def channel(self) -> str:
        return said(CHANNELS, self.contact["channel"])

    @property
    def outcome(self) -> str:
        return said(OUTCOMES, self.contact["outcome"])

    @property
    def customer(self) -> str:
        return customer_name(self.contact["customer_surname"])

    @property
    def customer_key(self) -> str:
        key: str | None = self.contact["customer_key"]
        return key or "" if self.revealed else masked_key(key)

    @property
    def team(self) -> str:
        share = primary_share(self.record) or {}
        return self.names.team(share.get("team") or self.contact["queue"])

    @property
    def agent(self) -> str:
        share = primary_share(self.record) or {}
        return agent_name(self.record, self.names, share.get("agent_key"))

    @property
    def sides(self) -> list[tuple[str, int]]:
        return list(sides(self.transcript.counts))

    @property
    def edition_title(self) -> str:
        return f"{self.edition.title.said(values.language())} {self.edition.version}"

    @property
    def reveal_minutes(self) -> int:
        return LASTS // timedelta(minutes=1)

    @property
    def meter(self) -> list[Bar]:
        return meter(self.score)

    @property
    def origin(self) -> list[tuple[str, str]]:
        return origin(self.record, self.view.reader.manifest.hash, self.edition)

    @property
    def standing(self) -> str:
        """Complaint and level, unless the title says so already."""
        complaint = _("Complaint") if self.is_complaint else ""
        return " · ".join(
            part for part in (complaint if complaint != self.title else "", self.contact["level"]) if part
        )

    @property
    def standing_tone(self) -> str:
        return "warn" if self.is_complaint else ""

    @property
    def is_complaint(self) -> bool:
        return bool(self.record.complaints) or self.contact["category"] == "complaint"

    @property
    def _is_about_reader(self) -> bool:
        """The reader served this conversation and sees it by the edition of its day: what stands here may be appealed."""
        person, user = (primary_share(self.record) or {}).get("person"), self.view.user
        mine = person is not None and person == getattr(getattr(user, "person", None), "number", None)
        own = edition_of_day(self.view.reader.manifest, self.contact["day"], self.view.edition)
        return mine and self.edition.hash == own.hash and user.has_perm(Permission.APPEAL)

    def _matter(self) -> Matter:
        return matter_of(self.view.reader.archive, self.record, self.edition, self.verdicts)
