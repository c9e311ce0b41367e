"""The same rows in every format, packing and encoding give the same record."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import polars as pl
import pytest

from bihuan.archive.reader import Reader
from bihuan.archive.scope import Scope
from bihuan.archive.sources.importer import import_file
from bihuan.archive.store import Archive
from bihuan.kit.errors import InputError

HEADER = ["会话编号", "发送方", "内容", "时间", "客服工号"]
ROWS = [
    ["C1", "客户", "你好，在吗？", "2026-07-01 09:00:00", ""],
    ["C1", "客服", "您好，工号1001为您服务", "2026-07-01 09:00:20", "1001"],
    ["C2", "客户", "退款, “尽快”\n谢谢", "2026-07-01 10:00:00", ""],
]


def delimited(sign: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows([HEADER, *ROWS])
    return out.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for row in ROWS:
        book.active.append([*row[:3], datetime.fromisoformat(row[3]), row[4] or None])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    columns = dict(zip(HEADER, zip(*ROWS, strict=True), strict=True))
    frame = pl.DataFrame({name: list(values) for name, values in columns.items()})
    out = io.BytesIO()
    frame.with_columns(pl.col("时间").str.to_datetime()).write_parquet(out)
    return out.getvalue()


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("消息.csv", content)
    return out.getvalue()


def json_lines() -> bytes:
    return "\n".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS).encode()


FORMS: dict[str, Callable[[], bytes]] = {
    "csv": lambda: delimited(",").encode(),
    "csv with mark": lambda: delimited(",").encode("utf-8-sig"),
    "semicolons": lambda: delimited(";").encode(),
    "tsv": lambda: delimited("\t").encode(),
    "gbk": lambda: delimited(",").encode("gbk"),
    "gb18030": lambda: delimited(",").encode("gb18030"),
    "utf-16 of a spreadsheet": lambda: delimited("\t").encode("utf-16"),
    "gz": lambda: gzip.compress(delimited(",").encode()),
    "zip": lambda: zipped(delimited(",").encode()),
    "json lines": json_lines,
    "xlsx": workbook,
    "parquet": parquet,
}


def record_of(content: bytes, tmp_path: Path) -> list[dict]:
    file = tmp_path / "file"
    file.write_bytes(content)
    archive = Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))
    summary = import_file(file, "generic-messages", archive)
    assert summary.rejected == {}
    rows = Reader(archive, scope=Scope.all()).table("messages").to_pylist()
    keys = ("contact_id", "seq", "sent_us", "sender_kind", "agent_key", "text")
    return sorted(({key: row[key] for key in keys} for row in rows), key=lambda row: (row["contact_id"], row["seq"]))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_messages(form: str, tmp_path: Path) -> None:
    found = record_of(FORMS[form](), tmp_path)
    assert [row["text"] for row in found if row["seq"] == 2] == ["您好，工号1001为您服务"]
    assert sorted(row["text"] for row in found) == sorted(row[2] for row in ROWS)
    nine = datetime(2026, 7, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1_000_000
    assert min(row["sent_us"] for row in found) == nine
    assert {row["agent_key"] for row in found} == {None, "1001"}


def test_latin_text_is_refused_not_read_as_chinese(tmp_path: Path) -> None:
    file = tmp_path / "latin.csv"
    file.write_bytes(("contact_id,sender,text\n" + "C1,customer,déjà reçu très bientôt\n" * 20).encode("latin-1"))
    with pytest.raises(InputError, match="neither UTF-8 nor GBK"):
        import_file(file, "generic-messages", Archive(tmp_path / "archive", ZoneInfo("UTC")))


def test_gbk_beyond_the_first_megabyte_of_ascii_is_still_found(tmp_path: Path) -> None:
    body = "C1,customer,plain words here\n" * 50_000 + "C2,customer,中文在后面\n"
    file = tmp_path / "late.csv"
    file.write_bytes(("contact_id,sender,text\n" + body.replace("C1", "C{}")).replace("C{}", "C1").encode("gbk"))
    summary = import_file(file, "generic-messages", Archive(tmp_path / "archive", ZoneInfo("UTC")), dry_run=True)
    assert summary.rejected == {"contact_too_long": 1}


def test_a_zip_of_two_files_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "two.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", "x")
        archive.writestr("b.csv", "x")
    with pytest.raises(InputError, match="2 files"):
        import_file(file, "generic-messages", Archive(tmp_path / "archive", ZoneInfo("UTC")))
