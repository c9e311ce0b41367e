"""`bihuan people first-administrator` reads the password from standard input where nobody types."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from bihuan.kit.errors import InputError
from bihuan.people.commands import mount
from bihuan.people.models import User

APP = typer.Typer()
mount(APP)
APP.command("other")(lambda: None)
WORDS = ["people", "first-administrator", "9001", "冯管"]


@pytest.mark.django_db
def test_a_password_comes_from_standard_input() -> None:
    told = CliRunner().invoke(APP, WORDS, input="sehr-Geheim-4711\r\n")
    assert (told.exit_code, told.stdout, told.stderr) == (0, "9001 may sign in.\n", "")
    assert User.objects.get(username="9001").check_password("sehr-Geheim-4711")


@pytest.mark.django_db
def test_an_empty_password_is_refused() -> None:
    assert isinstance(CliRunner().invoke(APP, WORDS, input="\n").exception, InputError)
    assert not User.objects.exists()
