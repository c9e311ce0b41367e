from __future__ import annotations

from decimal import Decimal
from functools import cache

import duckdb
import pytest

from bihuan.kit import clock
from bihuan.kit.numbers import rounded
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.figures import FigureTable
from bihuan.metrics.kinds import PARTS
from bihuan.metrics.query import contacts_of, figures
from bihuan.metrics.tests.golden import BY_TEAM, GOLDEN
from bihuan.metrics.tests.record import AS_OF, PARAMS, TABLES_HERE, engine

CASES = [(name, "agent", "person", case) for name, case in GOLDEN.items()]
CASES += [(name, "team", "team", case) for name, case in BY_TEAM.items()]
SCALES = {"seconds": Decimal(1_000_000)}


def by_hand(column: str, case: tuple[str, str, str]) -> dict[str | None, tuple[int, int]]:
    above, below, rows = case
    connection = duckdb.connect()
    for name, table in TABLES_HERE.items():
        connection.register(name, table)
    query = f"SELECT {column}, {above}, {below} FROM {rows} GROUP BY 1".replace("$as_of", str(clock.to_us(AS_OF)))
    return {key: (int(a or 0), int(b or 0)) for key, a, b in connection.sql(query).fetchall()}


@cache
def catalogue_by(dimension: str) -> FigureTable:
    return figures(engine(), CATALOG, by=(dimension,), period=None, params=PARAMS, as_of_us=clock.to_us(AS_OF))


def test_every_metric_of_the_catalogue_has_a_golden_case() -> None:
    assert set(CATALOG) == {name for name, *_ in CASES}


@pytest.mark.parametrize(("name", "dimension", "column", "case"), CASES, ids=[case[0] for case in CASES])
def test_a_metric_equals_its_definition_in_hand_written_sql(
    name: str, dimension: str, column: str, case: tuple[str, str, str]
) -> None:
    told = catalogue_by(dimension)
    expected = by_hand(column, case)
    metric = CATALOG[name]
    seen = {key[0]: told.row(at)[name] for at, key in enumerate(told.keys)}
    assert any(below for _, below in expected.values())
    for key, (above, below) in expected.items():
        assert key in seen or below == 0
        if below == 0:
            assert key not in seen or seen[key].value is None
            continue
        figure = seen[key]
        assert figure.denominator == below
        shown = figure.numerator if metric.kind.word != "quantile" else figure.value * SCALES["seconds"]
        assert shown == above
        if metric.kind.word == "ratio":
            decimals = PARAMS.decimals[metric.unit]
            assert figure.value == rounded(
                Decimal(above) / Decimal(below) / SCALES.get(metric.unit, Decimal(1)), decimals
            )


@pytest.mark.parametrize("name", list(CATALOG))
def test_the_rows_behind_a_figure_add_up_to_it(name: str) -> None:
    metric = CATALOG[name]
    told = catalogue_by("team")
    figure = next(row[name] for row in map(told.row, range(len(told))) if row[name].denominator)
    for part in PARTS:
        measure = metric.kind.part(part)
        if measure is None:
            continue
        rows = contacts_of(engine(), told, figure, part)
        if (metric.population == "agent_days" and part == "denominator") or measure.how == "distinct":
            assert (len(rows) > 0) == (getattr(figure, part) > 0)
        else:
            assert sum(rows["amount"].to_pylist()) == getattr(figure, part)
