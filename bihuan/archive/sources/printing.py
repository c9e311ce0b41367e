"""How an import and the ready mappings read on a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from bihuan.archive.sources.importer import ImportSummary
from bihuan.archive.sources.mapping import Mapping
from bihuan.archive.sources.words import LINKS, TABLES, Language, Words, reason_said

_DAYS_SHOWN: Final = 3
_READ: Final = Words("{mapping}：读取 {rows} 行，{rate} 行/秒", "{mapping}: {rows} rows read, {rate} rows/s")
_DRY: Final = Words(
    "（试运行：没有任何改动；“新增”是文件里的行数）", " (dry run: nothing was changed; new counts what the file holds)"
)
_TABLE: Final = Words("  {name}：新增 {new}，已有 {known}", "  {name}: {new} new, {known} known")
_CORRECTED: Final = Words("  更正了 {count} 行已有数据", "  {count} known rows were corrected")
_SKIPPED: Final = Words("  跳过 {count} 行：{reason}", "  skipped {count}: {reason}")
_REJECTED: Final = Words("  拒收 {count} 行：{reason}", "  rejected {count}: {reason}")
_REJECTS: Final = Words(
    "  拒收明细（行号、列、原因、原值）：{path}", "  rejects, with line, column, reason and value: {path}"
)
_LINKED: Final = Words("  平台评价 {count} 条：{how}", "  {count} platform reviews {how}")
_DAYS: Final = Words("  涉及日期：{days}", "  days touched: {days}")
_COUNTED: Final = Words("{first} … {last}（{count} 天）", "{first} … {last} ({count} days)")
_UNDATED: Final = Words("无日期", "undated")
_NEEDED: Final = Words("必需的列", "columns it needs")
_READ_TOO: Final = Words("有则读取的列", "columns it reads if there")
_NO_HEADER: Final = Words("没有表头：按格式 {kind} 逐行读取", "no header: every line is read as {kind}")


def summary_lines(summary: ImportSummary, lang: Language) -> list[str]:
    """What an import did, for a person at a terminal."""
    return list(_summary(summary, lang))


def _summary(summary: ImportSummary, lang: Language) -> Iterator[str]:
    rate = round(summary.rows_read / summary.seconds) if summary.seconds else summary.rows_read
    head = _filled(_READ, lang, mapping=summary.mapping, rows=f"{summary.rows_read:,}", rate=f"{rate:,}")
    yield head + (_DRY.said(lang) if summary.dry_run else "")
    for table, count in summary.tables.items():
        yield _filled(_TABLE, lang, name=TABLES[table].said(lang), new=f"{count.new:,}", known=f"{count.known:,}")
    for how, reviews in summary.links.items():
        yield _filled(_LINKED, lang, count=f"{reviews:,}", how=LINKS[how].said(lang))
    if summary.corrected:
        yield _filled(_CORRECTED, lang, count=f"{summary.corrected:,}")
    for words, reasons in ((_SKIPPED, summary.skipped), (_REJECTED, summary.rejected)):
        for reason, rows in reasons.items():
            yield _filled(words, lang, count=f"{rows:,}", reason=f"{reason_said(reason, lang)} ({reason})")
    if summary.rejects_path:
        yield _filled(_REJECTS, lang, path=summary.rejects_path)
    if summary.days:
        yield _filled(_DAYS, lang, days=_days_text(summary, lang))


def _days_text(summary: ImportSummary, lang: Language) -> str:
    dated = sorted(day for day in summary.days if day is not None)
    parts = [str(day) for day in dated]
    if len(dated) > _DAYS_SHOWN:
        parts = [_filled(_COUNTED, lang, first=str(dated[0]), last=str(dated[-1]), count=str(len(dated)))]
    return ", ".join(parts + ([_UNDATED.said(lang)] if None in summary.days else []))


def source_lines(name: str, mapping: Mapping, lang: Language) -> list[str]:
    """A ready mapping: its name, what it reads in a sentence, and the columns it expects of a file."""
    title, about = mapping.document["title"], mapping.document.get("about") or {}
    lines = [f"{name}  {title[lang]}", *([f"  {about[lang]}"] if about else [])]
    if mapping.kind == "rated_turns":
        return [*lines, "  " + _filled(_NO_HEADER, lang, kind=mapping.kind)]
    for words, needed in ((_NEEDED, True), (_READ_TOO, False)):
        columns = [one for one in _expected(mapping) if one["required"] is needed]
        head = f"  {words.said(lang)}{Words('：', ': ').said(lang)}"
        if any(one["about"] for one in columns):
            lines += [head.rstrip(), *(_column(one, lang) for one in columns)]
        elif columns:
            lines.append(head + ", ".join(" | ".join(one["headers"]) for one in columns))
    return lines


def source_json(name: str, mapping: Mapping) -> dict[str, Any]:
    """A ready mapping as plain values."""
    return {
        "name": name,
        "title": mapping.document["title"],
        "about": mapping.document.get("about"),
        "columns": list(mapping.columns.names),
        "expects": _expected(mapping),
    }


def _expected(mapping: Mapping) -> list[dict[str, Any]]:
    """Each column: its name in the mapping, the headers accepted in a file, whether it must be there, what it says."""
    said, columns = mapping.document["columns"], mapping.columns
    return [
        {
            "name": name,
            "headers": list(headers),
            "required": name in columns.required,
            "about": (said[name] or {}).get("about"),
        }
        for name, headers in columns.headers.items()
    ]


def _column(one: dict[str, Any], lang: Language) -> str:
    about = f"  {one['about'][lang]}" if one["about"] else ""
    return f"    {' | '.join(one['headers'])}{about}"


def _filled(words: Words, lang: Language, **values: str) -> str:
    return words.said(lang).format(**values)
