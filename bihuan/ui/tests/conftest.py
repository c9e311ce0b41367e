"""The part's own site for its tests, served without database or people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client, override_settings
from django.test.testcases import LiveServerThread

from bihuan.ui.tests import site

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture
def ui_site() -> Iterator[Client]:
    """A client of the gallery's own site."""
    with override_settings(**site.OVERRIDES):
        yield Client(headers={"Accept-Language": "zh-CN"})


@pytest.fixture(scope="module")
def ui_address() -> Iterator[str]:
    """The address of the gallery's own site, served to a real browser."""
    vendor = Path(settings.HOME) / "vendor" / "node_modules"
    if not vendor.is_dir():
        pytest.skip("the browser assets are not installed: python -m bihuan.ui.assets")
    with override_settings(**site.OVERRIDES, STATICFILES_DIRS=[("vendor", str(vendor))]):
        server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://127.0.0.1:{server.port}"
        server.terminate()
