"""What a roster's head and cells mean: Chinese and English headings, dates in their usual spellings. Pure.

A row comes out whole or as issues that name the column; codes are put into words by `people.labels`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from bihuan.people.rules.posts import LADDER, POSTS, issue_of
from bihuan.people.rules.roles import Role

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("工号", "员工编号", "员工号", "编号", "number", "staff number", "staff no", "employee id", "agent id"),
    "name": ("姓名", "名字", "员工姓名", "name", "full name", "employee name", "agent name"),
    "team": ("团队", "班组", "小组", "组别", "所属团队", "team", "group"),
    "post": ("岗位", "职位", "职务", "post", "position", "job title"),
    "step": ("职级", "级别", "层级", "step", "grade", "level"),
    "agent_class": ("新老", "坐席类别", "人员类别", "类别", "class", "agent class", "seniority"),
    "joined": ("入职日期", "入职时间", "入职", "joined", "hire date", "start date", "joined on"),
    "left": ("离职日期", "离职时间", "离职", "left", "leaving date", "end date", "left on"),
    "effective": ("生效日期", "变更日期", "effective", "effective date", "effective from"),
    "leads": ("带领团队", "负责团队", "管理团队", "leads", "team lead of", "leads team"),
    "roles": ("角色", "系统角色", "权限角色", "role", "roles"),
    "keys": ("外部账号", "系统账号", "外部标识", "keys", "external keys", "source keys"),
}  # fmt: skip
NUMBER: Final = re.compile(r"[\w.@-]{1,40}")  # it is the account's name and part of addresses
RESERVED: Final = frozenset({"new", "teams", "keys", "rosters"})  # pages beside those of persons
REQUIRED: Final = ("number", "name")
ROLE_WORDS: Final[Mapping[str, Role]] = {
    "坐席": Role.AGENT, "客服": Role.AGENT, "资深坐席": Role.SENIOR_AGENT, "高级坐席": Role.SENIOR_AGENT,
    "质检": Role.INSPECTOR, "质检专员": Role.INSPECTOR, "主管": Role.SUPERVISOR, "组长": Role.SUPERVISOR,
    "经理": Role.MANAGER, "培训": Role.TRAINER, "培训讲师": Role.TRAINER, "讲师": Role.TRAINER,
    "投诉专员": Role.COMPLAINT_SPECIALIST, "投诉处理专员": Role.COMPLAINT_SPECIALIST,
    "技术支持": Role.TECHNICAL_SUPPORT, "客户代表": Role.CUSTOMER_REPRESENTATIVE,
    "管理员": Role.ADMINISTRATOR, "系统管理员": Role.ADMINISTRATOR,
    **{role.value: role for role in Role}, **{role.value.replace("_", " "): role for role in Role},
}  # fmt: skip
POST_WORDS: Final[Mapping[str, str]] = {
    "客服代表": "representative", "坐席": "representative", "客服": "representative",
    "投诉专员": "complaint_specialist", "组长": "supervisor", "质检": "inspector", "讲师": "trainer",
    **{post.zh: key for key, post in POSTS.items()}, **{post.en.lower(): key for key, post in POSTS.items()},
    **{key: key for key in POSTS},
}  # fmt: skip
STEP_WORDS: Final[Mapping[str, str]] = {
    "高级坐席": "senior_agent",
    **{step.zh: step.key for step in LADDER},
    **{step.en.lower(): step.key for step in LADDER},
    **{step.key: step.key for step in LADDER},
}
CLASS_WORDS: Final[Mapping[str, str]] = {
    "新人": "new", "新员工": "new", "新坐席": "new", "新": "new", "new": "new", "成熟": "mature", "熟练": "mature",
    "成熟坐席": "mature", "老员工": "mature", "老": "mature", "mature": "mature",
}  # fmt: skip

_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_LIST: Final = re.compile(r"[、;；,，|\n]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONGEST: Final = {"number": 40, "name": 80, "team": 80}


@dataclass(frozen=True)
class RowIssue:
    """What is wrong where: line as a spreadsheet counts it, heading as the file spells it ("" for the whole row)."""

    line: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True)
class RosterRow:
    """A row that can be carried out; None and empty mean that the file says nothing about it."""

    line: int
    number: str
    name: str
    team: str = ""
    post: str = ""
    step: str = ""
    agent_class: str = ""
    joined: date | None = None
    left: date | None = None
    effective: date | None = None
    leads: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Head:
    """Where each field stands, how the file calls it, and the headings nobody knows (they are left alone)."""

    columns: Mapping[str, int]
    titles: Mapping[str, str]
    unknown: tuple[str, ...] = ()
    issues: tuple[RowIssue, ...] = field(default=())


class _Unreadable(Exception):
    """A cell that cannot be read, by code."""


def read_head(cells: Sequence[str], line: int = 1) -> Head:
    """Find the fields in a head row; issues for required fields that are missing and fields that occur twice."""
    known = {alias: name for name, aliases in HEADINGS.items() for alias in aliases}
    columns: dict[str, int] = {}
    titles: dict[str, str] = {}
    unknown, issues = [], []
    for index, cell in enumerate(cells):
        title = cell.strip().lstrip("\ufeff")
        name = known.get(re.sub(r"[\s_]+", " ", title).lower())
        if name is None:
            unknown += [title] if title else []
        elif name in columns:
            issues.append(RowIssue(line, title, "heading_twice"))
        else:
            columns[name], titles[name] = index, title
    issues += [RowIssue(line, HEADINGS[name][0], "heading_missing") for name in REQUIRED if name not in columns]
    return Head(columns, titles, tuple(unknown), tuple(issues))


def read_row(head: Head, cells: Sequence[str], line: int) -> RosterRow | list[RowIssue]:
    """One row as values, or every issue of it."""
    values: dict[str, Any] = {}
    issues: list[RowIssue] = []
    for name, index in head.columns.items():
        text = cells[index].strip() if index < len(cells) else ""
        try:
            values[name] = _read(name, text)
        except _Unreadable as problem:
            issues.append(RowIssue(line, head.titles[name], str(problem), text[:60]))
    issues += [] if issues else _issues_between(head, values, line)
    return issues or RosterRow(line=line, **values)


def read_date(text: str) -> date | None:
    """2026-10-12, 2026/10/12, 2026.10.12, 2026年10月12日, 20261012; None for an empty cell."""
    if not text:
        return None
    match = _DATE.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        raise _Unreadable("not_a_date")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError as problem:
        raise _Unreadable("not_a_date") from problem


def _read(name: str, text: str) -> Any:
    if _CONTROL.search(text):
        raise _Unreadable("control_characters")
    if name in REQUIRED and not text:
        raise _Unreadable("empty")
    if len(text) > _LONGEST.get(name, 1000):
        raise _Unreadable("too_long")
    reader = _READERS.get(name)
    return reader(text) if reader else text


def is_number(text: str) -> bool:
    """May this be a staff number?"""
    return NUMBER.fullmatch(text) is not None and text not in RESERVED and not text.startswith(".")


def _read_number(text: str) -> str:
    if not is_number(text):
        raise _Unreadable("not_a_number")
    return text


def _word(words: Mapping[str, str], code: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text and text.lower() not in words:
            raise _Unreadable(code)
        return words[text.lower()] if text else ""

    return read


def _read_roles(text: str) -> tuple[Role, ...]:
    words = [word.lower() for word in _parts(text)]
    if any(word not in ROLE_WORDS for word in words):
        raise _Unreadable("unknown_role")
    return tuple(ROLE_WORDS[word] for word in words)


def _read_keys(text: str) -> tuple[tuple[str, str], ...]:
    """`source:key` pairs; a full-width colon will do."""
    pairs = [tuple(part.strip() for part in re.split(r"[:：]", word, maxsplit=1)) for word in _parts(text)]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise _Unreadable("not_a_key")
    return tuple((pair[0], pair[1]) for pair in pairs)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _LIST.split(text) if part.strip())


def _issues_between(head: Head, values: Mapping[str, Any], line: int) -> list[RowIssue]:
    """What only shows when cells are held against each other."""
    joined, left = values.get("joined"), values.get("left")
    if joined and left and left < joined:
        return [RowIssue(line, head.titles["left"], "leaves_before_joining", str(left))]
    post, step = values.get("post", ""), values.get("step", "")
    if step and not post:
        return [RowIssue(line, head.titles["step"], "step_without_post", step)]
    if post and issue_of(post, step):
        return [RowIssue(line, head.titles["step"], issue_of(post, step), step)]
    return []


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "number": _read_number,
    "joined": read_date,
    "left": read_date,
    "effective": read_date,
    "post": _word(POST_WORDS, "unknown_post"),
    "step": _word(STEP_WORDS, "unknown_step"),
    "agent_class": _word(CLASS_WORDS, "unknown_class"),
    "roles": _read_roles,
    "keys": _read_keys,
    "leads": _parts,
}
