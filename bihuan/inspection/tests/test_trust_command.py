"""`bihuan trust`: standings and figures on a terminal."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from bihuan.archive.tests.record_world import World
from bihuan.inspection.tests.trust_world import CHECK, MET, VIOLATED, of_check, reviewed
from bihuan.inspection.trust.command import mount
from bihuan.people.tests.cast import Cast
from bihuan.standards.editions import load_edition

pytestmark = pytest.mark.django_db
APP = typer.Typer()
mount(APP)
APP.command("other")(lambda: None)


def test_it_tells_every_check_and_reckons_on_request(lived: World, cast: Cast) -> None:
    reviewed(load_edition("recommended"), [of_check(30, VIOLATED, MET)], cast.people["inspector"])
    before = json.loads(CliRunner().invoke(APP, ["trust", "--json"]).stdout)
    assert {one["check"]: one["standing"] for one in before["checks"]}[CHECK] == "assisting"
    after = json.loads(CliRunner().invoke(APP, ["trust", "--reckon", "--json"]).stdout)
    assert after["fell"] == [CHECK]
    row = next(one for one in after["checks"] if one["check"] == CHECK)
    assert (row["standing"], row["figures"]["precision"]["value"], row["figures"]["precision"]["n"]) == (
        "observed",
        0,
        30,
    )
    assert len(after["checks"]) == len(load_edition("recommended").checks)
    text = CliRunner().invoke(APP, ["trust"]).stdout
    assert "observed" in text
    assert CHECK in text
