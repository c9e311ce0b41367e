"""How many evaluations a margin of error needs, with the correction for a finite number of contacts."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.metrics.intervals import t_interval, wilson


def share_margin(n: int, share: float, confidence: float, *, of: int) -> float:
    """Half the width of the interval of a share seen in `n` of `of` contacts; 1 where nothing was seen."""
    if n < 1:
        return 1.0
    low, high = wilson(share * n, n, confidence, of=of)
    return float(high - low) / 2


def mean_margin(n: int, deviation: float, confidence: float, *, of: int) -> float:
    """Half the width of the interval of a mean of `n` of `of` scores with this standard deviation; endless below two."""
    if n >= of:
        return 0.0
    if n <= 1:
        return float("inf")
    low, high = t_interval(0.0, deviation, n, confidence, of=of)
    return float(high - low) / 2


def needed_for_share(contacts: int, margin: float, confidence: float, *, share: float) -> int:
    """The fewest of `contacts` whose share is known to ± `margin` (0–1), if it turns out to be `share`."""
    return _fewest(contacts, lambda n: share_margin(n, share, confidence, of=contacts) <= margin)


def needed_for_mean(contacts: int, margin: float, confidence: float, *, deviation: float) -> int:
    """The fewest of `contacts` whose mean score is known to ± `margin` points, if scores spread by `deviation`."""
    return _fewest(contacts, lambda n: mean_margin(n, deviation, confidence, of=contacts) <= margin)


def _fewest(most: int, enough: Callable[[int], bool]) -> int:
    """The smallest n for which `enough` holds, which from there on holds for all; `most` where it never does."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low
