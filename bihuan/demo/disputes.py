"""A few appeals of the last days, in every state, made through the same acts an agent and an adjudicator use."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bihuan.appeals.actions import Plea, Viewed, decide_appeal, give_second_view, submit_appeal, withdraw_appeal
from bihuan.appeals.kinds import Item, Matter, kind_named
from bihuan.appeals.models import Appeal
from bihuan.appeals.queries import window_of
from bihuan.appeals.rules import Outcome, Ruling
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.demo.world import World
from bihuan.kit.clock import now
from bihuan.people.models import User
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.rules.verdict import MET, VIOLATED

KIND: Final = "verdict"
LAST_DAYS: Final = 3
PLEAS: Final = (
    "客户先挂断，没有机会说完结束语",
    "机器人已经说明过，我接着往下处理",
    "这句话换了说法，意思是一样的",
    "客户赶时间，要求直接办理",
    "这是客户自己说出的内容，我只是核对",
    "上一通已经确认过，这次不必重复",
)
# what becomes of each, in this order; "" still waits for the second view
ENDS: Final = ("uphold", "dismiss", "viewed", "withdrawn", "", "")
WHY: Final = {
    Outcome.UPHOLD: "通读对话，该要求在当时的情形下已经满足",
    Outcome.DISMISS: "对话中没有出现相应的内容，原判定成立",
}


def dispute_some(world: World) -> int:
    """Appeals of different agents while the time still runs; none where some were made before. Returns how many."""
    if Appeal.objects.exists():
        return 0
    done = 0
    for matter in _matters(world):
        if done == len(ENDS):
            break
        _live_through(matter, done)
        done += 1
    return done


def _matters(world: World) -> list[Matter]:
    """One conversation each of different people, accused of one thing, that may still be appealed, in order of staff numbers."""
    found: dict[str, Matter] = {}
    kind, at = kind_named(KIND), now()
    for contact, person in _accused(world):
        if person not in found and len(found) < len(ENDS):
            matter = kind.find(contact)
            if matter is not None and matter.items and window_of(KIND, matter, at=at).is_open(at):
                found[person] = matter
    return list(found.values())


def _accused(world: World) -> list[tuple[str, str]]:
    """(contact, person) with a violated verdict on the last days, the same order on every run."""
    reader = Reader(open_archive())
    table = reader.table(
        "verdicts", edition=edition_in_use(world.end).hash, days=(world.end - timedelta(days=LAST_DAYS), world.end),
        columns=["contact_id", "person"], where={"verdict": VIOLATED},
    )  # fmt: skip
    rows = {(row["contact_id"], row["person"]) for row in table.to_pylist() if row["person"]}
    return sorted(rows, key=lambda row: (row[1], row[0]))


def _live_through(matter: Matter, place: int) -> None:
    agent = User.objects.get(username=matter.person)
    item = next((one for one in matter.items if one.answer == VIOLATED), matter.items[0])
    plea = Plea(item.key, MET, PLEAS[place], item.evidence[:1])
    appeal = submit_appeal(agent, kind=KIND, subject=matter.subject, pleas=[plea])
    end = ENDS[place]
    if end == "withdrawn":
        withdraw_appeal(agent, appeal=appeal)
    elif end and appeal.adjudicator is not None:
        _decide(appeal, item, end)


def _decide(appeal: Appeal, item: Item, end: str) -> None:
    assert appeal.adjudicator is not None
    adjudicator = User.objects.get(username=appeal.adjudicator.number)
    view = VIOLATED if end == Outcome.DISMISS else MET
    give_second_view(adjudicator, appeal=appeal, answers={item.key: Viewed(view)})
    if end in list(Outcome):
        outcome = Outcome(end)
        decide_appeal(adjudicator, appeal=appeal, rulings={item.key: Ruling(outcome, WHY[outcome])})
