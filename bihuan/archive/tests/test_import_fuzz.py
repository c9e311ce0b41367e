"""Whatever the bytes, an import ends in a summary or in an InputError."""

from __future__ import annotations

import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.archive.sources.importer import import_file
from bihuan.archive.store import Archive
from bihuan.kit.errors import InputError

HEAD = "会话编号,发送方,内容,时间\n"
LIKELY = st.lists(
    st.sampled_from(["C1", "C2", "客户", "客服", ",", ",", ",", "\n", "\r\n", '"', '""', "\0", "2026-07-01 09:00", "=1", "\t", "😀", "\r"]),
    max_size=60,
).map("".join)  # fmt: skip


def survives(content: bytes, name: str, source: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        try:
            summary = import_file(
                file, source, Archive(Path(folder) / "archive", ZoneInfo("Asia/Shanghai")), dry_run=True
            )
        except InputError:
            return
        assert summary.rows_read >= sum(summary.skipped.values())


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2_000))
def test_arbitrary_bytes_raise_nothing_but_input_errors(content: bytes) -> None:
    survives(content, "bytes.csv", "generic-messages")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LIKELY)
def test_anything_after_a_right_header_raises_nothing_but_input_errors(body: str) -> None:
    survives((HEAD + body).encode(), "body.csv", "generic-messages")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300),
    st.sampled_from([b"PAR1", b"PK\x03\x04", b"\x1f\x8b\x08\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'{"a":']),
)
def test_forged_beginnings_raise_nothing_but_input_errors(content: bytes, magic: bytes) -> None:
    survives(magic + content, "forged", "generic-messages")


@pytest.mark.parametrize(
    "source", ["bank-calls", "jddc-chats", "jddc-satisfaction", "helpdesk-events", "city-complaints"]
)
def test_every_ready_mapping_refuses_a_strange_file(source: str, tmp_path: Path) -> None:
    file = tmp_path / "strange.csv"
    file.write_bytes(b"a,b,c\n1,2,3\n")
    with pytest.raises(InputError):
        import_file(file, source, Archive(tmp_path / "archive", ZoneInfo("UTC")))
