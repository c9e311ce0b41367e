from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
import typer
import yaml
from typer.testing import CliRunner

from bihuan.archive.rollup import refresh
from bihuan.archive.store import Archive
from bihuan.archive.writer import append
from bihuan.kit.errors import InputError
from bihuan.metrics import commands
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.tests.record import PARAMS, ZONE, at

DAY = date(2026, 10, 5)


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    commands.mount(made)
    return made


@pytest.fixture
def params(tmp_path: Path) -> Path:
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(PARAMS.to_mapping(), allow_unicode=True))
    return path


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    made = Archive(tmp_path / "record", ZONE)
    rows = [
        {"contact_id": f"c{n}", "channel": "chat", "opened_us": at(5, 10 + n), "closed_us": at(5, 11 + n)}
        for n in range(3)
    ]
    append(made, {"contacts": pa.Table.from_pylist(rows)}, import_id="i", recorded_us=at(6))
    refresh(made, repeat_window_us=1)
    monkeypatch.setattr(commands, "open_archive", lambda: made)
    return made


def test_the_catalogue_is_listed_in_both_languages(app: typer.Typer) -> None:
    rows = json.loads(CliRunner().invoke(app, ["metrics", "--json"]).stdout)
    assert {row["name"] for row in rows} == set(CATALOG)
    assert {row["label"] for row in rows} >= {"好评率", "接通率", "一次解决率"}
    assert "Answer rate" in CliRunner().invoke(app, ["metrics", "--json", "--lang", "en"]).stdout


@pytest.mark.usefixtures("archive")
def test_figures_come_out_as_csv_and_json(app: typer.Typer, params: Path) -> None:
    words = [
        "figures",
        "contacts",
        "--by",
        "day",
        "--from",
        "2026-10-01",
        "--to",
        "2026-10-31",
        "--params",
        str(params),
    ]
    shown = CliRunner().invoke(app, [*words, "--csv"], catch_exceptions=False)
    assert shown.stdout.splitlines()[1].startswith("2026-10-05,3,3")
    told = json.loads(CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False).stdout)
    assert [figure["value"] for figure in told["figures"]] == ["3"]
    assert CliRunner().invoke(app, words, catch_exceptions=False).exit_code == 0


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    "wrong",
    [["--from", "2026-10-01"], ["--from", "x", "--to", "y"], ["--where", "team"], ["--by", "mood"], ["--as-of", "2026-10-01T00:00"],
     ["--from", "2026-10-02", "--to", "2026-10-01"], ["--csv", "--json"], ["--params", "none.yaml"]],
)  # fmt: skip
def test_bad_words_are_refused_with_what_to_do_next(app: typer.Typer, params: Path, wrong: list[str]) -> None:
    answer = CliRunner().invoke(app, ["figures", "contacts", "--params", str(params), *wrong])
    assert isinstance(answer.exception, InputError)


@pytest.mark.usefixtures("archive")
def test_figures_say_in_which_zone_their_days_lie_and_when_they_begin(app: typer.Typer, params: Path) -> None:
    words = ["figures", "contacts", "--by", "day", "--params", str(params)]
    span = ["--from", "2026-10-01", "--to", "2026-10-31"]
    heading = CliRunner().invoke(app, [*words, *span], catch_exceptions=False).stdout.splitlines()[0]
    assert heading == f"Business days in {ZONE}, each from 00:00 to 00:00: 2026-10-01 to 2026-10-31."
    told = json.loads(CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False).stdout)
    assert told["days"] == {"zone": str(ZONE), "begin": "00:00", "from": None, "to": None}
    rows = list(csv.DictReader(CliRunner().invoke(app, [*words, "--csv"], catch_exceptions=False).stdout.splitlines()))
    assert [(row["day"], row["days_zone"], row["days_begin"]) for row in rows] == [
        ("2026-10-05", str(ZONE), "00:00"),
        ("*", str(ZONE), "00:00"),
    ]


def test_a_later_cut_over_and_a_single_day_stand_in_the_heading() -> None:
    days = commands.BusinessDays("Asia/Shanghai", 4)
    assert days.heading((DAY, DAY)) == "Business days in Asia/Shanghai, each from 04:00 to 04:00: 2026-10-05."
    assert days.heading(None).endswith("the whole record.")
