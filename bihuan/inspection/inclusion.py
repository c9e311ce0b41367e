"""With which probability a contact came into the random sample and was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count

from bihuan.inspection.models import Assignment

PPM: Final = 1_000_000
Cell = tuple[UUID, int]
"""A draw and a probability of being drawn from it, in millionths: contacts of one cell were drawn alike."""


def probabilities(answered: Iterable[Cell], first: date, last: date) -> Mapping[Cell, float]:
    """By cell the probability of being drawn and answered, from the cells of what was answered of these days.

    A sample that is not finished holds less than was drawn: the share of it that was answered, in each draw among contacts
    of the same probability, is part of the probability (two-phase sampling, Särndal, Swensson & Wretman 1992, ch. 9 and
    15). Cells of unknown probability are left out.
    """
    drawn = Assignment.objects.random().between(first, last).order_by()
    counted = drawn.values_list("draw_id", "inclusion_ppm").annotate(n=Count("pk"))
    held: dict[Cell, int] = {(draw, ppm): n for draw, ppm, n in counted}
    told = Counter(cell for cell in answered if cell[1] and cell in held)
    return {cell: cell[1] / PPM * n / held[cell] for cell, n in told.items()}
