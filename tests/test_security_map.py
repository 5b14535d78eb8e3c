"""docs/security-map.md: every requirement stands there once, and what it names is there."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from app.config import ROOT

PAGE = (ROOT / "docs" / "security-map.md").read_text(encoding="utf-8")
LEVELS_1_AND_2 = """
1.1: 1 2
1.2: 1 2 3 4 5 6 7 8 9
1.3: 1 2 3 4 5 6 7 8 9 10 11
1.4: 1 2 3
1.5: 1 2
2.1: 1 2 3
2.2: 1 2 3
2.3: 1 2 3 4
2.4: 1
3.2: 1 2
3.3: 1 2 3 4
3.4: 1 2 3 4 5 6
3.5: 1 2 3 4 5
3.7: 1 2
4.1: 1 2 3
4.2: 1
4.3: 1 2
4.4: 1 2 3 4
5.1: 1
5.2: 1 2 3
5.3: 1 2
5.4: 1 2 3
6.1: 1 2 3
6.2: 1 2 3 4 5 6 7 8 9 10 11 12
6.3: 1 2 3 4
6.4: 1 2 3 4
6.5: 1 2 3 4 5
6.6: 1 2 3
6.8: 1 2 3 4
7.1: 1 2 3
7.2: 1 2 3 4
7.3: 1 2
7.4: 1 2 3 4 5
7.5: 1 2
7.6: 1 2
8.1: 1 2
8.2: 1 2 3
8.3: 1
8.4: 1
9.1: 1 2 3
9.2: 1 2 3 4
10.1: 1 2
10.2: 1 2
10.3: 1 2 3 4
10.4: 1 2 3 4 5 6 7 8 9 10 11
10.5: 1 2 3 4 5
10.6: 1 2
10.7: 1 2 3
11.1: 1 2
11.2: 1 2 3
11.3: 1 2 3
11.4: 1 2 3 4
11.5: 1
11.6: 1
12.1: 1 2 3
12.2: 1 2
12.3: 1 2 3 4
13.1: 1
13.2: 1 2 3 4 5
13.3: 1 2
13.4: 1 2 3 4 5
14.1: 1 2
14.2: 1 2 3 4
14.3: 1 2 3
15.1: 1 2 3
15.2: 1 2 3
15.3: 1 2 3 4 5 6 7
16.1: 1
16.2: 1 2 3 4 5
16.3: 1 2 3 4
16.4: 1 2 3
16.5: 1 2 3
17.1: 1
17.2: 1 2 3 4
17.3: 1 2
"""
"""OWASP ASVS 5.0.0: the requirements of each section on levels 1 and 2."""


def required() -> set[str]:
    sections = (line.split(": ") for line in LEVELS_1_AND_2.split("\n") if line)
    return {f"{section}.{number}" for section, numbers in sections for number in numbers.split()}


def test_every_requirement_stands_there_once() -> None:
    rows = re.findall(r"^\| ([0-9., ]+) \|", PAGE, re.MULTILINE)
    listed = Counter(number for row in rows for number in row.split(", "))
    assert len(required()) == 253
    assert set(listed) == required()
    assert listed.total() == len(listed)


def named() -> list[str]:
    """Everything in backticks that is a file, or a test in one."""
    return sorted(set(re.findall(r"`([\w./-]+\.(?:py|md|html|js|lock|toml)(?:::\w+)?)`", PAGE)))


@cache
def source(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", named())
def test_what_it_names_is_there(name: str) -> None:
    path, _colons, test = name.partition("::")
    assert (ROOT / path).is_file(), name
    assert not test or f"def {test}(" in source(path), name


def test_every_row_names_a_test_or_says_why_not() -> None:
    without = {
        row.rsplit("|", 2)[1].strip()
        for row in re.findall(r"^\| [0-9., ]+ \|.*\|.*\|.*\|$", PAGE, re.MULTILINE)
        if "`tests/" not in row
    }
    assert len(named()) > 80
    assert all(len(reason) >= 5 for reason in without), without
