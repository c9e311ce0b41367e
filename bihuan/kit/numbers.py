"""Exact figures: sums are integers, division comes last, in Decimal, half up (so that two runs print the same)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

MILLI: Final = 1000


def rounded(value: Decimal | int | str, decimals: int) -> Decimal:
    """`value` to `decimals` places, half up (0.125 → 0.13), never half to even."""
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def divided(numerator: int | Decimal, denominator: int | Decimal, decimals: int) -> Decimal | None:
    """numerator ÷ denominator to `decimals` places, half up; None where there is nothing to divide by."""
    if denominator == 0:
        return None
    with localcontext() as context:
        context.prec = 50
        return rounded(Decimal(numerator) / Decimal(denominator), decimals)
