"""Killed at any moment, the record holds either the old state or the new one, and the import can simply be run again."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from bihuan.archive.reader import Reader
from bihuan.archive.store import Archive
from bihuan.archive.tests.record_world import SHANGHAI, World, chat, contact, tables
from bihuan.archive.writer import ImportSession

# Every step that could leave something half done ends in a rename; the child dies just before its n-th one.
CHILD = """
import os, signal, sys
from pathlib import Path
from bihuan.archive.tests.test_record_crash import run_import
left = int(sys.argv[2])
def die(event, _arguments):
    global left
    if event in ("os.rename", "os.rmdir", "shutil.rmtree"):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(die)
run_import(Path(sys.argv[1]))
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
    after = run_import(tmp_path / "whole")
    died = 0
    while True:
        root = tmp_path / str(died)
        assert begin(root) == before
        code = subprocess.run(
            [sys.executable, "-c", CHILD, str(root), str(died)], env=os.environ, check=False
        ).returncode
        head = Archive(root, SHANGHAI).head()
        assert head.hash in (before, after)
        for path, file in ((file.path, file) for files in head.tables.values() for file in files.values()):
            assert hashlib.sha256((root / path).read_bytes()).hexdigest() == file.hash
        assert run_import(root) == after
        assert Reader(Archive(root, SHANGHAI)).table("messages").num_rows == 2
        if code == 0:
            break
        assert code == -signal.SIGKILL
        died += 1
    assert died >= 8, "the import has at least eight moments to die at"
