"""Killed at any moment, the record holds either the old state or the new one, and the import can simply be run again."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.archive.tests.record_world import SHANGHAI, World, chat, contact, tables
from bihuan.archive.writer import ImportSession

# Every step that could leave something half done ends in a rename; the n-th child dies just before its n-th one. All
# children are forked from one process that has imported everything and has not begun anything.
CHILDREN = """
import os, shutil, signal, sys
from pathlib import Path
from bihuan.archive.tests.test_record_crash import run_import

def forked(work):
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def dying_at(left, root):
    def die(event, _arguments):
        nonlocal left
        if event in ("os.rename", "os.rmdir", "shutil.rmtree"):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(die)
    run_import(root)

number, code = 0, -signal.SIGKILL
while code == -signal.SIGKILL:
    root = Path(sys.argv[1]) / str(number)
    shutil.copytree(Path(sys.argv[1]) / "begun", root)
    code = forked(lambda: dying_at(number, root))
    number += 1
sys.exit(code)
"""


def run_import(root: Path) -> str:
    archive = Archive(root, SHANGHAI)
    session = ImportSession(archive, "history")
    session.add(tables(contacts=[contact("c", outcome="solved"), contact("d", 86_400)]), chunk="1", recorded_us=2)
    session.add(tables(messages=chat(("customer", 0), ("a1", 9))), chunk="2", recorded_us=2)
    return session.commit().manifest.hash


def begin(root: Path) -> str:
    return World(root).tell(contacts=[contact("c", outcome="unsolved")]).manifest.hash


def test_S1_9_kill_9_at_any_step_of_an_import_loses_nothing(tmp_path: Path) -> None:
    before = begin(tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "begun")
    after = run_import(tmp_path / "whole")
    children = subprocess.run([sys.executable, "-c", CHILDREN, str(tmp_path)], env=os.environ, check=False)
    assert children.returncode == 0, "every child was killed but the last, which came to the end"
    roots = [tmp_path / str(number) for number in range(len(list(tmp_path.iterdir())) - 2)]
    assert len(roots) > 8, "the import has at least eight moments to die at"
    states = set()
    for root in roots:
        head = Archive(root, SHANGHAI).head()
        states.add(head.hash)
        for path, file in ((file.path, file) for files in head.tables.values() for file in files.values()):
            assert hashlib.sha256((root / path).read_bytes()).hexdigest() == file.hash
        assert run_import(root) == after
        assert Reader(Archive(root, SHANGHAI)).table("messages").num_rows == 2
    assert states == {before, after}
