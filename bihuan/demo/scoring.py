"""Holds the checks' verdicts against what the generator knows to be true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa

from bihuan.demo.bank import load_bank
from bihuan.demo.cast import make_cast
from bihuan.demo.life import live
from bihuan.demo.plan import Rules
from bihuan.demo.script import MET, NOT_APPLICABLE, VIOLATED
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.editions import load_edition

EDITION: Final = "recommended"
END: Final = date(2026, 10, 31)
ZONE: Final = ZoneInfo("Asia/Shanghai")
AGENTS, SEED = 60, 11
# these forbid something, so what counts is finding the fault; the others ask whether something was done
PROHIBITIONS: Final = ("forbidden_promise", "impatience", "personal_data_leak", "identity_first")
_THOUSANDTH: Final = Decimal("0.001")

Tables = dict[str, pa.Table]
Truth = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Score:
    """One check on one part of the bank. `n` contacts have a truth; `n_class` of them show the class that counts."""

    check: str
    counted: str
    n: int
    n_class: int
    hits: int
    false_alarms: int
    n_void: int
    void_agreed: int

    @property
    def precision(self) -> Decimal | None:
        return _share(self.hits, self.hits + self.false_alarms)

    @property
    def recall(self) -> Decimal | None:
        return _share(self.hits, self.n_class)

    @property
    def void_agreement(self) -> Decimal | None:
        """Of the contacts the check does not apply to, the share where the check says so."""
        return _share(self.void_agreed, self.n_void)


@dataclass(frozen=True)
class Miss:
    """A contact whose verdict is not the truth."""

    check: str
    contact_id: str
    truth: str
    verdict: str
    reason: str


def make_sample(part: str, days: int) -> tuple[Tables, Truth]:
    """`days` days written purely from one part of the bank: tables of the record, and the truth by contact."""
    cast = make_cast(AGENTS, SEED, END)
    bank, rules = load_bank(part), Rules(AGENTS, 1.0, SEED)
    lived = [live(END - timedelta(days=back), cast, rules, bank, ZONE) for back in range(days)]
    tables = {
        name: pa.concat_tables([day.tables[name] for day in lived]) for name in ("contacts", "messages", "events")
    }
    return tables, {contact: truth for day in lived for contact, truth in day.truth.items()}


def judge(tables: Mapping[str, pa.Table]) -> pl.DataFrame:
    frames = {name: pl.from_arrow(table) for name, table in tables.items()}
    return Engine.for_edition(load_edition(EDITION)).judge(Batch(**frames))  # type: ignore[arg-type]  # arrow tables


def compare(truth: Truth, verdicts: pl.DataFrame) -> tuple[list[Score], list[Miss]]:
    """Scores by check in alphabetical order, and every disagreement."""
    found = {
        (row["contact_id"], row["item"]): (row["verdict"], row["reason"])
        for row in verdicts.select("contact_id", "item", "verdict", "reason").iter_rows(named=True)
    }
    counts: Counter[tuple[str, str, str]] = Counter()
    misses = []
    for contact, told in truth.items():
        for check, verdict in told.items():
            given, reason = found[contact, check]
            counts[check, verdict, given] += 1
            if given != verdict:
                misses.append(Miss(check, contact, verdict, given, reason))
    return [_score(check, counts) for check in sorted({check for check, _, _ in counts})], misses


def _score(check: str, counts: Counter[tuple[str, str, str]]) -> Score:
    counted = VIOLATED if check in PROHIBITIONS else MET
    mine = {(truth, given): n for (name, truth, given), n in counts.items() if name == check}
    return Score(
        check=check,
        counted=counted,
        n=_sum(mine.items(), lambda truth, _: truth != NOT_APPLICABLE),
        n_class=_sum(mine.items(), lambda truth, _: truth == counted),
        hits=mine.get((counted, counted), 0),
        false_alarms=_sum(
            mine.items(), lambda truth, given: truth not in (counted, NOT_APPLICABLE) and given == counted
        ),
        n_void=_sum(mine.items(), lambda truth, _: truth == NOT_APPLICABLE),
        void_agreed=mine.get((NOT_APPLICABLE, NOT_APPLICABLE), 0),
    )


def _sum(items: Iterable[tuple[tuple[str, str], int]], chosen: Any) -> int:
    return sum(n for (truth, given), n in items if chosen(truth, given))


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(_THOUSANDTH) if whole else None
