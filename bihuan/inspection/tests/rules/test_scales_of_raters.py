"""Raters' scales: who alarms, and what stands beside a raw score."""

from __future__ import annotations

from random import Random

import pytest

from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.scale import DRIFT, SEVERITY, Scales, alarms
from bihuan.inspection.rules.severity import Scored, Severity, severity_of


def overlapping(shift: dict[tuple[str, str], float], contacts: int = 40) -> list[Scored]:
    """Every contact rated by all raters of its period, with what each adds."""
    rnd = Random(5)
    periods = sorted({period for _rater, period in shift})
    found = []
    for period in periods:
        for at in range(contacts):
            worth = 80 + rnd.gauss(0, 6)
            found += [
                Scored(f"{period}/{at}", rater, period, worth + add + rnd.gauss(0, 1))
                for (rater, when), add in shift.items()
                if when == period
            ]
    return found


STRICT = {("a", "2026-09"): -6.0, ("b", "2026-09"): 0.0, ("c", "2026-09"): 1.0,
          ("a", "2026-10"): -6.0, ("b", "2026-10"): 0.0, ("c", "2026-10"): 8.0}  # fmt: skip


@pytest.fixture(scope="module")
def severity() -> Severity:
    return severity_of(overlapping(STRICT), drift_limit=3, least=8, confidence=0.95)


def test_severity_and_drift_beyond_the_editions_limits_raise_an_alarm(severity: Severity) -> None:
    found = alarms(severity, period="2026-11", severity_limit=3, drift_limit=3)
    assert ("a", SEVERITY, "2026-11") in {(one.rater, one.kind, one.period) for one in found}
    assert ("c", DRIFT, "2026-10") in {(one.rater, one.kind, one.period) for one in found}
    assert not {one for one in found if one.rater == "b" and one.kind == SEVERITY}


def test_within_the_limits_nobody_is_accused(severity: Severity) -> None:
    assert [
        one for one in alarms(severity, period="p", severity_limit=30, drift_limit=30) if one.kind == SEVERITY
    ] == []


def test_an_interval_that_holds_zero_is_no_alarm() -> None:
    unsure = Severity({"a": Estimate(4.0, -1.0, 9.0, 9), "b": Estimate(-4.0, n=9)}, (), ())
    assert alarms(unsure, period="p", severity_limit=3, drift_limit=3) == []


def test_the_adjusted_score_takes_off_what_the_rater_adds_in_that_period(severity: Severity) -> None:
    scales = Scales.of(severity)
    strict, moved = scales.adjusted(80, "a", "2026-10"), scales.adjusted(80, "c", "2026-10")
    assert strict > 85
    assert moved < 75
    assert scales.adjusted(80, "c", "2026-09") > moved
    # 7 points moved, of which a part common to all raters cannot be told from the worth of that month's contacts
    assert 7 * 2 / 3 <= scales.levels["c"]["2026-10"] - scales.levels["c"]["2026-09"] <= 7


def test_a_period_without_overlap_takes_the_raters_severity_over_all_of_them(severity: Severity) -> None:
    scales = Scales.of(severity)
    assert scales.adjusted(80, "a", "2026-12") == pytest.approx(80 - severity.raters["a"].value)


def test_with_an_expert_as_reference_scales_and_adjusted_scores_are_told_against_that_expert() -> None:
    severity = severity_of(overlapping(STRICT), drift_limit=3, least=8, confidence=0.95, reference="b")
    scales = Scales.of(severity, "b")
    assert scales.reference == "b"
    assert severity.raters["b"].value == pytest.approx(0)
    assert severity.raters["a"].value == pytest.approx(-6, abs=1)
    assert scales.adjusted(80, "a", "2026-12") == pytest.approx(80 - severity.raters["a"].value)
    mean_of_expert = sum(scales.levels["b"].values()) / len(scales.levels["b"])
    assert mean_of_expert == pytest.approx(0)
    assert Scales.of(severity, "nobody").reference == ""


def test_an_adjusted_score_stays_on_the_form_and_is_missing_where_the_scale_is_unknown(severity: Severity) -> None:
    scales = Scales.of(severity)
    assert scales.adjusted(99, "a", "2026-10") == 100
    assert scales.adjusted(80, "nobody", "2026-10") is None
