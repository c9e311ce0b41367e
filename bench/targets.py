"""What is promised, beside what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bench.running import Step

Steps = Mapping[str, Step]


@dataclass(frozen=True)
class Line:
    """One measured figure; without a target it is printed for reading only."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "met" if self.met else "MISSED"


def lines_of(name: str, steps: Steps) -> list[Line]:
    """The lines a step adds; none where it failed."""
    found = steps[name].found
    return list(_TOLD[name](found, steps)) if found is not None else []


def _most(what: str, value: float, limit: float, unit: str) -> Line:
    return Line(what, f"{value:,g} {unit}", f"≤ {limit:,g} {unit}", value <= limit)


def _least(what: str, value: float, limit: float, unit: str = "") -> Line:
    return Line(what, f"{value:,g} {unit}".strip(), f"≥ {limit:,g} {unit}".strip(), value >= limit)


def _people(found: Mapping[str, Any], _: Steps) -> Iterator[Line]:
    yield Line("rows of the staff list", f"{found['staff_rows']:,}")


def _generate(found: Mapping[str, Any], steps: Steps) -> Iterator[Line]:
    yield Line("contacts", f"{found['contacts']:,}")
    yield Line("messages", f"{found['messages']:,}")
    yield Line("messages per contact", f"{found['messages_per_contact']}")
    yield _most("making them, whole process", round(steps["generate"].wall_s), 300, "s")
    yield _least("agents' messages that are distinct", found["distinct_agent_messages"], 0.8)


def _rollup(found: Mapping[str, Any], _: Steps) -> Iterator[Line]:
    yield Line("roll-up and exchanges, work alone", f"{found['seconds']} s")


def _rollup_reference(found: Mapping[str, Any], steps: Steps) -> Iterator[Line]:
    yield Line("frozen SQL to Parquet, work alone", f"{found['seconds']} s")
    if "rollup" in steps:
        ratio = round(steps["rollup"].wall_s / steps["rollup_reference"].wall_s, 2)
        yield _most("roll-up ÷ frozen SQL, whole processes", ratio, 2, "×")


def _rollup_reading(found: Mapping[str, Any], steps: Steps) -> Iterator[Line]:
    yield Line("only reading those columns, work alone", f"{found['seconds']} s")
    if "rollup" in steps:
        yield Line("roll-up ÷ reading", f"{round(steps['rollup'].wall_s / steps['rollup_reading'].wall_s, 1)} ×")


def _catalogue(found: Mapping[str, Any], _: Steps) -> Iterator[Line]:
    yield Line("metrics × groups", f"{found['metrics']} × {found['groups']:,}")
    yield Line("full catalogue, first time in a process", f"{found['first_s']} s")
    yield _most("full catalogue per agent and day of a month", found["again_s"], 2, "s")


def _appraisal(found: Mapping[str, Any], _: Steps) -> Iterator[Line]:
    yield Line("verdicts of the month, made first", f"{found['verdicts_s']} s")
    yield _most(f"appraisal of a month, {found['people']:,} people", found["seconds"], 10, "s")


def _checks(found: Mapping[str, Any], _: Steps) -> Iterator[Line]:
    yield Line("messages judged, verdicts", f"{found['messages']:,}, {found['verdicts']:,}")
    yield _most("all checks over every message, evidence kept", found["seconds"], 90, "s")
    yield _most("peak memory of all its processes together", found["peak_mb"], 3_000, "MB")
    yield _least("rate ÷ plain loop of re", found["times_plain_re"], 10, "×")
    yield _most("a live batch of one, 95th percentile", found["live_p95_ms"], 20, "ms")


def _pages(found: Mapping[str, Any], _: Steps) -> Iterator[Line]:
    for page, told in found.items():
        yield _most(f"{page}: median server time", told["median_ms"], 150, "ms")
        yield _most(f"{page}: 95th percentile", told["p95_ms"], 400, "ms")
        queries = told["queries"]
        number = str(queries[0]) if len(queries) == 1 else f"{queries[0]}–{queries[-1]}"
        yield Line(f"{page}: database queries", number, "fixed", len(queries) == 1)


def _drawing(found: Mapping[str, Any], _: Steps) -> Iterator[Line]:
    yield Line("contacts of a day, drawn to evaluate", f"{found['contacts']:,}, {found['rows']:,}")
    yield Line("verdicts of the days, made first", f"{found['verdicts_s']} s")
    yield Line("the slowest day's draw", f"{found['slowest_s']} s")
    yield _most(f"the daily draw for {found['agents']:,} agents", found["median_s"], 2, "s")


def _rejudging(found: Mapping[str, Any], _: Steps) -> Iterator[Line]:
    yield Line("messages, contacts under the new edition", f"{found['messages']:,}, {found['contacts']:,}")
    yield Line("verdicts under the old edition, made first", f"{found['before_s']} s")
    for kind, said in (("same", "checks unchanged"), ("changed", "one check changed")):
        yield Line(f"{said}: from the publication to the last verdict", f"{found[f'{kind}_seconds']} s")
        yield _least(f"{said}: the record is judged anew at", found[f"{kind}_rate"], 300_000, "messages/s")


_TOLD: Final[Mapping[str, Callable[[Mapping[str, Any], Steps], Iterator[Line]]]] = {
    "people": _people, "generate": _generate, "rollup": _rollup, "rollup_reference": _rollup_reference,
    "rollup_reading": _rollup_reading, "catalogue": _catalogue, "appraisal": _appraisal, "checks": _checks,
    "pages": _pages, "drawing": _drawing, "desk": _pages, "rejudging": _rejudging,
}  # fmt: skip
