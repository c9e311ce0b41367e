"""`make bench`: the measured targets as ratios of one run. Every step is a process of its own.

    python -m bench                      2 million contacts, about 30 million messages
    python -m bench --contacts 100000    a quick look; times are not comparable with the targets
    python -m bench --keep DIR           keep the record, or measure again on the one kept there
    python -m bench --only rollup,pages  these steps alone, on a kept record

Exit code 1 where a step could not run; a target that is missed is printed, not an error.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from bench import world
from bench.running import Step, run_step
from bench.targets import Line, lines_of

STEPS: Final = (
    ("people", "people", ()),
    ("generate", "generate", ()),
    ("rollup", "rollup", ("product",)),
    ("rollup_reference", "rollup", ("reference",)),
    ("rollup_reading", "rollup", ("reading",)),
    ("catalogue", "catalogue", ()),
    ("appraisal", "appraisal", ()),
    ("checks", "checks", ()),
    ("pages", "pages", ()),
    ("drawing", "drawing", ()),
    ("desk", "desk", ()),
    ("rejudging", "rejudging", ()),
)
# A record is made once; everything else can be measured on it again.
MAKING: Final = ("people", "generate", "rollup")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--contacts", type=int, default=world.FULL, help="size of the record (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="folder of the record; kept afterwards")
    parser.add_argument("--only", default="", help="steps to run, by name: " + ", ".join(name for name, _, _ in STEPS))
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        return _run(asked, asked.keep.resolve())
    with tempfile.TemporaryDirectory(prefix="bihuan-bench-") as folder:
        return _run(asked, Path(folder))


def _run(asked: argparse.Namespace, home: Path) -> int:
    wanted = set(filter(None, asked.only.split(",")))
    known = {name for name, _, _ in STEPS}
    if not wanted <= known:
        sys.stderr.write(f"No step is called {', '.join(sorted(wanted - known))}.\n")
        return 2
    made = home / "made"
    steps: dict[str, Step] = {}
    lines: list[Line] = []
    for name, module, arguments in STEPS:
        if (wanted and name not in wanted) or (made.exists() and name in MAKING and not wanted):
            continue
        sys.stderr.write(f"{name} …\n")
        more = ("--contacts", str(asked.contacts)) if name == "generate" else ()
        steps[name] = run_step(module, home, (*arguments, *more))
        lines += lines_of(name, steps)
        if not asked.json:
            _show(lines_of(name, steps), steps[name])
        if steps[name].found is None and name in MAKING:
            break
        if name == MAKING[-1]:
            made.touch()
    if asked.json:
        plain = {"steps": [asdict(step) for step in steps.values()], "targets": [asdict(line) for line in lines]}
        sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
    return 1 if any(step.found is None for step in steps.values()) else 0


def _show(lines: Iterable[Line], step: Step) -> None:
    used = f"wall {step.wall_s:.1f} s, processor {step.cpu_s:.1f} s, peak {step.peak_mb:,} MB"
    sys.stdout.write(f"{step.name}: {'failed; ' if step.found is None else ''}{used}\n")
    for line in lines:
        sys.stdout.write(f"  {line.what:<58}{line.measured:>14}  {line.target:<14}{line.verdict}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
