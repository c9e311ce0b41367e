"""Two clicks at once on what moves or tries checks."""

from __future__ import annotations

import pytest

from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions.fairness import request_fairness
from bihuan.inspection.actions.trusting import lower_check
from bihuan.inspection.models import FairnessRun, TrustMove
from bihuan.inspection.tests.test_rating_at_once import at_once
from bihuan.journal.models import Entry
from bihuan.people.tests.cast import make_cast
from bihuan.standards.editions import load_edition

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_asked_for_in_several_windows_at_once_is_one_run(lived: World) -> None:
    edition = load_edition("recommended")
    ask = [lambda: request_fairness("system:test", edition=edition, ref=edition.id)] * 4
    assert at_once(ask) == [""] * 4
    assert FairnessRun.objects.count() == Entry.objects.filter(verb="fairness.requested").count() == 1


def test_of_two_moves_from_the_same_standing_at_once_one_is_told_that_the_check_moved(lived: World) -> None:
    edition, manager = load_edition("recommended"), make_cast().user("manager")
    asked = {"edition": edition, "check": "first_response", "reason": "误判多", "before": "counting"}
    assert at_once([lambda: lower_check(manager, **asked)] * 2) == ["", "MovedMeanwhile"]
    assert TrustMove.objects.get().after == "assisting"
