"""`bihuan report` says what is wrong with a month or a place to write before it computes anything."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bihuan.kit.errors import InputError
from bihuan.workplace.commands import mount

APP = typer.Typer()
mount(APP)
APP.command("other")(lambda: None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("month", "out", "sentence"),
    [
        ("2026-13", "month.xlsx", "2026-13 is no month."),
        ("2026-10", "none/month.xlsx", "There is no folder"),
        ("2026-10", "month.csv", "is not named like a workbook. Name it month.xlsx."),
        ("2026-10", "month.xlsx", "2026-10 has no results. Compute them first: bihuan appraise 2026-10"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(tmp_path: Path, month: str, out: str, sentence: str) -> None:
    refused = CliRunner().invoke(APP, ["report", month, "--out", str(tmp_path / out)]).exception
    assert isinstance(refused, InputError)
    assert sentence in str(refused)


def test_other_languages_are_refused(tmp_path: Path) -> None:
    asked = ["report", "2026-10", "--out", str(tmp_path / "x.xlsx"), "--lang", "fr"]
    assert CliRunner().invoke(APP, asked).exit_code == 2
