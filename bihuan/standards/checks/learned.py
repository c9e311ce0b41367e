"""Small trained models of meaning: which n-grams of characters speak for or against a key, beside its wording list.

A model is a sum of weights: one for the wording list's hit, one for each n-gram, counted per sentence of a long message.
The weights are trained by `training.py` from `corpus/train.yaml`; the part of a message with the greatest sum is what
carried the finding, and is shown as its evidence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt

BUCKETS: Final = 1 << 18
_LONGEST: Final = 3  # characters of an n-gram
_WHOLE: Final = 48  # characters up to which a message is one unit; a longer one is weighed sentence by sentence
_ENDS: Final = np.array([ord(char) for char in "。！？!?\n；;"], dtype=np.uint32)
BEGIN: Final = "\x02"
END: Final = "\x03"
_END: Final = np.uint32(ord(END))
_SIR: Final = (ord("先"), ord("生"))
_MADAM: Final = (ord("女"), ord("士"))
_SURE: Final = np.float32(1)  # what n-grams alone must weigh where the wording lists found nothing
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)

Hashes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Units:
    """Messages laid end to end: n-gram buckets per place (orders × places), where units and messages begin."""

    buckets: Hashes
    units: npt.NDArray[np.int64]
    texts: npt.NDArray[np.int64]  # index of each message's first unit

    @classmethod
    def of(cls, joined: str, sizes: npt.NDArray[np.int64]) -> Units:
        """The units of folded texts, at least one for each; `joined` are the texts as `framed` joins them, `sizes` their
        lengths in code points."""
        codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
        begins = np.cumsum(sizes + 2) - sizes - 2
        ends = np.flatnonzero(np.isin(codes[:-2], _ENDS))
        ends = ends[codes[ends + 1] != _END]
        long = sizes[np.searchsorted(begins, ends, side="right") - 1] > _WHOLE
        units = np.union1d(begins, ends[long] + 1)
        return cls(_buckets(codes), units, np.searchsorted(units, begins))


def framed(texts: Iterable[str]) -> str:
    """Texts end to end, each between a mark for its begin and one for its end: n-grams may hold either."""
    return "".join(f"{BEGIN}{text}{END}" for text in texts)


def _buckets(codes: npt.NDArray[np.uint32]) -> Hashes:
    """Per order 1…3 the bucket of the n-gram that begins at each place; `BUCKETS` where it would cross an end."""
    plain = np.where((codes >= ord("0")) & (codes <= ord("9")), np.uint32(ord("0")), codes).astype(np.uint64)
    _address_all_alike(plain)
    plain += np.uint64(1)
    found = np.full((_LONGEST, len(codes)), BUCKETS, dtype=np.int32)
    gram = np.zeros(len(codes), dtype=np.uint64)
    mixed, shift = np.empty_like(gram), np.empty_like(gram)
    crosses = np.zeros(len(codes), dtype=np.bool_)
    ends = codes == _END
    for order in range(_LONGEST):
        if order:
            crosses[: 1 - order or None] |= ends[order - 1 :]
        np.left_shift(gram, np.uint64(21), out=gram)
        gram[: len(codes) - order] |= plain[order:]
        gram[len(codes) - order :] |= np.uint64(1)
        np.multiply(gram, _MIX, out=mixed)
        np.right_shift(mixed, np.uint64(29), out=shift)
        np.bitwise_xor(mixed, shift, out=mixed)
        np.multiply(mixed, _MIX, out=mixed)
        np.right_shift(mixed, np.uint64(46), out=mixed)
        np.copyto(found[order], mixed, where=~crosses, casting="unsafe")
    return found


def _address_all_alike(plain: npt.NDArray[np.uint64]) -> None:
    """A man's address reads as a woman's: no verdict may hang on which it is, and n-grams that cross one would weigh it."""
    sirs = np.flatnonzero((plain[:-1] == _SIR[0]) & (plain[1:] == _SIR[1]))
    plain[sirs], plain[sirs + 1] = _MADAM


@dataclass(frozen=True)
class Model:
    """`table` has one weight per bucket (the last is 0); a message is one of the key where its score is above 0."""

    patterns: tuple[str, ...]
    jointly: bool  # whether all of the patterns must be found, or any
    # add: what the lists found counts, and what n-grams are sure of; join: both weigh together;
    # veto: only what the lists found is weighed; words: the lists alone
    mode: str
    bias: float
    hit: float
    table: Floats

    def scores(self, units: Units, hits: npt.NDArray[np.bool_]) -> Floats:
        """One score per message of `units`; `hits` tells which of them the wording lists found."""
        if not len(hits):
            return np.zeros(0, dtype=np.float32)
        summed = np.add.reduceat(self._places(units), units.units)
        best = (np.maximum.reduceat(summed, units.texts) + self.bias).astype(np.float32)
        if self.mode == "add":
            return np.where(hits, np.maximum(best, np.float32(1)), best - _SURE)
        weighed = (best + self.hit * hits).astype(np.float32)
        return weighed if self.mode == "join" else np.where(hits, weighed, np.float32(-1))

    def spans(self, joined: str, sizes: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
        """Per folded text, given as to `Units.of`, the part that speaks most for the key, in code points."""
        units = Units.of(joined, sizes)
        weights = self.table[units.buckets]
        credit = np.zeros(weights.shape[1])
        for order in range(_LONGEST):
            for back in range(order + 1):
                credit[back:] += weights[order, : weights.shape[1] - back] / (order + 1)
        bounds = [*units.units.tolist(), len(credit)]
        firsts = [*units.texts.tolist(), len(bounds) - 1]
        credits = credit.tolist()
        found = []
        for size, first, after in zip(sizes.tolist(), firsts, firsts[1:], strict=False):
            spans = [_heaviest(credits, bounds[unit], bounds[unit + 1]) for unit in range(first, after)]
            _, start, end = max(spans, key=lambda span: span[0])
            begin = bounds[first] + 1
            found.append((max(0, start - begin), min(size, max(0, end - begin))))
        return found

    def _places(self, units: Units) -> Floats:
        summed: Floats = np.take(self.table, units.buckets[0])
        for buckets in units.buckets[1:]:
            summed += np.take(self.table, buckets)
        return summed


def _heaviest(credit: list[float], start: int, end: int) -> tuple[float, int, int]:
    """(sum, start, end) of the part of `credit[start:end]` with the greatest sum."""
    best, since, running = (float("-inf"), start, start + 1), start, 0.0
    for place in range(start, end):
        if running <= 0:
            since, running = place, 0.0
        running += credit[place]
        if running > best[0]:
            best = (running, since, place + 1)
    return best


@cache
def models() -> Mapping[str, Model]:
    """Every trained model by key."""
    text = resources.files("bihuan.standards.checks").joinpath("corpus/weights.json").read_text("utf-8")
    return {key: _model(given) for key, given in json.loads(text).items()}


def _model(given: Mapping[str, object]) -> Model:
    table = np.zeros(BUCKETS + 1, dtype=np.float32)
    weights = given["weights"]
    assert isinstance(weights, dict)
    table[[int(bucket) for bucket in weights]] = [float(weight) for weight in weights.values()]
    patterns = tuple(str(name) for name in given["patterns"])  # type: ignore[attr-defined]  # a list in the file
    return Model(patterns, bool(given["jointly"]), str(given["mode"]), float(given["bias"]), float(given["hit"]), table)  # type: ignore[arg-type]  # numbers
