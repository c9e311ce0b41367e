"""Why a figure has no value. Codes are stored and exported; the sentences are for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NOTHING: Final = "no_contacts"
NOT_RECORDED: Final = "not_recorded"
CANNOT_TELL: Final = "cannot_tell"
NO_TARGET: Final = "no_target"
NO_NUMBER: Final = "no_number"
NO_EDITION: Final = "no_edition"
NOT_BY: Final = "not_by_dimension"
OUTDATED: Final = "made_by_earlier_version"
NOT_KEPT: Final = "window_beyond_record"

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    NOTHING: ("没有符合条件的会话", "Nothing of this kind happened"),
    NOT_RECORDED: ("记录中没有这项数据", "The record does not hold this"),
    CANNOT_TELL: ("资料不足，无法判断", "The record does not hold what is needed to tell"),
    NO_TARGET: ("标准未规定这项目标", "The standard names no target for this"),
    NO_NUMBER: ("标准未规定所需数值", "The standard lacks a number this needs"),
    NO_EDITION: ("尚未按标准判定", "No standard has judged this yet"),
    NOT_BY: ("这项指标不能按此维度查看", "This cannot be seen by this dimension"),
    OUTDATED: (
        "这些日期由旧版本汇总，尚未重新计算：运行 bihuan up，即会在后台重算",
        "An earlier version summed up these days; run `bihuan up`, which makes them anew in the background",
    ),
    NOT_KEPT: (
        "观察期长于服务记录保留的再次来访期限",
        "The window is longer than the record looks for a customer's return",
    ),
}
"""code → (zh, en)."""
