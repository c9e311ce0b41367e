"""`bihuan fairness`: the counterfactual suite over the checks of an edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import polars as pl
import typer
import yaml
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bihuan.archive.manifest import day_of
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.inspection.rules.counterfactuals import KINDS, Lists, Talks, Variant, variants
from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.fairness import Compared, Fairness, Lean, Limits, Suite, unfair_items
from bihuan.kit.errors import InputError
from bihuan.kit.ids import content_id
from bihuan.standards.checks.batch import Batch
from bihuan.standards.checks.engine import Engine
from bihuan.standards.choosing import choose_edition
from bihuan.standards.rules.edition import Edition

WORDS: Final = Path(__file__).with_name("counterfactuals.yaml")
NOT_CLEAN: Final = 1


def mount(app: typer.Typer) -> None:
    app.command()(fairness)


def fairness(
    edition: Annotated[str, typer.Option("--edition", "-e", help="A published or shipped edition, or a file.")],
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")] = None,
    contacts: Annotated[int, typer.Option(min=1, help="How many conversations to try.")] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Exchange customer's name, address, region, agent and order of messages, and see whether any verdict changes.

    The conversations are drawn from the record, the same ones every time; without days from its last day. Exit code 1
    where an item that counts in a score lies above the edition's limit.

    Examples:

      bihuan fairness --edition recommended

      bihuan fairness --edition recommended --from 2026-10-01 --to 2026-10-31 --contacts 2000 --json
    """
    standard = choose_edition(edition)
    talks = drawn_talks(Reader(open_archive()), (first and first.date(), last and last.date()), contacts)
    limits = limits_of(standard)
    found = suite_of(standard, talks, limits)
    unfair = [item for item in unfair_items(found) if _counts(standard, item)]
    if as_json:
        Console().print_json(data=told(standard, talks, limits, found))
    else:
        _print(standard, talks, limits, found, unfair)
    if unfair:
        raise typer.Exit(NOT_CLEAN)


def limits_of(edition: Edition) -> Limits:
    """What the edition allows; where it is silent the suite measures and judges nothing."""
    flips, shift, least = (
        edition.number(f"fairness.{name}") for name in ("flips_at_most", "shift_at_most", "least_contacts")
    )
    confidence = edition.number("statistics.confidence")
    return Limits(
        least=least.whole if least else 1,
        confidence=float(confidence.share) if confidence else _USUAL_CONFIDENCE,
        flips=float(flips.share) if flips else None,
        shift=float(shift.share) if shift else None,
    )


_USUAL_CONFIDENCE: Final = 0.95  # of the drawn interval alone; it decides nothing


def drawn_talks(reader: Reader, days: tuple[date | None, date | None], most: int) -> Talks:
    """Conversations of the days, at most so many: those whose hashed id is smallest, so every run draws the same."""
    if days == (None, None):
        held = [day for key in reader.manifest.files("contacts") if (day := day_of(key)) is not None]
        if not held:
            raise InputError("The record holds no conversations.", hint="Import some, or run bihuan seed.")
        days = (max(held), max(held))
    ids = reader.table("contacts", days=days, columns=["contact_id"])["contact_id"].to_pylist()
    if not ids:
        raise InputError("There are no conversations in these days.", hint="Choose other days with --from and --to.")
    chosen = sorted(ids, key=content_id)[:most]
    frames = {name: _frame(reader, name, days, chosen) for name in ("contacts", "messages", "events")}
    return Talks(**frames)


def _frame(reader: Reader, name: str, days: tuple[date | None, date | None], chosen: Sequence[str]) -> pl.DataFrame:
    rows = pl.from_arrow(reader.table(name, days=days, where={"contact_id": list(chosen)}))
    assert isinstance(rows, pl.DataFrame)
    return rows


def suite_of(edition: Edition, talks: Talks, limits: Limits) -> tuple[Fairness, ...]:
    """Every check of the edition under every exchange; messages change places within the edition's `fairness.burst`."""
    burst = edition.number("fairness.burst")
    engine = Engine.for_edition(edition)
    tried = list(variants(talks, words(), burst_us=burst.micros if burst else 0))
    suite = Suite(limits)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        for compared in bar.track(_judged(engine, tried), total=len(tried), description="Exchanging"):
            suite.add(compared)
    return suite.result([check.id for check in engine.checks], KINDS)


def _judged(engine: Engine, tried: Sequence[Variant]) -> Iterator[Compared]:
    base: tuple[int, pl.DataFrame] | None = None
    for one in tried:
        if base is None or base[0] != id(one.base):  # the whole record is judged once, not once an exchange
            base = (id(one.base), _verdicts(engine, one.base))
        yield Compared(one.kind, one.value, base[1], _verdicts(engine, one.other))


def _verdicts(engine: Engine, talks: Talks) -> pl.DataFrame:
    return engine.judge(Batch(talks.contacts, talks.messages, talks.events)).select("contact_id", "item", "verdict")


def words() -> Lists:
    """The lists of `counterfactuals.yaml`, which gives a reason for every entry."""
    document = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return Lists(**{name: [entry["word"] for entry in entries] for name, entries in document.items()})


def told(edition: Edition, talks: Talks, limits: Limits, found: Sequence[Fairness]) -> Mapping[str, Any]:
    """The result as JSON-like values."""
    return {
        "edition": {"id": edition.id, "version": edition.version, "hash": edition.hash},
        "conversations": talks.contacts.height,
        "limits": {"flips_at_most": limits.flips, "shift_at_most": limits.shift, "least_contacts": limits.least},
        "items": [
            {
                "item": one.item,
                "counts": _counts(edition, one.item),
                "fair": one.fair,
                "kinds": [_lean(lean) for lean in one.leans],
            }
            for one in found
        ],
    }


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


def _counts(edition: Edition, item: str) -> bool:
    setting = edition.checks.get(item)
    return setting is not None and setting.counts


def _print(edition: Edition, talks: Talks, limits: Limits, found: Sequence[Fairness], unfair: Sequence[str]) -> None:
    leans = [lean for one in found for lean in one.leans]
    table = Table("item", "exchanged", "n", "flip rate %", "mean shift %", "under", "")
    for lean in leans:
        if lean.flips.value:
            mark = {True: "above the limit", False: "within", None: "no limit"}[lean.over]
            n, value = f"{lean.flips.n:,}", lean.value
            table.add_row(lean.item, lean.kind, n, _percent(lean.flips), _percent(lean.shift), value, mark)
    typer.echo(f"{edition.id} {edition.version}: {talks.contacts.height:,} conversations, {len(found)} items.")
    Console().print(table if table.row_count else "No verdict changed under any exchange.")
    if few := sum(lean.flips.value is None for lean in leans):
        typer.echo(f"{few} of {len(leans)} rest on fewer than {limits.least} conversations and are not judged.")
    if limits.flips is None and limits.shift is None:
        typer.echo("The edition sets no limit (fairness.flips_at_most, fairness.shift_at_most): nothing is judged.")
    if unfair:
        typer.echo(f"Above the limit, and therefore may not count: {', '.join(unfair)}.")


def _percent(figure: Estimate) -> str:
    return "—" if figure.value is None else f"{100 * figure.value:.2f}"
