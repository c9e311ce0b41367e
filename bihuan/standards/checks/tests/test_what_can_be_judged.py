"""What `bihuan check` takes: the form of a conversation, told in its help; what cannot be used is refused by its place."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bihuan.archive import schemas
from bihuan.kit.errors import InputError
from bihuan.standards.checks import conversation
from bihuan.standards.checks.commands import HELP, mount
from bihuan.standards.checks.conversation import FIELDS, trouble_in
from bihuan.standards.checks.declaration import dialogue
from bihuan.standards.checks.registry import CHECKS

APP = typer.Typer()
mount(APP)
APP.command("other")(lambda: None)
GOOD = dialogue("C0: 在吗", "A10: 您好，小李为您服务")
SENDER = {"sender": "agent"}


def checked(given: str | bytes | Path, *options: str) -> Result:
    source = ["-"] if not isinstance(given, Path) else [str(given)]
    handed = None if isinstance(given, Path) else given
    return CliRunner().invoke(APP, ["check", *source, "--only", "greeting", "--lang", "en", *options], input=handed)


def refusal(result: Result) -> str:
    """What the command says on standard error."""
    if isinstance(result.exception, InputError):
        return str(result.exception)
    assert result.exit_code == 2
    return result.stderr.rstrip()


def with_message(**fields: Any) -> dict[str, Any]:
    return {"channel": "chat", "messages": [SENDER, {**SENDER, **fields}]}


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (with_message(sender="visitor"), "messages[1].sender"),
        (with_message(sender=None), "messages[1].sender"),
        (with_message(sender=3), "messages[1].sender"),
        (with_message(text=5), "messages[1].text"),
        (with_message(at="yesterday"), "messages[1].at"),
        (with_message(at=1_700_000_000), "messages[1].at"),
        (with_message(sender_id=8012), "messages[1].sender_id"),
        (with_message(automatic="yes"), "messages[1].automatic"),
        ({"messages": [SENDER, "hello"]}, "messages[1]"),
        ({"messages": {}}, "messages"),
        ({}, "messages"),
        ([], ""),
        (3, ""),
        ({"channel": "wechat", "messages": []}, "channel"),
        ({"customer": "张", "messages": []}, "customer"),
        ({"customer": {"surname": 1}, "messages": []}, "customer.surname"),
        ({"facts": [], "messages": []}, "facts"),
        ({"facts": {"level": "L9"}, "messages": []}, "facts.level"),
        ({"facts": {"rings": 2.5}, "messages": []}, "facts.rings"),
        ({"facts": {"queue_seconds": -1}, "messages": []}, "facts.queue_seconds"),
        ({"facts": {"ring_seconds": "15"}, "messages": []}, "facts.ring_seconds"),
        ({"facts": {"solved": "yes"}, "messages": []}, "facts.solved"),
        ({"messages": [{**SENDER, "at": "2026-10-12T09:30:00+08:00"}, {**SENDER, "at": "2026-10-12T09:31:00"}]},
         "messages[1].at"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_place_in_both_languages(given: Any, place: str) -> None:
    found = trouble_in(given)
    assert found is not None
    assert found.place == place
    assert found.says.zh
    assert found.says.en
    assert found.says.zh != found.says.en


@pytest.mark.parametrize("check", CHECKS.values(), ids=list(CHECKS))
def test_every_example_of_every_check_can_be_used(check: Any) -> None:
    assert [trouble_in(example.contact) for example in check.examples] == [None] * len(check.examples)


def test_null_is_the_same_as_absent_and_other_fields_are_left_alone() -> None:
    message = {"at": None, "sender": "agent", "sender_id": None, "text": None, "mood": 3}
    assert trouble_in({"channel": None, "customer": None, "facts": None, "messages": [message], "own": [1]}) is None


def test_the_words_are_those_of_the_record() -> None:
    names = ("CHANNELS", "SENDERS", "LEVELS", "OUTCOMES")
    assert {name: getattr(conversation, name) for name in names} == {name: getattr(schemas, name) for name in names}


def test_an_unknown_sender_is_refused_and_the_others_are_judged() -> None:
    bad = {"messages": [SENDER, {"sender": "visitor", "text": "您好"}]}
    result = checked("\n".join(map(json.dumps, (GOOD, bad, GOOD))))
    first, second, third = map(json.loads, result.stdout.splitlines())
    assert [item["id"] for item in first["items"]] == [item["id"] for item in third["items"]] == ["greeting"]
    assert second == {
        "line": 2,
        "place": "messages[1].sender",
        "error": "Line 2, messages[1].sender: “visitor” is none of customer, agent, bot, system",
    }
    assert refusal(result) == f"1 of 3 inputs cannot be used. {second['error']}"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"messages": [}', 1, 15),
        ('\n\n{"messages": [\n\n {"sender": "agent" "text": ""}]}', 5, 21),
        ('{"messages": [\n {"sender": "agent"}', 2, 21),
    ],
)
def test_broken_json_names_line_and_column(text: str, line: int, column: int) -> None:
    result = checked(text)
    answer = json.loads(result.stdout)
    assert (answer["line"], answer["column"]) == (line, column)
    assert f"Line {line}, column {column}: is not JSON" in refusal(result)


def test_an_object_may_begin_below_blank_lines_and_break_anywhere() -> None:
    pretty = json.dumps(GOOD, indent=1).replace('",\n', '"\n,')
    assert json.loads(checked(f"\n \n{pretty}").stdout)["items"]


def test_a_first_line_that_was_cut_off_does_not_cost_the_others() -> None:
    result = checked('{"channel": "chat", "messages": [\n' + json.dumps(GOOD))
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["line"] == 1
    assert second["items"]


@pytest.mark.parametrize(
    "content",
    [b"", b" \n\n", b"\x00\x01\x02", b"PK\x03\x04\x14\x00\x08", b"\x1f\x8b\x08\x00abc"],
    ids=["empty", "blank", "nul", "zip", "gzip"],
)
def test_a_file_without_any_text_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "given.json"
    file.write_bytes(content)
    result = checked(file)
    assert result.stdout == ""
    assert "given.json" in refusal(result)
    assert isinstance(checked(content).exception, InputError)


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    assert "folder" in refusal(checked(tmp_path))
    assert "none.json" in refusal(checked(tmp_path / "none.json"))


def test_text_that_is_not_utf8_is_said_for_its_line() -> None:
    result = checked(b'{"messages": []}\n' + '{"messages": ["您好"]}'.encode("gbk"))
    assert json.loads(result.stdout.splitlines()[1])["error"] == "Line 2: is not UTF-8"


def test_errors_are_said_in_chinese_unless_asked_otherwise() -> None:
    result = CliRunner().invoke(APP, ["check", "-", "--only", "greeting"], input='{"messages": [{"sender": "x"}]}')
    assert json.loads(result.stdout)["error"] == "第 1 行 messages[0].sender：“x”不是 customer, agent, bot, system 之一"


def test_other_languages_are_refused() -> None:
    assert checked(json.dumps(GOOD), "--lang", "fr").exit_code == 2


def test_the_help_tells_every_field_and_an_example_that_can_be_judged() -> None:
    told = CliRunner().invoke(APP, ["check", "--help"], env={"COLUMNS": "100"}).stdout
    missing = {name for names in FIELDS.values() for name in names if name not in told}
    assert missing <= {"escalated", "withdrawn_at"}  # other names of handed_over and withdrawn
    example = re.search(r"\{\"channel\".*\]\}", HELP, re.DOTALL)
    assert example is not None
    assert json.loads(checked(example.group(0)).stdout)["items"][0]["verdict"] == "met"
