"""What an import tells by code or in plain English, in both languages: steps, tables, reasons, and why a file cannot be used.

Sentences are raised in English where the trouble is found, with names of the file in them. Here each one stands as a
template with its Chinese; a test holds that none is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Words:
    """The same thing in both languages."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


STEPS: Final[Mapping[str, Words]] = {
    "": Words("排队等待中", "Waiting for its turn"),
    "reading": Words("正在读取数据行", "Reading rows"),
    "building": Words("正在生成会话", "Building conversations"),
    "done": Words("正在写入服务记录", "Writing to the record"),
    "figures": Words("正在计算指标", "Computing figures"),
}
TABLES: Final[Mapping[str, Words]] = {
    "contacts": Words("会话", "Whole conversations"),
    "events": Words("事件", "Events"),
    "messages": Words("消息", "Messages"),
    "ratings": Words("评价", "Ratings"),
    "complaints": Words("投诉", "Complaints"),
    "follow_ups": Words("跟进", "Follow-ups"),
    "platform_reviews": Words("平台评价", "Platform reviews"),
}
REASONS: Final[Mapping[str, Words]] = {
    "no_contact_id": Words("缺少会话编号", "No conversation number"),
    "contact_id_too_long": Words("会话编号过长", "The conversation number is too long"),
    "contact_too_long": Words("同一会话的行数过多", "Too many rows for one conversation"),
    "no_review_id": Words("缺少评价编号", "No review number"),
    "review_id_too_long": Words("评价编号过长", "The review number is too long"),
    "repeated_id": Words("同一文件中编号重复", "The number stands in the file already"),
    "time_in_future": Words("时间晚于导入时刻", "The time lies after the import"),
    "unreadable_time": Words("时间无法识别", "The time cannot be read"),
    "time_out_of_range": Words("时间超出合理范围", "The time is impossible"),
    "unknown_word": Words("无法识别的取值", "A word nobody knows"),
    "not_a_number": Words("不是数字", "Not a number"),
    "not_a_duration": Words("不是时长", "Not a duration"),
    "missing": Words("缺少必填值", "A required value is missing"),
    "too_many_columns": Words("列数多于表头", "More columns than the header"),
    "too_few_columns": Words("列数少于表头", "Fewer columns than the header"),
    "line_too_long": Words("单行过长", "The line is too long"),
    "nul_byte": Words("行内含 NUL 字节", "The line holds a NUL byte"),
    "not_in_this_encoding": Words("含编码之外的字符", "Characters outside the encoding"),
    "not_a_json_object": Words("不是 JSON 对象", "Not a JSON object"),
    "not_a_rated_chat": Words("不是带评价的会话", "Not a rated chat"),
    "bad_quoting": Words("引号不成对", "Quotation marks do not match"),
    "quote_not_closed": Words("引号没有结束", "A quotation mark is never closed"),
    "phantom": Words("虚假来电", "Phantom call"),
}
LINKS: Final[Mapping[str, Words]] = {
    "named": Words("按会话编号对应", "linked by the number of its conversation"),
    "customer": Words("按客户与时间对应", "linked by customer and time"),
    "not_in_record": Words(
        "未对应：记录中没有它写明的会话", "unlinked: the conversation it names is not in the record"
    ),
    "several": Words("未对应：同样可能的会话不止一个", "unlinked: several conversations are equally likely"),
    "no_key": Words("未对应：没有会话或客户编号", "unlinked: it names no conversation and no customer"),
    "no_time": Words("未对应：没有确切时间", "unlinked: it has no exact time"),
    "no_contact": Words(
        "未对应：该客户在时限内没有会话", "unlinked: no conversation of the customer lies within the time"
    ),
}
SENTENCES: Final[Mapping[str, str]] = {
    # the file
    "The file is empty.": "文件是空的。",
    "There is no file {path}.": "没有文件 {path}。",
    "{path} is a folder.": "{path} 是一个文件夹。",
    "The file cannot be read: {why}.": "文件无法读取（{why}）。",
    "The file ends too early or its packing is damaged.": "文件不完整，或压缩包已损坏。",
    "The file holds no line that can be read.": "文件中没有可读取的行。",
    "The file is {found}, the mapping expects {wanted}.": "文件格式是 {found}，映射要求 {wanted}。",
    "The file has more than {most} columns.": "文件超过 {most} 列。",
    "This file is being imported at the moment.": "这个文件正在导入。",
    "This is not a text file.": "这不是文本文件。",
    "The encoding of the file is neither UTF-8 nor GBK.": "文件编码既不是 UTF-8 也不是 GBK。",
    "The header names more than {most} columns.": "表头超过 {most} 列。",
    "The header holds column “{name}” {times} times.": "表头中“{name}”列重复出现 {times} 次。",
    "The header lacks: {lacks}. It holds: {holds}.": "表头缺少：{lacks}。现有：{holds}。",
    "The first line is not a header.": "第一行不是表头。",
    "None of {rows} rows can be used ({reasons}).": "{rows} 行数据全部无法使用（{reasons}）。",
    "No line of the file is a JSON object.": "文件中没有一行是 JSON 对象。",
    # packed files and workbooks
    "The archive unfolds to more than {times} times its size.": "压缩包解压后超过原大小的 {times} 倍。",
    "The zip archive is damaged.": "zip 压缩包已损坏。",
    "The zip archive holds {files} files; one is expected.": "zip 压缩包内有 {files} 个文件，应只有一个。",
    "The zip archive is protected by a password.": "zip 压缩包有密码保护。",
    "This is an old Excel workbook (.xls) or a protected one.": "这是旧版 Excel（.xls）或加密的工作簿。",
    "The workbook is damaged.": "工作簿已损坏。",
    "The workbook is too large to be read.": "工作簿过大，无法读取。",
    "The workbook has no sheet “{sheet}”.": "工作簿中没有工作表“{sheet}”。",
    "The sheet is empty.": "工作表是空的。",
    "The Parquet file is damaged.": "Parquet 文件已损坏。",
    "A row group of the Parquet file is too large.": "Parquet 文件的行组过大。",
    # the mapping
    "The mapping file is too large.": "映射文件过大。",
    "There is no mapping {name}.": "没有名为 {name} 的映射。",
    "The mapping is not readable YAML: it is not UTF-8 text": "映射文件不是 UTF-8 文本。",
    "The mapping is not readable YAML: {why}": "映射文件不是有效的 YAML：{why}",
    "a mapping tells either of contacts or of reviews": "一份映射或者说明会话，或者说明评价，不能兼有，也不能都没有",
    "a column of the file has this name": "文件中已有同名的列",
    "{table} need the field {field}": "{table} 需要字段 {field}",
    "{table} have no field {field}; they have {fields}": "{table} 没有字段 {field}，有 {fields}",
    "this field is written as {forms}": "这个字段应写成 {forms}",
    "“{word}” is not one of {words}": "“{word}”不是 {words} 之一",
    "{name} is not known before rows are grouped": "分组之前还没有 {name}",
    "“{form}” is no time format; use {formats}": "“{form}”不是时间格式，可用 {formats}",
    "there is no column “{name}”": "没有“{name}”列",
    "there is no moment “{name}” (above this place)": "此处之前没有时刻“{name}”",
    "“{name}” is no IANA time zone": "“{name}”不是 IANA 时区",
    "{name} is a required property": "缺少 {name}",
    "Additional properties are not allowed ({names} unexpected)": "不允许多出来的内容（{names}）",
    "{value} is not of type {type}": "{value} 的类型应为 {type}",
    "{value} is not one of {words}": "{value} 不是 {words} 之一",
    "{value} does not match {pattern}": "{value} 不符合 {pattern}",
    "{value} should be non-empty": "{value} 不能为空",
    "{value} is too long": "{value} 过长",
    "{value} is too short": "{value} 过短",
    "{value} is not valid under any of the given schemas": "{value} 的写法不对",
    # what to do next
    "Compare sizes and export it again.": "请核对大小后重新导出。",
    "CSV, TSV, JSON Lines, Parquet and XLSX can be imported.": "可导入 CSV、TSV、JSON Lines、Parquet 和 XLSX。",
    "Export it again.": "请重新导出。",
    "Import them one by one.": "请逐个导入。",
    "Is this JSON Lines, one object a line?": "请确认是 JSON Lines：每行一个对象。",
    "Is this the right mapping?": "请确认来源或映射是否选对。",
    "Is this the right mapping? See {path}.": "请确认来源或映射是否选对，详见 {path}。",
    "It has: {sheets}": "现有：{sheets}",
    "Name one file; import several one by one.": "请指定一个文件；多个文件请逐个导入。",
    "Open it in a spreadsheet program and save it again.": "请用表格软件打开并重新保存。",
    "Ready ones: {names}.": "现成的有：{names}。",
    "Save it as .xlsx without a password.": "请另存为不加密的 .xlsx。",
    "Save it as UTF-8, or name its encoding in the mapping.": "请另存为 UTF-8，或在映射中写明编码。",
    "Save the sheet as CSV.": "请把工作表另存为 CSV。",
    "Unpack it first.": "请先解压。",
    "Unpack it yourself and look inside.": "请先自行解压并查看内容。",
    "Wait for that import; it adds nothing twice.": "请等那次导入完成；同一文件不会重复写入。",
    "Write it with smaller row groups.": "请用更小的行组重新写出。",
}
_SLOT: Final = re.compile(r"\{(\w+)\}")


def reason_said(code: str, language: str) -> str:
    """The words for a reason's code; the code itself where a mapping has words of its own."""
    return REASONS[code].said(language) if code in REASONS else code


def sentence_said(message: str, language: str, *, paths: bool = True) -> str:
    """A refusal or a hint in a language; names of the file stay as they are, unknown sentences pass through.

    Without `paths` nothing tells where files lie on this machine.
    """
    for template, chinese in SENTENCES.items():
        found = _pattern(template).fullmatch(message)
        if found and not paths and " See {path}." in template:
            return sentence_said(message.split(" See ")[0], language)
        if found:
            slots = found.groupdict()
            slots |= {"reasons": _reasons(slots["reasons"], language)} if "reasons" in slots else {}
            return Words(chinese, template).said(language).format(**slots)
    place, colon, rest = message.partition(": ")
    return f"{place}{colon}{sentence_said(rest, language, paths=paths)}" if colon and rest else message


def _reasons(listed: str, language: str) -> str:
    """`unreadable_time 3, missing 1` in words."""
    return re.sub(r"\w+(?= \d)", lambda code: reason_said(code[0], language), listed)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = _SLOT.split(template)
    form = "".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(form, re.DOTALL)
