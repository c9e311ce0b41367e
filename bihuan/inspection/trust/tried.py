"""What counterfactual runs found of the checks of an edition, held against that edition's own limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bihuan.inspection.fairness.suite import limits_of
from bihuan.inspection.models import FairnessRun
from bihuan.inspection.rules.estimate import Estimate
from bihuan.inspection.rules.fairness import Limits, above_limit, fair_of
from bihuan.inspection.trust.policy import fingerprint_of
from bihuan.standards.checks import ENGINE_VERSION
from bihuan.standards.rules.edition import Edition


def fairness_of(edition: Edition) -> dict[str, Mapping[str, Any]]:
    """What the newest run that tried a check as it stands here found, by check; checks that none tried are missing.

    Runs of other engines tell nothing. The run may have been over another edition of the standard: its figures are judged
    by this edition's limits.
    """
    found: dict[str, Mapping[str, Any]] = {}
    runs = FairnessRun.objects.filter(standard=edition.id, engine=ENGINE_VERSION, finished_at__isnull=False)
    wanted = {check: fingerprint_of(setting) for check, setting in edition.checks.items()}
    limits = limits_of(edition)
    for run in runs.order_by("-finished_at").iterator(chunk_size=1):
        if wanted.keys() <= found.keys():
            break
        for one in run.found:
            if one["item"] not in found and one["fingerprint"] == wanted.get(one["item"]):
                found[one["item"]] = {**_judged(one, limits), "run": run}
    return found


def _judged(kept: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """What a run found of one check, held against these limits."""
    kinds = [
        {**kind, "above_limit": above_limit(_figure(kind["flip_rate"]), _figure(kind["mean_shift"]), limits)}
        for kind in kept["kinds"]
    ]
    return {**kept, "kinds": kinds, "fair": fair_of(kind["above_limit"] for kind in kinds)}


def _figure(kept: Mapping[str, Any]) -> Estimate:
    return Estimate(kept["value"], kept["low"], kept["high"], kept["n"], kept["reason"] or "")
