"""The distinct texts of a batch and what has been asked of them: each pattern reads each text once, whoever wrote it how often."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from bihuan.standards.checks.expression import Regexp
from bihuan.standards.checks.learned import BEGIN, END, Model, Units, framed
from bihuan.standards.checks.lexicon import SMALL, Flags, Lexicon, Masks, Rows, first_hit

_WEIGHED_AT_ONCE: Final = 50_000
_NOWHERE: Final = np.iinfo(np.int64).max
_MARK: Final = "\U0010fffd"  # the last private character: folding takes it out of every text
_MARK_BYTES: Final = len(_MARK.encode())
_TRIM: Final = " ，。！、,.;；：:~～\n"  # a delimiter that a pattern needed is not part of what it shows

Ints = npt.NDArray[np.int64]
_UNASKED: Final = np.int8(-1)


class Texts:
    """Folded texts without repetition. Texts are named by their number; `spoken` tells which anybody said at all."""

    def __init__(self, folded: pl.Series, spoken: Flags, lexicon: Lexicon) -> None:
        self.folded = folded
        self._small = len(folded) <= SMALL
        self.lexicon = lexicon
        self._spoken = spoken
        self._answers: dict[str, npt.NDArray[np.int8]] = {}
        self._hits: dict[str, dict[int, tuple[int, int] | None]] = {}

    def say(self, name: str, asked: Ints) -> Flags:
        """For each of `asked` (numbers, ascending or not, repeated or not) whether the text says what the name stands for:
        by a trained model where there is one, else by a pattern."""
        if name not in self.lexicon.models:
            return self.hold(name, asked)
        return self._once(f"model {name}", asked, lambda new: self._meant(self.lexicon.models[name], new))

    def hold(self, pattern: str, asked: Ints) -> Flags:
        """For each of `asked` whether the pattern occurs outside its excluded phrases."""
        return self._once(pattern, asked, lambda new: self._worded(pattern, new))

    def _once(self, key: str, asked: Ints, judge: Callable[[Ints], Flags]) -> Flags:
        answers = self._answers.get(key)
        if answers is None:
            answers = self._answers[key] = np.full(len(self.folded), _UNASKED, dtype=np.int8)
        new = self._distinct(asked[answers[asked] == _UNASKED])
        if len(new):
            answers[new] = judge(new)
        said: Flags = answers[asked] == 1
        return said

    def spans(self, name: str, asked: Ints) -> tuple[Ints, Ints]:
        """Start and end, in code points, of the words that show the name in each of `asked`, all of which say it: the
        pattern's first counting hit, or what spoke most for a model."""
        if self._small:
            return self._shown(name, asked)
        texts, places = np.unique(asked, return_inverse=True)
        starts, ends = self._shown(name, texts)
        return starts[places], ends[places]

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

    def _worded(self, name: str, texts: Ints) -> Flags:
        """In which of the texts the pattern occurs outside its excluded phrases."""
        if len(texts) <= SMALL:
            return _known(self._first_hits(name, texts))
        pattern, found = self.lexicon.patterns[name], np.zeros(len(texts), dtype=np.bool_)
        for line in pattern.lines:
            self._any_line(line, texts, found)
        hits = np.flatnonzero(found)
        excluded = np.zeros(len(hits), dtype=np.bool_)
        for line in pattern.unless:
            self._any_line(line, texts[hits], excluded)
        doubtful = hits[excluded]
        found[doubtful] = _known(self._first_hits(name, texts[doubtful]))
        return found

    def _any_line(self, line: str, texts: Ints, found: Flags) -> None:
        """Sets `found` for the texts in which the line occurs; those found already are not read again."""
        places = np.flatnonzero(~found & self._may(line, texts))
        if len(places):
            found[places] = self._occurs(line, texts[places])

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
            if len(places) > SMALL:
                places = places[self._occurs(line, texts[places])]
            for place in places.tolist():
                admitted[place].append(self.lexicon.compiled(line))
        return admitted

    def read(self, texts: Ints) -> list[str]:
        """The folded texts, one by one."""
        if self._small:
            return [self._each[text] for text in texts.tolist()]
        return self.folded.gather(texts).to_list()

    def _shown(self, name: str, texts: Ints) -> tuple[Ints, Ints]:
        if name not in self.lexicon.models:
            return self._worded_spans(name, texts)
        model = self.lexicon.models[name]
        starts, ends = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
        left = np.ones(len(texts), dtype=np.bool_)
        for pattern in model.patterns:
            open_ = np.flatnonzero(left)
            places = open_[self.hold(pattern, texts[open_])]
            starts[places], ends[places] = self._worded_spans(pattern, texts[places])
            left[places] = False
        places = np.flatnonzero(left)
        weighed = model.spans(*self._joined(texts[places])) if len(places) else []
        for place, (start, end) in zip(places.tolist(), weighed, strict=True):
            starts[place], ends[place] = start, end
        return starts, ends

    def _worded_spans(self, name: str, texts: Ints) -> tuple[Ints, Ints]:
        starts, ends = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
        asked = self._hits.get(name, {})
        slow = np.array([text in asked for text in texts.tolist()], dtype=np.bool_) | (len(texts) <= SMALL)
        fast = np.flatnonzero(~slow)
        if len(fast):
            starts[fast], ends[fast] = self._columnar_spans(self.lexicon.patterns[name].lines, texts[fast])
        places = np.flatnonzero(slow)
        read = self.read(texts[places])
        for place, text, hit in zip(places.tolist(), read, self._first_hits(name, texts[places]), strict=True):
            if hit is not None:
                starts[place], ends[place] = _trimmed(text, *hit)
        return starts, ends

    def _columnar_spans(self, lines: tuple[str, ...], texts: Ints) -> tuple[Ints, Ints]:
        """Start and end of what the first hit of any line shows; the earlier line wins a tie."""
        begins = np.full(len(texts), _NOWHERE, dtype=np.int64)
        starts, ends = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
        for line in lines:
            places = np.flatnonzero(self._may(line, texts))
            if not len(places):
                continue
            found = _line_spans(self.folded.gather(texts[places]), line)
            earlier = (found[0] >= 0) & (found[0] < begins[places])
            places = places[earlier]
            begins[places], starts[places], ends[places] = (part[earlier] for part in found)
        return starts, ends

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


def _line_spans(texts: pl.Series, line: str) -> tuple[Ints, Ints, Ints]:
    """Per text where the line's first hit begins, −1 without one, and start and end of what it shows without delimiters
    at its ends. The hit is found by replacing it: cheaper than a capture, which needs a slower automaton."""
    text, marked, begin, hit = pl.col("text"), pl.col("marked"), pl.col("begin"), pl.col("hit")
    raw = text.cast(pl.Binary)
    bare = hit.str.strip_chars(_TRIM) == ""
    whole, kept = hit.str.len_chars(), hit.str.strip_chars(_TRIM).str.len_chars()
    lead = whole - hit.str.strip_chars_start(_TRIM).str.len_chars()
    found = (
        texts.to_frame("text")
        .lazy()
        .with_columns(marked=text.str.replace(line, _MARK))
        .with_columns(begin=marked.str.find(_MARK, literal=True))
        .with_columns(
            hit=raw.bin.slice(begin, text.str.len_bytes() - marked.str.len_bytes() + _MARK_BYTES).cast(pl.String),
            begin=raw.bin.slice(0, begin).cast(pl.String).str.len_chars().cast(pl.Int64),
        )
        .select(
            begin.fill_null(-1),
            lead=pl.when(bare).then(0).otherwise(lead),
            kept=pl.when(bare).then(whole).otherwise(kept),
        )
        .collect()
    )
    begins = found["begin"].to_numpy()
    skipped, shown = (found[name].cast(pl.Int64).fill_null(0).to_numpy() for name in ("lead", "kept"))
    return begins, begins + skipped, begins + skipped + shown


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without delimiters at its ends, unless it is nothing else."""
    shown = text[start:end]
    if not shown.strip(_TRIM):
        return start, end
    return end - len(shown.lstrip(_TRIM)), start + len(shown.rstrip(_TRIM))
