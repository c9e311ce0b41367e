"""The draw of a day: once, logged, shared out evenly, whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.archive.reader import Reader
from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import draw_due_days, draw_sample
from bihuan.inspection.models import Assignment, Draw
from bihuan.inspection.refusals import DayNotOver, NothingToDraw
from bihuan.inspection.sampling.drawing import draw_day
from bihuan.inspection.sampling.planning import day_lines
from bihuan.inspection.sampling.progress import progress_of
from bihuan.inspection.tests.desk_world import DAY, SYSTEM, drawn, later, lived_day, second_inspector
from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed
from bihuan.kit.numbers import divided
from bihuan.people.tests.cast import Cast
from bihuan.standards.choosing import edition_in_use


def test_S3_10_a_day_is_drawn_at_random_ten_to_twenty_percent_and_the_draw_is_logged(lived: World, cast: Cast) -> None:
    draw = drawn()
    rows = Assignment.objects.random().filter(draw=draw)
    assert (draw.contacts, draw.drawn, rows.count()) == (30, 3, 3)
    assert draw.manifest == lived.archive.head().hash
    assert sum(part.contacts for part in draw.parts) == draw.contacts
    of_stratum = {part.name: 1_000_000 * part.drawn / part.contacts for part in draw.parts}
    assert all(row.inclusion_ppm == round(of_stratum[row.stratum]) for row in rows)
    assert sum(1_000_000 / row.inclusion_ppm for row in rows) == pytest.approx(draw.contacts, abs=0.01)
    assert Decimal("0.1") <= Decimal(draw.drawn) / draw.contacts <= Decimal("0.2")
    entry = Entry.objects.get(verb="draw.made")
    assert (entry.data["seed"], entry.data["manifest"], entry.data["drawn"]) == (draw.seed, draw.manifest, 3)


def test_S3_10_the_kept_seed_and_record_give_the_same_draw_again(lived: World, cast: Cast) -> None:
    draw = drawn()
    again = draw_day(Reader(lived.archive, lived.archive.manifest(draw.manifest)), edition_in_use(DAY), DAY)
    kept = set(Assignment.objects.random().values_list("contact_id", flat=True))
    assert set(again.random.sample["contact_id"]) == kept


def test_drawing_a_day_twice_gives_the_first_draw(lived: World, cast: Cast) -> None:
    assert draw_sample(SYSTEM, day=DAY) == draw_sample(SYSTEM, day=DAY)
    assert Draw.objects.count() == 1


def test_X12_every_contact_is_judged_by_the_machine_before_people_draw(lived: World, cast: Cast) -> None:
    drawn()
    verdicts = Reader(lived.archive).table("verdicts", edition=edition_in_use(DAY).hash)
    assert len(set(verdicts["contact_id"].to_pylist())) == 30


def test_work_is_shared_evenly_among_inspectors(lived: World, cast: Cast) -> None:
    second_inspector(cast)
    drawn()
    held = list(Assignment.objects.values_list("holder__number", flat=True))
    assert None not in held
    assert abs(held.count("3001") - held.count("4001")) <= 1


def test_without_inspectors_the_work_waits_in_the_pool(lived: World, db) -> None:
    drawn()
    assert Assignment.objects.in_pool().count() == Assignment.objects.count() > 0


def drawn_from_bad_ratings(root: Path) -> Draw:
    """The draw of a day of 80 contacts, each rated with one star."""
    world = lived_day(root, contacts=80)
    ratings = [{"rating_id": f"r{at}", "contact_id": f"c{at:02d}", "agent_key": "1001", "kind": "csat", "mode": "chat",
                "value": 1, "given_us": 1} for at in range(80)]  # fmt: skip
    world.tell(ratings=ratings)
    world.refresh()
    return drawn()


def test_the_risk_queue_stands_apart_from_the_random_sample(tmp_path, settings, cast: Cast) -> None:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, "Asia/Shanghai"
    draw = drawn_from_bad_ratings(tmp_path)
    risk = Assignment.objects.filter(kind="risk")
    assert draw.risk_drawn == risk.count() > 0
    assert all("low_rating" in row.reasons and row.inclusion_ppm < 100_000 for row in risk)
    assert not set(risk.values_list("contact_id")) & set(Assignment.objects.random().values_list("contact_id"))


def test_S3_10_only_the_random_sample_counts_towards_the_share_of_the_day(tmp_path, settings, cast: Cast) -> None:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, "Asia/Shanghai"
    draw = drawn_from_bad_ratings(tmp_path)

    def shares() -> tuple[int, Decimal | None, int]:
        told = progress_of(cast.person("inspector"), draw, edition_in_use(DAY), now())
        (line,) = day_lines()
        assert told.rate == line.reviewed
        return told.reviewed, line.reviewed, line.done

    Assignment.objects.filter(kind="risk").update(done_at=now())
    assert shares() == (0, Decimal("0.0"), draw.risk_drawn)
    Assignment.objects.random().update(done_at=now())
    share = divided(draw.drawn * 100, 80, 1)
    assert shares() == (draw.drawn, share, draw.drawn + draw.risk_drawn)


def test_a_day_that_is_not_over_is_not_drawn(lived: World, cast: Cast) -> None:
    with pytest.raises(DayNotOver):
        draw_sample(SYSTEM, day=now().date() + timedelta(days=1))


def test_a_day_without_contacts_is_refused_and_leaves_nothing(lived: World, cast: Cast) -> None:
    with pytest.raises(NothingToDraw):
        draw_sample(SYSTEM, day=later(5))
    assert not Draw.objects.exists()


def test_history_imported_long_after_is_not_drawn_by_the_clock(lived: World, cast: Cast) -> None:
    assert draw_due_days(SYSTEM) == []


@pytest.mark.parametrize("role", ["agent", "supervisor", "trainer", "administrator", "stranger"])
def test_who_may_not_evaluate_draws_nothing(lived: World, cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        draw_sample(cast.user(role), day=DAY)
    assert not Draw.objects.exists()


def test_the_database_refuses_to_change_a_draw(lived: World, cast: Cast) -> None:
    draw = drawn()
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(seed=1)


KILLED = """
import os, django, psycopg
django.setup()
from datetime import date
from django.conf import settings
from bihuan.inspection.actions import sampling

settings.ARCHIVE_ROOT, settings.TIME_ZONE = os.environ["TEST_ARCHIVE"], "Asia/Shanghai"
kept = psycopg.Copy.write_row
written = 0

def die_with_half_written(self, row):
    global written
    kept(self, row)
    written += 1
    if written == 2:
        os.kill(os.getpid(), 9)

psycopg.Copy.write_row = die_with_half_written
sampling.draw_sample("system:test", day=date(2026, 7, 1))
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_drawing_leaves_nothing_and_the_next_draws_once(lived: World, settings) -> None:
    values = connection.settings_dict
    url = f"postgresql://{values['USER']}@/{values['NAME']}?host={values['HOST']}"
    env = {**os.environ, "DATABASE_URL": url, "TEST_ARCHIVE": str(settings.ARCHIVE_ROOT),
           "DJANGO_SETTINGS_MODULE": "bihuan.config.settings"}  # fmt: skip
    died = subprocess.run([sys.executable, "-c", KILLED], env=env, capture_output=True, check=False)
    assert died.returncode == -9, died.stderr.decode()
    assert (Draw.objects.count(), Assignment.objects.count()) == (0, 0)
    draw = drawn()
    assert Assignment.objects.filter(draw=draw).count() == draw.drawn + draw.risk_drawn
    assert drawn() == draw
