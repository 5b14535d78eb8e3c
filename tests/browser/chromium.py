"""Which browser the tests drive, and with which switches."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

MISSING = "no Chromium: install it (Debian: apt install chromium) or set HOMESTRETCH_CHROMIUM"


def find_chromium() -> str:
    """Its path; without one the test is skipped, or failed where CI=true."""
    path = os.environ.get("HOMESTRETCH_CHROMIUM") or shutil.which("chromium") or ""
    if path and Path(path).exists():
        return path
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(MISSING, pytrace=False)
    pytest.skip(MISSING)


def launch(playwright: Playwright) -> Browser:
    switches = [
        "--disable-gpu",
        "--disable-software-rasterizer",
        "--in-process-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-features=SpareRendererForSitePerProcess",
    ]
    if os.geteuid() == 0:  # Chromium's sandbox refuses to run as root
        switches.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=find_chromium(), args=switches)
