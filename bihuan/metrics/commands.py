"""`bihuan figures` and `bihuan metrics`: figures of the record on the terminal, and what each of them means."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
import yaml
from rich.console import Console
from rich.table import Table

from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.kit import clock
from bihuan.kit.errors import InputError
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import Figure, FigureTable
from bihuan.metrics.params import MetricParams
from bihuan.metrics.query import figures
from bihuan.metrics.reasons import REASONS

ParamsFor = Callable[[str | None, date | None], MetricParams]


class Lender:
    """Who turns an edition's name into metric parameters; whoever mounts all parts knows and sets it."""

    params_for: ParamsFor | None = None


def lend_params(params_for: ParamsFor) -> None:
    """Let `--edition` be read by this function: an edition's name, or None for the one in use on a day (None: today).
    Called once, by the part that knows both sides."""
    Lender.params_for = staticmethod(params_for)


def mount(app: typer.Typer) -> None:
    app.command("figures")(show_figures)
    app.command("metrics")(list_metrics)


def show_figures(
    metrics: Annotated[list[str], typer.Argument(help="Names as `bihuan metrics` lists them.")],
    by: Annotated[str, typer.Option(help="Dimensions, comma-separated; empty for one figure over all.")] = "agent,day",
    first: Annotated[str | None, typer.Option("--from", help="First business day, YYYY-MM-DD.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last business day, included.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="dimension=key, several keys with |; may be repeated.")
    ] = None,
    edition: Annotated[
        str | None, typer.Option(help="Edition whose targets and windows hold; else the one in use on the last day.")
    ] = None,
    params: Annotated[list[str] | None, typer.Option(help="FILE.yaml, or name=value on top of the edition.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Moment told as of, ISO 8601 with offset; the record's last one by default.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on standard output.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
) -> None:
    """Figures of the record, by any dimensions.

    People and places: agent, team, channel, queue, business_line, category,
    level, post, agent_class. Time: half_hour, hour, day, week, month, quarter.

    Days are business days: the heading, JSON ("days") and the last columns
    of CSV say in which zone they lie and when they begin.

    Examples:

      bihuan figures csat_mean resolution_rate --by agent --from 2026-10-01 --to 2026-10-31

      bihuan figures service_level --by team,hour --from 2026-11-11 --to 2026-11-11 --where channel=phone --csv
    """
    if as_csv and as_json:
        raise InputError("Choose one of --csv and --json.")
    archive = open_archive()
    reader = Reader(archive)
    days, period = BusinessDays(str(archive.zone), archive.cutover_hour), _period(first, last)
    told = figures(
        reader,
        metrics,
        by=tuple(name for name in by.split(",") if name),
        period=period,
        where=_filters(where or []),
        params=_params(edition, params or [], period[1] if period else None),
        as_of_us=clock.to_us(_moment(as_of)) if as_of else reader.manifest.told_by(clock.to_us(clock.now())),
    )
    if as_csv:
        typer.echo(told.to_csv(beside={"days_zone": days.zone, "days_begin": days.begin}), nl=False)
    elif as_json:
        typer.echo(json.dumps({"days": days.to_json(told.request.period), **told.to_json()}, ensure_ascii=False))
    else:
        typer.echo(days.heading(told.request.period))
        Console().print(_drawn(told))


@dataclass(frozen=True)
class BusinessDays:
    """Which hours a day of these figures has: the record's zone and the hour at which one day becomes the next."""

    zone: str
    cutover_hour: int

    @property
    def begin(self) -> str:
        return f"{self.cutover_hour:02d}:00"

    def heading(self, period: tuple[date, date] | None) -> str:
        span = "the whole record" if period is None else str(period[0])
        if period is not None and period[0] != period[1]:
            span = f"{period[0]} to {period[1]}"
        return f"Business days in {self.zone}, each from {self.begin} to {self.begin}: {span}."

    def to_json(self, period: tuple[date, date] | None) -> dict[str, str | None]:
        first, last = (None, None) if period is None else (day.isoformat() for day in period)
        return {"zone": self.zone, "begin": self.begin, "from": first, "to": last}


def list_metrics(
    as_json: Annotated[bool, typer.Option("--json", help="JSON on standard output.")] = False,
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language of the words.")] = "zh",
) -> None:
    """Every metric with its definition.

    Examples:

      bihuan metrics

      bihuan metrics --json --lang en
    """
    rows = [_described(name, lang) for name in CATALOG]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(*("name", "label", "unit", "better", "judged_on", "people", "sources"))
    for row in rows:
        table.add_row(*(str(row[name]) for name in ("name", "label", "unit", "better", "judged_on", "people")),
                      " ".join(row["sources"]))  # fmt: skip
    Console().print(table)


def _described(name: str, lang: str) -> dict[str, Any]:
    metric = CATALOG[name]
    label, people = (metric.en, metric.people_en) if lang == "en" else (metric.zh, metric.people_zh)
    return {
        "name": name, "label": label, "unit": metric.unit, "better": metric.better, "kind": metric.kind.word,
        "population": metric.population, "people": people, "judged_on": metric.judged_on, "counts": metric.counts,
        "sources": list(metric.sources), "version": metric.version,
    }  # fmt: skip


def _period(first: str | None, last: str | None) -> tuple[date, date] | None:
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise InputError("Name both --from and --to, or neither.")
    period = _day(first), _day(last)
    if period[0] > period[1]:
        raise InputError(f"--from {first} lies after --to {last}.")
    return period


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no day.", hint="Write it as 2026-10-01.") from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no moment.", hint="Write it as 2026-10-01T09:00+08:00.") from error
    if moment.tzinfo is None:
        raise InputError(f"{text!r} lacks its distance to UTC.", hint="Write it as 2026-10-01T09:00+08:00.")
    return moment


def _filters(texts: list[str]) -> dict[str, str | tuple[str | None, ...] | list[str | None] | None]:
    found: dict[str, str | tuple[str | None, ...] | list[str | None] | None] = {}
    for text in texts:
        name, equals, keys = text.partition("=")
        if not equals:
            raise InputError(f"{text!r} is no filter.", hint="Write it as team=A or team=A|B.")
        found[name] = tuple(key or None for key in keys.split("|"))
    return found


def _params(edition: str | None, given: list[str], on: date | None) -> MetricParams:
    """The edition's parameters, replaced by a file, changed by name=value."""
    files = [text for text in given if "=" not in text]
    changes = [text for text in given if "=" in text]
    if files:
        base = _from_file(Path(files[-1]))
    elif Lender.params_for is not None:
        base = Lender.params_for(edition, on).to_mapping()
    else:
        raise InputError("No edition can be read here.", hint="Hand the parameters in with --params FILE.yaml.")
    for change in changes:
        _changed(base, change)
    return MetricParams.from_mapping(base)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"{path} is not readable YAML: {error}") from error
    if not isinstance(found, dict):
        raise InputError(f"{path} holds no parameters.", hint="It is a YAML mapping with confidence, decimals, …")
    return found


def _changed(base: dict[str, Any], change: str) -> None:
    path, _, value = change.partition("=")
    part, _, name = path.partition(".")
    if name:
        base[part] = {**(base.get(part) or {}), name: value}
    else:
        base[part] = value


def _drawn(told: FigureTable) -> Table:
    table = Table(*told.by, *told.columns)
    for at, key in enumerate(told.keys):
        table.add_row(*(part or "–" for part in key), *(_shown(one) for one in told.row(at).values()))
    if told.by:
        table.add_section()
        table.add_row("*", *("" for _ in told.by[1:]), *(_shown(one) for one in told.totals.values()))
    return table


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return f"– {REASONS[figure.reason or ''][0]}"
    bounds = f" [{figure.low}–{figure.high}]" if figure.low is not None else ""
    return f"{figure.value}{bounds} n={figure.n}{' *' if figure.provisional else ''}"
