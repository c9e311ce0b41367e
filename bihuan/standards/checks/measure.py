"""How well the checks read strangers' wording: `python -m bihuan.standards.checks.measure train|validation [--misses]`.

Every line of `corpus/<name>.yaml` is put into a small conversation in which its check applies; printed are precision
and recall per key. Misses are shown for the training lines only: the validation lines must stay unread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import yaml

from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition

Contact = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """A conversation around a line, the check that reads it, and the verdicts or reasons that mean "it is one"."""

    item: str
    wrap: Callable[[str], Contact]
    hits: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Counts of one key."""

    key: str
    found: int
    positives: int
    false: int
    negatives: int

    @property
    def recall(self) -> float:
        return self.found / self.positives if self.positives else 1.0

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false) if self.found + self.false else 1.0


def _opening(line: str) -> Contact:
    return dialogue("C: 在吗", f"A: {line}", "C: 我想问下订单", "A: 稍等", "C: 好")


def _closing(line: str) -> Contact:
    return dialogue("C: 我想问下订单", "A: 收到", "A: 看到了", "A: 明天到", "C: 好的", f"A: {line}", "C: 嗯")


def _upset(line: str) -> Contact:
    return dialogue("C: 都三天了还没发货，太让人失望了", f"A: {line}", "A: 明天发出")


def _problem(line: str) -> Contact:
    return dialogue("C: 我上周买的洗衣机坏了，脱水声音特别大，想换一台", "A: 看到了", f"A: {line}", "C: 对")


def _said(line: str) -> Contact:
    return dialogue("C: 我的东西什么时候能处理好", "A: 您好，请稍等", f"A: {line}", "C: 哦")


def _identity(line: str) -> Contact:
    return dialogue("C: 查余额", f"A: {line}", "C: 张三，1234，是我本人", "A: 您的账户余额是300元", "C: 好")


def _account(line: str) -> Contact:
    return dialogue("C: 帮我看一下", f"A: {line}", "C: 好")


def _handed(line: str) -> Contact:
    return dialogue("C: 还没修好", f"A: {line}", "C: 好", facts={"handed_over": True})


def _complaint(step: int) -> Callable[[str], Contact]:
    steps = ["非常抱歉给您带来困扰", "已为您登记", "24小时内给您答复", "我会全程跟进"]

    def wrap(line: str) -> Contact:
        said = [line if place == step else given for place, given in enumerate(steps)]
        return dialogue("C: 我要投诉", *(f"A: {words}" for words in said), "C: 嗯", facts={"category": "complaint"})

    return wrap


def _customer(line: str) -> Contact:
    return dialogue("C: 在吗", "A: 您好", f"C: {line}", "A: 请提供订单号", "C: 好")


_REASONS: Final = ("curt",)
FRAMES: Final[Mapping[str, Frame]] = {
    "greeting": Frame("greeting", _opening, ("met",)),
    "self_introduction": Frame("self_introduction", _opening, ("met",)),
    "closing_thanks": Frame("closing_thanks", _closing, ("met",)),
    "contact_promise": Frame("contact_promise", _closing, ("met",)),
    "ask_satisfied": Frame("ask_satisfied", _closing, ("met",)),
    "empathy": Frame("empathy", _upset, ("met",)),
    "restate": Frame("restate", _problem, ("met",)),
    "forbidden_promise": Frame("forbidden_promise", _said, ("violated",)),
    "impatience": Frame("impatience", _said, ("violated",)),
    "personal_data_leak": Frame("personal_data_leak", _said, ("violated",)),
    "identity_ask": Frame("identity_first", _identity, ("met",)),
    "account_disclosure": Frame("identity_first", _account, ("violated", "met")),
    "progress_told": Frame("progress_told", _handed, ("met",)),
    "complaint_soothe": Frame("complaint_steps", _complaint(0), ("met",)),
    "complaint_record": Frame("complaint_steps", _complaint(1), ("met",)),
    "complaint_feedback": Frame("complaint_steps", _complaint(2), ("met",)),
    "complaint_follow_up": Frame("complaint_steps", _complaint(3), ("met",)),
    "curt": Frame("polite_wording", lambda line: dialogue("C: 在吗", f"A: {line}", "C: 嗯"), ("curt",)),
    "negative_emotion": Frame("empathy", _customer, ("violated", "met")),
    "complaint_words": Frame("complaint_steps", _customer, ("violated", "met")),
}


def corpus(name: str) -> dict[str, dict[str, list[str]]]:
    """Lines by key, then `positive` and `negative`."""
    text = resources.files("bihuan.standards.checks").joinpath(f"corpus/{name}.yaml").read_text("utf-8")
    given: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return given


def said(engine: Engine, key: str, lines: list[str]) -> list[bool]:
    """For each line whether the engine takes it for one of its key."""
    frame = FRAMES[key]
    table = engine.judge(Batch.of_many([frame.wrap(line) for line in lines]))
    rows = table.filter(table["item"] == frame.item)
    return [bool({row["verdict"], row["reason"].partition("?")[0]} & set(frame.hits)) for row in rows.rows(named=True)]


def measure(name: str, *, misses: bool = False) -> list[Score]:
    """Scores of every key of a corpus; with `misses` the lines judged otherwise go to standard output."""
    engine = Engine.for_edition(load_edition("recommended"))
    scores = []
    for key, lines in corpus(name).items():
        positive, negative = lines["positive"], lines["negative"]
        found, false = said(engine, key, positive), said(engine, key, negative)
        scores.append(Score(key, sum(found), len(positive), sum(false), len(negative)))
        if misses:
            for text in [line for line, hit in zip(positive, found, strict=True) if not hit]:
                sys.stdout.write(f"{key} - {text}\n")
            for text in [line for line, hit in zip(negative, false, strict=True) if hit]:
                sys.stdout.write(f"{key} + {text}\n")
    return scores


def _print(scores: list[Score]) -> None:
    for score in scores:
        sys.stdout.write(
            f"{score.key:20s} precision {score.precision:.3f}  recall {score.recall:.3f}  "
            f"({score.found}/{score.positives} found, {score.false}/{score.negatives} false)\n"
        )
    total = Score("all", *(sum(getattr(score, name) for score in scores) for name in _COUNTS))
    sys.stdout.write(f"{'all':20s} precision {total.precision:.3f}  recall {total.recall:.3f}\n")


_COUNTS: Final = ("found", "positives", "false", "negatives")

if __name__ == "__main__":
    corpus_name = sys.argv[1] if len(sys.argv) > 1 else "train"
    _print(measure(corpus_name, misses="--misses" in sys.argv and corpus_name == "train"))
