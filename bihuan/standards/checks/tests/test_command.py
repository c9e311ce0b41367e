"""`bihuan check`: an answer a line, in order, errors named by line."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from bihuan.kit.errors import InputError
from bihuan.standards.checks.commands import mount
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.registry import checks_of
from bihuan.standards.editions import LIBRARY, load_edition

APP = typer.Typer()
mount(APP)
APP.command("other")(lambda: None)
GOOD = dialogue("C0: 在吗", "A10: 您好，小李为您服务", customer={"surname": "张"})


def test_a_pretty_printed_file_gets_one_answer_with_score(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps(GOOD, ensure_ascii=False, indent=2), "utf-8")
    result = CliRunner().invoke(APP, ["check", str(file), "--edition", "recommended", "--json"])
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [item["id"] for item in answer["items"]] == list(checks_of(load_edition("recommended")))
    assert answer["items"][0]["evidence"][0] == {"message": 1, "start": 0, "end": 2, "text": "您好", "role": "hit"}
    assert answer["score"]["kind"] == "total"


def test_bad_lines_are_answered_by_number_and_the_others_still_judged() -> None:
    lines = [json.dumps(GOOD), "{bad", "[]", json.dumps(GOOD)]
    result = CliRunner().invoke(APP, ["check", "-", "--only", "greeting", "--lang", "en"], input="\n".join(lines))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 2
    assert [answer.get("line") for answer in answers] == [None, 2, 3, None]
    assert answers[0]["items"][0]["reason"] == "The opening greets the customer"


def test_an_unknown_check_and_a_missing_file_are_bad_input() -> None:
    assert isinstance(CliRunner().invoke(APP, ["check", "-", "--only", "nothing"], input="{}").exception, InputError)
    assert isinstance(CliRunner().invoke(APP, ["check", "no-such-file"]).exception, InputError)


def test_a_conversation_outside_the_part_an_edition_is_for_gets_no_verdict_and_is_told_why(tmp_path: Path) -> None:
    text = (LIBRARY / "recommended.yaml").read_text("utf-8")
    file, part = tmp_path / "ours.yaml", "applies_to: {channel: [chat], business_line: [loans]}"
    file.write_text(text.replace("\ncalendar:", f"\n{part}\ncalendar:", 1), "utf-8")
    talks = [
        GOOD | {"channel": "chat", "facts": {"business_line": "loans"}},
        GOOD | {"channel": "phone"},
        GOOD | {"channel": "chat", "facts": {"business_line": "cards"}},
        {"messages": GOOD["messages"]},  # tells nothing: nothing is held against it
    ]
    lines = "\n".join(json.dumps(one) for one in talks)
    result = CliRunner().invoke(APP, ["check", "-", "--edition", str(file), "--lang", "en"], input=lines)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [len(answer["items"]) > 0 for answer in answers] == [True, False, False, True]
    assert [answer.get("outside") for answer in answers[1:3]] == [
        {"code": "channel", "reason": "another channel"},
        {"code": "business_line", "reason": "another business line"},
    ]
    assert [answer["score"] is None for answer in answers] == [False, True, True, False]
