from __future__ import annotations

import json
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
     ["--from", "2026-10-02", "--to", "2026-10-01"]],
)  # fmt: skip
def test_bad_words_are_refused_with_what_to_do_next(app: typer.Typer, params: Path, wrong: list[str]) -> None:
    answer = CliRunner().invoke(app, ["figures", "contacts", "--params", str(params), *wrong])
    assert isinstance(answer.exception, InputError)
