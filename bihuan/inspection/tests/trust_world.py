"""Reviewed contacts with the verdicts and answers a test names, written as acts would have left them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pyarrow as pa
from django.utils import timezone

from bihuan.archive.schemas import TABLES
from bihuan.archive.store import open_archive
from bihuan.archive.tests.record_world import World, chat, contact
from bihuan.archive.writer import write_verdicts
from bihuan.inspection.judging import judged_from
from bihuan.inspection.models import Answer, Assignment, Draw, Evaluation, FairnessRun
from bihuan.inspection.tests.desk_world import DAY
from bihuan.inspection.trust.policy import fingerprint_of
from bihuan.kit.clock import now
from bihuan.people.models import Person
from bihuan.standards.checks import ENGINE_VERSION
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.tree import ScoreNode

MET, VIOLATED = "met", "violated"
CHECK = "identity_first"  # asked by a question of its own
TREE = ScoreNode("total", "none").to_json()


@dataclass(frozen=True)
class Case:
    """`times` contacts of one kind: the machine's verdicts by check, people's answers by question."""

    times: int
    machine: Mapping[str, str]
    human: Mapping[str, str]
    ppm: int = 500_000
    kind: str = "random"
    blind: bool = True
    released: bool = True
    days_ago: int = 3
    given_by: str = "person"
    extra: Mapping[str, object] = field(default_factory=dict)


def of_check(times: int, machine: str, human: str, **extra: object) -> Case:
    return Case(times, {CHECK: machine}, {CHECK: human}, **extra)  # type: ignore[arg-type]


def good_sample(flagged: int = 40) -> list[Case]:
    """Everything flagged is a fault and every fault is flagged."""
    return [of_check(flagged, VIOLATED, VIOLATED), of_check(60, MET, MET)]


def reviewed(edition: Edition, cases: Iterable[Case], person: Person) -> list[Evaluation]:
    """Write them: verdicts into the record, evaluations into the database."""
    made: list[Evaluation] = []
    verdicts: dict[object, list[dict[str, object]]] = {}
    start = Evaluation.objects.count()
    for case in cases:
        day = timezone.localdate() - timedelta(days=case.days_ago)
        for _ in range(case.times):
            key = f"t{start + len(made):05d}"
            made.append(_evaluated(edition, case, day, key, person))
            verdicts.setdefault(day, []).extend(
                {"contact_id": key, "item": check, "verdict": word, "reason": "", "evidence": [], "agent_key": "1001",
                 "person": "1001", "day": day, "edition": edition.hash, "engine": "test"}
                for check, word in case.machine.items()
            )  # fmt: skip
    for day, rows in verdicts.items():
        table = pa.Table.from_pylist(rows, schema=TABLES["verdicts"].schema)
        write_verdicts(open_archive(), edition.hash, table, [day], built_from=judged_from(open_archive().head(), day))
    return made


def held(world: World, days_ago: int) -> None:
    """The record holds a contact of the day, so that it can be judged by another edition."""
    since = (timezone.localdate() - timedelta(days=days_ago) - DAY).days * 86_400
    world.tell(
        contacts=[contact(f"held{days_ago}", since, since + 90)],
        messages=chat(("customer", since), ("1001", since + 5), contact_id=f"held{days_ago}", kind="text", text="您好"),
    )
    world.refresh()


def _evaluated(edition: Edition, case: Case, day: object, key: str, person: Person) -> Evaluation:
    at = now()
    draw, _new = Draw.objects.get_or_create(
        day=day,
        defaults={"edition_ref": edition.id, "edition_hash": edition.hash, "manifest": "", "seed": 1, "contacts": 1000,
                  "drawn": 100, "risk_drawn": 0, "drawn_at": at},
    )  # fmt: skip
    work = Assignment.objects.create(
        draw=draw, contact_id=key, day=day, kind=case.kind, inclusion_ppm=case.ppm, person="1001", due_at=at,
        holder=person, held_since=at, done_at=at,
    )  # fmt: skip
    row = Evaluation.objects.create(
        assignment=work, edition_ref=edition.id, edition_hash=edition.hash, evaluator=person, blind=case.blind,
        started_at=at, touched_at=at,
    )  # fmt: skip
    Answer.objects.bulk_create(
        Answer(evaluation=row, item=item, verdict=word, given_by=case.given_by, answered_at=at)
        for item, word in case.human.items()
    )
    row.submitted_at, row.tree = at, TREE
    row.released_at = at if case.released else None
    row.save()
    return row


def fairness_run(edition: Edition, fair: bool | None, *checks: str, engine: str = ENGINE_VERSION) -> FairnessRun:
    """A finished run in which these checks came out so; None: too few conversations to tell."""
    n = 3 if fair is None else 500
    kind = {
        "kind": "region", "above_limit": None if fair is None else not fair, "shifted_by": None,
        "flip_rate": {"value": 0.0 if fair else 0.1, "low": 0.0, "high": 0.2, "n": n, "reason": None},
        "mean_shift": {"value": 0.0, "low": None, "high": None, "n": n, "reason": None},
    }  # fmt: skip
    found = [
        {
            "item": check,
            "fingerprint": fingerprint_of(edition.checks[check]),
            "counts": True,
            "fair": fair,
            "kinds": [kind],
        }
        for check in checks or (CHECK,)
    ]
    return FairnessRun.objects.create(
        standard=edition.id, edition=edition.hash, edition_ref=edition.id, engine=engine, wanted=500,
        requested_at=now(), finished_at=now(), contacts=500, found=found,
    )  # fmt: skip
