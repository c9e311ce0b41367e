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

from bihuan.standards.checks.composing import Composed, background
from bihuan.standards.checks.emotion import SHADES
from bihuan.standards.checks.fold import fold
from bihuan.standards.checks.learned import BUCKETS, Units, framed
from bihuan.standards.checks.lexicon import Lexicon
from bihuan.standards.checks.measure import corpus
from bihuan.standards.checks.phrases import all_patterns
from bihuan.standards.checks.taught import TAUGHT
from bihuan.standards.checks.texts import Texts

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
    "complaint_follow_up": Task(("followed_up",), ("progress_told",), anywhere=True),
    "negative_emotion": Task(SHADES, ("complaint_words",), anywhere=True),
    "complaint_words": Task(("complaint_words",), ("negative_emotion",), anywhere=True),
}
# Where any message is asked, n-grams find too much in the long messages of real chats even if they find nothing in common
# speech; where lists find nearly all, they add nothing. For empathy the model only refuses what the lists found.
_WORDS: Final = frozenset(
    (
        "account_disclosure",
        "forbidden_promise",
        "greeting",
        "impatience",
        "negative_emotion",
        "progress_told",
        "restate",
        "self_introduction",
    )
)
_JOIN: Final = frozenset(("complaint_words",))
_VETO: Final = frozenset(("empathy",))
_HIT_SCALE: Final = 3.0  # makes the wording list's word heavier than one n-gram's under the same penalty
_PENALTY: Final = 3.0
_OTHERS: Final = 0.8
_FOLDS: Final = 5
_LEAST_PRECISION: Final = 0.95
_SMALLEST: Final = 0.04
_NOISE: Final = {False: 0.002, True: 0.0}  # share of common speech that a model may take for its key
_STEP: Final = 1e-3
_MARGIN: Final = 1.0  # what `Model.scores` takes off where only n-grams speak

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Lines:
    """What a model learns from, one entry per line: n-grams, truth, weight, whether the key's lists find it, and in which
    fold it is asked (−1: it only ever teaches). The first `own` lines are the key's own."""

    features: csr_matrix
    truth: npt.NDArray[np.int64]
    weight: Floats
    listed: npt.NDArray[np.bool_]
    fold: npt.NDArray[np.int64]
    own: int


def hits(lexicon: Lexicon, task: Task, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which of the folded texts the key's wording lists find (all of them for hand-overs: who and when)."""
    read = Texts(pl.Series(list(texts), dtype=pl.String), np.ones(len(texts), dtype=np.bool_), lexicon)
    found = np.array([read.hold(name, np.arange(len(texts))) for name in task.patterns])
    joined = np.logical_and if task.jointly else np.logical_or
    known: npt.NDArray[np.bool_] = joined.reduce(found, axis=0)
    return known


def prepared(key: str, given: Mapping[str, Mapping[str, list[str]]], lexicon: Lexicon) -> Lines:
    """The key's own lines; with less weight those of other keys of the same speaker and what is said in any talk, alone and
    joined to longer messages. What the key's lists find among the others teaches nothing."""
    task, taught, customer = TASKS[key], TAUGHT.get(key, ((), ())), key in _CUSTOMERS
    positive = [*given[key]["positive"], *taught[0]]
    own = [fold(line) for line in (*positive, *given[key]["negative"], *taught[1])]
    akin = {key, *task.akin}
    others = [
        fold(line)
        for other, lines in given.items()
        if other not in akin and (other in _CUSTOMERS) == customer
        for line in (*lines["positive"], *lines["negative"])
    ]
    common = unlisted(lexicon, task, [fold(line) for line in background("customer" if customer else "agent")])
    mixed = Composed.of(own, len(positive), common, unlisted(lexicon, task, others))
    texts = [*own, *mixed.texts]
    truth = np.array([1] * len(positive) + [0] * (len(own) - len(positive)) + list(mixed.truth), dtype=np.int64)
    folds = _folds(truth[: len(own)])
    asked = np.array([folds[origin] if origin >= 0 else place % _FOLDS for place, origin in enumerate(mixed.origins)])
    cut = [text[:1000] for text in texts]
    units = Units.of(framed(cut), np.array([len(text) for text in cut], dtype=np.int64))
    weight = np.where(np.arange(len(texts)) < len(own), 1.0, _OTHERS)
    listed = hits(lexicon, task, texts)
    return Lines(_counts(units, len(texts)), truth, weight, listed, np.concatenate((folds, asked)), len(own))


def unlisted(lexicon: Lexicon, task: Task, texts: list[str]) -> list[str]:
    """Those of the folded texts that the key's lists do not find."""
    return [text for text, hit in zip(texts, hits(lexicon, task, texts), strict=True) if not hit] if texts else []


def _folds(truth: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    folds = np.zeros(len(truth), dtype=np.int64)
    parts = StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(truth, truth)
    for number, (_, test) in enumerate(parts):
        folds[test] = number
    return folds


def _counts(units: Units, texts: int) -> csr_matrix:
    owner = np.repeat(np.arange(texts), np.diff([*units.units[units.texts], units.buckets.shape[1]]))
    rows = np.tile(owner, len(units.buckets))
    columns = units.buckets.ravel()
    inside = columns < BUCKETS
    ones = np.ones(int(inside.sum()))
    return csr_matrix((ones, (rows[inside], columns[inside])), shape=(texts, BUCKETS))


def _features(lines: Lines, mode: str) -> csr_matrix:
    """N-grams, and where lists and n-grams weigh together the lists' word too."""
    known = lines.listed if mode in ("join", "veto") else np.zeros(len(lines.listed))
    return hstack([lines.features, _HIT_SCALE * known[:, None]]).tocsr()


def _fitted(features: csr_matrix, lines: Lines, rows: npt.NDArray[np.int64]) -> LogisticRegression:
    model = LogisticRegression(C=_PENALTY, solver="liblinear", random_state=0, max_iter=1000)
    return model.fit(features[rows], lines.truth[rows], sample_weight=lines.weight[rows])


def threshold(features: csr_matrix, lines: Lines, mode: str, anywhere: bool) -> float:
    """The score above which cross-validated precision on the key's own lines is high enough and hardly any common speech
    is found (`_LEAST_PRECISION`, `_NOISE`), recall being greatest. Only lines are asked where the model has the last word,
    but every positive may place the cut: lists that find nearly all of them leave too few to place one by."""
    scores = np.full(len(lines.truth), -np.inf)
    for number in range(_FOLDS):
        test = np.flatnonzero(lines.fold == number)
        rest = np.flatnonzero(lines.fold != number)
        scores[test] = _fitted(features, lines, rest).decision_function(features[test])
    asked = {"add": ~lines.listed, "veto": lines.listed}.get(mode, np.ones(len(scores), dtype=np.bool_))
    own = np.arange(len(scores)) < lines.own
    true = scores[asked & own & (lines.truth == 1)]
    false = scores[asked & own & (lines.truth == 0)]
    noise = np.sort(scores[asked & ~own & (lines.truth == 0)])
    floor = (
        noise[min(len(noise) - 1, int(len(noise) * (1 - _NOISE[anywhere])))]
        if mode == "add" and len(noise)
        else -np.inf
    )
    found = 0 if mode != "add" else int((lines.listed & own & (lines.truth == 1)).sum())
    fits = [
        cut
        for cut in np.sort(scores[own & (lines.truth == 1)] if mode == "add" else true)
        if cut > floor
        and (found + (true >= cut).sum()) * (1 - _LEAST_PRECISION) >= _LEAST_PRECISION * (false >= cut).sum()
    ]
    return float(fits[0]) - _STEP if fits else float(max(scores[np.isfinite(scores)])) + 1.0


def trained(key: str, given: Mapping[str, Mapping[str, list[str]]], lexicon: Lexicon) -> dict[str, Any]:
    """The model of one key in the form of the weights file."""
    head = {"patterns": list(TASKS[key].patterns), "jointly": TASKS[key].jointly}
    if key in _WORDS:
        return {**head, "mode": "words", "bias": -1.0, "hit": 2.0, "weights": {}}
    mode = "veto" if key in _VETO else "join" if key in _JOIN else "add"
    lines = prepared(key, given, lexicon)
    features = _features(lines, mode)
    cut = threshold(features, lines, mode, TASKS[key].anywhere)
    model = _fitted(features, lines, np.arange(len(lines.truth)))
    weights = model.coef_[0]
    kept = {str(place): round(float(weights[place]), 2) for place in np.flatnonzero(np.abs(weights[:-1]) >= _SMALLEST)}
    bias = float(model.intercept_[0]) - cut + (_MARGIN if mode == "add" else 0.0)
    return {
        **head,
        "mode": mode,
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
