"""The command's habits: help with examples, exit codes, refusals without tracebacks."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
import typer

from bihuan.config.cli import VERBS_OF, build


def _bihuan(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from bihuan.config.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def _verbs() -> list[tuple[str, click.Command]]:
    group = typer.main.get_command(build())
    assert isinstance(group, click.Group)
    found = []
    for name, command in sorted(group.commands.items()):
        inner = command.commands.items() if isinstance(command, click.Group) else [("", command)]
        found += [(f"{name} {part}".strip(), one) for part, one in inner]
    return found


@pytest.mark.parametrize(("name", "command"), _verbs(), ids=[name for name, _ in _verbs()])
def test_every_verb_has_help_with_examples(name: str, command: click.Command) -> None:
    assert command.help
    assert "Example" in command.help, name


def test_the_verbs_of_the_issue_are_there() -> None:
    names = {name for name, _ in _verbs()}
    wanted = [
        "up",
        "seed",
        "import",
        "lint",
        "diff",
        "check",
        "figures",
        "judge",
        "appraise",
        "explain",
        "replay",
        "report",
    ]
    assert set(wanted) <= names
    assert "journal verify" in names


def test_the_verbs_of_each_part_are_listed_where_they_are_found() -> None:
    listed = {verb for verbs in VERBS_OF.values() for verb in verbs}
    assert listed == {name.split()[0] for name, _ in _verbs()}
    for verb in listed:
        group = typer.main.get_command(build(verb))
        assert isinstance(group, click.Group)
        assert verb in group.commands


def test_bad_input_is_said_in_a_sentence_and_exits_2() -> None:
    answer = _bihuan("lint", "no-such-edition")
    assert answer.returncode == 2
    assert "no-such-edition" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_unknown_options_exit_2() -> None:
    answer = _bihuan("lint", "--nonsense")
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr


def test_help_exits_0() -> None:
    answer = _bihuan("--help")
    assert answer.returncode == 0
    assert "bihuan up --demo" in answer.stdout
