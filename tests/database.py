"""Runs a command with a throw-away PostgreSQL: `python -m tests.database COMMAND …`.

`DATABASE_URL` is respected where it is set. The server lives in a temporary folder and dies with the command.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from bihuan.config.processes import postgres

# No test cuts the machine's power, so nothing need reach the disk before it goes on; a killed process loses nothing by it.
_THROWN_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def main(command: list[str]) -> int:
    # a shell starts what runs in the background deaf to Ctrl-C, and children inherit that: tests of Ctrl-C need to be heard
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if os.environ.get("DATABASE_URL"):
        return subprocess.call(command)
    with tempfile.TemporaryDirectory(prefix="bihuan-test-") as folder:
        os.chmod(folder, 0o755)  # the database runs as another account when we are root
        cluster = postgres.prepare(Path(folder))
        server = postgres.start(cluster, (*postgres.OPTIONS, *_THROWN_AWAY))
        try:
            return subprocess.call(command, env={**os.environ, "DATABASE_URL": cluster.address})
        finally:
            postgres.stop(server)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
