"""Hostile and broken files end in a sentence for the person or in the rejects, never in a traceback or a full memory."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.sources import limits
from bihuan.archive.sources.importer import import_file
from bihuan.archive.sources.rejects import shown
from bihuan.archive.store import Archive
from bihuan.kit.errors import InputError

HEAD = "会话编号,发送方,内容,时间\n"
GOOD = "C1,客户,你好,2026-07-01 09:00:00\n"
# What polars, duckdb, pyarrow and Django occupy before a file is opened, plus the importer's blocks.
MEMORY_LIMIT_MIB = 900

MEASURE = """
import os, sys
from pathlib import Path
from zoneinfo import ZoneInfo
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.config.settings")
from bihuan.archive.sources.importer import import_file
from bihuan.archive.store import Archive
from bihuan.kit.errors import InputError
try:
    summary = import_file(sys.argv[1], "generic-messages", Archive(sys.argv[2], ZoneInfo("Asia/Shanghai")), dry_run=True)
    print("rejected", dict(summary.rejected), {name: count.new for name, count in summary.tables.items()})
except InputError as error:
    print("refused", error.message)
# of this program alone: what getrusage tells begins with the size of the process that started it
print(next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) // 1024)
"""


def measured(file: Path, tmp_path: Path) -> tuple[str, int]:
    """What a process of its own says about the file, and its peak memory in MiB."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file), str(tmp_path / "archive")],
        capture_output=True,
        text=True,
        check=True,
    )
    *said, peak = done.stdout.strip().splitlines()
    return "\n".join(said), int(peak)


def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))


def test_a_line_of_a_gigabyte_is_refused_and_the_rows_after_it_enter(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    with file.open("wb") as out:
        out.write((HEAD + GOOD).encode())
        out.write(b"x" * (4 * limits.MIB))
        out.seek(limits.MIB * 1024)  # the rest is a hole: as long as written, without writing it
        out.write(b"\n" + GOOD.replace("C1", "C2").encode())
    said, peak = measured(file, tmp_path)
    file.unlink()
    assert "line_too_long" in said
    assert "'contacts': 2" in said
    assert peak < MEMORY_LIMIT_MIB


def test_ten_million_columns_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    file.write_bytes(b"a," * 10_000_000 + b"a\n" + b"1," * 10_000_000)
    said, peak = measured(file, tmp_path)
    assert said.startswith("refused")
    assert peak < MEMORY_LIMIT_MIB


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bomb.csv.gz"
    with gzip.open(file, "wb", compresslevel=9) as out:
        out.write((HEAD + GOOD).encode())
        for _ in range(24):
            out.write(b"\n" * limits.MIB)
    said, peak = measured(file, tmp_path)
    assert "unfolds" in said
    assert peak < MEMORY_LIMIT_MIB


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out, out.open("a.csv", "w") as member:
        member.write((HEAD + GOOD).encode())
        for _ in range(24):
            member.write(b" " * limits.MIB)
    with pytest.raises(InputError, match="unfolds"):
        import_file(file, "generic-messages", archive(tmp_path))


def test_a_workbook_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", "<Types/>")
        with out.open("xl/sharedStrings.xml", "w") as member:
            for _ in range(200):
                member.write(b" " * limits.MIB)
    with pytest.raises(InputError, match="too large"):
        import_file(file, "generic-messages", archive(tmp_path))


def test_a_truncated_archive_leaves_the_record_as_it_was(tmp_path: Path) -> None:
    whole = gzip.compress((HEAD + GOOD * 1000).encode())
    file = tmp_path / "cut.csv.gz"
    file.write_bytes(whole[: len(whole) - 20])
    record = archive(tmp_path)
    with pytest.raises(InputError, match="ends too early"):
        import_file(file, "generic-messages", record)
    assert not record.head().files("contacts")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\n\n\n", "no line|lacks"),
        ("姓名,电话\n张三,1\n".encode(), "lacks"),
        (bytes(range(24)) * 64, "not a text|neither|lacks|not a header"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old Excel"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b"PAR1" + b"\0" * 64, "damaged"),
        (b"\x1f\x8b\x08nonsense", "ends too early|damaged"),
        ((HEAD + "C1,x\nC2;y;z;w\n").encode(), "None of"),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "thing"
    file.write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        import_file(file, "generic-messages", archive(tmp_path))


def test_bad_rows_are_named_by_line_and_reason_while_the_others_enter(tmp_path: Path) -> None:
    file = tmp_path / "mixed.csv"
    rows = [
        HEAD.encode(), GOOD.encode(),
        b"C2,\xe5\xae\xa2\xe6\x88\xb7,nul\0byte,2026-07-01 09:00:00\n",  # line 3
        b"C3,\xff\xfe\xfd,x,2026-07-01 09:00:00\n",  # line 4
        "C4,客户,不是时间,昨天\n".encode(),  # line 5
        "C5,客户,一列太多,2026-07-01 09:00:00,9\n".encode(),  # line 6
        "C6;客户;分号;2026-07-01 09:00:00\n".encode(),  # line 7
        "C7,外星人,谁,2026-07-01 09:00:00\n".encode(),  # line 8
        ",客户,没有编号,2026-07-01 09:00:00\n".encode(),  # line 9
        'C8,客户,"没有闭合,2026-07-01 09:00:00\n'.encode(),  # line 10
        "C9,客户,=1+1,2026-07-01 09:00:00\n".encode(),
    ]  # fmt: skip
    file.write_bytes(b"".join(rows))
    record = archive(tmp_path)
    summary = import_file(file, "generic-messages", record)
    assert summary.rejects_path is not None
    lines = Path(summary.rejects_path).read_text(encoding="utf-8-sig").splitlines()[1:]
    named = {int(line.split(",")[0]): line.split(",")[2] for line in lines}
    assert named == {
        3: "nul_byte", 4: "not_in_this_encoding", 5: "unreadable_time", 6: "too_many_columns", 7: "too_few_columns",
        8: "unknown_word", 9: "no_contact_id", 10: "bad_quoting",
    }  # fmt: skip
    texts = {row["text"] for row in Reader(record, scope=Scope.all()).table("messages").to_pylist()}
    assert texts == {"你好", "=1+1"}


def test_a_row_that_is_refused_makes_no_empty_conversation(tmp_path: Path) -> None:
    file = tmp_path / "senders.csv"
    file.write_text(
        HEAD + GOOD + "C1,外星人,谁,2026-07-01 09:01:00\nC2,外星人,谁,2026-07-01 09:02:00\n", encoding="utf-8"
    )
    record = archive(tmp_path)
    summary = import_file(file, "generic-messages", record)
    assert summary.rejected == {"unknown_word": 2}
    assert summary.tables["contacts"].new == 1
    assert [row["external_id"] for row in Reader(record, scope=Scope.all()).table("contacts").to_pylist()] == ["C1"]


def test_a_file_of_which_every_row_is_refused_leaves_the_record_as_it_was_each_time_it_is_tried(tmp_path: Path) -> None:
    file = tmp_path / "senders.csv"
    file.write_text(HEAD + GOOD.replace("客户", "外星人"), encoding="utf-8")
    record = archive(tmp_path)
    for _ in range(2):
        with pytest.raises(InputError, match="None of 1 rows can be used"):
            import_file(file, "generic-messages", record)
    assert Reader(record, scope=Scope.all()).table("contacts").num_rows == 0


def test_a_column_that_stands_twice_is_named_as_the_file_calls_it(tmp_path: Path) -> None:
    file = tmp_path / "twice.csv"
    file.write_text("会话编号,发送方,内容,内容,时间\nC1,客户,甲,乙,2026-07-01 09:00:00\n", encoding="utf-8")
    with pytest.raises(InputError, match="“内容” 2 times"):
        import_file(file, "generic-messages", archive(tmp_path))


def test_an_unclosed_quote_costs_one_row_not_the_rest_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "quote.csv"
    rows = [f"C{n},客户,第{n}条,2026-07-01 09:00:00\n" for n in range(5_000)]
    rows[10] = 'C10,客户,"没有闭合,2026-07-01 09:00:00\n'
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    summary = import_file(file, "generic-messages", archive(tmp_path))
    assert summary.rejected == {"quote_not_closed": 1}
    assert summary.tables["messages"].new == 4_999


def test_a_workbook_whose_packing_is_broken_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "broken.xlsx"
    book = openpyxl.Workbook()
    for number in range(200):
        book.active.append([f"C{number}", "客户", "你好", "2026-07-01 09:00:00"])
    book.save(file)
    with zipfile.ZipFile(file) as packed:
        place = packed.getinfo("xl/worksheets/sheet1.xml").header_offset
    whole = bytearray(file.read_bytes())
    whole[place + 60 : place + 90] = b"\xff" * 30
    file.write_bytes(whole)
    with pytest.raises(InputError, match="damaged"):
        import_file(file, "generic-messages", archive(tmp_path))


def test_formulas_of_a_workbook_stay_words(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["会话编号", "发送方", "内容"])
    sheet.append(["C1", "客户", '=HYPERLINK("http://example.org","x")'])
    sheet.append(["C1", "客服", "@SUM(1)"])
    file = tmp_path / "formula.xlsx"
    book.save(file)
    record = archive(tmp_path)
    import_file(file, "generic-messages", record)
    rows = Reader(record, scope=Scope.all()).table("messages").sort_by("seq").to_pylist()
    assert [row["text"] for row in rows] == ['=HYPERLINK("http://example.org","x")', "@SUM(1)"]


def test_a_forged_row_number_does_not_make_the_reader_count_to_a_billion(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["会话编号", "发送方", "内容"])
    book.active.append(["C1", "客户", "好"])
    honest = io.BytesIO()
    book.save(honest)
    file = tmp_path / "forged.xlsx"
    with zipfile.ZipFile(honest) as source, zipfile.ZipFile(file, "w") as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b'<row r="2"', b'<row r="1000000000"').replace(b'"A2"', b'"A1000000000"')
            target.writestr(member, content)
    summary = import_file(file, "generic-messages", archive(tmp_path), dry_run=True)
    assert summary.tables == {}


def test_the_rejects_file_is_safe_to_open_in_a_spreadsheet() -> None:
    assert shown("=cmd|'/c calc'!A1") == "'=cmd|'/c calc'!A1"
    assert shown("x" * 500) == f"{'x' * 24}… (500 characters)"
