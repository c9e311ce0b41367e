"""What `bihuan replay` says where nobody moves, and where two editions cannot be compared."""

from __future__ import annotations

from decimal import Decimal

import pytest
import typer
from typer.testing import CliRunner

from bihuan.appraisal import commands
from bihuan.appraisal.printing import nobody_moves
from bihuan.appraisal.replaying import shared_scheme
from bihuan.appraisal.rules.comparison import Placed, compare
from bihuan.appraisal.tests.record import MONTH, steady
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
        shared_scheme(present, other)
    assert "nobody's places can be compared" in refused.value.message
    for word in ("recommended has", "service-process has no scheme", "--against", next(iter(present.schemes))):
        assert word in refused.value.hint


def test_a_scheme_only_one_edition_has_is_refused_with_those_both_have() -> None:
    present = load_edition("recommended")
    with pytest.raises(InputError) as refused:
        shared_scheme(present, present, "no_such")
    assert f"Shared: {', '.join(present.schemes)}." in refused.value.hint
