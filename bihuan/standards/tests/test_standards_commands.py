import json

import pytest
import typer
from typer.testing import CliRunner

from bihuan.standards.commands import mount
from bihuan.standards.editions import load_edition, shipped


@pytest.fixture
def run():
    app = typer.Typer()
    mount(app)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def test_lint_is_silent_and_0_for_the_recommended_edition(run):
    answer = run("lint", "recommended", "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["issues"] == []


def test_lint_ends_with_1_and_every_issue_for_the_literal_text(run):
    answer = run("lint", "service-quality", "--json")
    assert answer.exit_code == 1
    codes = {issue["code"].split(".")[0] for issue in json.loads(answer.stdout)["issues"]}
    assert {"X3", "X4", "X5", "X6", "X7"} <= codes


def test_lint_lists_every_issue_of_a_file_that_cannot_be_read(run, tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("id: x\nformat: 2\n", encoding="utf-8")
    answer = run("lint", str(path), "--json")
    assert answer.exit_code == 1
    assert len(json.loads(answer.stdout)["issues"]) > 3


def test_diff_says_what_changes_in_the_language_asked_for(run):
    assert "由" in run("diff", "service-quality", "recommended").stdout
    assert "changes from" in run("diff", "service-quality", "recommended", "--lang", "en").stdout
    assert json.loads(run("diff", "recommended", "recommended", "--json").stdout)["changes"] == []


def test_editions_lists_what_is_shipped(run):
    rows = json.loads(run("editions", "--json").stdout)
    assert [row["id"] for row in rows] == shipped()
    assert rows[0]["hash"] == load_edition("recommended").hash
    assert run("editions").exit_code == 0
