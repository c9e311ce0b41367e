"""The part of the department an edition is for: which contacts belong to it, and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bihuan.standards.rules.edition import AppliesTo, Label
from bihuan.standards.rules.naming import CHANNELS, Names

UNKNOWN: Final = "no_"
PARTS: Final = ("channel", "business_line", "team")
"""What a part is told by, in the order in which it is asked; columns of the record's roll-up."""
CALLED: Final[Names] = {
    "channel": Label("渠道", "channel"),
    "business_line": Label("业务线", "business line"),
    "team": Label("班组", "team"),
}
OUTSIDE: Final[Names] = {
    "channel": Label("其他渠道", "another channel"),
    "business_line": Label("其他业务线", "another business line"),
    "team": Label("其他班组", "another team"),
    "no_channel": Label("渠道未记录", "channel not recorded"),
    "no_business_line": Label("业务线未记录", "business line not recorded"),
    "no_team": Label("班组未知", "team not known"),
}
"""Why a contact is not of the part; `no_…` where the record does not tell."""
EVERYBODY: Final = Label("整个部门", "the whole department")


def where_of(part: AppliesTo) -> dict[str, tuple[str, ...]]:
    """What is asked of the channel, business line and team of a row: filters of figures."""
    return {name: wanted for name in PARTS if (wanted := getattr(part, name))}


def said_of(part: AppliesTo, teams: Mapping[str, str] | None = None) -> Label:
    """The part in words: `渠道：在线；班组：east`. `teams` names teams by their key."""
    if part.is_everybody:
        return EVERYBODY
    names = {
        "channel": [CHANNELS.get(one, Label(one, one)) for one in part.channel],
        "business_line": [Label(one, one) for one in part.business_line],
        "team": [Label(called, called) for one in part.team for called in ((teams or {}).get(one, one),)],
    }
    told = [(CALLED[name], names[name]) for name in PARTS if names[name]]
    zh = "；".join(f"{called.zh}：{'、'.join(one.zh for one in ones)}" for called, ones in told)
    return Label(zh, "; ".join(f"{called.en} {', '.join(one.en for one in ones)}" for called, ones in told))


def outside_said(counts: Mapping[str, int], language: str) -> str:
    """How many were outside and why: `其他渠道 12，班组未知 3`."""
    separator = "，" if language.startswith("zh") else ", "
    return separator.join(f"{OUTSIDE[why].said(language)} {counts[why]:,}" for why in OUTSIDE if counts.get(why))


def unmet_said(unmet: Mapping[str, list[str]]) -> Label:
    """Names that no contact has: `班组：esat`."""
    return said_of(part_kept(unmet))


def kept(part: AppliesTo) -> dict[str, list[str]]:
    """The part as results keep it."""
    return {name: sorted(wanted) for name, wanted in where_of(part).items()}


def part_kept(told: Mapping[str, list[str]]) -> AppliesTo:
    """What `kept` wrote."""
    return AppliesTo(**{name: tuple(wanted) for name, wanted in told.items()})
