"""Which of a month's kept sets holds: the edition in use decides, and whoever compares takes nobody's place."""

from __future__ import annotations

from datetime import date

import pytest
import typer
from typer.testing import CliRunner

from bihuan.appraisal import commands
from bihuan.appraisal.actions import appraise_month
from bihuan.appraisal.appealed import subject_of, versions_of
from bihuan.appraisal.commands import read_result, read_set
from bihuan.appraisal.queries import history_of, official_sets, set_in_use, sets_in_use
from bihuan.appraisal.tests.part_world import written
from bihuan.appraisal.tests.record import MONTH, judge, steady
from bihuan.config import cli
from bihuan.kit.errors import InputError
from bihuan.metrics.commands import Lender
from bihuan.standards.actions import publish_edition
from bihuan.standards.editions import LIBRARY, load_edition

pytestmark = pytest.mark.django_db
PEOPLE = {"8001": steady(3)}


def appraise(edition):
    return appraise_month("system:test", month=MONTH, edition=edition, edition_ref=edition.id)


def published(effective_from=MONTH):
    """The recommended edition as the department's own, in another version."""
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8").replace("id: recommended", "id: ours", 1)
    return publish_edition("system:test", text=text, author="zhou", effective_from=effective_from).content()


def ran(*arguments):
    app = typer.Typer()
    commands.mount(app)
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False)


def test_computing_a_month_by_another_edition_takes_nothing_over(live, recommended) -> None:
    world, literal = live(PEOPLE, fresh=True), load_edition("service-quality")
    mine = appraise(recommended)
    judge(world, PEOPLE, literal)
    theirs = appraise(literal)
    result = mine.results.get(person="8001", scheme="service_quality_month")
    assert theirs.sequence > mine.sequence
    assert (set_in_use(MONTH), sets_in_use(), official_sets(MONTH)) == (mine, {MONTH: mine}, [mine])
    assert (read_set("2026-07", None), read_set("2026-07", "service-quality")) == (mine, theirs)
    assert read_result("2026-07/8001").set == mine
    assert versions_of(subject_of(result)) == [result]
    assert history_of(result) == [result]
    assert "To compare only" in ran("appraise", "2026-07", "--edition", "service-quality").stdout


def test_a_month_computed_only_to_compare_has_no_results_that_hold(live) -> None:
    world, literal = live(PEOPLE, fresh=True), load_edition("service-quality")
    judge(world, PEOPLE, literal)
    appraise(literal)
    assert set_in_use(MONTH) is None
    with pytest.raises(InputError, match="by the edition in use") as told:
        read_set("2026-07", None)
    assert "service-quality" in told.value.hint


def test_results_hold_until_the_month_is_computed_by_the_edition_published_since(live, recommended) -> None:
    world = live(PEOPLE, fresh=True)
    before = appraise(recommended)
    ours = published()
    assert set_in_use(MONTH) == before
    judge(world, PEOPLE, ours)
    after = appraise(ours)
    appraise(recommended)  # no longer in use: to compare
    assert official_sets(MONTH) == [after, before]


def test_commands_take_the_edition_in_use_unless_another_is_named(live) -> None:
    world, ours = live(PEOPLE, fresh=True), published()
    judge(world, PEOPLE, ours)
    assert ran("appraise", "2026-07").exit_code == 0
    assert set_in_use(MONTH).edition_hash == ours.hash
    assert "Nobody moves" in ran("replay", "2026-07", "--edition", ours.hash).stdout
    cli._lend_params()
    assert Lender.params_for(None, MONTH).edition == ours.hash
    assert Lender.params_for(None, date(2026, 6, 30)).edition == load_edition("recommended").hash
    assert Lender.params_for("service-quality", MONTH).edition == load_edition("service-quality").hash


def test_figures_by_the_numbers_of_an_edition_for_a_part_say_that_they_are_not_narrowed_to_it(tmp_path, capsys) -> None:
    cli._lend_params()
    assert Lender.params_for(str(written(tmp_path, channel=["chat"])), MONTH).numbers
    assert "ours is for channel chat; its numbers are used here for whatever --where names." in capsys.readouterr().err
    Lender.params_for("recommended", MONTH)
    assert capsys.readouterr().err == ""
