"""Moments of a mapping: written times, in a zone, become microseconds since 1970; what cannot be read is named."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

from bihuan.archive.sources.expressions import columns_of, condition, moment_column, text
from bihuan.archive.sources.limits import FIRST_YEAR, LAST_YEAR
from bihuan.archive.sources.mapping import Mapping
from bihuan.kit.clock import DAY, SECOND, to_us

# Reading "0:00:55" beside "23:52:20": whichever day makes them near is meant.
_HALF_DAY: Final = DAY // 2
_FIRST: Final = to_us(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
_END: Final = to_us(datetime(LAST_YEAR, 1, 1, tzinfo=UTC))
_ISO: Final = (
    "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f%z",
    "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z",
)  # fmt: skip
_EPOCHS: Final = {"epoch_seconds": SECOND, "epoch_milliseconds": SECOND // 1000, "epoch_microseconds": 1}
PROBLEM: Final = "_problem"
PROBLEM_COLUMN: Final = "_problem_column"
PROBLEM_VALUE: Final = "_problem_value"


def with_moments(frame: pl.DataFrame, mapping: Mapping, zone: str) -> pl.DataFrame:
    """The rows with a microsecond column per moment, and in `_problem…` what could not be read (the first of a row)."""
    nothing = [pl.lit(None, dtype=pl.String).alias(name) for name in (PROBLEM, PROBLEM_COLUMN, PROBLEM_VALUE)]
    frame = frame.with_columns(nothing)
    for name, said in mapping.part("moments").items():
        frame = _written(frame, name, said, said.get("zone", zone)) if "text" in said else _combined(frame, name, said)
    return frame


def _combined(frame: pl.DataFrame, name: str, said: dict[str, Any]) -> pl.DataFrame:
    value = _combination(said)
    if "when" in said:
        value = pl.when(condition(said["when"])).then(value)
    frame = frame.with_columns(value.alias(moment_column(name)))
    if "seconds" not in said:
        return frame
    raw = pl.col(said["seconds"])
    seconds = raw.cast(pl.Float64, strict=False)
    return _noted(
        frame, raw.is_not_null() & (seconds.is_null() | (seconds < 0)), "not_a_duration", said["seconds"], raw
    )


def _combination(said: dict[str, Any]) -> pl.Expr:
    if "after" in said:
        seconds = pl.col(said["seconds"]).cast(pl.Float64, strict=False)
        return pl.col(moment_column(said["after"])) + (seconds * SECOND).round().cast(pl.Int64)
    for key, combine in (("first_of", pl.coalesce), ("earliest", pl.min_horizontal), ("latest", pl.max_horizontal)):
        if key in said:
            return combine([pl.col(moment_column(other)) for other in said[key]])
    raise AssertionError(said)


def _written(frame: pl.DataFrame, name: str, said: dict[str, Any], zone: str) -> pl.DataFrame:
    target = moment_column(name)
    words = text(said["text"])
    if "none_when" in said:
        words = pl.when(~condition(said["none_when"])).then(words)
    written = frame.select(words.alias(name)).to_series()
    near = frame[moment_column(said["near"])] if "near" in said else None
    value = read_moments(written, said["formats"], zone, near)
    day_known = _any_format(written, said.get("day_only", ()))
    frame = frame.with_columns(value.alias(target), written.alias("_written"), day_known.alias("_day_known"))
    column = columns_of(said["text"])
    unread = pl.col("_written").is_not_null() & pl.col(target).is_null() & ~pl.col("_day_known")
    frame = _noted(frame, unread, "unreadable_time", column, pl.col("_written"))
    far = (pl.col(target) < _FIRST) | (pl.col(target) >= _END)
    frame = _noted(frame, far.fill_null(False), "time_out_of_range", column, pl.col("_written"))
    return frame.drop("_written", "_day_known")


def _noted(frame: pl.DataFrame, wrong: pl.Expr, reason: str, column: str, value: pl.Expr) -> pl.DataFrame:
    """Remember a problem of rows that have none yet."""
    fresh = wrong & pl.col(PROBLEM).is_null()
    said = ((PROBLEM, pl.lit(reason)), (PROBLEM_COLUMN, pl.lit(column)), (PROBLEM_VALUE, value.cast(pl.String)))
    return frame.with_columns([pl.when(fresh).then(new).otherwise(pl.col(old)).alias(old) for old, new in said])


def read_moments(written: pl.Series, formats: list[str], zone: str, near: pl.Series | None = None) -> pl.Series:
    """Microseconds of written times, null where no format fits.

    Local times are of `zone`; one that occurs twice is the earlier, one that the clocks skip is null. With `near`, a
    time without its own day is moved by a day where that brings it within half a day of that moment.
    """
    answer = pl.repeat(None, written.len(), dtype=pl.Int64, eager=True)
    for form in itertools.chain.from_iterable(_ISO if said == "iso" else (said,) for said in formats):
        left = written.is_not_null() & answer.is_null()
        if not left.any():
            break
        found = _read(written.filter(left), form, zone, near.filter(left) if near is not None else None)
        answer = answer.scatter(left.arg_true(), found) if found.is_not_null().any() else answer
    return answer


def _read(written: pl.Series, form: str, zone: str, near: pl.Series | None) -> pl.Series:
    if form in _EPOCHS:
        return (written.cast(pl.Float64, strict=False) * _EPOCHS[form]).round().cast(pl.Int64, strict=False)
    if form.endswith("%z"):
        aware = written.str.replace(r"[Zz]$", "+00:00").str.to_datetime(form, strict=False, time_unit="us")
        return aware.dt.epoch("us")
    local = written.str.to_datetime(form, strict=False, time_unit="us")
    return _placed(local if near is None else _brought_near(local, near, zone), zone)


def _brought_near(local: pl.Series, near: pl.Series, zone: str) -> pl.Series:
    gap = _placed(local, zone) - near
    frame = pl.DataFrame({"local": local, "gap": gap})
    days = pl.when(pl.col("gap") < -_HALF_DAY).then(1).when(pl.col("gap") > _HALF_DAY).then(-1).otherwise(0)
    return frame.select(pl.col("local") + pl.duration(days=days)).to_series()


def _placed(local: pl.Series, zone: str) -> pl.Series:
    return local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.epoch("us")


def _any_format(written: pl.Series, formats: tuple[str, ...] | list[str]) -> pl.Series:
    known = pl.repeat(False, written.len(), dtype=pl.Boolean, eager=True)
    for form in formats:
        known = known | written.str.to_date(form, strict=False).is_not_null()
    return known
