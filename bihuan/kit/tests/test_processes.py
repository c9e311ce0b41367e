"""A pool's processes end with whoever started them, even when that one is killed; what was loaded at a start is let be."""

from __future__ import annotations

import os
import select
import subprocess
import sys

POOL = (
    "import os, sys; from concurrent.futures import ProcessPoolExecutor; from multiprocessing import get_context\n"
    "from bihuan.kit.processes import die_with_parent\n"
    "if __name__ == '__main__':\n"
    "    pool = ProcessPoolExecutor(1, mp_context=get_context('spawn'), initializer=die_with_parent)\n"
    "    print(pool.submit(os.getpid).result(), flush=True); sys.stdin.read()\n"
)


def test_a_process_of_a_pool_ends_with_its_killed_owner(tmp_path: object) -> None:
    script = os.path.join(str(tmp_path), "pool.py")
    with open(script, "w", encoding="utf-8") as file:
        file.write(POOL)
    owner = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    inner = os.pidfd_open(int(owner.stdout.readline()))
    owner.kill()
    owner.wait()
    ended = select.poll()
    ended.register(inner, select.POLLIN)
    assert ended.poll(20_000)


def test_what_was_loaded_is_not_walked_through_again() -> None:
    asked = (
        "import gc; from bihuan.kit.processes import keep_what_is_loaded as keep; keep(); print(gc.get_freeze_count())"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert int(told.stdout) > 1000
