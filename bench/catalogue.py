"""Every metric of the catalogue per agent and day of a month, from the roll-up."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from bench import world
from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.kit.clock import DAY, day_bounds, to_us
from bihuan.metrics.catalog import CATALOG
from bihuan.metrics.query import figures
from bihuan.standards.editions import load_edition
from bihuan.standards.metric_params import metric_params


def main() -> None:
    reader = Reader(Archive(Path(os.environ["BIHUAN_HOME"]) / "archive", world.ZONE))
    params = metric_params(load_edition(world.EDITION))
    as_of = to_us(day_bounds(world.END, world.ZONE, 0)[1]) + DAY
    took = []
    for _ in range(3):
        start = time.perf_counter()
        table = figures(
            reader, CATALOG, by=("agent", "day"), period=(world.MONTH, world.END), params=params, as_of_us=as_of
        )
        took.append(round(time.perf_counter() - start, 2))
    found = {"first_s": took[0], "again_s": min(took[1:]), "metrics": len(CATALOG), "groups": len(table)}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
