"""Figures of the daily score sheet, worked out by hand: means over unlike strata, inspectors by number, who judged first (S3-13)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bihuan.inspection.daily_sheet.drawn import means_of
from bihuan.inspection.daily_sheet.sheets import Sheet, sheet_of
from bihuan.inspection.lists import work_table
from bihuan.inspection.models import Answer, Assignment, Draw, Evaluation
from bihuan.inspection.queries import backlog_of
from bihuan.inspection.sampling.progress import progress_of
from bihuan.inspection.tests.desk_world import DAY
from bihuan.kit.clock import now
from bihuan.people.models import Person
from bihuan.people.tests.cast import Cast
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.tree import ScoreNode

pytestmark = pytest.mark.django_db
TREE = ScoreNode("total", "none").to_json()


def drawn(contact: int, holder: Person, ppm: int = 500_000) -> Assignment:
    at = now()
    draw, _new = Draw.objects.get_or_create(
        day=DAY,
        defaults={"edition_ref": "recommended", "edition_hash": load_edition("recommended").hash, "manifest": "", "seed": 1,
                  "contacts": 40, "drawn": 10, "risk_drawn": 0, "drawn_at": at},
    )  # fmt: skip
    return Assignment.objects.create(
        draw=draw, contact_id=f"c{contact:02d}", day=DAY, kind="random", inclusion_ppm=ppm, person="1001", due_at=at,
        holder=holder, held_since=at,
    )  # fmt: skip


def judged(work: Assignment, total: int, *, by: Person | None = None, version: int = 1, **answer: str) -> Evaluation:
    """A released version, of which one item is told: `verdict`, `machine`, and what was said before it was shown."""
    at = now()
    row = Evaluation.objects.create(
        assignment=work, version=version, reason="复看" if version > 1 else "", edition_ref="recommended",
        edition_hash=load_edition("recommended").hash, evaluator=by or work.holder, blind=True, started_at=at, touched_at=at,
        active_seconds=0 if version > 1 else 300, total=total, unfailed=total,
    )  # fmt: skip
    if answer:
        Answer.objects.create(evaluation=row, item="polite_language", answered_at=at, **answer)
    row.submitted_at = row.released_at = at
    row.tree = TREE
    row.save()
    Assignment.objects.filter(pk=work.pk).update(done_at=at)
    return row


def sheet(cast: Cast, **whose: str) -> Sheet:
    return sheet_of(cast.user("inspector"), DAY, load_edition("recommended"), **whose)


def test_S3_10_a_score_weighs_by_one_over_its_chance_and_the_interval_knows_how_few_contacts_there_are(
    cast: Cast,
) -> None:
    """Two of 100 points drawn with 1 in 2, two of 60 and 80 with 1 in 5: (2 x 200 + 5 x 140) / 14 = 78.57."""
    for at, (total, ppm) in enumerate([(100, 500_000), (100, 500_000), (60, 200_000), (80, 200_000)]):
        judged(drawn(at, cast.people["inspector"], ppm), total)
    found = sheet(cast)
    assert found.mean == found.agents[0].mean == Decimal("78.57")
    # linearised: doubts (1 - p) / p² are 2, 2, 20, 20; offs 21.429, 21.429, -18.571, 1.429; of weights 14
    variance = (2 * 2 * 21.42857**2 + 20 * 18.57143**2 + 20 * 1.42857**2) / 14**2 * 4 / 3
    half = 3.182446 * variance**0.5
    assert float(found.agents[0].low) == pytest.approx(78.571 - half, abs=0.06)
    assert found.agents[0].high == Decimal("100.0")


def test_S3_10_where_every_contact_was_evaluated_nothing_is_left_to_doubt(cast: Cast) -> None:
    for at, total in enumerate((100, 80, 60)):
        judged(drawn(at, cast.people["inspector"], 1_000_000), total)
    line = sheet(cast).agents[0]
    assert (line.low, line.mean, line.high) == (Decimal("80.0"), Decimal("80.00"), Decimal("80.0"))


def test_S3_10_what_was_drawn_and_not_evaluated_yet_weighs_on_what_was(cast: Cast) -> None:
    """All drawn with 1 in 2; of the stratum drawn with 1 in 4 one of two is answered, so it stands for eight."""
    inspector = cast.people["inspector"]
    judged(drawn(0, inspector), 100)
    judged(drawn(1, inspector, 250_000), 50)
    drawn(2, inspector, 250_000)
    assert sheet(cast).mean == Decimal("60.00")  # (2 x 100 + 8 x 50) / 10


def test_S3_13_the_means_are_drawn_as_the_sheet_lists_them_and_not_for_two_people(cast: Cast) -> None:
    for at, (number, total) in enumerate((("1001", 90), ("1002", 70), ("1003", 80))):
        assert means_of(sheet(cast)) is None
        work = drawn(at, cast.people["inspector"])
        Assignment.objects.filter(pk=work.pk).update(person=number)
        judged(work, total)
    found = means_of(sheet(cast))
    assert found is not None
    assert [(rung.label, rung.value) for rung in found.rungs] == [
        (cast.people["senior_agent"].name, 70), (cast.people["technical_support"].name, 80), (cast.people["agent"].name, 90),
    ]  # fmt: skip


def test_two_inspectors_of_one_name_are_two_lines(cast: Cast) -> None:
    first, second = cast.people["inspector"], cast.people["trainer"]
    Person.objects.filter(pk__in=(first.pk, second.pk)).update(name="王伟")
    judged(drawn(0, first), 100)
    judged(drawn(1, second), 80)
    assert [(one.name, one.number, one.n) for one in sheet(cast).inspectors] == [
        ("王伟", first.number, 1), ("王伟", second.number, 1),
    ]  # fmt: skip


def test_who_decides_about_an_evaluation_is_not_the_days_inspector(cast: Cast) -> None:
    """And agreement with the machine is of what the inspector said before its answer was shown."""
    inspector, decider = cast.people["inspector"], cast.people["supervisor"]
    work = drawn(0, inspector)
    judged(work, 60, verdict="met", machine="met", first_verdict="violated")
    judged(work, 100, by=decider, version=2, verdict="met", machine="met")
    found = sheet(cast)
    (line,) = found.inspectors
    assert (line.number, line.mean, line.seconds, line.agreed, line.compared) == (
        inspector.number, Decimal("60.00"), 300, 0, 1,
    )  # fmt: skip
    assert found.mean == Decimal("100.00")
    assert [len(sheet(cast, inspector=one.number).evaluations) for one in (inspector, decider)] == [1, 0]
    at, edition = now(), load_edition("recommended")
    assert [(backlog_of(one, at).done_today, backlog_of(one, at).mean_seconds) for one in (inspector, decider)] == [
        (1, 300), (0, None),
    ]  # fmt: skip
    progress = progress_of(inspector, work.draw, edition, at)
    assert (progress.mean_seconds, progress.agreed, progress.compared) == (300, 0, 1)
    assert progress_of(decider, work.draw, edition, at).mean_seconds is None
    assert [len(work_table("done", one, at, {}).rows) for one in (inspector, decider)] == [1, 0]
