"""Trains the models of `learned.py`: `python -m bihuan.standards.checks.training` writes `corpus/weights.json`.

Deterministic: the same corpus and wording give the same file. Thresholds come from cross-validation on the training
lines alone; the validation lines are never read here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bihuan.standards.checks.declarations import complaint, empathy, impatience, promise, restate
from bihuan.standards.checks.emotion import SHADES
from bihuan.standards.checks.fold import fold
from bihuan.standards.checks.learned import BUCKETS, Units, framed
from bihuan.standards.checks.lexicon import Lexicon
from bihuan.standards.checks.measure import corpus
from bihuan.standards.checks.phrases import all_patterns
from bihuan.standards.checks.texts import Texts


def flattened(lines: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """All lines of a grouped list."""
    return tuple(line for group in lines.values() for line in group)


_TONES: Final = tuple(
    f"impatience_{tone}"
    for tone in ("insult", "belittling", "dismissal", "indifference", "hurry", "reproach", "brush_off")
)
_CUSTOMERS: Final = ("negative_emotion", "complaint_words")


@dataclass(frozen=True)
class Task:
    """A key to learn: its wording lists, the keys whose lines must not teach it that they are none, and whether any
    message is asked (then a finding must be surer than where only the beginning or the end of a contact is)."""

    patterns: tuple[str, ...]
    akin: tuple[str, ...] = ()
    anywhere: bool = False
    jointly: bool = False  # whether the lists must all find a line, or any of them


TASKS: Final[Mapping[str, Task]] = {
    "greeting": Task(("greeting",)),
    "self_introduction": Task(("self_introduction",)),
    "closing_thanks": Task(("closing_thanks",), ("contact_promise",)),
    "contact_promise": Task(("contact_promise",), ("closing_thanks", "complaint_follow_up")),
    "ask_satisfied": Task(("ask_satisfied",), ("closing_thanks", "complaint_follow_up")),
    "empathy": Task(("understanding", "apology"), ("complaint_soothe",)),
    "restate": Task(("restate",)),
    "forbidden_promise": Task(("forbidden_promise",), (), anywhere=True),
    "impatience": Task(_TONES, ("curt", "empathy", "complaint_soothe", "polite_wording"), anywhere=True),
    "identity_ask": Task(("identity_asked",)),
    "account_disclosure": Task(("account_disclosed", "account_changed"), ("personal_data_leak",), anywhere=True),
    "progress_told": Task(("hand_who", "hand_when"), ("complaint_feedback", "complaint_follow_up"), jointly=True),
    "complaint_soothe": Task(("understanding", "apology"), ("empathy",)),
    "complaint_record": Task(("recorded",), ("progress_told",)),
    "complaint_feedback": Task(("feedback_given",), ("progress_told", "complaint_follow_up")),
    "complaint_follow_up": Task(("followed_up",), ("complaint_feedback", "progress_told")),
    "negative_emotion": Task(SHADES, ("complaint_words",), anywhere=True),
    "complaint_words": Task(("complaint_words",), ("negative_emotion",), anywhere=True),
}
# Trained on short lines, a model finds too much in the long messages of real chats where any message is asked: there
# the lists decide alone; for empathy the model only refuses empty apologies that the lists found.
_WORDS: Final = frozenset(
    (
        "impatience",
        "forbidden_promise",
        "account_disclosure",
        "negative_emotion",
        "restate",
        "self_introduction",
        "progress_told",
    )
)
_JOIN: Final = frozenset(("complaint_words",))
_VETO: Final = frozenset(("empathy",))
_HIT_SCALE: Final = 3.0  # makes the wording list's word heavier than one n-gram's under the same penalty
_PENALTY: Final = 3.0
_OTHERS: Final = 0.4
_FOLDS: Final = 5
_LEAST_PRECISION: Final = {False: 0.93, True: 0.95}
_SMALLEST: Final = 0.02

# The checks' own examples teach too: a model may not contradict them.
_TAUGHT: Final[Mapping[str, tuple[Sequence[str], Sequence[str]]]] = {
    "greeting": (
        ("下午好～让您久等了", "您好", "嗨，亲，在的呢😊", "hello, let me check"),
        ("说吧", "什么事", "你好像没有付款", "自己看下订单"),
    ),
    "self_introduction": (
        (
            "您好，小李为您服务",
            "您好，我是您的专属顾问晓晓",
            "您好，我叫王芳，请讲",
            "hello, my name is lily, how can i help?",
        ),
        (
            "您好，星河商城为您服务",
            "您好，很高兴为您服务，请问有什么可以帮您",
            "您好，我是人工客服，请讲",
            "您好，稍后由售后小王联系您",
            "请问是张先生吗",
            "您好，请讲",
            "您好，请稍等",
            "您好，有什么可以帮您",
            "亲，在的呢",
            "让您久等了",
            "您好，京东客服为您服务",
            "您好，在线客服为您服务",
        ),
    ),
    "progress_told": (
        ("已为您转交技术部门，24小时内给您回电", "财务今天下班前答复您", "投诉专员明天上午联系您"),
        (
            "我帮您升级处理",
            "两小时内会有答复",
            "已经帮您反馈给技术部门了，请耐心等待",
            "好的",
            "马上为您处理",
            "您可以联系一下快递员",
        ),
    ),
    "empathy": (flattened(empathy.EMPATHIC), empathy.COLD),
    "complaint_soothe": ((*complaint.SOOTHED, *flattened(empathy.EMPATHIC)), empathy.COLD),
    "complaint_record": (complaint.RECORDED, ("没有查到您的记录", *complaint.SOOTHED)),
    "complaint_feedback": (complaint.FED_BACK, ("我们会尽快处理", *complaint.SOOTHED)),
    "complaint_follow_up": (complaint.FOLLOWED, ("有问题您可以随时联系我们", *complaint.SOOTHED)),
    "negative_emotion": (empathy.UPSET, empathy.CALM),
    "forbidden_promise": (promise.PROMISES, promise.HARMLESS),
    "impatience": (flattened(impatience.RUDE), impatience.PATIENT),
    "restate": (restate.RESTATED, restate.NOT_RESTATED),
}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lines:
    """What a model learns from: features, truth, weight, and how many of the first lines are the key's own."""

    features: csr_matrix
    truth: npt.NDArray[np.int64]
    weight: Floats
    own: int


def hits(lexicon: Lexicon, task: Task, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which of the folded texts the key's wording lists find (all of them for hand-overs: who and when)."""
    read = Texts(pl.Series(list(texts), dtype=pl.String), np.ones(len(texts), dtype=np.bool_), lexicon)
    found = np.array([read.hold(name, np.arange(len(texts))) for name in task.patterns])
    joined = np.logical_and if task.jointly else np.logical_or
    known: npt.NDArray[np.bool_] = joined.reduce(found, axis=0)
    return known


def prepared(key: str, given: Mapping[str, Mapping[str, list[str]]], lexicon: Lexicon) -> Lines:
    """The key's own lines, and with little weight those of other keys of the same speaker that its lists do not find."""
    task = TASKS[key]
    taught = _TAUGHT.get(key, ((), ()))
    positive = [*given[key]["positive"], *taught[0]]
    own = [fold(line) for line in (*positive, *given[key]["negative"], *taught[1])]
    akin = {key, *task.akin}
    others = [
        fold(line)
        for other, lines in given.items()
        if other not in akin and (other in _CUSTOMERS) == (key in _CUSTOMERS)
        for line in (*lines["positive"], *lines["negative"])
    ]
    others = [text for text, hit in zip(others, hits(lexicon, task, others), strict=True) if not hit] if others else []
    texts = [*own, *others]
    known = hits(lexicon, task, texts)
    cut = [text[:1000] for text in texts]
    units = Units.of(framed(cut), np.array([len(text) for text in cut], dtype=np.int64))
    truth = np.zeros(len(texts), dtype=np.int64)
    truth[: len(positive)] = 1
    weight = np.where(np.arange(len(texts)) < len(own), 1.0, _OTHERS)
    return Lines(hstack([_counts(units, len(texts)), _HIT_SCALE * known[:, None]]).tocsr(), truth, weight, len(own))


def _counts(units: Units, texts: int) -> csr_matrix:
    owner = np.repeat(np.arange(texts), np.diff([*units.units[units.texts], units.buckets.shape[1]]))
    rows = np.tile(owner, len(units.buckets))
    columns = units.buckets.ravel()
    inside = columns < BUCKETS
    ones = np.ones(int(inside.sum()))
    return csr_matrix((ones, (rows[inside], columns[inside])), shape=(texts, BUCKETS))


def _fitted(lines: Lines, rows: npt.NDArray[np.int64]) -> LogisticRegression:
    model = LogisticRegression(C=_PENALTY, solver="liblinear", random_state=0, max_iter=1000)
    return model.fit(lines.features[rows], lines.truth[rows], sample_weight=lines.weight[rows])


def threshold(lines: Lines, least: float) -> float:
    """The score above which cross-validated precision on the key's own lines is at least `least`, recall being greatest."""
    own, others = np.arange(lines.own), np.arange(lines.own, len(lines.truth))
    scores = np.zeros(lines.own)
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(own, lines.truth[: lines.own]):
        scores[test] = _fitted(lines, np.concatenate((train, others))).decision_function(lines.features[test])
    truth = lines.truth[: lines.own] == 1
    best, chosen = -1, 0.0
    for cut in np.sort(np.unique(scores)):
        found = scores >= cut
        right = int((found & truth).sum())
        if right >= least * found.sum() and right > best:
            best, chosen = right, float(cut)
    below = scores[scores < chosen]
    return (chosen + float(below.max())) / 2 if len(below) else chosen - 1e-6


def trained(key: str, given: Mapping[str, Mapping[str, list[str]]], lexicon: Lexicon) -> dict[str, Any]:
    """The model of one key in the form of the weights file."""
    head = {"patterns": list(TASKS[key].patterns), "jointly": TASKS[key].jointly}
    if key in _WORDS:
        return {**head, "mode": "words", "bias": -1.0, "hit": 2.0, "weights": {}}
    lines = prepared(key, given, lexicon)
    cut = threshold(lines, _LEAST_PRECISION[TASKS[key].anywhere])
    model = _fitted(lines, np.arange(len(lines.truth)))
    weights = model.coef_[0]
    kept = {str(place): round(float(weights[place]), 3) for place in np.flatnonzero(np.abs(weights[:-1]) >= _SMALLEST)}
    bias = float(model.intercept_[0]) - cut
    return {
        **head,
        "mode": "veto" if key in _VETO else "join" if key in _JOIN else "add",
        "bias": round(bias, 4),
        "hit": round(float(weights[-1]) * _HIT_SCALE, 4),
        "weights": kept,
    }


def train() -> dict[str, dict[str, Any]]:
    """All models from the training lines."""
    lexicon, given = Lexicon(all_patterns().values()), corpus("train")
    return {key: trained(key, given, lexicon) for key in TASKS}


if __name__ == "__main__":
    target = Path(__file__).parent / "corpus" / "weights.json"
    target.write_text(json.dumps(train(), ensure_ascii=False, separators=(",", ":"), indent=None) + "\n", "utf-8")
    sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")
