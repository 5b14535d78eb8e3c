"""Without a browser these tests say so; where they must run, they fail instead."""

from __future__ import annotations

import pytest

from tests.browser.chromium import MISSING, find_chromium

pytestmark = pytest.mark.looks


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMESTRETCH_CHROMIUM", "/nowhere/chromium")


def test_a_machine_without_a_browser_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=MISSING[:20]):
        find_chromium()


def test_continuous_integration_without_a_browser_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=MISSING[:20]):
        find_chromium()
