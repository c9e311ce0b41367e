"""A few appeals of the last days, in every state, made through the same acts an agent and an adjudicator use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bihuan.appeals.actions import Plea, Viewed, decide_appeal, give_second_view, submit_appeal, withdraw_appeal
from bihuan.appeals.kinds import Item, Matter, kind_named
from bihuan.appeals.models import Appeal
from bihuan.appeals.queries import window_of
from bihuan.appeals.rules import Outcome, Ruling
from bihuan.appraisal.appealed import subject_of
from bihuan.appraisal.queries import set_in_use
from bihuan.archive.reader import Reader
from bihuan.archive.store import open_archive
from bihuan.demo.world import World
from bihuan.inspection.models import Evaluation
from bihuan.journal.actions import seal
from bihuan.journal.reacting import carry_out_reactions
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
EVALUATIONS, RESULTS = "evaluation", "result"
OF_EVALUATIONS: Final = ("uphold", "dismiss", "", "viewed")
OF_RESULT: Final = "月中两天的满意度评价没有导入，评价数少于系统里看到的"
WHY_OF_RESULT: Final = "已核对问卷系统：这两天的评价都在，晚到的记在会话当天"
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
        _live_through(KIND, matter, done)
        done += 1
    for place, matter in enumerate(_of_evaluations()):
        _live_through(EVALUATIONS, matter, place, OF_EVALUATIONS)
        done += 1
    done += _dispute_a_result(world)
    seal()
    carry_out_reactions()  # what was decided becomes versions and notes, as the worker does it in a running house
    return done


def _of_evaluations() -> list[Matter]:
    """Released evaluations of different people with an answer against them, the same ones on every run."""
    found: dict[str, Matter] = {}
    rows = Evaluation.objects.in_force().select_related("assignment__draw", "evaluator").defer("tree")
    for one in rows.order_by("assignment__person", "assignment__contact_id"):
        matter = kind_named(EVALUATIONS).find(str(one.assignment_id))
        if matter is not None and matter.items and matter.person not in found and _is_open(EVALUATIONS, matter):
            found[matter.person] = matter
        if len(found) == len(OF_EVALUATIONS):
            break
    return list(found.values())


def _dispute_a_result(world: World) -> int:
    """One person's month, decided: the figures stand, and the result keeps the note."""
    kept = set_in_use(world.end.replace(day=1))
    result = kept.results.filter(total__isnull=False).order_by("scheme", "person").first() if kept else None
    matter = kind_named(RESULTS).find(subject_of(result)) if result else None
    if matter is None or not matter.items or not _is_open(RESULTS, matter):
        return 0
    agent, item = User.objects.get(username=matter.person), matter.items[min(1, len(matter.items) - 1)]
    appeal = submit_appeal(agent, kind=RESULTS, subject=matter.subject, pleas=[Plea(item.key, "missing", OF_RESULT)])
    if appeal.adjudicator is not None:
        judge = User.objects.get(username=appeal.adjudicator.number)
        give_second_view(judge, appeal=appeal, answers={item.key: Viewed("stands")})
        decide_appeal(judge, appeal=appeal, rulings={item.key: Ruling(Outcome.DISMISS, WHY_OF_RESULT)})
    return 1


def _is_open(kind: str, matter: Matter) -> bool:
    """Still within the window, by somebody who has an account."""
    known = User.objects.filter(username=matter.person, is_active=True).exists()
    return known and window_of(kind, matter, at=now()).is_open(now())


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


def _live_through(kind: str, matter: Matter, place: int, ends: Sequence[str] = ENDS) -> None:
    agent = User.objects.get(username=matter.person)
    item = next((one for one in matter.items if one.answer == VIOLATED), matter.items[0])
    plea = Plea(item.key, MET, PLEAS[place], item.evidence[:1])
    appeal = submit_appeal(agent, kind=kind, subject=matter.subject, pleas=[plea])
    end = ends[place]
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
