"""Background work of the workplace."""

from __future__ import annotations

from procrastinate.contrib.django import app

from bihuan.workplace.edition_comparisons import carry_out_comparison
from bihuan.workplace.edition_models import EditionComparison
from bihuan.workplace.import_actions import QUEUE, TASK, carry_out
from bihuan.workplace.import_models import Import


@app.task(name=TASK, queue=QUEUE)
def carry_out_import(import_id: str) -> None:
    """Check a file or bring it in; safe to start again after a kill."""
    carry_out(Import.objects.get(pk=import_id))


@app.task(name="workplace.compare_editions", queue="judging", retry=3)
def compare_editions(comparison_id: str) -> None:
    """Judge a draw of conversations by two editions; safe to start again after a kill."""
    carry_out_comparison(EditionComparison.objects.get(pk=comparison_id))
