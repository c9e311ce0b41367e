"""What all tests share: one browser, a cheap password hash (a strong one is slow on purpose), the site's language."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from bihuan.kit.processes import keep_what_is_loaded

# How long an example takes says more about the machine than about the code.
hypothesis_settings.register_profile("untimed", deadline=None, max_examples=50)
hypothesis_settings.load_profile("untimed")

# The browser's event loop runs in the test's own thread; the tests ask the database from there all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_finish() -> None:
    keep_what_is_loaded()


CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    from django.conf import settings  # pytest-django configures it first

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _language_of_the_site() -> None:
    """A request leaves its language behind in the thread; the next test begins with the site's own."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture
def answering(live_server: Any, transactional_db: None) -> Iterator[Any]:
    """The live server, for tests with a browser. A closed page leaves its last request behind, and emptying the tables under a
    request that still reads them is a deadlock: the test ends once everything that was asked is answered."""
    from django.core.signals import request_finished, request_started

    underway, changed = 0, threading.Condition()

    def counted(by: int) -> Callable[..., None]:
        def count(**_signal: object) -> None:
            nonlocal underway
            with changed:
                underway += by
                changed.notify_all()

        return count

    began, ended = counted(1), counted(-1)
    request_started.connect(began)
    request_finished.connect(ended)
    yield live_server
    with changed:
        assert changed.wait_for(lambda: underway == 0, timeout=30), f"{underway} requests are never answered"
    request_started.disconnect(began)
    request_finished.disconnect(ended)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real browser, the same for all tests of a process (two of Playwright's loops do not fit into one)."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run the browser tests")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as api:
        browser = api.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()
