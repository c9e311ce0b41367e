"""A company's own complaints, follow-ups, ratings and contacts through the ready mappings, up to what is counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.archive import rollup
from bihuan.archive.reader import Reader
from bihuan.archive.sources.importer import import_file
from bihuan.archive.store import Archive
from bihuan.kit.clock import DAY, HOUR

Row = dict[str, Any]
CONTACTS = """会话编号,渠道,客户编号,分类,工号,进线时间,接起时间,结束时间,处理结果
A1,电话,u1,费用,1001,2026-07-01 09:00:00,2026-07-01 09:00:20,2026-07-01 09:10:00,未解决
A2,在线,u1,费用,1002,2026-07-03 09:00:00,2026-07-03 09:00:20,2026-07-03 09:10:00,已解决
A3,在线,u2,费用,1002,2026-07-03 10:00:00,2026-07-03 10:00:20,2026-07-03 10:10:00,已解决
"""


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path / "archive", ZoneInfo("Asia/Shanghai"))
    brought_in(made, tmp_path, "generic-contacts", CONTACTS)
    return made


def brought_in(archive: Archive, folder: Path, source: str, text: str) -> None:
    file = folder / f"{source}.csv"
    file.write_text(text, encoding="utf-8")
    summary = import_file(file, source, archive)
    assert summary.rejected == {}


def told(archive: Archive, table: str) -> dict[str, list[Row]]:
    """Rows by the contact's own number."""
    reader = Reader(archive, rollup.refresh(archive, repeat_window_us=7 * DAY))
    called = {row["contact_id"]: row["external_id"] for row in reader.table("contacts").to_pylist()}
    found: dict[str, list[Row]] = {}
    for row in reader.table(table).to_pylist():
        found.setdefault(called[row["contact_id"]], []).append(row)
    return found


def test_S3_12_a_companys_own_ledger_enters_with_agent_cause_and_validity(archive: Archive, tmp_path: Path) -> None:
    assert told(archive, "rollup")["A3"][0]["complaints"] is None
    brought_in(archive, tmp_path, "generic-complaints", """投诉编号,会话编号,工号,类型,投诉时间,分类时间,办结时间,是否有效,原因,责任方
T1,A2,1001,投诉,2026-07-03 12:00:00,2026-07-03 13:00:00,2026-07-04 12:00:00,有效,流程,第三方
T2,A2,,投诉,2026-07-03 12:00:00,,,,,
T3,A1,,表扬,2026-07-03 12:00:00,,,,,
T4,,1001,,2026-07-09 12:00:00,,,恶意,,客户
""")  # fmt: skip
    after = told(archive, "afterwards")
    first, second = sorted(after["A2"], key=lambda row: row["agent_key"])
    assert (first["agent_key"], first["valid"], first["context"]) == ("1001", True, "other_departments")
    assert first["closed_us"] - first["begun_us"] == 24 * HOUR
    assert (second["agent_key"], second["valid"], second["context"]) == ("1002", None, "live")
    assert after["A1"][0]["kind"] == "praise"
    assert (after["T4"][0]["agent_key"], after["T4"][0]["valid"]) == ("1001", False)
    roll = told(archive, "rollup")
    assert {name: roll[name][0]["complaints"] for name in ("A1", "A2", "A3", "T4")} == {
        "A1": 0,
        "A2": 2,
        "A3": 0,
        "T4": 1,
    }


def test_S2_10_a_companys_own_follow_ups_enter_with_their_promise(archive: Archive, tmp_path: Path) -> None:
    brought_in(archive, tmp_path, "generic-follow-ups", """会话编号,工号,登记时间,承诺时间,首次跟进时间,完成时间,未按时原因
A1,1009,2026-07-01 09:10:00,2026-07-01 18:00:00,2026-07-01 19:00:00,2026-07-02 09:00:00,等待仓库
A2,,,2026-07-03 18:00:00,2026-07-03 17:00:00,,
""")  # fmt: skip
    after = told(archive, "afterwards")
    (late,), (kept,) = after["A1"], after["A2"]
    assert (late["agent_key"], late["first_us"] - late["promised_us"]) == ("1009", HOUR)
    contact = told(archive, "rollup")["A2"][0]
    assert (kept["agent_key"], kept["begun_us"], kept["closed_us"]) == ("1002", contact["closed_us"], None)


def test_S2_11_who_was_asked_is_told_by_a_column_of_its_own(archive: Archive, tmp_path: Path) -> None:
    brought_in(archive, tmp_path, "generic-ratings", """会话编号,评分,工号,是否邀请
A1,2,1002,是
A2,,,是
A3,5,,
""")  # fmt: skip
    roll = told(archive, "rollup")
    assert {name: roll[name][0]["surveyed"] for name in ("A1", "A2", "A3")} == {"A1": 1, "A2": 1, "A3": None}
    after = told(archive, "afterwards")
    assert {name: [(row["agent_key"], row["value"]) for row in rows] for name, rows in after.items()} == {
        "A1": [("1002", 2)], "A3": [("1002", 5)],
    }  # fmt: skip


def test_S2_5_a_table_that_does_not_say_gets_its_repeats_from_returns(archive: Archive, tmp_path: Path) -> None:
    roll = told(archive, "rollup")
    said = {name: (rows[0]["effective"], rows[0]["ineffective_reason"]) for name, rows in roll.items()}
    assert said == {"A1": (True, None), "A2": (False, "repeat"), "A3": (True, None)}
    text = CONTACTS.replace("处理结果\n", "处理结果,是否有效,无效原因\n").replace("已解决\n", "已解决,是,\n")
    brought_in(archive, tmp_path, "generic-contacts", text.replace("未解决\n", "未解决,否,测试\n"))
    roll = told(archive, "rollup")
    said = {name: (rows[0]["effective"], rows[0]["ineffective_reason"]) for name, rows in roll.items()}
    assert said == {"A1": (False, "test"), "A2": (True, None), "A3": (True, None)}
