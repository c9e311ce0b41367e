"""Refuses committed text that names a package registry's host or a path of one machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

# spelled in halves, so that this file does not name what it forbids
HOSTS = re.compile(
    "|".join(
        rf"\b{a}\.{b}\b" for a, b in [("py" + "pi", "org"), ("python" + "hosted", "org"), ("npm" + "js", "(?:org|com)")]
    )
)
PATHS = re.compile(r"(?<![\w.$}])/(?:work|root|home/\w+|Users/\w+|tmp/[a-z]+\d*)/\S+")


def problems() -> list[str]:
    """One line per offence: file, line number and what was found."""
    found = []
    for name in subprocess.check_output(["git", "ls-files"], text=True).splitlines():
        path = Path(name)
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if match := HOSTS.search(line) or PATHS.search(line):
                found.append(f"{name}:{number}: {match.group(0)}")
    return found


if __name__ == "__main__":
    for line in problems():
        print(line)
    sys.exit(1 if problems() else 0)
