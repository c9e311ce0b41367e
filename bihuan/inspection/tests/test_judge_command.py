"""`bihuan judge` names what is wrong with the days it is given."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from bihuan.inspection.commands import mount
from bihuan.kit.errors import InputError

APP = typer.Typer()
mount(APP)
APP.command("other")(lambda: None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (["--from", "5", "--to", "2026-10-01"], "'5' is no day. Write it as 2026-10-01."),
        (["--from", "2026-10-02", "--to", "2026-10-01"], "The last day lies before the first."),
        (["--from", "2026-10-02"], "One of the two days is missing."),
        ([], "Say which days, or --undated."),
        (["--undated", "--from", "2026-10-02"], "Say which days, or --undated."),
    ],
)
def test_days_that_cannot_be_judged_are_refused(days: list[str], sentence: str) -> None:
    refused = CliRunner().invoke(APP, ["judge", *days]).exception
    assert isinstance(refused, InputError)
    assert sentence in str(refused)
