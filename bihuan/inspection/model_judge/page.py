"""The model judge's page: its state in a strip, its questions, its days, what failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bihuan.inspection.model_judge.state import JudgeState
from bihuan.inspection.models import ModelDay, ModelFault
from bihuan.inspection.rules.model_service import Fault
from bihuan.inspection.trust.standing import Stand, stands
from bihuan.inspection.trust.words import STANDINGS, word
from bihuan.kit.numbers import divided
from bihuan.standards.checks.authored.asking import Asked
from bihuan.standards.rules.edition import CheckSetting
from bihuan.ui import formats, values
from bihuan.ui.figures import Timing
from bihuan.ui.tables import Column, Table

FAULTS: Final[Mapping[str, Any]] = {
    Fault.TIMED_OUT: gettext_lazy("No answer in time"),
    Fault.UNREACHABLE: gettext_lazy("Cannot be reached, or hung up"),
    Fault.RATE_LIMITED: gettext_lazy("Too many requests"),
    Fault.SERVER_ERROR: gettext_lazy("Fault of the service"),
    Fault.REFUSED: gettext_lazy("Key refused"),
    Fault.REDIRECTED: gettext_lazy("Redirected elsewhere, not followed"),
    Fault.NOT_THERE: gettext_lazy("No such address"),
    Fault.BAD_REQUEST: gettext_lazy("Request not accepted"),
    Fault.NOT_UNDERSTOOD: gettext_lazy("Not the answer of a chat service"),
    Fault.TOO_LARGE: gettext_lazy("Answer too large"),
    Fault.UNUSABLE: gettext_lazy("Answer outside the list"),
}


@dataclass(frozen=True)
class QuestionLine:
    """A question of the edition, how far it is trusted, and whether this installation's model may answer it."""

    setting: CheckSetting
    asked: Asked
    stand: Stand
    here: bool
    edition: str

    @property
    def name(self) -> str:
        return self.setting.label.said(values.language())

    @property
    def question(self) -> str:
        return self.asked.question.said(values.language())

    @property
    def answers(self) -> str:
        return " · ".join(choice.label.said(values.language()) for choice in self.asked.choices)

    @property
    def standing(self) -> str:
        return word(STANDINGS, self.stand.standing)

    @property
    def model(self) -> str:
        if self.here or not self.asked.model:
            return self.asked.model or _("any")
        return _("%(model)s, not set up here") % {"model": self.asked.model}

    @property
    def url(self) -> str:
        return f"{reverse('inspection:trust_check', args=[self.setting.id])}?edition={self.edition}"


def _share(row: ModelDay) -> Decimal | None:
    return divided(row.answered * 100, row.questions, 1)


QUESTIONS: Final = (
    Column("name", gettext_lazy("Check"), url=lambda line: line.url),
    Column("question", gettext_lazy("Question")),
    Column("answers", gettext_lazy("Allowed answers")),
    Column("model", gettext_lazy("Model")),
    Column("standing", pgettext_lazy("standing of a check", "Standing")),
)
DAYS: Final = (
    Column("day", gettext_lazy("Day"), "day", reason=lambda row: _("records without times")),
    Column("questions", gettext_lazy("Questions"), "number"),
    Column("answered", gettext_lazy("Answered"), "number"),
    Column("open", gettext_lazy("Unanswered"), "number"),
    Column("share", gettext_lazy("Answered %"), "percent", get=_share, decimals=1),
    Column("model", gettext_lazy("Model"), get=lambda row: f"{row.model} · {row.prompt_version}"),
    Column(
        "touched_at", gettext_lazy("Last answer"), "moment", get=lambda row: row.touched_at if row.answered else None
    ),
)
FAILURES: Final = (
    Column("day", gettext_lazy("Day"), "day"),
    Column("code", gettext_lazy("What failed"), get=lambda row: word(FAULTS, row.code)),
    Column("count", gettext_lazy("Times"), "number"),
    Column("detail", gettext_lazy("Last reason")),
    Column("last_at", gettext_lazy("Last time"), "moment"),
)


@dataclass(frozen=True)
class JudgePage:
    """The page in the words of the reader's language."""

    state: JudgeState

    @property
    def edition_name(self) -> str:
        return f"{self.state.edition.title.said(values.language())} {self.state.edition.version}"

    @cached_property
    def questions(self) -> Table:
        held, edition = stands(self.state.edition), self.state.edition
        lines = [
            QuestionLine(edition.checks[one.item], one, held[one.item], self.state.answered_by(one), edition.hash)
            for one in self.state.asked
        ]
        return Table(QUESTIONS, lines)

    @cached_property
    def days(self) -> Table:
        return Table(DAYS, list(self.state.days))

    @cached_property
    def failures(self) -> Table:
        return Table(FAILURES, list(self.state.faults))

    @property
    def is_working(self) -> bool:
        """Whether answers may come in while somebody looks."""
        return self.state.endpoint is not None and self.state.open > 0 and not self.state.is_spent

    @property
    def strip(self) -> list[Timing]:
        found = self.state.endpoint
        if found is None:
            return []
        return [
            Timing(_("Model"), found.model, note=found.place),
            _budget(_("Requests today"), self.state.requests, found.requests, values.number),
            _budget(_("Tokens today"), self.state.tokens, found.tokens, values.number),
            Timing(_("Open questions"), values.number(self.state.open), note=self._when),
            Timing(_("Failures, 7 days"), values.number(self._failed), tone="warn" if self._failed else ""),
        ]

    @property
    def _failed(self) -> int:
        return sum(row.count for row in self.state.faults)

    @property
    def _when(self) -> str:
        if not self.state.open:
            return ""
        return _("go on tomorrow: today's budget is spent") if self.state.is_spent else _("go on within ten minutes")


def _budget(label: str, used: int, limit: int | None, said: Callable[[int], str]) -> Timing:
    if limit is None:
        return Timing(label, said(used), note=_("no limit"))
    share = formats.percent(divided(used * 100, limit, 0), 0) if limit else formats.percent(Decimal(100), 0)
    note = _("%(share)s of %(limit)s") % {"share": share, "limit": said(limit)}
    return Timing(label, said(used), note=note, tone="warn" if used >= limit else "")


def last_failure(state: JudgeState) -> ModelFault | None:
    """The newest failure, if it is newer than the last answer."""
    newest = max(state.faults, key=lambda row: row.last_at, default=None)
    answered = max((row.touched_at for row in state.days if row.answered), default=None)
    return newest if newest and (answered is None or newest.last_at > answered) else None
