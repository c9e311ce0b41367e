"""The verb `import`: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bihuan.archive.commands import Aftermath, mount
from bihuan.kit.errors import InputError

APP = typer.Typer()
mount(APP)


@APP.callback()
def root() -> None:
    """Without a second verb typer would leave out the first one's name."""


def run(*arguments: str) -> str:
    result = CliRunner().invoke(APP, ["import", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def elsewhere(folder: Path) -> list[str]:
    return ["--archive", str(folder / "archive"), "--repeat-window", "7"]


def test_the_own_record_takes_no_window_but_the_editions_and_another_needs_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Aftermath, "repeat_window_us", None)
    file = tmp_path / "messages.csv"
    file.write_text("会话编号,发送方,内容,时间\nC1,客户,你好,2026-07-01 09:00\n", encoding="utf-8")
    with pytest.raises(InputError, match="edition in use"):
        run(str(file), "--source", "generic-messages", "--repeat-window", "3")
    with pytest.raises(InputError, match="No edition"):
        run(str(file), "--source", "generic-messages", "--archive", str(tmp_path / "archive"))


def test_ready_mappings_are_listed() -> None:
    assert {"bank-calls", "generic-messages"} <= {
        entry["name"] for entry in json.loads(run("--list-sources", "--json"))
    }


def test_an_import_prints_counts_rejects_and_days(tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text("会话编号,发送方,内容,时间\nC1,客户,你好,2026-07-01 09:00\nC2,客户,坏,昨天\n", encoding="utf-8")
    said = run(str(file), "--source", "generic-messages", *elsewhere(tmp_path))
    assert "读取 2 行" in said
    assert "unreadable_time" in said
    assert "2026-07-01" in said
    summary = json.loads(run(str(file), "--source", "generic-messages", *elsewhere(tmp_path), "--json"))
    assert summary["tables"]["messages"] == {"new": 0, "known": 1}
    assert Path(summary["rejects_path"]).is_file()


def test_an_import_brings_the_roll_up_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text("会话编号,发送方,内容,时间\nC1,客户,你好,2026-07-01 09:00\n", encoding="utf-8")
    run(str(file), "--source", "generic-messages", *elsewhere(tmp_path))
    assert list((tmp_path / "archive" / "rollup").rglob("*.parquet"))


def test_neither_or_both_mappings_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run(str(tmp_path / "x.csv"))
    with pytest.raises(InputError):
        run(str(tmp_path / "x.csv"), "--source", "bank-calls", "--mapping", "m.yaml")
