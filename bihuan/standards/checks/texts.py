"""The distinct texts of a batch and what has been asked of them: each pattern reads each text once, whoever wrote it how often."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from bihuan.standards.checks.expression import Regexp
from bihuan.standards.checks.hits import spans_of, trimmed
from bihuan.standards.checks.learned import BEGIN, END, Model, Units, framed
from bihuan.standards.checks.lexicon import SMALL, Flags, Lexicon, Masks, Rows, first_hit, in_code_points

_WEIGHED_AT_ONCE: Final = 50_000
_SEARCHED_IN_TURN: Final = (
    2_000  # texts that are searched by a compiled line whether or not it occurs: a column costs more
)
Ints = npt.NDArray[np.int64]
Answers = npt.NDArray[np.int16]
_UNASKED: Final = np.int16(-1)
_NO: Final = np.int16(0)
_READ: Final = np.iinfo(np.int16).max  # found by reading the text, its excluded phrases too: the hit is kept


class Texts:
    """Folded texts without repetition. Texts are named by their number; `spoken` tells which anybody said at all."""

    def __init__(self, folded: pl.Series, spoken: Flags, lexicon: Lexicon) -> None:
        self.folded = folded
        self._small = len(folded) <= SMALL
        self.lexicon = lexicon
        self._spoken = spoken
        self._answers: dict[str, Answers] = {}
        self._spans: dict[str, npt.NDArray[np.int32]] = {}
        self._hits: dict[str, dict[int, tuple[int, int] | None]] = {}

    def say(self, name: str, asked: Ints) -> Flags:
        """For each of `asked` (numbers, ascending or not, repeated or not) whether the text says what the name stands for:
        by a trained model where there is one, else by a pattern."""
        if name not in self.lexicon.models:
            return self.hold(name, asked)
        return self._once(f"model {name}", asked, lambda new: self._meant(self.lexicon.models[name], new)) > _NO

    def hold(self, pattern: str, asked: Ints) -> Flags:
        """For each of `asked` whether the pattern occurs outside its excluded phrases."""
        return self._found(pattern, asked) > _NO

    def _found(self, pattern: str, asked: Ints) -> Answers:
        """For each of `asked` which line of the pattern tells that it occurs, counted from 1; `_NO`, or `_READ`."""
        return self._once(pattern, asked, lambda new: self._worded(pattern, new))

    def _once(self, key: str, asked: Ints, judge: Callable[[Ints], Flags | Answers]) -> Answers:
        answers = self._answers.get(key)
        if answers is None:
            answers = self._answers[key] = np.full(len(self.folded), _UNASKED)
        new = self._distinct(asked[answers[asked] == _UNASKED])
        if len(new):
            answers[new] = judge(new)
        return answers[asked]

    def spans(self, name: str, asked: Ints) -> tuple[Ints, Ints]:
        """Start and end, in code points, of the words that show the name in each of `asked`, all of which say it: the
        pattern's counting hit, or what spoke most for a model."""
        shown = self._spans.get(name)
        if shown is None:
            shown = self._spans[name] = np.full((2, len(self.folded)), _UNASKED, dtype=np.int32)
        new = self._distinct(asked[shown[0, asked] == _UNASKED])
        if len(new):
            shown[:, new] = self._shown(name, new)
        return shown[0, asked].astype(np.int64), shown[1, asked].astype(np.int64)

    def _distinct(self, asked: Ints) -> Ints:
        """The numbers ascending, each once; few texts are numbered as their rows are, and asked for by ascending rows."""
        if self._small:
            return asked
        if len(asked) <= SMALL:
            return np.unique(asked)
        wanted = np.zeros(len(self.folded), dtype=np.bool_)
        wanted[asked] = True
        return np.flatnonzero(wanted)

    def _meant(self, model: Model, texts: Ints) -> Flags:
        known = self._listed(model, texts)
        undecided = {"add": ~known, "veto": known, "join": np.ones_like(known)}.get(model.mode, np.zeros_like(known))
        for part in _portions(np.flatnonzero(undecided)):
            units = Units.of(*self._joined(texts[part]))
            known[part] = model.scores(units, known[part]) > 0
        return known

    def _listed(self, model: Model, texts: Ints) -> Flags:
        """Which of the texts the wording lists of the model find: all of its patterns, or any."""
        found = np.full(len(texts), model.jointly)
        for pattern in model.patterns:
            open_ = np.flatnonzero(found == model.jointly)
            found[open_] = self.hold(pattern, texts[open_])
        return found

    def _worded(self, name: str, texts: Ints) -> Answers:
        """What `_found` tells of the texts."""
        if len(texts) <= SMALL:
            return np.where(_known(self._first_hits(name, texts)), _READ, _NO)
        pattern, found = self.lexicon.patterns[name], np.full(len(texts), _NO)
        self._number_lines(pattern.lines, texts, found)
        hits = np.flatnonzero(found)
        excluded = np.full(len(hits), _NO)
        self._number_lines(pattern.unless, texts[hits], excluded)
        doubtful = hits[excluded > _NO]
        found[doubtful] = np.where(_known(self._first_hits(name, texts[doubtful])), _READ, _NO)
        return found

    def _number_lines(self, lines: tuple[str, ...], texts: Ints, found: Answers) -> None:
        """Sets in `found` the first of the lines that occurs in each text, counted from 1."""
        for number, line in enumerate(lines, 1):
            places = np.flatnonzero((found == _NO) & self._may(line, texts))
            if len(places):
                found[places[self._occurs(line, texts[places])]] = number

    def _occurs(self, line: str, texts: Ints) -> Flags:
        """In which of the texts the line occurs."""
        if len(texts) > SMALL:
            return self.folded.gather(texts).str.contains(line).to_numpy()
        search = self.lexicon.compiled(line).search
        return np.array([search(text.encode()) is not None for text in self.read(texts)], dtype=np.bool_)

    def _first_hits(self, name: str, texts: Ints) -> list[tuple[int, int] | None]:
        """For each of the texts its first hit outside the excluded phrases; kept, because evidence asks for it again."""
        known = self._hits.setdefault(name, {})
        pattern = self.lexicon.patterns[name]
        new = self._possible(pattern.lines, [text for text in texts.tolist() if text not in known], known)
        lines, excluded = (self._admitted(listed, new) for listed in (pattern.lines, pattern.unless))
        for text, read, *given in zip(new.tolist(), self.read(new), lines, excluded, strict=True):
            known[text] = first_hit(read, *given) if given[0] else None
        return [known[text] for text in texts.tolist()]

    def _possible(self, lines: tuple[str, ...], texts: list[int], known: dict[int, tuple[int, int] | None]) -> Ints:
        """Those of the texts that may hold one of the lines; of few texts the others are known to have no hit."""
        if self._small and texts:
            mask = self.lexicon.mask(lines)
            known.update((text, None) for text in texts if not self._bits[text] & mask)
            texts = [text for text in texts if self._bits[text] & mask]
        return np.array(texts, dtype=np.int64)

    def _admitted(self, lines: tuple[str, ...], texts: Ints) -> list[list[Regexp]]:
        """For each of the texts those of the lines that may occur in it, compiled; of many texts those that do occur."""
        if self._small:
            return [self.lexicon.admitted(lines, self._bits[text]) for text in texts.tolist()]
        admitted: list[list[Regexp]] = [[] for _ in range(len(texts))]
        for line in lines:
            places = np.flatnonzero(self._may(line, texts))
            if len(places) > _SEARCHED_IN_TURN:
                places = places[self._occurs(line, texts[places])]
            for place in places.tolist():
                admitted[place].append(self.lexicon.compiled(line))
        return admitted

    def read(self, texts: Ints) -> list[str]:
        """The folded texts, one by one."""
        if self._small:
            return [self._each[text] for text in texts.tolist()]
        return self.folded.gather(texts).to_list()

    def _shown(self, name: str, texts: Ints) -> Ints:
        """Starts and ends (2 × texts) of what shows the name in the texts, each of them given once."""
        if name not in self.lexicon.models:
            return self._worded_spans(name, texts)
        model = self.lexicon.models[name]
        spans, left = np.zeros((2, len(texts)), dtype=np.int64), np.ones(len(texts), dtype=np.bool_)
        for pattern in model.patterns:
            open_ = np.flatnonzero(left)
            places = open_[self.hold(pattern, texts[open_])]
            spans[:, places] = self._worded_spans(pattern, texts[places])
            left[places] = False
        places = np.flatnonzero(left)
        if len(places):
            spans[:, places] = np.transpose(model.spans(*self._joined(texts[places])))
        return spans

    def _worded_spans(self, name: str, texts: Ints) -> Ints:
        spans = np.zeros((2, len(texts)), dtype=np.int64)
        found = self._found(name, texts)
        for number, line in enumerate(self.lexicon.patterns[name].lines, 1):
            places = np.flatnonzero(found == number)
            if len(places):
                spans[:, places] = self._line_spans(line, texts[places])
        places = np.flatnonzero(found == _READ)
        read = self.read(texts[places])
        for place, text, hit in zip(places.tolist(), read, self._first_hits(name, texts[places]), strict=True):
            assert hit is not None
            spans[:, place] = trimmed(text, *hit)
        return spans

    def _line_spans(self, line: str, texts: Ints) -> Ints:
        """Starts and ends (2 × texts) of what the line shows first in the texts, in each of which it occurs."""
        if len(texts) > 2 * SMALL:
            return spans_of(self.folded.gather(texts), line)
        search = self.lexicon.compiled(line).search
        found = []
        for text in self.read(texts):
            encoded = text.encode()
            hit = search(encoded)
            found.append(trimmed(text, *in_code_points(encoded, hit.start(), hit.end())))
        return np.array(found, dtype=np.int64).T

    def _may(self, line: str, texts: Ints) -> Flags:
        """In which of the texts the line may occur."""
        return self.lexicon.may(line, self._masks, texts)

    def _joined(self, texts: Ints) -> tuple[str, Ints]:
        """The texts end to end in the frames that n-grams know, and how long each is."""
        if self._small:
            read = self.read(texts)
            return framed(read), np.array([len(text) for text in read], dtype=np.int64)
        chosen = self.folded.gather(texts)
        joined = chosen.to_frame("text").select(pl.concat_str(pl.lit(BEGIN), "text", pl.lit(END)).str.join(""))
        return joined.item(), chosen.str.len_chars().to_numpy().astype(np.int64)

    @cached_property
    def _each(self) -> list[str]:
        return self.folded.to_list()

    @cached_property
    def _bits(self) -> list[int]:
        return [self.lexicon.bits(text) if said else 0 for text, said in zip(self._each, self._spoken, strict=True)]

    @cached_property
    def _masks(self) -> Masks:
        return self.lexicon.candidates(self.folded, self._spoken)


def _known(hits: list[tuple[int, int] | None]) -> Flags:
    return np.array([hit is not None for hit in hits], dtype=np.bool_)


def _portions(places: Rows) -> list[Rows]:
    return [places[start : start + _WEIGHED_AT_ONCE] for start in range(0, len(places), _WEIGHED_AT_ONCE)]
