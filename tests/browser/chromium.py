"""Which browser the tests drive, and with which switches."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

NAMES = ("chromium-headless-shell", "chromium")
"""The first one has no window to paint: the same pages for two thirds of the time."""
MISSING = f"no Chromium: install it (Debian: apt install {NAMES[0]}) or set HOMESTRETCH_CHROMIUM"


def find_chromium() -> str:
    """Its path; without one the test is skipped, or failed where CI=true."""
    wanted = os.environ.get("HOMESTRETCH_CHROMIUM")
    paths = [wanted] if wanted else [path for name in NAMES if (path := shutil.which(name))]
    if paths and Path(paths[0]).exists():
        return paths[0]
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(MISSING, pytrace=False)
    pytest.skip(MISSING)


def launch(playwright: Playwright, home: Path) -> Browser:
    """``home``: a folder for what Chromium would write into that of whoever starts it."""
    switches = [
        "--disable-gpu",
        "--disable-software-rasterizer",
        "--in-process-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        # One process draws page after page; there is one site.
        "--disable-features=SpareRendererForSitePerProcess,ProactivelySwapBrowsingInstance",
        "--disable-site-isolation-trials",
        "--process-per-site",
    ]
    if os.geteuid() == 0:  # Chromium's sandbox refuses to run as root
        switches.append("--no-sandbox")
    environ: dict[str, str | float | bool] = {**os.environ, "HOME": str(home)}
    return playwright.chromium.launch(executable_path=find_chromium(), args=switches, env=environ)
