"""The command's habits: help with examples, exit codes, refusals without tracebacks."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

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


def _verbs() -> list[tuple[str, Any]]:
    found = []
    for name, command in sorted(_commands().items()):
        inner = getattr(command, "commands", {"": command}).items()
        found += [(f"{name} {part}".strip(), one) for part, one in inner]
    return found


def _commands(verb: str | None = None) -> dict[str, Any]:
    """typer carries a click of its own, so the tree is asked for what it has, not for its class."""
    return dict(getattr(typer.main.get_command(build(verb)), "commands", {}))


@pytest.mark.parametrize(("name", "command"), _verbs(), ids=[name for name, _ in _verbs()])
def test_every_verb_has_help_with_examples(name: str, command: Any) -> None:
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
        assert verb in _commands(verb)


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
