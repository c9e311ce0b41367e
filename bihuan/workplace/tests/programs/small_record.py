"""A record of six chats on two days, served by 1001 (east) and 1003 (west), small enough to count by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from bihuan.archive.rollup import refresh
from bihuan.archive.schemas import STAFF
from bihuan.archive.sources.importer import import_file
from bihuan.archive.store import Archive
from bihuan.archive.writer import write_staff
from bihuan.inspection.judging import ensure_judged
from bihuan.kit.clock import DAY
from bihuan.standards.editions import load_edition

SOURCE = "company"
MOBILE = "13812345678"
HEADER = "会话编号,渠道,客服工号,客户编号,主题,进线时间,接起时间,解决时间,结束时间,处理结果"
CONTACTS = """\
c1,在线,1001,k1,电话 13812345678,2026-10-05 09:00:00,2026-10-05 09:00:10,2026-10-05 09:05:00,2026-10-05 09:05:00,已解决
c2,在线,1001,k2,发票,2026-10-05 10:00:00,2026-10-05 10:00:20,2026-10-05 10:06:00,2026-10-05 10:06:00,已解决
c3,在线,1003,k3,退款,2026-10-05 11:00:00,2026-10-05 11:00:30,,2026-10-05 11:09:00,未解决
c4,在线,1001,k4,物流,2026-10-06 09:00:00,2026-10-06 09:00:10,2026-10-06 09:04:00,2026-10-06 09:04:00,已解决
c5,在线,1003,k5,换货,2026-10-06 10:00:00,2026-10-06 10:00:40,2026-10-06 10:08:00,2026-10-06 10:08:00,已解决
13912345678,电话,1003,13812345678,催单,2026-10-06 11:00:00,2026-10-06 11:00:15,2026-10-06 11:03:00,2026-10-06 11:03:00,已解决
"""
MESSAGES = """\
会话编号,发送方,内容,时间,客服工号
c1,客户,我的电话是13812345678,2026-10-05 09:00:05,
c1,客服,您好，工号1001为您服务，请问有什么可以帮您？,2026-10-05 09:00:15,1001
c2,客户,怎么开发票,2026-10-05 10:00:05,
c2,客服,您好，很高兴为您服务。,2026-10-05 10:00:25,1001
c3,客户,我要退款,2026-10-05 11:00:05,
c3,客服,等着,2026-10-05 11:00:45,1003
"""


def contacts_csv(rows: str = CONTACTS) -> bytes:
    """The contacts as a file of the source generic-contacts."""
    return f"{HEADER}\n{rows}".encode()


def make_record(root: Path, scratch: Path) -> Archive:
    """The record, rolled up and judged by the recommended edition."""
    archive = Archive(root, ZoneInfo("Asia/Shanghai"))
    for name, content in (("generic-contacts", contacts_csv()), ("generic-messages", MESSAGES.encode())):
        file = scratch / f"{name}.csv"
        file.write_bytes(content)
        import_file(file, name, archive)
    write_staff(archive, staff())
    refresh(archive, days=None, repeat_window_us=7 * DAY)
    days = [date.fromisoformat(day) for day in archive.head().files("contacts")]
    ensure_judged(archive, load_edition("recommended"), days)
    return archive


def staff() -> pa.Table:
    """Whose the two keys are."""
    served = {"1001": ("张三", "east"), "1003": ("王五", "west")}
    rows = [
        {"source": SOURCE, "agent_key": number, "person": number, "name": name, "team": team, "post": "representative",
         "agent_class": "mature", "from_us": 0, "to_us": None}
        for number, (name, team) in served.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=STAFF.schema)
