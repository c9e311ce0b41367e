"""Ctrl-C ends a command with 130 and one line; a reader who goes away ends it in silence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan.config.cli import main
from bihuan.config.endings import ended
from bihuan.standards.checks.declaration import dialogue

COMMAND = [sys.executable, "-c", "from bihuan.config.cli import main; main()"]
GOOD = json.dumps(dialogue("C0: 在吗", "A10: 您好，小李为您服务"))


def _closed_pipe() -> int:
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.parametrize(
    "arguments",
    [["metrics"], ["metrics", "--json"], ["check", "-"], ["diff", "recommended", "service-quality"]],
    ids=" ".join,
)
def test_output_that_nobody_reads_is_no_error(arguments: list[str], tmp_path: Path) -> None:
    pipe = _closed_pipe()
    env = {**os.environ, "BIHUAN_HOME": str(tmp_path), "BIHUAN_SECRET_KEY": "x"}
    told = subprocess.run([*COMMAND, *arguments], stdout=pipe, stderr=subprocess.PIPE, input=GOOD, text=True, env=env)
    os.close(pipe)
    assert (told.returncode, told.stderr) == (0, "")


def test_a_reader_of_one_line_gets_it(tmp_path: Path) -> None:
    chats = tmp_path / "chats.jsonl"
    chats.write_text(f"{GOOD}\n" * 1200)  # two batches and a half: more than a pipe holds
    judging = subprocess.Popen(
        [*COMMAND, "check", str(chats), "--only", "greeting"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert judging.stdout
    assert judging.stderr
    assert json.loads(judging.stdout.readline())["items"]
    judging.stdout.close()
    assert (judging.wait(20), judging.stderr.read()) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["lint", "service-quality"], 1), (["check", "no-such"], 2)],
    ids=["findings", "file"],
)
def test_what_is_wrong_is_told_by_the_exit_code_even_where_nobody_reads(arguments: list[str], code: int) -> None:
    pipe = _closed_pipe()
    told = subprocess.run([*COMMAND, *arguments], stdout=pipe, stderr=pipe, stdin=subprocess.DEVNULL)
    os.close(pipe)
    assert told.returncode == code


def test_ctrl_c_is_130_and_one_line() -> None:
    judging = subprocess.Popen(
        [*COMMAND, "check", "-", "--only", "greeting"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert judging.stdin
    assert judging.stdout
    assert judging.stderr
    judging.stdin.write(f"{GOOD}\n" * 500)  # one batch is answered at once, then it waits for more
    judging.stdin.flush()
    judging.stdout.readline()
    judging.send_signal(signal.SIGINT)
    judging.stdout.read()
    assert (judging.wait(20), judging.stderr.read()) == (130, "Stopped.\n")
    judging.stdin.close()


def test_an_engine_that_makes_its_own_error_of_ctrl_c_is_still_stopped() -> None:
    told: list[str] = []

    def query() -> int:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None
        return 0

    assert ended(query, tell_stopped=lambda: told.append("Stopped.")) == 130
    assert told == ["Stopped."]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_without_ctrl_c_is_a_bug_and_crashes() -> None:
    def broken() -> int:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        ended(broken, tell_stopped=lambda: None)


@pytest.mark.parametrize(("verb", "see"), [("no-such", "bihuan --help"), ("lint", "bihuan lint --help")])
def test_a_wrong_call_is_pointed_to_the_help_there_is(
    verb: str, see: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bihuan", verb, *(["--no-such"] if verb == "lint" else [])])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == f"See: {see}"
