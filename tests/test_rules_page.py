"""docs/rules.md: every rule stands there, and the tests that it names go through the pages."""

from __future__ import annotations

import re

import pytest

from app.config import ROOT

PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \| .+ \| (`tests/.+`) \|$", PAGE, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", PAGE)))
THROUGH_PAGES = re.compile(r"\b(?:Visitor|Desk|World|Clinic|Person)\b")


def test_every_rule_stands_there_and_in_order() -> None:
    numbers = [int(number) for number, _tests in ROWS]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 11))
    assert len(ROWS) == PAGE.count("\n| ") - 1, "a row without a test"


@pytest.mark.parametrize("name", NAMED)
def test_what_it_names_is_there_and_goes_through_the_pages(name: str) -> None:
    path, _colons, test = name.partition("::")
    source = (ROOT / path).read_text(encoding="utf-8")
    assert f"def {test}(" in source
    assert THROUGH_PAGES.search(source)
