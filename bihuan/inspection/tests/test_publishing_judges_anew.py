"""A published edition judges the record from its day on, in the background; whatever runs meanwhile keeps its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import carry_out_judging, draw_sample, request_judging
from bihuan.inspection.models import Draw, JudgingRun
from bihuan.inspection.tests.test_judging import FIRST, LAST, SYSTEM, filled, verdicts
from bihuan.journal.actions import seal
from bihuan.journal.reacting import carry_out_reactions
from bihuan.people.tests.cast import Cast
from bihuan.standards.actions import publish_edition, withdraw_edition
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.editions import LIBRARY, load_edition
from bihuan.standards.models import Edition

pytestmark = pytest.mark.django_db
SECOND = FIRST + timedelta(days=1)


@pytest.fixture
def world(tmp_path, settings) -> World:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, "Asia/Shanghai"
    return filled(tmp_path)


def published(since: date, version: str = "2026.2") -> Edition:
    text = (
        (LIBRARY / "recommended.yaml").read_text(encoding="utf-8").replace('version: "2026.1"', f'version: "{version}"')
    )
    return publish_edition(SYSTEM, text=text, author="house", effective_from=since)


def answered() -> list[JudgingRun]:
    """What the worker does every five seconds; the runs that exist afterwards."""
    seal()
    carry_out_reactions()
    return list(JudgingRun.objects.order_by("requested_at"))


def judged_by(world: World) -> dict[str, set[str]]:
    """contact → hashes of the editions its verdicts name."""
    found: dict[str, set[str]] = {}
    for digest in {run.edition_hash for run in JudgingRun.objects.all()}:
        for row in Reader(world.archive).table("verdicts", edition=digest).to_pylist():
            assert row["edition"] == digest
            found.setdefault(row["contact_id"], set()).add(row["edition"])
    return found


def test_the_days_from_its_first_on_are_asked_for_and_handed_to_the_worker(world: World) -> None:
    edition = published(SECOND)
    (run,) = answered()
    assert (run.edition_hash, run.first_day, run.last_day) == (edition.hash, SECOND, LAST)
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="judge_run")
    assert job.args == {"run_id": str(run.pk)}
    assert carry_out_judging(run).contacts_done == 2
    assert judged_by(world) == {"c1": {edition.hash}, "c2": {edition.hash}}


def test_a_publication_is_answered_once_however_often_the_worker_looks(world: World) -> None:
    published(FIRST)
    assert answered() == answered()
    assert len(answered()) == 1


def test_of_the_publications_of_an_edition_the_newest_in_force_alone_judges_the_record(world: World) -> None:
    published(FIRST, "2026.2")
    newest = published(FIRST, "2026.3")
    coming = published(timezone.localdate() + timedelta(days=400), "2027.1")
    (run,) = answered()
    assert (run.edition_hash, coming.hash != newest.hash) == (newest.hash, True)


def test_publications_that_waited_for_a_worker_judge_each_the_days_that_are_its_own(world: World) -> None:
    first = published(FIRST, "2026.2")
    second = published(LAST, "2026.3")
    spans = {run.edition_hash: (run.first_day, run.last_day) for run in answered()}
    assert spans == {first.hash: (FIRST, SECOND), second.hash: (LAST, LAST)}


def test_an_edition_that_takes_effect_after_the_record_ends_judges_nothing(world: World) -> None:
    published(LAST + timedelta(days=1))
    assert answered() == []


def test_an_edition_withdrawn_before_the_worker_looked_judges_nothing(world: World) -> None:
    withdraw_edition(SYSTEM, edition=published(FIRST), effective_on=FIRST, reason="wrong target")
    assert answered() == []


def test_an_edition_published_in_the_middle_of_judging_leaves_each_verdict_with_the_one_that_gave_it(
    world: World,
) -> None:
    old = load_edition("recommended")
    made: list[Edition] = []

    def publish_once(day: date | None, contacts: int) -> None:
        if not made:
            made.append(published(FIRST))
            answered()

    run = carry_out_judging(
        request_judging(SYSTEM, edition="recommended", first=FIRST, last=LAST), progress=publish_once
    )
    new = made[0]
    assert run.edition_hash == old.hash
    assert {row[4] for row in verdicts(world, old)} == {old.hash}
    assert len({row[0] for row in verdicts(world, old)}) == 3
    later = JudgingRun.objects.get(edition_hash=new.hash)
    assert later.contacts_done == 0
    carry_out_judging(later)
    assert judged_by(world) == {f"c{at}": {old.hash, new.hash} for at in range(3)}
    assert [row[:4] for row in verdicts(world, old)] == [row[:4] for row in verdicts(world, new.content())]


def test_draws_before_and_after_a_publication_name_the_edition_that_held_then(world: World, cast: Cast) -> None:
    before = draw_sample(SYSTEM, day=FIRST)
    edition = published(SECOND)
    after = draw_sample(SYSTEM, day=SECOND)
    assert before.edition_hash == load_edition("recommended").hash
    assert after.edition_hash == edition.hash == edition_in_use(SECOND).hash
    assert Draw.objects.get(pk=before.pk).edition_hash == before.edition_hash
