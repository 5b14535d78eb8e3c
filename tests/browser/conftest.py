"""Real Chromium at the real application, on a copy of the tests' database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.server import Server
from tests.browser.windows import Enter, Windows


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    server = Server(app)
    yield server
    server.stop()


@pytest.fixture
def enter(app: Flask, browser: Browser, server: Server) -> Iterator[Enter]:
    """``enter(cast.theo)`` is a window in which Theo is signed in, ``enter()`` a stranger's."""
    windows = Windows(app, browser, server)
    yield windows.enter
    windows.close()
