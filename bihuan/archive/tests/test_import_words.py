"""What an import says: every reason and every refusal in both languages, rejects by the file's own columns."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import typer
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from bihuan.archive.commands import mount
from bihuan.archive.sources import words
from bihuan.archive.sources.importer import import_file
from bihuan.archive.sources.mapping import load_mapping, ready_mappings
from bihuan.archive.sources.words import REASONS, SENTENCES, sentence_said
from bihuan.archive.store import Archive
from bihuan.kit.errors import DefinitionError, InputError

SOURCES = Path(words.__file__).parent
MESSAGES = "会话编号,发送方,内容,时间\n"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
APP = typer.Typer()
mount(APP)
APP.command("other")(lambda: None)


def imported(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(
        APP, ["import", *arguments, "--archive", str(tmp_path / "record"), "--repeat-window", "7"]
    )


def rejects_of(tmp_path: Path, file: Path, mapping: str | Path) -> list[dict[str, str]]:
    summary = import_file(file, mapping, Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai")))
    assert summary.rejects_path is not None
    with Path(summary.rejects_path).open(encoding="utf-8-sig", newline="") as told:
        return list(csv.DictReader(told))


def calls(names: tuple[str, ...]) -> Iterator[ast.Call]:
    for path in sorted(SOURCES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in names:
                yield node


def texts(node: ast.expr) -> Iterator[str]:
    """The sentence as it may come out: every value in it becomes a word."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "word" for part in node.values)
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)


def raised() -> list[str]:
    found: list[str] = []
    for call in calls(("InputError",)):
        found += [text for part in (*call.args, *(word.value for word in call.keywords)) for text in texts(part)]
    for call in calls(("_error",)):
        found += texts(call.args[1])
    return found


def test_every_refusal_of_the_importers_is_said_in_chinese() -> None:
    said = {sentence: sentence_said(sentence, "zh") for sentence in raised()}
    assert len(said) > 40
    assert {sentence for sentence, chinese in said.items() if not CHINESE.search(chinese)} == set()


def test_every_reason_for_refusing_a_row_has_words() -> None:
    given = {text for call in calls(("add", "refuse")) if len(call.args) == 4 for text in texts(call.args[2])}
    source = "".join(
        (SOURCES / name).read_text(encoding="utf-8") for name in ("moments.py", "fields.py", "importer.py")
    )
    given |= set(re.findall(r'"((?:un|not_|no_|time_|contact_id_)[a-z]*_[a-z_]+)"', source)) - {"unknown_key"}
    given |= {rule["reason"] for one in ready_mappings().values() for rule in one.part("skip")}
    assert len(given) > 12
    assert given - set(REASONS) == set()


def test_names_of_the_file_stay_as_they_are() -> None:
    message = "The header lacks: 会话编号. It holds: a, b."
    assert sentence_said(message, "zh") == "表头缺少：会话编号。现有：a, b。"
    assert sentence_said(message, "en") == message
    assert sentence_said("None of 3 rows can be used (unreadable_time 2, missing 1).", "en") == (
        "None of 3 rows can be used (The time cannot be read 2, A required value is missing 1)."
    )
    assert sentence_said("moments.at: there is no column “when”", "zh") == "moments.at: 没有“when”列"
    assert sentence_said("something of a library", "zh") == "something of a library"


def test_a_page_is_not_told_where_files_lie() -> None:
    hint = "Is this the right mapping? See /srv/imports/rejects.csv."
    assert "/srv" in sentence_said(hint, "zh")
    assert sentence_said(hint, "zh", paths=False) == "请确认来源或映射是否选对。"


def test_every_sentence_keeps_its_names_in_chinese() -> None:
    for template, chinese in SENTENCES.items():
        assert set(re.findall(r"\{\w+\}", template)) == set(re.findall(r"\{\w+\}", chinese)), template


def test_rejects_name_the_files_column_beside_the_mappings(tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text(f"{MESSAGES}C1,客户,好,昨天\nC2,路人,好,2026-07-01 09:00\n,客户,好,\nC4,客户,好,2026-07-01 09:00\n")
    told = {row["line"]: row for row in rejects_of(tmp_path, file, "generic-messages")}
    assert {line: (row["column"], row["field"], row["reason"]) for line, row in told.items()} == {
        "2": ("时间", "sent", "unreadable_time"),
        "3": ("发送方", "sender", "unknown_word"),
        "4": ("会话编号", "contact", "no_contact_id"),
    }
    assert told["2"]["why"] == "时间无法识别 / The time cannot be read"
    assert told["2"]["value"] == "昨天"


def test_a_moment_made_of_others_leads_to_the_column_it_came_from() -> None:
    origins = load_mapping("bank-calls").origins
    assert origins["contact"] in load_mapping("bank-calls").columns.names
    assert load_mapping("city-complaints").origins["opened"] == "asked"
    assert load_mapping("generic-contacts").origins["wrap_up_ended"] == "wrap_up"


@pytest.mark.parametrize("kind", ["xlsx", "jsonl"])
def test_other_forms_name_their_columns_too(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"messages.{kind}"
    names, rows = (
        ["会话ID", "角色", "内容", "发送时间"],
        [["C1", "客户", "好", "昨天"], ["C2", "客户", "好", "2026-07-01 09:00"]],
    )
    if kind == "xlsx":
        book = Workbook()
        for row in (names, *rows):
            book.active.append(row)
        book.save(file)
    else:
        file.write_text("\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in rows))
    assert [row["column"] for row in rejects_of(tmp_path, file, "generic-messages")] == ["发送时间"]


def test_a_column_that_looks_like_a_formula_stays_words(tmp_path: Path) -> None:
    mapping = tmp_path / "own.yaml"
    mapping.write_text((SOURCES / "ready" / "generic-messages.yaml").read_text().replace("[时间,", '["=1+1", 时间,'))
    file = tmp_path / "messages.csv"
    file.write_text("会话编号,发送方,内容,=1+1\nC1,客户,好,昨天\nC2,客户,好,\n")
    assert [row["column"] for row in rejects_of(tmp_path, file, mapping)] == ["'=1+1"]


def test_the_summary_is_said_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text(f"{MESSAGES}C1,客户,好,2026-07-01 09:00\nC2,客户,好,昨天\n", encoding="utf-8")
    chinese = imported(tmp_path, str(file), "--source", "generic-messages", "--dry-run").stdout
    assert "读取 2 行" in chinese
    assert "试运行" in chinese
    assert "拒收 1 行：时间无法识别 (unreadable_time)" in chinese
    english = imported(tmp_path, str(file), "--source", "generic-messages", "--lang", "en").stdout
    assert "2 rows read" in english
    assert "rejected 1: The time cannot be read (unreadable_time)" in english
    assert not CHINESE.search(english)


@pytest.mark.parametrize(("lang", "said"), [("zh", "文件是空的。"), ("en", "The file is empty.")])
def test_refusals_of_the_command_are_said_in_the_language_asked_for(tmp_path: Path, lang: str, said: str) -> None:
    file = tmp_path / "empty.csv"
    file.write_bytes(b"")
    refused = imported(tmp_path, str(file), "--source", "generic-messages", "--lang", lang)
    assert isinstance(refused.exception, InputError)
    assert refused.exception.message == said
    assert refused.stderr == ""  # no empty line of a progress bar that nobody saw


def test_issues_of_a_mapping_are_said_in_chinese(tmp_path: Path) -> None:
    mapping = tmp_path / "own.yaml"
    mapping.write_text(
        (SOURCES / "ready" / "generic-messages.yaml").read_text().replace("    text: text", "    text: txt")
    )
    refused = imported(tmp_path, "x.csv", "--mapping", str(mapping)).exception
    assert isinstance(refused, DefinitionError)
    assert [issue.message for issue in refused.issues] == ["没有“txt”列"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_ready_mapping_is_listed_with_a_sentence_and_its_columns(lang: str) -> None:
    told = CliRunner().invoke(APP, ["import", "--list-sources", "--lang", lang]).stdout
    blocks = {block.split("  ")[0]: block for block in told.strip().split("\n\n")}
    assert set(blocks) == set(ready_mappings())
    for name, mapping in ready_mappings().items():
        assert mapping.document["about"][lang] in blocks[name]
        if mapping.kind != "rated_turns":
            assert [
                one for headers in mapping.columns.headers.values() for one in headers if one not in blocks[name]
            ] == []


def test_the_list_as_json_tells_what_each_column_is_and_whether_it_must_be_there() -> None:
    listed = json.loads(CliRunner().invoke(APP, ["import", "--list-sources", "--json"]).stdout)
    ratings = next(entry for entry in listed if entry["name"] == "generic-ratings")
    value = next(column for column in ratings["expects"] if column["name"] == "value")
    assert value["required"] is True
    assert value["headers"][0] == "评分"
    assert set(value["about"]) == {"zh", "en"}
