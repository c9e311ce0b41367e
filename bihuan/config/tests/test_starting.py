"""A start loads, compiles and asks no more than its first answer needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.signals import request_finished

from bihuan.config import warming
from bihuan.config.bytecode import compile_own

LATER = ("ibis", "sqlglot", "scipy.stats", "sklearn", "pypinyin")


def test_the_site_starts_without_what_only_later_pages_need() -> None:
    script = (
        "import sys, bihuan.config.asgi; from django.urls import get_resolver; get_resolver().url_patterns;"
        f"print([name for name in {LATER!r} if name in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout
    assert printed.strip() == "[]"


def test_modules_are_compiled_even_where_python_was_told_not_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "tests").mkdir()
    (tmp_path / "part" / "acts.py").write_text("ONE = 1\n")
    (tmp_path / "part" / "tests" / "test_acts.py").write_text("def broken(:\n")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    assert compile_own(tmp_path)
    assert [path.name.split(".")[0] for path in tmp_path.rglob("*.pyc")] == ["acts"]


def test_a_folder_that_may_not_be_written_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text("def broken(:\n")
    assert not compile_own(tmp_path)


@pytest.mark.django_db  # Django itself looks after its connections on the same signal
def test_pages_are_prepared_once_and_only_after_the_first_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[str] = []

    class Beside:
        """Stands for a thread, so that the test need not wait for one."""

        def __init__(self, *, name: str, **_how: object) -> None:
            self.name = name

        def start(self) -> None:
            prepared.append(self.name)

    monkeypatch.setattr(warming, "Thread", Beside)
    warming.warm_after_first_answer()
    assert prepared == []
    request_finished.send(sender=None)
    request_finished.send(sender=None)
    assert prepared == ["warming"]
