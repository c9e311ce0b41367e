"""What `bihuan replay` says where nobody moves, and where two editions cannot be compared."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
import typer
from typer.testing import CliRunner

from bihuan.appraisal import commands
from bihuan.appraisal.printing import nobody_moves
from bihuan.appraisal.replaying import comparable
from bihuan.appraisal.rules.comparison import Placed, compare
from bihuan.appraisal.tests.record import MONTH, Served, judge, steady
from bihuan.kit.errors import InputError
from bihuan.standards.editions import load_edition
from bihuan.standards.rules.tree import ScoreNode

LEAF = ScoreNode(kind="total", id="total")


def placed(total: int, rank: int | None = 1) -> Placed:
    return Placed("李", "east", Decimal(total), rank, "in", LEAF)


def run(*arguments: str) -> str:
    app = typer.Typer()
    commands.mount(app)
    result = CliRunner().invoke(app, ["replay", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_nobody_moves_is_a_sentence_and_no_empty_table() -> None:
    same = compare({"8001": placed(80)}, {"8001": placed(80)})
    assert nobody_moves(same) == "Nobody moves: all 1 with a rank keep it, and no total changes."
    other = compare({"8001": placed(80), "8002": placed(70, 2)}, {"8001": placed(81), "8002": placed(70, 2)})
    assert nobody_moves(other) == "Nobody moves: all 2 with a rank keep it, and the totals of 1 change."
    unranked = compare({"8001": placed(80, None)}, {"8001": placed(80, None)})
    assert nobody_moves(unranked) == "Nobody moves: none of the 1 people has a rank, and no total changes."
    assert "Nobody has a result" in nobody_moves([])


@pytest.mark.django_db
def test_a_replay_under_the_same_edition_says_that_nobody_moves(live) -> None:
    live({"8001": steady(3), "8002": steady(3)})
    told = run(f"{MONTH:%Y-%m}", "--edition", "recommended")
    assert told.startswith("Nobody moves: ")


def test_editions_without_a_shared_scheme_are_told_what_can_be_done() -> None:
    present, other = load_edition("recommended"), load_edition("service-process")
    with pytest.raises(InputError) as refused:
        comparable(present, other)
    assert "nobody's places can be compared" in refused.value.message
    for word in ("recommended has", "service-process has no scheme", "--against", next(iter(present.schemes))):
        assert word in refused.value.hint


def test_a_scheme_only_one_edition_has_is_refused_with_those_both_have() -> None:
    present = load_edition("recommended")
    with pytest.raises(InputError) as refused:
        comparable(present, present, "no_such")
    assert f"Shared: {', '.join(present.schemes)}." in refused.value.hint


@pytest.mark.django_db
def test_X7_editions_without_a_shared_scheme_are_compared_by_the_totals_most_alike(live, tmp_path) -> None:
    """Each edition has its own total: 8001 leaks nothing, 8002 is rated better; the literal text scores no leak."""
    months = {"8001": [Served(0, "good", 3)] * 40, "8002": [Served(0, "good", 5)] * 20 + [Served(0, "fatal", 5)] * 20}
    world, literal = live(months, fresh=True), load_edition("service-quality")
    judge(world, months, literal)
    compared = comparable(load_edition("recommended"), literal)
    assert (compared.before, compared.after) == ("service_quality_month", "monthly_total")
    assert compared.taken_by_both == ["daily_score", "positive_rate", "complaint_rate"]
    told = run(f"{MONTH:%Y-%m}", "--edition", "service-quality")
    words = " ".join(told.split())
    assert "Before: service_quality_month of recommended. After: monthly_total of service-quality." in words
    assert "service-quality has no rules of ranking: places under it are the order of its totals alone." in words
    answer = json.loads(run(f"{MONTH:%Y-%m}", "--edition", "service-quality", "--json"))
    assert answer["schemes"] == {"before": "service_quality_month", "after": "monthly_total"}
    moves = {one["person"]: one for one in answer["moves"]}
    # 100 × 0.6 + 0 × 0.2 + 100 × 0.2; half of what 8002 served leaks: 50 × 0.6 + 100 × 0.2 + 100 × 0.2
    assert [moves[who]["before"]["total"] for who in ("8001", "8002")] == ["80.00", "70.00"]
    # raw points give 39 at best without people (50 × 50 % + 30 × 30 % + 50 × 10 %, X3), shares count as 0 and 1 (X4)
    assert [moves[who]["after"]["total"] for who in ("8001", "8002")] == ["23.60", "23.80"]
    causes = {cause["term"]: cause["change"] for cause in moves["8001"]["causes"]}
    assert causes == {"daily": "-36.6", "complaints": "-19.8"}
    assert [moves[who]["ranks_moved"] for who in ("8001", "8002")] == [-1, 1]
