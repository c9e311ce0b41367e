"""What a line shows in the texts in which it occurs: start and end of its first hit, without the delimiters it needed."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

_MARK: Final = "\U0010fffd"  # the last private character: folding takes it out of every text
_MARK_BYTES: Final = len(_MARK.encode())
_TRIM: Final = " ，。！、,.;；：:~～\n"  # a delimiter that a pattern needed is not part of what it shows

Ints = npt.NDArray[np.int64]


def spans_of(texts: pl.Series, line: str) -> Ints:
    """Per text, in each of which the line occurs, start and end (2 × texts) of what its first hit shows without delimiters at its
    ends. The hit is found by replacing it: cheaper than a capture, which needs a slower automaton."""
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
            "begin",
            lead=pl.when(bare).then(0).otherwise(lead),
            kept=pl.when(bare).then(whole).otherwise(kept),
        )
        .collect()
    )
    begins, skipped, shown = (found[name].cast(pl.Int64).to_numpy() for name in ("begin", "lead", "kept"))
    return np.stack([begins + skipped, begins + skipped + shown])


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without delimiters at its ends, unless it is nothing else."""
    shown = text[start:end]
    if not shown.strip(_TRIM):
        return start, end
    return end - len(shown.lstrip(_TRIM)), start + len(shown.rstrip(_TRIM))
