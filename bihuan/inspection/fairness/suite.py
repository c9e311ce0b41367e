"""The counterfactual suite over the checks of an edition: which conversations, under which exchanges, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl
import yaml

from bihuan.archive.manifest import day_of
from bihuan.archive.reader import Reader
from bihuan.inspection.model_judge.trying import ModelVerdicts, items_asked
from bihuan.inspection.rules.counterfactuals import KINDS, Lists, Talks, Variant, variants
from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.fairness import Compared, Fairness, Lean, Limits, Suite
from bihuan.inspection.trust.policy import fingerprint_of
from bihuan.kit.errors import InputError
from bihuan.kit.ids import content_id
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.lending import number_of
from bihuan.standards.rules.applying import where_of
from bihuan.standards.rules.edition import AppliesTo, Edition

WORDS: Final = Path(__file__).with_name("counterfactuals.yaml")
EVERYBODY: Final = AppliesTo()
_TOGETHER: Final = 200_000  # messages judged at once
_NAMES: Final = ["contact_id", "item", "verdict"]
_MARKED: Final = 6  # digits that tell a side
Progress = Callable[[int, int], None]
Days = tuple[date | None, date | None]


def limits_of(edition: Edition) -> Limits:
    """What the edition allows; where it sets no limit the suite measures and judges nothing. How few conversations tell
    nothing and how sure an interval is are lent."""
    flips, shift = (edition.number(f"fairness.{name}") for name in ("flips_at_most", "shift_at_most"))
    return Limits(
        least=number_of(edition, "fairness.least_contacts").whole,
        confidence=float(number_of(edition, "statistics.confidence").share),
        flips=float(flips.share) if flips else None,
        shift=float(shift.share) if shift else None,
    )


def drawn_talks(reader: Reader, days: Days, most: int, part: AppliesTo = EVERYBODY) -> Talks:
    """Conversations of the days, at most so many: those whose hashed id is smallest, so every run draws the same. Of an
    edition's part of the department alone.

    Without days: the newest ones that hold as many.
    """
    if days == (None, None):
        days = _newest_days(_held(reader, part), most)
    ids = _ids(reader, days, part)
    if not ids:
        raise InputError("There are no conversations in these days.", hint="Choose other days with --from and --to.")
    chosen = sorted(ids, key=content_id)[:most]
    frames = {name: _frame(reader, name, days, chosen) for name in ("contacts", "messages", "events")}
    return Talks(**frames)


def _ids(reader: Reader, days: Days, part: AppliesTo) -> list[str]:
    """The conversations of the part, as who served them last places them."""
    if part.is_everybody:
        rows = reader.table("contacts", days=days, columns=["contact_id"])
    else:
        rows = reader.table("rollup", days=days, columns=["contact_id"], where={**where_of(part), "is_primary": True})
    return list(rows["contact_id"].to_pylist())


def _held(reader: Reader, part: AppliesTo) -> Mapping[date, int]:
    """How many conversations of the part each day holds."""
    if part.is_everybody:
        files = reader.manifest.files("contacts")
        return {day: files[key].rows for key in files if (day := day_of(key)) is not None}
    rows = reader.table("rollup", columns=["day"], where={"is_primary": True, **where_of(part)})
    return Counter(day for day in rows["day"].to_pylist() if day is not None)


def _newest_days(held: Mapping[date, int], most: int) -> Days:
    if not held:
        raise InputError("The record holds no conversations.", hint="Import some, or run bihuan seed.")
    rows = 0
    for first in sorted(held, reverse=True):
        rows += held[first]
        if rows >= most:
            break
    return first, max(held)


def _frame(reader: Reader, name: str, days: Days, chosen: Sequence[str]) -> pl.DataFrame:
    rows = pl.from_arrow(reader.table(name, days=days, where={"contact_id": list(chosen)}))
    assert isinstance(rows, pl.DataFrame)
    return rows


def suite_of(
    edition: Edition,
    talks: Talks,
    limits: Limits,
    progress: Progress | None = None,
    *,
    model: ModelVerdicts | None = None,
) -> tuple[Fairness, ...]:
    """Every check of the edition under every exchange; messages change places within the edition's `fairness.burst`.

    `progress` is told (exchanges done, exchanges in all). Questions to a model are tried with `model` only; without it, and
    as far as it has no answer, nothing is known of their fairness.
    """
    engine = Engine.for_edition(edition)
    tried = list(variants(talks, words(), burst_us=number_of(edition, "fairness.burst").micros))
    suite = Suite(limits)
    for done, compared in enumerate(_judged(_Judge(engine, items_asked(edition), model), tried), 1):
        suite.add(compared)
        if progress:
            progress(done, len(tried))
    return suite.result([check.id for check in engine.checks], KINDS)


def _judged(judge: _Judge, tried: Sequence[Variant]) -> Iterator[Compared]:
    """Every exchange with what was said before and after it; conversations that several start from are judged once."""
    bases: dict[int, pl.DataFrame] = {}
    for group in _groups(tried):
        fresh = {id(one.base): one.base for one in group if id(one.base) not in bases}
        found = judge.verdicts([*fresh.values(), *(one.other for one in group)])
        bases |= dict(zip(fresh, found, strict=False))
        for one, other in zip(group, found[len(fresh) :], strict=True):
            yield Compared(one.kind, one.value, bases[id(one.base)], other)


def _groups(tried: Sequence[Variant]) -> Iterator[list[Variant]]:
    """Neighbours that are put to the engine in one go: it has a fixed cost a call, which small exchanges share."""
    group, held = list[Variant](), 0
    for one in tried:
        if group and held + one.other.messages.height > _TOGETHER:
            yield group
            group, held = [], 0
        group, held = [*group, one], held + one.other.messages.height
    if group:
        yield group


@dataclass(frozen=True)
class _Judge:
    """The engine for its checks, the model (if there is one) for the questions put to it."""

    engine: Engine
    asked: frozenset[str]
    model: ModelVerdicts | None

    def verdicts(self, sides: Sequence[Talks]) -> list[pl.DataFrame]:
        """contact_id, item, verdict of each of the sides."""
        own = [rows.filter(~pl.col("item").is_in(list(self.asked))) for rows in self._by_engine(sides)]
        if self.model is None or not self.asked:
            return own
        said = [self.model.of(side.contacts, side.messages).select(_NAMES) for side in sides]
        return [pl.concat(both) for both in zip(own, said, strict=True)]

    def _by_engine(self, sides: Sequence[Talks]) -> list[pl.DataFrame]:
        """The same conversation is on several sides: a number before its id tells them apart."""
        marked = [
            [frame.with_columns(contact_id=pl.concat_str(pl.lit(_mark(number)), "contact_id")) for frame in frames]
            for number, side in enumerate(sides)
            for frames in [(side.contacts, side.messages, side.events)]
        ]
        rows = self.engine.judge(Batch(*(pl.concat(frames) for frames in zip(*marked, strict=True)))).select(_NAMES)
        parts = rows.with_columns(
            pl.col("contact_id").str.slice(_MARKED), side=pl.col("contact_id").str.slice(0, _MARKED)
        ).partition_by("side", as_dict=True, include_key=False)
        return [parts.get((_mark(number),), rows.clear()) for number in range(len(sides))]


def _mark(side: int) -> str:
    return f"{side:0{_MARKED}d}"


def words() -> Lists:
    """The lists of `counterfactuals.yaml`, which gives a reason for every entry."""
    document = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return Lists(**{name: [entry["word"] for entry in entries] for name, entries in document.items()})


def told(edition: Edition, found: Sequence[Fairness]) -> list[dict[str, Any]]:
    """The result as JSON-like values, one entry a check."""
    return [
        {
            "item": one.item,
            "fingerprint": _fingerprint(edition, one.item),
            "counts": counts(edition, one.item),
            "fair": one.fair,
            "kinds": [_lean(lean) for lean in one.leans],
        }
        for one in found
    ]


def counts(edition: Edition, item: str) -> bool:
    """Does any score of the edition take notice of the check?"""
    setting = edition.checks.get(item)
    return setting is not None and setting.counts


def _fingerprint(edition: Edition, item: str) -> str:
    setting = edition.checks.get(item)
    return fingerprint_of(setting) if setting else ""


def _lean(lean: Lean) -> dict[str, Any]:
    return {
        "kind": lean.kind,
        "flip_rate": _figure(lean.flips),
        "mean_shift": _figure(lean.shift),
        "shifted_by": lean.value or None,
        "above_limit": lean.over,
    }


def _figure(figure: Estimate) -> dict[str, Any]:
    return {
        "value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n, "reason": figure.reason or None,
    }  # fmt: skip
