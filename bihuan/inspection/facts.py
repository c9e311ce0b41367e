"""What inspection writes into the service record: released evaluations, one row per item."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import pyarrow as pa

from bihuan.archive.schemas import TABLES
from bihuan.archive.store import open_archive
from bihuan.archive.writer import drain
from bihuan.inspection.models import Evaluation, Telling
from bihuan.kit.clock import to_us
from bihuan.kit.numbers import MILLI
from bihuan.standards.rules.tree import ScoreNode

IMPORT_ID = "inspection"
AT_ONCE = 500


def tell_record() -> int:
    """Write what waits into the record; returns how many evaluations. Killed in between, it writes nothing twice."""
    waiting: list[Telling] = []

    def take(limit: int) -> Sequence[tuple[dict[str, pa.Table], str, int]]:
        listed = Telling.objects.select_related("evaluation__assignment", "evaluation__evaluator")
        waiting.extend(islice(listed.prefetch_related("evaluation__answers"), limit))
        return [_entry(waiting)] if waiting else []

    def settle(_entries: int) -> None:
        Telling.objects.filter(pk__in=[one.pk for one in waiting]).delete()

    drain(open_archive(), take, settle, AT_ONCE)
    return len(waiting)


def _entry(waiting: Sequence[Telling]) -> tuple[dict[str, pa.Table], str, int]:
    rows = [row for one in waiting for row in evaluation_rows(one.evaluation)]
    told = max(to_us(one.asked_at) for one in waiting)
    return {"evaluations": pa.Table.from_pylist(rows, schema=_SCHEMA)}, IMPORT_ID, told


_WRITTEN = (
    "evaluation_id", "contact_id", "item", "answer", "points_milli", "evaluator", "plan", "stratum", "inclusion_ppm",
    "released_us",
)  # fmt: skip
_SCHEMA = pa.schema([TABLES["evaluations"].schema.field(name) for name in _WRITTEN])


def evaluation_rows(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Rows of the record's table. A later version has the same identity, so that it takes the place of the earlier."""
    assignment, tree = evaluation.assignment, evaluation.score
    assert tree is not None
    assert evaluation.released_at is not None
    common = {
        "evaluation_id": str(assignment.pk),
        "contact_id": assignment.contact_id,
        "evaluator": evaluation.evaluator.number,
        "plan": assignment.kind,
        "stratum": assignment.stratum or None,
        "inclusion_ppm": assignment.inclusion_ppm,
        "released_us": to_us(evaluation.released_at),
    }
    return [
        {**common, "item": answer.item, "answer": answer.verdict, "points_milli": _points(tree, answer.item)}
        for answer in evaluation.answers.all()
    ]


def _points(tree: ScoreNode, item: str) -> int | None:
    """Points of the form the item earned, in thousandths; a deduction is negative."""
    node = tree.find("item", item) or tree.find("deduction", item)
    points = None if node is None else (node.earned if node.kind == "item" else node.contribution)
    return None if points is None else int(points * MILLI)
