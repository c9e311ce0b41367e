"""Where a customer's message shows negative emotion: anger, outrage, distress, protest, exasperation, long waiting (S0-4, S4-2).

The lexicon is `wording/emotion.yaml`, each pattern a shade; a model trained on them and on strangers' words decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bihuan.standards.checks.answer import Shown
from bihuan.standards.checks.lexicon import Rows
from bihuan.standards.checks.scan import CUSTOMER, Ints, Scan

SHADES: Final = ("anger", "outrage", "distress", "protest", "exasperation", "waiting")


@dataclass(frozen=True)
class Emotion:
    """`first`: per contact the row of its first clearly negative customer message, −1 where there is none;
    `shown`: the words in those rows, as evidence."""

    first: Ints
    shown: tuple[Shown, ...]


def negative_rows(scan: Scan) -> Rows:
    """Ascending rows of customer messages with negative emotion."""
    negative = scan.once_per_row("negative_emotion", lambda: scan.find("negative_emotion", scan.said(CUSTOMER)))
    return np.flatnonzero(negative)


def first_emotion(scan: Scan) -> Emotion:
    """The first clearly negative message of each contact, with the words that show it."""
    first = scan.first(negative_rows(scan))
    return Emotion(first, (Shown(first[first >= 0], "negative_emotion"),))
