"""Intraclass correlation: the six forms of Shrout & Fleiss on their own example."""

from __future__ import annotations

import numpy as np
import pytest

from bihuan.inspection.rules.estimate import Redraw
from bihuan.inspection.rules.intraclass import FORMS, intraclass

REDRAW = Redraw(draws=300, seed=20260101, confidence=0.95)

# six targets by four judges: Shrout & Fleiss (1979), Psychological Bulletin 86, table 2; coefficients of their table 4
JUDGED = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
PUBLISHED = {"1,1": 0.17, "2,1": 0.29, "3,1": 0.71, "1,k": 0.44, "2,k": 0.62, "3,k": 0.91}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_that_of_shrout_and_fleiss(form) -> None:
    found = intraclass(JUDGED, REDRAW, form)
    assert round(found.value, 2) == PUBLISHED[form]
    assert (found.n, found.low <= found.value <= found.high) == (6, True)


def test_a_unit_with_a_missing_score_is_left_out_and_not_counted() -> None:
    holed = np.vstack([JUDGED, [5, np.nan, 5, 5]])
    assert intraclass(holed, REDRAW) == intraclass(JUDGED, REDRAW)


def test_severity_lowers_absolute_agreement_but_not_consistency() -> None:
    harsh = JUDGED - [0, 20, 0, 0]
    assert intraclass(harsh, REDRAW, "3,1").value == pytest.approx(intraclass(JUDGED, REDRAW, "3,1").value)
    assert intraclass(harsh, REDRAW, "2,1").value < intraclass(JUDGED, REDRAW, "2,1").value


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        (np.ones((5, 3)), "no_variation"),
        (np.ones((5, 1)), "one_rater"),
        (np.array([[1.0, 2.0]]), "too_few"),
        (np.array([[1.0, np.nan], [np.nan, 2.0]]), "too_few"),
    ],
)
def test_what_tells_nothing_gets_a_reason_and_no_figure(scores, reason) -> None:
    for form in FORMS:
        found = intraclass(scores, REDRAW, form)
        assert (found.value, found.reason) == (None, reason)


def test_all_forms_are_those_of_the_package_pingouin() -> None:
    oracle, pandas = pytest.importorskip("pingouin"), pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        [(unit, rater, score) for unit, row in enumerate(JUDGED) for rater, score in enumerate(row)],
        columns=["unit", "rater", "score"],
    )
    theirs = oracle.intraclass_corr(frame, targets="unit", raters="rater", ratings="score")["ICC"].tolist()
    assert [intraclass(JUDGED, REDRAW, form).value for form in FORMS] == pytest.approx(theirs, abs=1e-9)
