"""Our own modules, compiled once instead of by every process that starts.

Python does so by itself where it may; where it was told not to write (PYTHONDONTWRITEBYTECODE, common in containers)
each of our processes would compile the house anew. Like an installer, this compiles regardless.
"""

from __future__ import annotations

import compileall
import re
from pathlib import Path
from typing import Final

from bihuan.config.environment import SOURCE

_NOT_RUN: Final = re.compile(r"/tests/")


def compile_own(source: Path = SOURCE) -> bool:
    """Compile what is newer than its compiled form. False where something cannot be or may not be, which does no harm."""
    return compileall.compile_dir(source, quiet=2, rx=_NOT_RUN)
