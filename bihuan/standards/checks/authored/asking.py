"""Checks that only a model can answer: a question, a closed set of answers, and what counts as evidence.

Nothing here asks anybody. The engine gives "cannot tell, not asked" for every conversation with an agent's words;
inspection's model judge puts the answers it got in that place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from bihuan.standards.checks.answer import Answer
from bihuan.standards.checks.declaration import Reason, Verdict
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.scan import Scan
from bihuan.standards.rules.edition import CheckSetting, Label

Document = Mapping[str, Any]
Speaker = Literal["agent", "customer", "anybody"]

SAYS: Final = "says_"
NO_AGENT: Final = "no_agent_message"
NOT_ASKED: Final = "not_asked"
UNUSABLE: Final = "unusable_answer"
QUOTE_MISSING: Final = "quote_missing"
QUOTE_INVENTED: Final = "quote_invented"
QUOTE_OF_OTHER: Final = "quote_of_other"
TOO_LONG: Final = "too_long"

_REASONS: Final = {
    NO_AGENT: Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke"),
    NOT_ASKED: Reason("cannot_tell", "模型尚未作答", "The model has not been asked yet"),
    UNUSABLE: Reason("cannot_tell", "模型的回答不在规定的选项之内", "The model's answer was none of those allowed"),
    QUOTE_MISSING: Reason("cannot_tell", "模型没有给出引文", "The model quoted nothing"),
    QUOTE_INVENTED: Reason("cannot_tell", "模型的引文在对话中不存在", "The model quoted words nobody said"),
    QUOTE_OF_OTHER: Reason("cannot_tell", "模型的引文出自另一方之口", "The model quoted the other side's words"),
    TOO_LONG: Reason("cannot_tell", "对话过长，未交给模型", "The conversation is too long for the model"),
}


@dataclass(frozen=True)
class Choice:
    """One of the allowed answers, the verdict it stands for, and how many quotes it needs."""

    code: str
    verdict: Verdict
    label: Label
    quotes: int


@dataclass(frozen=True)
class Asked:
    """What is asked about a conversation. `evidence` says in words what a quote has to show, `speaker` whose it is.

    `model` names the one model that may answer; empty for any.
    """

    item: str
    question: Label
    choices: tuple[Choice, ...]
    speaker: Speaker
    evidence: Label
    knowledge: str
    model: str = ""

    def choice(self, code: str) -> Choice | None:
        return next((one for one in self.choices if one.code == code), None)


def is_asked(definition: Document | None) -> bool:
    """Whether the definition is a question to a model and not an expression."""
    return definition is not None and "question" in definition


def asked_of(setting: CheckSetting) -> Asked | None:
    """The question an edition's check puts to a model; None for every other check."""
    if not is_asked(setting.definition):
        return None
    given = cast(Document, setting.definition)
    return Asked(
        setting.id, _label(given["question"]),
        tuple(_choice(code, one) for code, one in given["answers"].items()),
        given["evidence"]["speaker"], _label(given["evidence"]["what"]), given.get("knowledge", ""), given.get("model", ""),
    )  # fmt: skip


def _choice(code: str, given: Document) -> Choice:
    needed = 1 if given["verdict"] in ("met", "violated") else 0
    return Choice(code, given["verdict"], _label(given["label"]), given.get("quotes", needed))


def _label(given: Document) -> Label:
    return Label(given["zh"], given["en"])


def reasons_of(definition: Document) -> dict[str, Reason]:
    """What a verdict of the question may say: one reason for each answer, and those why there is none."""
    told = {
        f"{SAYS}{code}": Reason(one["verdict"], f"模型判断：{one['label']['zh']}", f"The model's answer: {one['label']['en']}")
        for code, one in definition["answers"].items()
    }  # fmt: skip
    return {**_REASONS, **told}


def judge_unasked(scan: Scan, answer: Answer) -> None:
    """Nobody was asked: not applicable without an agent, else not to be told."""
    answer.settle(scan.once("no_agent", FLAGS["no_agent"]), NO_AGENT)
    answer.settle(answer.open, NOT_ASKED)


def asked_faults(setting: CheckSetting) -> Iterator[tuple[str, str]]:
    """What the schema cannot say: answers that leave nothing to decide, a verdict that counts whoever gives it."""
    definition = cast(Document, setting.definition)
    verdicts = {one["verdict"] for one in definition["answers"].values()}
    for wanted in ("met", "violated"):
        if wanted not in verdicts:
            yield "definition.answers", f"No answer stands for '{wanted}'."
    if setting.counts and "model" not in definition:
        yield (
            "counts",
            "Trust is earned by one model: name it (`model`) before the check counts, or write counts: false.",
        )
