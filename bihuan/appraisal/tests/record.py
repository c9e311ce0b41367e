"""A month of July 2026 to appraise: a few people, their contacts, and verdicts whose scores anybody can work out.

A contact is `good` (every check met: 100), `fatal` (a leak: 0, un-failed 100) or `unjudged` (nothing could be told).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from bihuan.archive.schemas import TABLES
from bihuan.archive.tests.record_world import World, at, chat, contact, course
from bihuan.archive.writer import write_verdicts
from bihuan.inspection.judging import judged_from
from bihuan.inspection.models import Answer, Assignment, Draw, Evaluation, TrustMove
from bihuan.inspection.trust.policy import fingerprint_of
from bihuan.kit.clock import now
from bihuan.people.tests.cast import Cast
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.tree import ScoreNode

MONTH = date(2026, 7, 1)
LEAK = "personal_data_leak"


@dataclass(frozen=True)
class Served:
    """One contact: on which day of the month (0 is the first), how it was judged, what the customer said, and where."""

    day: int
    judged: str = "good"
    csat: int | None = None
    complained: bool = False
    ineffective: str | None = None
    channel: str = "chat"


def tell(world: World, months: Mapping[str, Sequence[Served]], teams: Mapping[str, str] = {}) -> list[str]:
    """Write everybody's contacts into the record and refresh it; the ids, `<person>-<number>`. Teams: else `east`."""
    rows: dict[str, list[dict[str, Any]]] = {
        "contacts": [],
        "events": [],
        "messages": [],
        "ratings": [],
        "complaints": [],
    }
    for person, served in months.items():
        for number, one in enumerate(served):
            _tell_contact(rows, f"{person}-{number}", person, one, number)
    told = [row["contact_id"] for row in rows["contacts"]]
    if told:
        _keep_ledger(rows)
    world.tell(**rows)
    world.staff(
        *(
            {"agent_key": who, "person": who, "name": f"Name {who}", "team": teams.get(who, "east")}
            for who in sorted(months)
        )
    )
    world.refresh()
    return told


def _keep_ledger(rows: dict[str, list[dict[str, Any]]]) -> None:
    """A complaint about nobody: the department keeps a ledger, so that no complaint means none."""
    rows["contacts"].append(contact("ledger", 0, 40, effective=False, ineffective_reason="test"))
    rows["complaints"].append({"complaint_id": "ledger", "contact_id": "ledger", "valid": False, "opened_us": at(0)})


def _tell_contact(rows: dict[str, list[dict[str, Any]]], key: str, person: str, one: Served, number: int) -> None:
    start = one.day * 86_400 + number * 60
    rows["contacts"].append(
        contact(
            key, start, start + 40, outcome="solved", customer_key=f"customer {key}", customer_known=True,
            effective=one.ineffective is None, ineffective_reason=one.ineffective, category="refund", channel=one.channel,
        )
    )  # fmt: skip
    rows["messages"] += chat(("customer", start + 1), (person, start + 11), contact_id=key, text="您好", kind="text")
    rows["events"] += course(
        ("queued", start, None), ("assigned", start + 1, person), ("accepted", start + 1, person),
        ("resolved", start + 30, person), ("closed", start + 40, person), contact_id=key,
    )  # fmt: skip
    if one.csat is not None:
        rows["ratings"].append(
            {"rating_id": f"r-{key}", "contact_id": key, "agent_key": person, "kind": "csat", "mode": "chat",
             "value": one.csat, "given_us": at(start + 50)}
        )  # fmt: skip
    if one.complained:
        rows["complaints"].append(
            {"complaint_id": f"k-{key}", "contact_id": key, "agent_key": person, "praise": False, "valid": True,
             "decided_by": "2001", "opened_us": at(start + 60), "closed_us": at(start + 70)}
        )  # fmt: skip


def judge(world: World, months: Mapping[str, Sequence[Served]], edition: Edition) -> None:
    """Write the verdicts the contacts were given, as if the engine had found them."""
    rows = [
        row
        for person, served in months.items()
        for number, one in enumerate(served)
        for row in _verdicts(f"{person}-{number}", person, one, edition)
    ]
    for day in sorted({row["day"] for row in rows}):
        todays = pa.Table.from_pylist([row for row in rows if row["day"] == day], schema=TABLES["verdicts"].schema)
        built_from = judged_from(world.archive.head(), day)
        write_verdicts(world.archive, edition.hash, todays, [day], built_from=built_from)


def _verdicts(key: str, person: str, one: Served, edition: Edition) -> Iterable[dict[str, Any]]:
    for check in edition.checks:
        word = "cannot_tell" if one.judged == "unjudged" else "met"
        if one.judged == "fatal" and check == LEAK:
            word = "violated"
        yield {
            "contact_id": key, "item": check, "verdict": word, "reason": "", "evidence": [], "agent_key": person,
            "person": person, "day": MONTH + timedelta(days=one.day), "edition": edition.hash, "engine": "test",
        }  # fmt: skip


def lived(root: Path, months: Mapping[str, Sequence[Served]], teams: Mapping[str, str] = {}) -> World:
    """The record of these months, judged by the recommended edition."""
    world = World(root)
    tell(world, months, teams)
    judge(world, months, load_edition("recommended"))
    return world


def trusted(cast: Cast, edition: Edition) -> None:
    """A named person moved every check of the edition to where it counts, long ago: its months are not provisional."""
    TrustMove.objects.bulk_create(
        TrustMove(
            standard=edition.id, check_id=check, fingerprint=fingerprint_of(setting), sequence=1, edition=edition.hash,
            before="assisting", after="counting", cause="person", moved_by=cast.people["manager"], reason="样本够了",
            moved_at=now(),
        )
        for check, setting in edition.checks.items()
    )  # fmt: skip


def steady(contacts: int, *, fatal: int = 0, csat: int = 5, spread: int = 6) -> list[Served]:
    """That many contacts over `spread` days, the first `fatal` of them with a leak, each rated `csat`."""
    return [Served(number % spread, "fatal" if number < fatal else "good", csat) for number in range(contacts)]


def review(
    cast: Cast, edition: Edition, contact: int, *, leak: bool, ppm: int = 500_000, kind: str = "random",
    answered: bool = True, wrong: str | None = None, person: str = "8001", team: str = "", spread: int = 4,
    released: bool = True,
) -> Evaluation | None:  # fmt: skip
    """A person reviewed contact number `contact` of 8001, or `person`: everything met, but for the leak where there is one
    and the item that is `wrong`. What is not `answered` was drawn and waits."""
    at, day = now(), MONTH + timedelta(days=contact % spread)
    draw, _ = Draw.objects.get_or_create(
        day=day,
        defaults={"edition_ref": edition.id, "edition_hash": edition.hash, "manifest": "", "seed": 1, "contacts": 5,
                  "drawn": 3, "risk_drawn": 0, "drawn_at": at},
    )  # fmt: skip
    rater = cast.people["inspector"]
    work = Assignment.objects.create(
        draw=draw, contact_id=f"{person}-{contact}", day=day, kind=kind, inclusion_ppm=ppm, person=person, team=team,
        due_at=at, holder=rater, held_since=at, done_at=at if answered else None,
    )  # fmt: skip
    if not answered:
        return None
    row = Evaluation.objects.create(
        assignment=work, edition_ref=edition.id, edition_hash=edition.hash, evaluator=rater, blind=True, started_at=at,
        touched_at=at,
    )  # fmt: skip
    items = [item.id for d in edition.scorecard().dimensions if d.per == "contact" for item in d.items]
    words = {**dict.fromkeys(items, "met"), LEAK: "violated" if leak else "met"} | (
        {wrong: "violated"} if wrong else {}
    )
    Answer.objects.bulk_create(Answer(evaluation=row, item=k, verdict=v, answered_at=at) for k, v in words.items())
    row.submitted_at, row.released_at = at, at if released else None
    row.tree = ScoreNode("total", "none").to_json()
    row.save()
    return row
